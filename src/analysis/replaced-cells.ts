/** Cells of memory that come to refer to something else: `n.child = other`. */
import type { Func } from "../ir/types.js";
import { regionOf } from "../ir/places.js";
import { forEachInstr } from "../ir/visit.js";
import { cellOf, elements } from "./cells.js";

/** As `cellOf` names them, wherever in these functions. */
export function findReplacedCells(funcs: readonly Func[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { body } of funcs) {
    forEachInstr(body, (instr) => {
      if (instr.kind === "store" && regionOf(instr.value) !== null)
        found.add(cellOf(instr.place.ref, instr.place.step));
      // It takes the place of what was popped before.
      if (instr.kind === "push" && regionOf(instr.value) !== null) found.add(elements);
    });
  }
  return found;
}
