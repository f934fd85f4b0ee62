/**
 * Parameters, and parts of them, of which nothing is used but a copy: the cotangent of the copy is their own, so that no
 * memory is made for it and nothing is added up. When the reverse sweep has come to the copy, all is in its place again.
 */
import { isLength, regionOf } from "../ir/places.js";
import type { Definitions } from "../analysis/definitions.js";
import type { Stability } from "../analysis/stability.js";
import type {
  Alloc,
  ArrayShape,
  Atom,
  Func,
  Instr,
  Load,
  Param,
  Place,
  Value,
  ValueId,
} from "../ir/types.js";
import { atomsOf, endAtoms, forEachBlock, forEachInstr } from "../ir/visit.js";
import { type Cell, cellKey, cellOf } from "./cells.js";

interface Facts {
  readonly definitions: Definitions;
  readonly slots: ReadonlySet<Param>;
  readonly stability: Stability;
  readonly hasCotangents: (copy: Alloc) => boolean;
}

/** What is copied. */
export interface Adopted extends Cell {
  /** Where the original lies, if in memory that has one shadow for all that is in it. */
  readonly place: Place | null;
}

/** The copies that have cotangents, each with what it is a copy of. */
export function findAdopted(func: Func, facts: Facts): ReadonlyMap<Alloc, Adopted> {
  const { stability } = facts;
  const originals = new Originals(func, facts);
  const adopted = new Map<Alloc, Adopted>();
  for (const instr of func.body.instrs) {
    const of = instr.kind === "alloc" ? copiedWhole(instr, stability) : null;
    if (instr.kind !== "alloc" || of === null || !facts.hasCotangents(instr)) continue;
    const original = originals.readOnce(of);
    if (original !== null) adopted.set(instr, original);
  }
  return adopted;
}

/** The parameters and what is read of them under known keys. */
class Originals {
  readonly #facts: Facts;
  readonly #found = new Map<ValueId, Adopted>();
  /** What reads a cell, and each of them that does more than read a cell of it, by the key of the cell. */
  readonly #readers = new Map<string, Set<Instr | null>>();
  readonly #users = new Set<string>();

  constructor(func: Func, facts: Facts) {
    this.#facts = facts;
    for (const param of func.params) this.#found.set(param.value.id, { param, path: [], place: null });
    forEachInstr(func.body, (instr) => {
      const part = instr.kind === "load" ? this.#part(instr) : null;
      if (instr.kind === "load" && part !== null) this.#found.set(instr.out.id, part);
      if (!isTest(instr))
        for (const atom of atomsOf(instr)) if (atom.kind === "value") this.#note(instr, atom, part !== null);
    });
    forEachBlock(func.body, ({ end }) => {
      for (const atom of endAtoms(end)) if (atom.kind === "value") this.#note(null, atom, false);
    });
  }

  /** The original, if nothing but one instruction reads it; null for what is none. */
  readOnce({ id }: Value): Adopted | null {
    const found = this.#found.get(id);
    if (found === undefined || this.#readers.get(keyOf(found))?.size !== 1) return null;
    const around = found.path.map((_, length) => cellKey(found.param, found.path.slice(0, length)));
    return found.place !== null && around.some((key) => this.#users.has(key)) ? null : found;
  }

  #part(load: Load): Adopted | null {
    const { definitions, slots } = this.#facts;
    const cell = cellOf(slots, definitions, load);
    if (cell !== null) return { ...cell, place: null };
    const { ref, step } = load.place;
    const whole = this.#found.get(ref.id);
    const key = step.kind === "field" ? step.name : literalOf(step.index);
    if (whole === undefined || key === null || isLength(load.place) || isArray(ref)) return null;
    return { param: whole.param, path: [...whole.path, key], place: load.place };
  }

  #note(reader: Instr | null, { id }: Value, isPart: boolean): void {
    const found = this.#found.get(id);
    if (found === undefined) return;
    const key = keyOf(found);
    this.#readers.set(key, (this.#readers.get(key) ?? new Set()).add(reader));
    if (!isPart) this.#users.add(key);
  }
}

function keyOf({ param, path }: Cell): string {
  return cellKey(param, path);
}

function literalOf(atom: Atom): string | null {
  return atom.kind === "literal" ? String(atom.value) : null;
}

function isArray({ type }: Value): boolean {
  return type.kind !== "ref" || type.shape.kind === "array";
}

/** It asks for the length, for the form, or whether two references are one. */
function isTest(instr: Instr): boolean {
  if (instr.kind === "load") return isLength(instr.place);
  if (instr.kind === "alloc") return instr.init.kind === "zeros";
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
