/** Powers. */
import type { Formula, FormulaArg, FormulaResult } from "../ir/op.js";
import { box, type Kink, type LiteralCase, type OpEntry } from "./entry.js";
import { both, div, eq, lit, lt, mul, neg, select, square, sub } from "./expr.js";
import { call, literalValue, type Operand } from "./formula.js";
import { log } from "./exponential.js";
import { binary, infix, type BinaryRule } from "./op.js";
import { sqrt } from "./root.js";

const powerCases: readonly LiteralCase[] = [
  ...[0, 1, 2, 3, 4, 5, 6, -1, -2, -3].map((n): LiteralCase => [[-2, -0.4], n]),
  ...[0, 1, 2, 3, 4, 5, 6, -1, -2, -3, 0.5, 1.5, 2.5, 1 / 3, 3.7, -0.5, -1.5].map((n): LiteralCase => [
    [0.4, 2],
    n,
  ]),
  ...[2, 10, 0.5, Math.E, 1].map((base): LiteralCase => [base, [-2, 2]]),
  [0, [0.5, 2]],
];

const powerKinks: readonly Kink[] = [
  { at: [0, 0], partials: [0, 0] },
  { at: [0, 1], partials: [1, 0] },
  { at: [0, 2], partials: [0, 0] },
  { at: [0, 0.5], partials: [Infinity, 0] },
  { at: [3, 0], partials: [0, Math.log(3)] },
  ...[0, 2, 3, 4, 5, 6, 1.5, 2.5, 3.7].map((n): Kink => ({ at: [0, n], partials: [0, 0], literal: [1] })),
  { at: [0, 1], partials: [1, 0], literal: [1] },
  { at: [0, 0.5], partials: [Infinity, 0], literal: [1] },
  { at: [-2, 3], partials: [12, NaN], literal: [1] },
  { at: [0, -1], partials: [-Infinity, 0], literal: [1] },
  { at: [0, -0.5], partials: [-Infinity, 0], literal: [1] },
  { at: [0, 2], partials: [0, 0], literal: [0] },
];

/** `x ** y`. */
export const pow: OpEntry = power("**", (x, y) => x ** y, { spelling: infix("**") });

/** `Math.pow(x, y)`; its partials stay with that spelling. */
export const mathPow: OpEntry = power("Math.pow", Math.pow, {});

function power(
  name: string,
  evaluate: (x: number, y: number) => number,
  own: Pick<BinaryRule, "spelling">,
): OpEntry {
  const self: OpEntry = binary(name, evaluate, {
    ...own,
    partials: (x, y, r) => [byBase(x, y, r, raise), byExponent(x, r)],
    singular: "finite",
    absorbs: true,
    domain: [box([0.4, 2], [-2, 2])],
    kinks: powerKinks,
    literalCases: powerCases,
    note: "0 by `x` at `y = 0`, and by `y` at `x = 0`",
  });
  const raise = (base: Operand, exponent: Operand): Formula => call(self, base, exponent);
  return self;
}

function byBase(
  x: FormulaArg,
  y: FormulaArg,
  r: FormulaResult,
  raise: (base: Operand, exponent: Operand) => Formula,
): Formula {
  const exponent = literalValue(y);
  if (exponent === null) {
    const isNothing = x.kind === "arg" && x.curved === true ? both(eq(x, 0), lt(y, 1)) : eq(y, 0);
    return select(isNothing, 0, mul(y, raise(x, sub(y, 1))));
  }
  if (exponent === 0) return lit(0);
  if (exponent === 0.5) return div(0.5, r);
  if (exponent === -1) return neg(square(r));
  // Below zero `r / x` is right at 0 and at infinity too, and the power is there already.
  if (exponent < 0) return div(mul(y, r), x);
  return mul(y, ...(cheapPower(x, exponent - 1) ?? [raise(x, exponent - 1)]));
}

/** The factors of a small power of `x`, which are much faster than `**`; null for any other exponent. */
function cheapPower(x: FormulaArg, exponent: number): readonly Formula[] | null {
  const whole = Math.floor(exponent);
  if (exponent < 0 || whole > 4) return null;
  const factors = Array.from({ length: whole }, () => x);
  if (exponent === whole) return factors;
  return exponent - whole === 0.5 && whole < 2 ? [...factors, call(sqrt, x)] : null;
}

function byExponent(x: FormulaArg, r: FormulaResult): Formula {
  const base = literalValue(x);
  // At base 0 the logarithm is infinite, but the power is 0 for every positive exponent.
  if (base === null) return select(eq(x, 0), 0, mul(r, call(log, x)));
  if (base === 0 || base === 1) return lit(0);
  if (base === Math.E) return r;
  return mul(
    r,
    base === 2 ? lit(Math.LN2, "Math.LN2") : base === 10 ? lit(Math.LN10, "Math.LN10") : call(log, x),
  );
}
