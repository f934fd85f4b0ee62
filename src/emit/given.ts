/**
 * Variables that begin with something from outside, perhaps an instance of a class, and that a loop puts literals into,
 * which are none: they need a type. So do arrays that begin with such.
 */
import { isWhole } from "../ir/shapes.js";
import { regionOf } from "../ir/places.js";
import type { Alloc, Atom, Func, RegionId, ValueId } from "../ir/types.js";
import { forEachInstr } from "../ir/visit.js";
import type { Folding } from "./fold.js";
import type { Variables } from "./variables.js";

/** The variables that loops put literals of objects into. */
export function findLiteralHolders(func: Func, folding: Folding, variables: Variables): ReadonlySet<ValueId> {
  const found = new Set<ValueId>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind !== "loop" || instr.body.end.kind !== "yield") return;
    const [, ...values] = instr.body.end.values;
    instr.carried.forEach(({ param: { id, type } }, i) => {
      const next = values[i];
      if (type.kind !== "ref" || type.shape.kind !== "object" || isWhole(type.shape)) return;
      if (next !== undefined && mayBeLiteral(next, folding)) found.add(variables.of(id));
    });
  });
  return found;
}

/** The memory of arrays that literals of objects are put into when they have been made. */
export function findLiteralElements(func: Func, folding: Folding): ReadonlySet<RegionId> {
  const found = new Set<RegionId>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind !== "store" && instr.kind !== "push") return;
    const region = regionOf(instr.kind === "store" ? instr.place.ref : instr.ref);
    if (region !== null && mayBeLiteral(instr.value, folding)) found.add(region);
  });
  return found;
}

/** An array that begins with something from outside, and gets literals later. */
export function beginsWithGiven(
  { init, out }: Alloc,
  folding: Folding,
  literalElements: ReadonlySet<RegionId>,
): boolean {
  if (init.kind !== "elements" || !literalElements.has(regionOf(out) ?? -1)) return false;
  return init.elements.some((element) => {
    const { type } = element;
    const isPlain = type.kind === "ref" && type.shape.kind === "object" && !isWhole(type.shape);
    return isPlain && isGiven(element, folding);
  });
}

/** True for a parameter and for what is read through one. */
export function isGiven(atom: Atom, folding: Folding): boolean {
  const instr = atom.kind === "value" ? folding.instrOf.get(atom.id) : undefined;
  if (instr === undefined) return atom.kind === "value";
  return instr.kind === "load" && isGiven(instr.place.ref, folding);
}

function mayBeLiteral(atom: Atom, folding: Folding): boolean {
  const instr = atom.kind === "value" ? folding.instrOf.get(atom.id) : undefined;
  if (instr?.kind === "alloc") return instr.init.kind === "object";
  if (instr?.kind !== "if" || atom.kind !== "value") return false;
  const at = instr.outs.findIndex(({ id }) => id === atom.id);
  return [instr.consequent, instr.alternate].some(({ end }) => {
    const given = end.kind === "yield" ? end.values[at] : undefined;
    return given !== undefined && mayBeLiteral(given, folding);
  });
}
