/** Statements of generated programs that make arrays and objects, name them again, and write to them. */
import type { Choices } from "./choices.js";
import { bounded, index, place, real, test } from "./expressions.js";
import {
  arrays,
  assignable,
  extend,
  ofKind,
  types,
  variable,
  type Kind,
  type Scope,
  type Variable,
} from "./scope.js";

/** Lines of code, and what can be seen after them. */
export interface Made {
  readonly lines: readonly string[];
  readonly scope: Scope;
}

const nothing = (scope: Scope): Made => ({ lines: [], scope });

/** A new array, row list or object. */
export function allocate(choices: Choices, scope: Scope): Made {
  const source = choices.any(ofKind(scope, ...arrays));
  const value = (): string => real(choices, scope, 1);
  const length = 2 + choices.upTo(3);
  if (choices.upTo(3) === 0) return allocateMore(choices, scope, source);
  switch (choices.upTo(14)) {
    case 0:
      return declare(choices, scope, "list", `[${value()}, ${value()}, ${value()}]`, 3);
    case 1:
      return declare(choices, scope, "list", `new Array<number>(${length}).fill(${value()})`, length);
    case 2:
      return declare(choices, scope, "floats", `new Float64Array(${length})`, length);
    case 3:
      if (!source) return nothing(scope);
      return declare(choices, scope, source.kind, `${source.name}.slice()`, source.minLength);
    case 4:
      if (!source) return nothing(scope);
      return declare(choices, scope, "list", `[...${source.name}, ${value()}]`, source.minLength + 1);
    case 5:
      if (!source) return nothing(scope);
      return declare(choices, scope, source.kind, mapped(choices, scope, source), source.minLength);
    case 6:
      if (!source) return nothing(scope);
      return declare(choices, scope, "floats", `new Float64Array(${source.name})`, source.minLength);
    case 7: {
      const k = choices.fresh("k");
      const inner = extend(scope, [variable(k, "int")]);
      const body = real(choices, inner, 2);
      const text = `Array.from({ length: ${length} }, (_, ${k}) => ${body})`;
      return declare(choices, scope, "list", text, length);
    }
    case 8:
    case 9:
      return declare(choices, scope, "object", `{ a: ${value()}, b: ${value()} }`, 1);
    case 10: {
      const object = choices.any(ofKind(scope, "object"));
      const elements = [`{ a: ${value()}, b: ${value()} }`, object?.name ?? `{ a: ${value()}, b: 0.5 }`];
      return declare(choices, scope, "objects", `[${elements.join(", ")}]`, 2);
    }
    default:
      return declare(choices, scope, "rows", `[${row(choices, scope)}, ${row(choices, scope)}]`, 2);
  }
}

/** Copies, parts and results of helpers. */
function allocateMore(choices: Choices, scope: Scope, source: Variable | undefined): Made {
  const value = (): string => real(choices, scope, 1);
  const lists = ofKind(scope, "list", "grown");
  const [list, other] = [choices.any(lists), choices.any(lists)];
  const length = choices.pick(["3", "2", ...(source ? [`${source.name}.length`] : [])]);
  switch (choices.upTo(18)) {
    case 0:
      return declare(choices, scope, "tuple", `rotated(${value()}, ${value()}, ${value()})`, 2);
    case 1:
      return declare(choices, scope, "tuple", `[${value()}, ${value()}]`, 2);
    case 2:
      return declare(choices, scope, "grown", `[${value()}]`, 1);
    case 3:
      if (!list) return nothing(scope);
      return declare(choices, scope, "list", `scaled(${list.name}, ${value()})`, list.minLength);
    case 4:
      if (!list || !other) return nothing(scope);
      return declare(choices, scope, "list", `either(${list.name}, ${other.name}, ${value()})`, 1);
    case 5:
      if (!list) return nothing(scope);
      return declare(choices, scope, "box", `halves(${list.name}, ${value()})`, 1);
    case 6:
      return declare(choices, scope, "box", `{ u: ${row(choices, scope)}, v: ${row(choices, scope)} }`, 1);
    case 7:
      if (!list || !other) return nothing(scope);
      return declare(choices, scope, "list", `${list.name}.concat(${other.name})`, 2);
    case 8:
      if (source?.kind !== "list") return nothing(scope);
      return declare(
        choices,
        scope,
        "list",
        `[${value()}, ...${source.name}].slice(${choices.pick(["-2", "1", "0, -1", "0, 2"])})`,
        1,
      );
    case 9:
      if (!source) return nothing(scope);
      return declare(choices, scope, "singles", `new Float32Array(${source.name})`, source.minLength);
    case 10:
      if (!source) return nothing(scope);
      return declare(choices, scope, "list", `Array.from(${source.name})`, source.minLength);
    case 11:
      return declare(choices, scope, "rows", `new Array<number[]>(2).fill(${row(choices, scope)})`, 2);
    case 12:
      return declare(
        choices,
        scope,
        "rows",
        `Array.from({ length: ${length} }, () => ${row(choices, scope)})`,
        1,
      );
    case 13:
      if (!list) return nothing(scope);
      return declare(choices, scope, "list", `${list.name}.filter((w) => w > -5)`, 1);
    case 14: {
      if (!list) return nothing(scope);
      const w = choices.fresh("w");
      const seen = extend(scope, [variable(w, "real")]);
      const pair = `[${real(choices, seen, 1)}, ${w}]`;
      return declare(choices, scope, "list", `${list.name}.flatMap((${w}) => ${pair})`, 2);
    }
    case 15: {
      const object = choices.any(ofKind(scope, "object"));
      return declare(
        choices,
        scope,
        "object",
        object ? `{ ...${object.name}, b: ${value()} }` : `{ a: 1, b: ${value()} }`,
        1,
      );
    }
    case 16: {
      const object = choices.any(ofKind(scope, "object"));
      if (!object) return nothing(scope);
      return declare(choices, scope, "object", `moved(${object.name}, ${value()})`, 1);
    }
    default: {
      const rows = choices.any(ofKind(scope, "rows"));
      if (!rows) return nothing(scope);
      const copied = choices.pick([
        `${rows.name}.slice()`,
        `${rows.name}.map((r) => r.slice())`,
        `[...${rows.name}]`,
      ]);
      return declare(choices, scope, "rows", copied, 1);
    }
  }
}

