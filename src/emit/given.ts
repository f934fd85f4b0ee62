/**
 * Variables that begin with something from outside, perhaps an instance of a class, and that a loop puts literals into,
 * which are none: they need a type.
 */
import { isWhole } from "../ir/shapes.js";
import type { Atom, Func, Loop, Shape, Value, ValueId } from "../ir/types.js";
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

/** True for a parameter and for what is read through one. */
export function isGiven(atom: Atom, folding: Folding): boolean {
  const instr = atom.kind === "value" ? folding.instrOf.get(atom.id) : undefined;
  if (instr === undefined) return atom.kind === "value";
  return instr.kind === "load" && isGiven(instr.place.ref, folding);
}

/**
 * A variable that begins with what is made here and can be written to, and that the loop puts something from outside into
 * which cannot.
 */
export function takesReadonly({ carried, body: { end } }: Loop, param: Value, folding: Folding): boolean {
  const at = carried.findIndex((each) => each.param === param);
  const init = carried[at]?.init;
  const next = end.kind === "yield" ? end.values[at + 1] : undefined;
  if (init?.kind !== "value" || next === undefined || param.type.kind !== "ref") return false;
  return (
    folding.instrOf.get(init.id)?.kind === "alloc" &&
    isGiven(next, folding) &&
    keepsReadonly(param.type.shape)
  );
}

function keepsReadonly(shape: Shape): boolean {
  if (shape.kind !== "object") return false;
  return shape.fields.some(
    ({ shape: cell }) => (cell.kind === "array" || cell.kind === "tuple") && cell.isReadonly === true,
  );
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
