/**
 * Special points: where a partial is infinite, a cotangent of exactly 0 must stay 0, and the length of a vector has
 * gradient 0 at the origin. A guard is written only where such a point can be met with a finite result, so that
 * ordinary code stays clean.
 */
import { type Builder, type Origin, number } from "../ir/builder.js";
import type { Apply, Atom, ValueId } from "../ir/types.js";
import { eq } from "../ops/scalar.js";
import { singularityOf } from "../ops/singularity.js";
import { type Term, fromAtom, masked } from "./terms.js";
import { write } from "./write.js";

/** Facts about the primal function, from `src/analysis`. */
export interface SpecialPoints {
  readonly absorbed: ReadonlySet<ValueId>;
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
  const isNumber = mayVanish({ ...cotangent, masks: [] });
  if (!isNumber) return cotangent;
  const { coefficient, masks } = cotangent;
  const atom = write(builder, [{ ...cotangent, coefficient: 1, masks: [] }], origin);
  const whole: Term = { ...fromAtom(atom, 3), coefficient, masks };
  return masked(whole, builder.apply(eq, [atom, number(0)], unnamed), false, true);
}

/** Which guard the operation needs for this cotangent. */
export function guardFor(points: SpecialPoints, instr: Apply, cotangent: Term): Guard {
  if (cotangent.masks.some((mask) => mask.isGuard === true)) return "none";
  const absorbed = points.absorbed.has(instr.out.id);
  switch (singularityOf(instr)) {
    case "root":
      if (instr.args.some((arg) => contains(points.curved, arg))) return "result";
      return mayVanish(cotangent) ? "cotangent" : "none";
    case "finite":
      return mayVanish(cotangent) ? "cotangent" : "none";
    case "infinite":
      return absorbed && mayVanish(cotangent) ? "cotangent" : "none";
    case "none":
      return absorbed && mayVanish(cotangent) && instr.args.some((arg) => contains(points.unbounded, arg))
        ? "cotangent"
        : "none";
  }
}

/** A product with a variable factor can be 0, and so can what is divided by infinity, or masked. */
function mayVanish(term: Term): boolean {
  return (
    term.factors.some((factor) => factor.nonzero !== true) ||
    term.masks.length > 0 ||
    term.divisors.length > 0
  );
}

function contains(set: ReadonlySet<ValueId>, atom: Atom): boolean {
  return atom.kind === "value" && set.has(atom.id);
}
