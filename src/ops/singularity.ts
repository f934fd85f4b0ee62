/** Where the partials of one application of an operation may be infinite, its literal arguments considered. */
import type { Apply, Atom } from "../ir/types.js";
import { div, mathPow, pow } from "./scalar.js";
import { cbrt, sqrt } from "./root.js";

/**
 * - "none": nowhere;
 * - "root": where the result is 0, as for a square root: the slope is infinite, and what is under it has none;
 * - "finite": somewhere where the value is finite;
 * - "infinite": only where the value is infinite.
 */
export type Singularity = "none" | "root" | "finite" | "infinite";

export function singularityOf(instr: Apply): Singularity {
  const { op } = instr;
  const second = literalNumber(instr.args[1]);
  if (op === sqrt || op === cbrt) return "root";
  if (op === div && second !== null && second !== 0) return "none";
  if ((op === pow || op === mathPow) && second !== null) {
    if (second === 0 || second >= 1) return "none";
    return second > 0 ? "root" : "infinite";
  }
  return op.singular;
}

/** The argument may be infinite while the result is finite; a positive power hands infinity on. */
export function absorbsAt(instr: Apply, index: number): boolean {
  const exponent = literalNumber(instr.args[1]);
  const isPower = instr.op === pow || instr.op === mathPow;
  return isPower && exponent !== null && exponent > 0 ? false : instr.op.absorbs(index);
}

function literalNumber(atom: Atom | undefined): number | null {
  return atom?.kind === "literal" && typeof atom.value === "number" ? atom.value : null;
}
