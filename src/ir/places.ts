/** Whether two reads or writes are of one cell, as far as their text tells. */
import type { Atom, Place } from "./types.js";

/** The same reference and the same field or index. */
export function isSamePlace(a: Place, b: Place): boolean {
  if (a.ref.id !== b.ref.id) return false;
  if (a.step.kind === "field") return b.step.kind === "field" && a.step.name === b.step.name;
  return b.step.kind === "index" && isSameAtom(a.step.index, b.step.index);
}

function isSameAtom(a: Atom, b: Atom): boolean {
  if (a.kind === "value") return b.kind === "value" && a.id === b.id;
  return b.kind === "literal" && a.value === b.value;
}
