/**
 * Parameters, and parts of them, of which nothing is used but a copy: the cotangent of the copy is their own, so that no
 * memory is made for it and nothing is added up. When the reverse sweep has come to the copy, all is in its place again.
 */
import { isLength, regionOf } from "../ir/places.js";
import type { Definitions } from "../analysis/definitions.js";
import type { Stability } from "../analysis/stability.js";
import type { Alloc, ArrayShape, Func, Instr, Param, Value, ValueId } from "../ir/types.js";
import { atomsOf, endAtoms, forEachBlock, forEachInstr } from "../ir/visit.js";
import { type Cell, cellKey, cellOf } from "./cells.js";

interface Facts {
  readonly definitions: Definitions;
  readonly slots: ReadonlySet<Param>;
  readonly stability: Stability;
  readonly hasCotangents: (copy: Alloc) => boolean;
}

/** The copies that have cotangents, each with what it is a copy of. */
export function findAdopted(func: Func, facts: Facts): ReadonlyMap<Alloc, Cell> {
  const { definitions, slots, stability } = facts;
  const cells = new Map<ValueId, Cell>(
    func.params.map((param) => [param.value.id, { param, path: [] }] as const),
  );
  const readers = new Map<string, Set<Instr | null>>();
  const note = (reader: Instr | null, { id }: Value): void => {
    const cell = cells.get(id);
    if (cell === undefined) return;
    const key = cellKey(cell.param, cell.path);
    readers.set(key, (readers.get(key) ?? new Set()).add(reader));
  };
  forEachInstr(func.body, (instr) => {
    if (!isTest(instr)) for (const atom of atomsOf(instr)) if (atom.kind === "value") note(instr, atom);
    const cell = instr.kind === "load" ? cellOf(slots, definitions, instr) : null;
    if (cell !== null && instr.kind === "load") cells.set(instr.out.id, cell);
  });
  forEachBlock(func.body, ({ end }) => {
    for (const atom of endAtoms(end)) if (atom.kind === "value") note(null, atom);
  });
  const adopted = new Map<Alloc, Cell>();
  for (const instr of func.body.instrs) {
    const of = instr.kind === "alloc" ? copiedWhole(instr, stability) : null;
    const cell = of === null ? undefined : cells.get(of.id);
    if (instr.kind !== "alloc" || cell === undefined) continue;
    if (readers.get(cellKey(cell.param, cell.path))?.size === 1 && facts.hasCotangents(instr))
      adopted.set(instr, cell);
  }
  return adopted;
}

/** It asks for the length, or whether two references are one. */
function isTest(instr: Instr): boolean {
  if (instr.kind === "load") return isLength(instr.place);
  return instr.kind === "apply" && instr.out.type.kind === "bool";
}

/** What the memory is a copy of, if it is one; null where the two may not have the same cells in the end. */
function copiedWhole({ init, out }: Alloc, stability: Stability): Value | null {
  if (init.kind === "clone") return init.of;
  if (init.kind !== "slice" || init.from !== null || init.to !== null) return null;
  const [copy, original] = [rowOf(out), rowOf(init.of)];
  const isResized = stability.isResized(regionOf(out) ?? -1);
  return copy !== null && copy.storage === original?.storage && !isResized ? init.of : null;
}

/** A plain row of numbers. */
function rowOf({ type }: Value): ArrayShape | null {
  if (type.kind !== "ref" || type.shape.kind !== "array") return null;
  return type.shape.element.kind === "real" ? type.shape : null;
}
