/** Which memory lies in which: what can be reached from a reference. */
import { regionOf } from "./places.js";
import type { Atom, Call, Func, MemoryShape, RegionId, Shape } from "./types.js";
import { isMemory, nameOfShape, unfolded } from "./shapes.js";
import { forEachInstr, initAtoms, outsOf } from "./visit.js";

/** The regions that references in the memory of a region lead to, one step on. */
export type Contained = ReadonlyMap<RegionId, ReadonlySet<RegionId>>;

export function findContained(func: Func): Contained {
  const unseen = changedUnseen(func);
  const below = new Map<RegionId, Set<RegionId>>();
  const link = (outer: Atom, inner: Atom): void => {
    linkRegions(regionOf(outer), regionOf(inner));
  };
  const linkRegions = (from: RegionId | null, to: RegionId | null): void => {
    if (from === null || to === null) return;
    const known = below.get(from);
    if (known === undefined) below.set(from, new Set([to]));
    else known.add(to);
  };
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "load") link(instr.place.ref, instr.out);
    if (instr.kind === "store") link(instr.place.ref, instr.value);
    if (instr.kind === "push") link(instr.ref, instr.value);
    if (instr.kind === "pop") link(instr.ref, instr.out);
    // What is handed over may be kept in what else is handed over, or in what comes back.
    if (instr.kind === "call") {
      for (const from of [...instr.args, ...instr.outs])
        for (const to of instr.args) if (mayHold(from, to)) link(from, to);
      for (const from of instr.args) for (const region of unseen(instr)) linkRegions(regionOf(from), region);
    }
    if (instr.kind !== "alloc" || ["zeros", "clone"].includes(instr.init.kind)) return;
    for (const atom of initAtoms(instr.init)) link(instr.out, atom);
    // A slice refers to the same memory as what it was made of.
    const { init } = instr;
    if (init.kind === "slice") {
      link(init.of, instr.out);
      link(instr.out, init.of);
    }
  });
  return below;
}

/** The memory that calls of the function change and that no value of its own leads to: what they are given does. */
export function changedUnseen(func: Func): (call: Call) => readonly RegionId[] {
  const seen = new Set<RegionId | null>(func.params.map(({ value }) => regionOf(value)));
  forEachInstr(func.body, (instr) => {
    for (const out of outsOf(instr)) seen.add(regionOf(out));
  });
  return ({ writes, resizes }) => [...writes, ...resizes].filter((region) => !seen.has(region));
}

/** The regions of the atoms, and all that can be reached from there. */
export function reachedFrom(contained: Contained, atoms: readonly Atom[]): ReadonlySet<RegionId> {
  const reached = new Set<RegionId>();
  const open = atoms.flatMap((atom) => regionOf(atom) ?? []);
  for (let region = open.pop(); region !== undefined; region = open.pop()) {
    if (reached.has(region)) continue;
    reached.add(region);
    open.push(...(contained.get(region) ?? []));
  }
  return reached;
}

/** Somewhere in memory of the one type there may be a reference of the other. */
export function mayHold(outer: Atom, inner: Atom): boolean {
  const [from, to] = [shapeOf(outer), shapeOf(inner)];
  return from !== null && to !== null && partsOf(from).some((part) => isAlike(part, to));
}

function shapeOf({ type }: Atom): MemoryShape | null {
  const bare = type.kind === "maybe" ? type.type : type;
  return bare.kind === "ref" ? bare.shape : null;
}

/** The memory that references in memory of the shape lead to. `within` are the named types that it lies in. */
function partsOf(shape: MemoryShape, within: readonly string[] = []): readonly MemoryShape[] {
  const cells =
    shape.kind === "object"
      ? shape.fields.map((field) => field.shape)
      : shape.kind === "tuple"
        ? shape.elements
        : [shape.element];
  return cells.flatMap((cell) => {
    const inner = unfolded(cell.kind === "maybe" ? cell.shape : cell);
    if (!isMemory(inner)) return [];
    const name = nameOfShape(inner);
    if (name !== null && within.includes(name)) return [inner];
    return [inner, ...partsOf(inner, name === null ? within : [...within, name])];
  });
}

/** Objects of one kind may be taken for those of another, but no array of numbers for one of booleans. */
function isAlike(a: MemoryShape, b: MemoryShape): boolean {
  if (a.kind !== "array" || b.kind !== "array") return a.kind === b.kind;
  const [own, other] = [a, b].map(({ element }) => kindOf(element));
  return own === other || own === "opaque" || other === "opaque";
}

function kindOf(shape: Shape): Shape["kind"] {
  const { kind } = unfolded(shape.kind === "maybe" ? shape.shape : shape);
  return kind === "int" ? "real" : kind;
}
