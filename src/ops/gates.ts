/** Combinations of operations that are better known, and better differentiated, as one. */
import type { FormulaArg, FormulaResult, Formula } from "../ir/op.js";
import * as arithmetic from "./arithmetic.js";
import { box, type OpEntry } from "./entry.js";
import { add, div, mul, neg, sub } from "./expr.js";
import { exp } from "./exponential.js";
import { call, literalValue } from "./formula.js";
import { invariant } from "../support/invariant.js";
import { variadic } from "./op.js";

/**
 * `numerator / (one + Math.exp(u))`, bit for bit. With `u = -x` this is the logistic function of `x`. The two constants
 * are arguments so that they keep the user's spelling.
 */
export const sigmoid: OpEntry = variadic(
  "sigmoid",
  3,
  (c, one, u) => evaluate(c as number, one as number, u as number),
  {
    spelling: { kind: "formula", formula: ([c, one, u]) => spelled(c, one, u) },
    partials: ([c, one, u], r) => {
      invariant(c && one && u, "ops", "`sigmoid` takes three arguments");
      const denominator = add(one, call(exp, u));
      return [div(1, denominator), neg(div(r, denominator)), byExponent(c, one, u, r)];
    },
    absorbs: [1, 2],
    gate: true,
    domain: [box([-2, 2], [1, 1], [-4, 4]), box([0.5, 2], [0.5, 2], [-4, 4])],
    kinks: [-1000, 1000].flatMap((u) => [
      { at: [1, 1, u], partials: [u < 0 ? 1 : 0, u < 0 ? -1 : 0, 0], literal: [0, 1] },
      { at: [0, 1, u], partials: [u < 0 ? 1 : 0, 0, 0] },
    ]),
    literalCases: [
      [1, 1, [-4, 4]],
      [2, 1, [-4, 4]],
      [-3, 1, [-4, 4]],
      [2, 3, [-4, 4]],
      [0, 1, [-4, 4]],
    ],
    argNames: ["c", "one", "u"],
    note: "recognised as a whole",
  },
);

function evaluate(numerator: number, one: number, u: number): number {
  return numerator / (one + Math.exp(u));
}

function spelled(c: FormulaArg | undefined, one: FormulaArg | undefined, u: FormulaArg | undefined): Formula {
  invariant(c && one && u, "ops", "`sigmoid` takes three arguments");
  return call(arithmetic.div, c, add(one, call(exp, u)));
}

/** By the exponent: `-(1 - r) * r` for the usual constants. */
function byExponent(c: FormulaArg, one: FormulaArg, u: FormulaArg, r: FormulaResult): Formula {
  const numerator = literalValue(c);
  if (numerator === 0) return neg(0);
  if (numerator !== null && literalValue(one) === 1) return neg(mul(sub(1, div(r, c)), r));
  // Neither divides by a numerator that may be 0 nor overflows: exp(u) / (one + exp(u)) = 1 / (1 + one * exp(-u)).
  return neg(div(r, add(1, mul(one, call(exp, neg(u))))));
}
