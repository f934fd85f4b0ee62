/** What objects of several kinds may be, by where they were made: what every arm leaves a box is a box. */
import { tagsOf } from "../ir/gradient-shapes.js";
import { namedType } from "../ir/shapes.js";
import type { Alloc, Atom, Block, Instr, Literal, ValueId } from "../ir/types.js";
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

  /** What goes round a loop is what it was before, or what an iteration leaves: no value is looked at twice. */
  #find(value: Atom, field: string): Tags | null {
    const tags = new Set<unknown>();
    const seen = new Set<ValueId>();
    const open = [value];
    for (let atom = open.pop(); atom !== undefined; atom = open.pop()) {
      if (atom.kind === "literal" || seen.has(atom.id)) continue;
      seen.add(atom.id);
      const instr = this.#made.get(atom.id);
      if (instr?.kind === "alloc") {
        const tag = tagOf(instr, field);
        if (tag === null) return null;
        tags.add(tag.value);
        continue;
      }
      const sources = instr === undefined ? null : sourcesOf(instr, atom.id);
      if (sources === null) return null;
      open.push(...sources);
    }
    return tags;
  }
}

function tagOf({ out: { type }, init }: Alloc, field: string): Literal | null {
  const named = type.kind === "ref" ? namedType(type.shape) : null;
  if (named === null || !tagsOf(named).has(field) || init.kind !== "object") return null;
  const value = init.entries.find(({ name }) => name === field)?.value;
  return value?.kind === "literal" ? value : null;
}

/** Of what the value may be another name; null where that is not known. */
function sourcesOf(instr: Instr, value: ValueId): readonly Atom[] | null {
  const yielded = ({ end }: Block, index: number): Atom | undefined =>
    end.kind === "yield" ? end.values[index] : undefined;
  const all = (...atoms: readonly (Atom | undefined)[]): readonly Atom[] | null =>
    atoms.every((atom) => atom !== undefined) ? atoms : null;
  switch (instr.kind) {
    case "apply":
      return instr.op === narrow ? all(instr.args[0]) : null;
    case "if": {
      const index = instr.outs.findIndex(({ id }) => id === value);
      return all(yielded(instr.consequent, index), yielded(instr.alternate, index));
    }
    case "loop": {
      const index = instr.carried.findIndex(({ param, out }) => param.id === value || out.id === value);
      return all(instr.carried[index]?.init, yielded(instr.body, index + 1));
    }
    default:
      return null;
  }
}
