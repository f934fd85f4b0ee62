/**
 * Special points: where a partial is infinite, a cotangent of exactly 0 must stay 0, and the length of a vector has
 * gradient 0 at the origin. A guard is written only where such a point can be met with a finite result, so that
 * ordinary code stays clean.
 */
import type { Absorption } from "../analysis/absorption.js";
import { type Builder, type Origin, number } from "../ir/builder.js";
import type { Apply, Atom, ValueId } from "../ir/types.js";
import { eq } from "../ops/scalar.js";
import { contains, readsAt, singularityOf } from "../ops/singularity.js";
import { type Term, masked } from "./terms.js";
import { write } from "./write.js";

/** Facts about the primal function, from `src/analysis`. */
export interface SpecialPoints {
  readonly absorbed: ReadonlyMap<ValueId, Absorption>;
  readonly curved: ReadonlySet<ValueId>;
  readonly unbounded: ReadonlySet<ValueId>;
}

/** What has to be done about the cotangent of an operation before its partials are multiplied to it. */
export type Guard = "none" | "result" | "cotangent";

/** The cotangent of `instr`, masked by the guard. `result` is the value of `instr`. */
export function guardCotangent(
  builder: Builder,
  guard: Guard,
  result: () => Atom,
  cotangent: Term,
  origin: Origin,
): Term {
  const unnamed = { ...origin, hint: null };
  if (guard === "none") return cotangent;
  if (guard === "result")
    return masked(cotangent, builder.apply(eq, [result(), number(0)], unnamed), false, true);
  // A mask alone keeps the partial away; only a number that may be 0 needs a test of its own.
  const guarded = cotangent.masks.some((mask) => mask.isGuard === true);
  const amount = guarded ? cotangent : { ...cotangent, masks: [] };
  if (!mayVanish(amount)) return cotangent;
  const { coefficient } = cotangent;
  const atom = write(builder, [{ ...amount, coefficient: 1 }], origin);
  const whole: Term = {
    coefficient,
    factors: [{ atom, rank: 3, nonzero: true }],
    divisors: [],
    masks: guarded ? [] : cotangent.masks,
  };
  return masked(whole, builder.apply(eq, [atom, number(0)], unnamed), false, true);
}

/** Which guard the operation needs for this cotangent. */
export function guardFor(points: SpecialPoints, instr: Apply, cotangent: Term): Guard {
  const absorbed = points.absorbed.has(instr.out.id);
  switch (singularityOf(instr, points.curved)) {
    case "root":
      if (instr.args.some((arg) => contains(points.curved, arg))) return "result";
      return mayVanish(cotangent) ? "cotangent" : "none";
    case "finite":
      return mayVanish(cotangent) ? "cotangent" : "none";
    case "infinite":
      return absorbed && mayVanish(cotangent) ? "cotangent" : "none";
    case "none":
      // Made from an infinite value and then discarded: `const e = p * Math.log(p); return p > 0 ? e : 0`.
      return points.absorbed.get(instr.out.id) === "discarded" &&
        mayVanish(cotangent) &&
        instr.args.some((_, index) => readsAt(instr, index, points.unbounded))
        ? "cotangent"
        : "none";
  }
}

/** A product with a variable factor can be 0, and so can what is divided by infinity, or masked. */
function mayVanish(term: Term): boolean {
  return (
    term.factors.some((factor) => factor.nonzero !== true) ||
    term.masks.some((mask) => mask.isGuard !== true) ||
    term.divisors.length > 0
  );
}
