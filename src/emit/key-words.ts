/** Which words a key may be, where TypeScript knows it from what the emitted code says: then the key needs no cast. */
import { closedRecord } from "../ir/closed-records.js";
import { isLength, isPresence, shapeOfCell } from "../ir/places.js";
import { enumsIn } from "../ir/shapes.js";
import type { Atom, Func, Instr, Load, Place, Shape, Value, ValueId } from "../ir/types.js";
import { atomsOf, endAtoms, forEachBlock, forEachInstr } from "../ir/visit.js";
import { eq, ne } from "../ops/scalar.js";
import type { Folding } from "./fold.js";
import type { Variables } from "./variables.js";

export interface KeyWords {
  /** Null where TypeScript takes the value for any text. */
  readonly of: (key: Value) => readonly string[] | null;
  /** The list of words is written `as const`. */
  readonly isConstant: (list: Value) => boolean;
}

export function findKeyWords(func: Func, { instrOf }: Folding, variables: Variables): KeyWords {
  const declared = new Map(func.params.map(({ value, words }) => [value.id, words ?? null] as const));
  const lists = constantLists(func, variables);
  const loaded = ({ place }: Load): readonly string[] | null =>
    lists.get(place.ref.id) ?? wordsIn(shapeOfCell(place.ref, place.step));
  return {
    of: ({ id }) => {
      const instr = instrOf.get(id);
      return instr?.kind === "load" ? loaded(instr) : (declared.get(id) ?? null);
    },
    isConstant: ({ id }) => lists.has(id),
  };
}

/**
 * Lists of words that are only read, for keys of records whose names are known: the words of each. What is read from
 * them is compared with these words only, since TypeScript refuses to compare it with others.
 */
function constantLists(func: Func, variables: Variables): ReadonlyMap<ValueId, readonly string[]> {
  const lists = new Map<ValueId, readonly string[]>();
  forEachInstr(func.body, (instr) => {
    const words =
      instr.kind === "alloc" && instr.init.kind === "elements" ? textsOf(instr.init.elements) : [];
    if (instr.kind !== "alloc" || words.length === 0) return;
    if (!variables.isReassigned(variables.of(instr.out.id))) lists.set(instr.out.id, words);
  });
  if (lists.size === 0) return lists;
  const listOf = new Map<ValueId, ValueId>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind !== "load" || !lists.has(instr.place.ref.id) || !isElement(instr.place)) return;
    listOf.set(instr.out.id, instr.place.ref.id);
    if (variables.isReassigned(variables.of(instr.out.id))) lists.delete(instr.place.ref.id);
  });
  const used = new Set<ValueId>();
  const drop = (atom: Atom): void => {
    if (atom.kind !== "value") return;
    lists.delete(listOf.get(atom.id) ?? atom.id);
  };
  forEachBlock(func.body, ({ instrs, end }) => {
    for (const atom of endAtoms(end)) drop(atom);
    for (const instr of instrs) {
      const key = keyOf(instr);
      const from = key === null ? undefined : listOf.get(key.id);
      if (from !== undefined) used.add(from);
      for (const atom of atomsOf(instr)) if (atom !== key && !isPlainUse(instr, atom)) drop(atom);
    }
  });
  return new Map([...lists].filter(([id]) => used.has(id)));

  /** The list is read; a word of it is compared with another one. */
  function isPlainUse(instr: Instr, atom: Atom): boolean {
    if (instr.kind === "load") return instr.place.ref === atom && !isPresence(instr.place);
    const from = atom.kind === "value" ? listOf.get(atom.id) : undefined;
    if (instr.kind !== "apply" || (instr.op !== eq && instr.op !== ne) || from === undefined) return false;
    return instr.args.some(
      (arg) => arg.kind === "literal" && lists.get(from)?.includes(String(arg.value)) === true,
    );
  }
}

/** The key under which something is looked up, or put, in a record whose names are known. */
function keyOf(instr: Instr): Value | null {
  if (instr.kind !== "load" && instr.kind !== "store") return null;
  const { ref, step } = instr.place;
  return closedRecord(ref) !== null && step.kind === "index" && step.index.kind === "value"
    ? step.index
    : null;
}

function isElement(place: Place): boolean {
  return !isLength(place) && !isPresence(place);
}

/** All of them, where all are texts. */
function textsOf(atoms: readonly Atom[]): readonly string[] {
  const words = atoms.flatMap((atom) =>
    atom.kind === "literal" && typeof atom.value === "string" ? [atom.value] : [],
  );
  return words.length === atoms.length ? words : [];
}

function wordsIn(cell: Shape | null): readonly string[] | null {
  if (cell === null || !("literals" in cell)) return null;
  if (cell.kind === "string" && enumsIn(cell).length > 0) return null;
  const words = cell.literals.split(" | ");
  return cell.kind === "string" ? words.map((word) => word.slice(1, -1)) : words;
}
