/** Names of the emitted variables: the user's where possible, unique in every scope where they are visible. */
import { withoutVariants } from "../ir/variant-cells.js";

/** Words that no variable may be called, and globals that emitted code refers to. */
const reserved: readonly string[] = [
  ..."break case catch class const continue debugger default delete do else enum export extends false".split(
    " ",
  ),
  ..."finally for function if import in instanceof new null return super switch this throw true try".split(
    " ",
  ),
  ..."typeof var void while with yield let static await implements interface package private".split(" "),
  ..."protected public arguments eval".split(" "),
  ..."Math Number Float64Array Float32Array Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Array Infinity NaN undefined Error RangeError TypeError".split(
    " ",
  ),
  ..."String Boolean isNaN isFinite parseFloat parseInt Object JSON Date performance console".split(" "),
];

/** Fields may have any name: `table_leaky-relu` becomes `table_leakyRelu`. */
function asIdentifier(text: string): string {
  return text.replace(/[^\p{ID_Continue}$]+(.?)/gu, (_, next: string) => next.toUpperCase());
}

export class Names {
  readonly #taken: Set<string>[];
  readonly #users: ReadonlySet<string>;
  /** For each scope: versions of a name up to this one are taken as long as the scope is open. */
  readonly #versions = [new Map<string, number>()];

  /** `users` are names that variables of the user's have: what is made up keeps away from them. */
  constructor(users: ReadonlySet<string>, outer: Iterable<string>) {
    this.#users = users;
    this.#taken = [new Set([...reserved, ...outer])];
  }

  /** An index without a name of the user's: `i`, or the next letter. */
  declareIndex(): string {
    const name = ["i", "j", "k", "l", "m"].find((letter) => !this.#taken.some((scope) => scope.has(letter)));
    return this.declare(name ?? "i", true);
  }

  enter(): void {
    this.#taken.push(new Set());
    this.#versions.push(new Map());
  }

  leave(): void {
    this.#taken.pop();
    this.#versions.pop();
  }

  /** Takes the name, or the first of `name2`, `name3` … that is free here. */
  declare(wanted: string, isUsers: boolean): string {
    const text = asIdentifier(withoutVariants(wanted));
    const base = /^[\p{ID_Start}$_]/u.test(text) ? text : `_${text}`;
    const tried = Math.max(1, ...this.#versions.map((versions) => versions.get(base) ?? 1));
    for (let version = 1; ; version = Math.max(version, tried) + 1) {
      const separator = /\d$/.test(base) ? "_" : "";
      const name = version === 1 ? base : `${base}${separator}${String(version)}`;
      const free = !this.#taken.some((scope) => scope.has(name));
      if (free && (isUsers ? version === 1 || !this.#users.has(name) : !this.#users.has(name))) {
        this.#taken.at(-1)?.add(name);
        if (version > 1) this.#versions.at(-1)?.set(base, version);
        return name;
      }
    }
  }
}

/** No variable may be called so. */
export function isReserved(name: string): boolean {
  return reserved.includes(name);
}

/** `name2` behind `name`, `name3` behind that. */
export function nextName(name: string): string {
  const found = /^(.*?)(\d+)$/u.exec(name);
  return found === null ? `${name}2` : `${found[1] ?? ""}${String(Number(found[2]) + 1)}`;
}
