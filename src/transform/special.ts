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

/** The incoming cotangent of `instr`, masked where its partials may be infinite. `result` is the value of `instr`. */
export function guardCotangent(
  builder: Builder,
  points: SpecialPoints,
  instr: Apply,
  result: () => Atom,
  cotangent: Term,
  origin: Origin,
): Term {
  const unnamed = { ...origin, hint: null };
  switch (guardFor(points, instr, cotangent)) {
    case "none":
      return cotangent;
    case "result":
      return masked(cotangent, builder.apply(eq, [result(), number(0)], unnamed), false);
    case "cotangent": {
      const { coefficient } = cotangent;
      const atom = write(builder, [{ ...cotangent, coefficient: 1 }], origin);
      return masked({ ...fromAtom(atom, 3), coefficient }, builder.apply(eq, [atom, number(0)], unnamed), false);
    }
  }
}

function guardFor(points: SpecialPoints, instr: Apply, cotangent: Term): "none" | "result" | "cotangent" {
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

/** Only a product with a variable factor can be 0. */
function mayVanish(term: Term): boolean {
  return term.factors.length > 0;
}

function contains(set: ReadonlySet<ValueId>, atom: Atom): boolean {
  return atom.kind === "value" && set.has(atom.id);
}