/** Another name for what there is: a plain alias, a row, a view, one of two. */
export function alias(choices: Choices, scope: Scope): Made {
  const found = choices.any(ofKind(scope, ...arrays, "rows", "object", "objects", "box", "tuple"));
  if (!found) return nothing(scope);
  const { kind, name, minLength } = found;
  const other = choices.any(ofKind(scope, kind)) ?? found;
  switch (choices.upTo(5)) {
    case 0:
      return declare(choices, scope, kind, name, minLength);
    case 1:
    case 2:
      return part(choices, scope, found);
    default: {
      const shortest = Math.min(minLength, other.minLength);
      const text = `${test(choices, scope, 0)} ? ${name} : ${other.name}`;
      return declare(choices, scope, kind, text, shortest);
    }
  }
}

/** A row, an element that is an object, a view of what follows the first. */
function part(choices: Choices, scope: Scope, { name, kind, minLength, mutable }: Variable): Made {
  switch (kind) {
    case "rows":
      return declare(choices, scope, "list", `${name}[${index(choices, scope, name, 1)}]`, 1);
    case "objects":
      return declare(choices, scope, "object", `${name}[${index(choices, scope, name, 1)}]`, 1);
    case "floats":
    case "singles":
      if (minLength < 2 || mutable) return declare(choices, scope, kind, `${name}.subarray(0, 1)`, 1);
      return declare(choices, scope, kind, `${name}.subarray(1)`, minLength - 1);
    case "box":
      return declare(choices, scope, "list", `${name}.${choices.pick(["u", "v"])}`, 1);
    case "grown":
      return declare(choices, scope, "list", name, 1);
    default:
      return declare(choices, scope, kind, name, minLength);
  }
}

/** Writes to memory, in one of many ways. */
export function write(choices: Choices, scope: Scope): readonly string[] {
  const found = choices.any(ofKind(scope, ...arrays, "object", "rows", "objects", "tuple", "box"));
  if (!found) return [];
  const { name, kind } = found;
  const cell = place(choices, scope, found);
  switch (choices.upTo(14)) {
    case 0:
      return [`${cell} = ${real(choices, scope)};`];
    case 1:
      return [`${cell} += ${bounded(choices, scope)};`];
    case 2:
      return [`${cell} *= ${bounded(choices, scope)};`];
    case 3:
      return [`${cell} = 0.5 * ${cell} - ${bounded(choices, scope)};`];
    case 4:
      if (kind === "object") return [`[${name}.a, ${name}.b] = [${name}.b, ${name}.a];`];
      if (kind === "box") return [`[${name}.u, ${name}.v] = [${name}.v, ${name}.u];`];
      return swap(choices, scope, name);
    case 5:
      if (kind === "rows") return replaceRow(choices, scope, name);
      if (kind !== "list" && kind !== "floats" && kind !== "singles") return [];
      return [`${name}.fill(${real(choices, scope, 1)});`];
    case 6:
      if (kind !== "list") return [];
      return [
        `mixInto(${name}, ${choices.any(ofKind(scope, "list"))?.name ?? name}, ${bounded(choices, scope, 0)});`,
      ];
    case 7:
      return reassign(choices, scope);
    case 8:
    case 9:
      return writeMore(choices, scope, found);
    case 10:
      return [`${cell} /= 1.5 + ${bounded(choices, scope)} ** 2;`];
    default:
      return [`${cell} = ${bounded(choices, scope)};`];
  }
}

