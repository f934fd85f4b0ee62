/** What objects of several kinds may be, by where they were made: what every arm leaves a box is a box. */
import { tagsOf } from "../ir/gradient-shapes.js";
import { namedType } from "../ir/shapes.js";
import type { Atom, If, Instr, ValueId } from "../ir/types.js";
import { narrow } from "../ops/scalar.js";

/** The values that a field which tells kinds apart may have. */
type Tags = ReadonlySet<unknown>;

/** Answers from the instructions that made the values, which have to be noted before they are asked for. */
export class PossibleTags {
  readonly #made: ReadonlyMap<ValueId, Instr>;
  readonly #known = new Map<string, Tags | null>();

  constructor(made: ReadonlyMap<ValueId, Instr>) {
    this.#made = made;
  }

  /** Null where the field may have any value that its type allows; what is not there has none. */
  of(atom: Atom, field: string): Tags | null {
    if (atom.kind === "literal") return new Set();
    const key = `${String(atom.id)}.${field}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = this.#find(atom, field);
    this.#known.set(key, found);
    return found;
  }

  #find(value: Extract<Atom, { kind: "value" }>, field: string): Tags | null {
    const instr = this.#made.get(value.id);
    switch (instr?.kind) {
      case "alloc": {
        const { type } = value;
        const named = type.kind === "ref" ? namedType(type.shape) : null;
        if (named === null || !tagsOf(named).has(field) || instr.init.kind !== "object") return null;
        const entry = instr.init.entries.find(({ name }) => name === field);
        return entry?.value.kind === "literal" ? new Set([entry.value.value]) : null;
      }
      case "apply": {
        const [source] = instr.args;
        return instr.op === narrow && source !== undefined ? this.of(source, field) : null;
      }
      case "if":
        return this.#either(instr, instr.outs.indexOf(value), field);
      default:
        return null;
    }
  }

  #either({ consequent, alternate }: If, index: number, field: string): Tags | null {
    const [a, b] = [consequent, alternate].map(({ end }) => {
      const yielded = end.kind === "yield" ? end.values[index] : undefined;
      return yielded === undefined ? null : this.of(yielded, field);
    });
    return a == null || b == null ? null : new Set([...a, ...b]);
  }
}
