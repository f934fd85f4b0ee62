/**
 * Memory that comes from elsewhere and is put where the function has made some: TypeScript would give that a narrower
 * type, of typed arrays of its own, or of arrays that are not `readonly`.
 */
import { forEachInstr, handedOn, initAtoms, outsOf } from "../ir/visit.js";
import { regionOf } from "../ir/places.js";
import type { Alloc, Atom, Func, RegionId, Shape, Type, Value, ValueId } from "../ir/types.js";
import { isKeyed } from "../ir/shapes.js";
import { findForeignBuffers, holdsTyped } from "./buffers.js";
import type { Folding } from "./fold.js";
import type { Variables } from "./variables.js";

export interface ForeignMemory {
  /** Variables that may hold typed arrays that were not made here. */
  readonly buffers: ReadonlySet<ValueId>;
  /** Variables that may hold `readonly` memory, or that in which some lies. */
  readonly fixed: ReadonlySet<ValueId>;
  /** What either is put into after it has been made. */
  readonly stores: ReadonlySet<RegionId>;
}

export function findForeignMemory(func: Func, folding: Folding, variables: Variables): ForeignMemory {
  const buffers = findForeignBuffers(func, folding, variables);
  const fixed = findFixed(func, variables);
  const stores = new Set<RegionId>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind !== "store" && instr.kind !== "push") return;
    const { value } = instr;
    const region = regionOf(instr.kind === "store" ? instr.place.ref : instr.ref);
    if (region === null || value.kind !== "value") return;
    const root = variables.of(value.id);
    if ((holdsTyped(value.type) && buffers.has(root)) || (holdsFixed(value.type) && fixed.has(root)))
      stores.add(region);
  });
  return { buffers, fixed, stores };
}

/** A literal with memory made in it, in whose place other is put later. */
export function takesForeign(
  { out, init }: Alloc,
  { folded, instrOf }: Pick<Folding, "folded" | "instrOf">,
  { stores }: Pick<ForeignMemory, "stores">,
): boolean {
  const isShown = out.type.kind !== "ref" || isKeyed(out.type.shape);
  if (isShown || (init.kind !== "object" && init.kind !== "elements")) return false;
  if (stores.has(regionOf(out) ?? -1)) return holdsTyped(out.type) || holdsFixed(out.type);
  return initAtoms(init).some((atom) => {
    const made = atom.kind === "value" && folded.has(atom.id) ? instrOf.get(atom.id) : undefined;
    return made?.kind === "alloc" && takesForeign(made, { folded, instrOf }, { stores });
  });
}

/** What the function makes can be written to, so the types of parameters and of what calls give begin it. */
function findFixed(func: Func, variables: Variables): ReadonlySet<ValueId> {
  const found = new Set<ValueId>();
  const meet = ({ id, type }: Value): void => {
    if (holdsFixed(type)) found.add(variables.of(id));
  };
  for (const { value } of func.params) meet(value);
  const flows: (readonly [from: ValueId, to: ValueId])[] = [];
  const flow = (from: Atom, to: Value): void => {
    if (from.kind === "value" && holdsFixed(from.type))
      flows.push([variables.of(from.id), variables.of(to.id)]);
  };
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "if" || instr.kind === "loop")
      for (const [from, to] of handedOn(instr)) flow(from, to);
    else if (instr.kind === "apply") for (const arg of instr.args) flow(arg, instr.out);
    else if (instr.kind === "alloc") for (const atom of initAtoms(instr.init)) flow(atom, instr.out);
    else outsOf(instr).forEach(meet);
  });
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const [from, to] of flows) if (found.has(from)) found.add(to);
  }
  return found;
}

/** It is `readonly`, or such memory lies in it, of no type that has a name. */
function holdsFixed(type: Type): boolean {
  const inner = type.kind === "maybe" ? type.type : type;
  return inner.kind === "ref" && holdsFixedIn(inner.shape);
}

function holdsFixedIn(shape: Shape): boolean {
  if ((shape.kind === "array" || shape.kind === "tuple") && shape.isReadonly === true) return true;
  switch (shape.kind) {
    case "maybe":
      return holdsFixedIn(shape.shape);
    case "array":
      return holdsFixedIn(shape.element);
    case "tuple":
      return shape.elements.some(holdsFixedIn);
    case "object":
      return shape.named === undefined && shape.fields.some((field) => holdsFixedIn(field.shape));
    default:
      return false;
  }
}