/** Many elements at once, growing, helpers that write. */
function writeMore(choices: Choices, scope: Scope, { name, kind }: Variable): readonly string[] {
  const grown = choices.any(ofKind(scope, "grown"));
  switch (kind) {
    case "floats":
    case "singles": {
      const other = choices.any(ofKind(scope, "list", "floats"));
      if (other && choices.upTo(2) === 0) return [`${name}.set([${other.name}[0]]);`];
      return choices.upTo(2) === 0
        ? [`${name}.reverse();`]
        : [`${name}.fill(${real(choices, scope, 1)}, 1);`];
    }
    case "list":
      if (grown && choices.upTo(2) === 0) {
        return [`if (${grown.name}.length < 9) ${grown.name}.push(...${name});`];
      }
      return choices.upTo(3) === 0
        ? [`${name}.reverse();`]
        : [`doubled(${name}, ${bounded(choices, scope, 0)});`];
    case "object":
      return [`moved(${name}, ${bounded(choices, scope, 0)});`];
    case "box": {
      const [u, v] = choices.upTo(2) === 0 ? ["u", "v"] : ["v", "u"];
      return choices.upTo(2) === 0
        ? [`${name}.${u} = ${name}.${v};`]
        : [`${name}.${u} = ${row(choices, scope)};`];
    }
    case "tuple":
      return [`[${name}[0], ${name}[1]] = [${name}[1], ${real(choices, scope, 1)}];`];
    default:
      if (!grown) return [];
      return [
        choices.upTo(4) === 0
          ? `if (${grown.name}.length < 9) ${grown.name}[${grown.name}.length] = ${bounded(choices, scope)};`
          : `if (${grown.name}.length < 9) ${grown.name}.push(${bounded(choices, scope)});`,
      ];
  }
}

/** A reference that is a variable gets another value, or two change places. */
function reassign(choices: Choices, scope: Scope): readonly string[] {
  const target = choices.any(
    assignable(scope, "list", "floats", "rows", "object", "objects", "box", "tuple"),
  );
  if (!target) return [];
  const others = ofKind(scope, target.kind);
  const other = choices.any(others.filter(({ name }) => name !== target.name));
  if (!other) return [];
  if (other.mutable && choices.upTo(2) === 0) {
    return [`[${target.name}, ${other.name}] = [${other.name}, ${target.name}];`];
  }
  return [`${target.name} = ${other.name};`];
}

function swap(choices: Choices, scope: Scope, name: string): readonly string[] {
  const [i, j] = [index(choices, scope, name, 1), index(choices, scope, name, 1)];
  return [`[${name}[${i}], ${name}[${j}]] = [${name}[${j}], ${name}[${i}]];`];
}

function replaceRow(choices: Choices, scope: Scope, name: string): readonly string[] {
  return [`${name}[${index(choices, scope, name, 1)}] = ${row(choices, scope)};`];
}

/** An array that is there already, or a new one. */
function row(choices: Choices, scope: Scope): string {
  const list = choices.any(ofKind(scope, "list"));
  if (list && choices.upTo(2) === 0) return list.name;
  return `[${real(choices, scope, 1)}, ${real(choices, scope, 1)}]`;
}

function mapped(choices: Choices, scope: Scope, source: Variable): string {
  const [v, k] = [choices.fresh("w"), choices.fresh("k")];
  const indexOf = source.mutable ? null : source.name;
  const inner = extend(scope, [variable(v, "real"), variable(k, "int", { indexOf })]);
  return `${source.name}.map((${v}, ${k}) => ${real(choices, inner, 2)})`;
}

/** A reassigned reference is only known to have one element. */
export function declare(choices: Choices, scope: Scope, kind: Kind, text: string, minLength: number): Made {
  const mutable = choices.rarely(4);
  const name = choices.fresh(kind === "object" ? "o" : kind === "rows" ? "m" : "a");
  return {
    lines: [`${mutable ? "let" : "const"} ${name}: ${types[kind]} = ${text};`],
    scope: extend(scope, [variable(name, kind, { mutable, minLength: mutable ? 1 : minLength })]),
  };
}
