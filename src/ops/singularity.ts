/** Where the partials of one application of an operation may be infinite, its literal arguments considered. */
import type { Formula } from "../ir/op.js";
import type { Apply, Atom, ValueId } from "../ir/types.js";
import { partialsOf } from "./partials.js";
import { div, mathPow, pow, select } from "./scalar.js";
import { cbrt, sqrt } from "./root.js";

/**
 * - "none": nowhere;
 * - "root": where the result is 0, as for a square root: the slope is infinite, and what is under it has none;
 * - "finite": somewhere where the value is finite;
 * - "infinite": only where the value is infinite.
 */
export type Singularity = "none" | "root" | "finite" | "infinite";

export function singularityOf(instr: Apply, curved: ReadonlySet<ValueId> = new Set()): Singularity {
  const { op } = instr;
  const second = literalNumber(instr.args[1]);
  if (op === sqrt || op === cbrt) return "root";
  if (op === div && second !== null && second !== 0) return "none";
  if (op === pow || op === mathPow) {
    // What is curved has a partial that looks for the root itself.
    if (second === null) return contains(curved, instr.args[0]) ? "infinite" : "finite";
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

/** The result may be made without the argument, which then has a cotangent of exactly 0. */
export function picksAt(instr: Apply, index: number): boolean {
  const partial = partialsOf(instr)?.[index];
  return partial?.kind === "apply" && partial.op === select;
}

/** The partial for the argument is computed from one of these values, which may be infinite. */
export function readsAt(instr: Apply, index: number, values: ReadonlySet<ValueId>): boolean {
  const partial = partialsOf(instr)?.[index];
  return partial !== undefined && reads(partial, instr, values);
}

function reads(formula: Formula, instr: Apply, values: ReadonlySet<ValueId>): boolean {
  switch (formula.kind) {
    case "literal":
      return false;
    case "result":
      return values.has(instr.out.id);
    case "arg":
      return contains(values, instr.args[formula.index]);
    case "apply":
      return formula.args.some((part) => reads(part, instr, values));
  }
}

export function contains(values: ReadonlySet<ValueId>, atom: Atom | undefined): boolean {
  return atom?.kind === "value" && values.has(atom.id);
}

function literalNumber(atom: Atom | undefined): number | null {
  return atom?.kind === "literal" && typeof atom.value === "number" ? atom.value : null;
}
