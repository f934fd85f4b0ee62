/** Functions that are smooth except at kinks or jumps, and what is chosen there. */
import { box, type Kink, type OpEntry } from "./entry.js";
import { div, ge, gt, le, lt, neg, select } from "./expr.js";
import { call, literalValue } from "./formula.js";
import { binary, infix, stepwise, unary } from "./op.js";

export const abs: OpEntry = unary("Math.abs", Math.abs, {
  partial: (x) => call(sign, x),
  domain: [box([0.1, 3]), box([-3, -0.1])],
  kinks: [{ at: [0], partials: [0] }],
});

export const sign: OpEntry = stepwise("Math.sign", 1, Math.sign, {
  result: "real",
  absorbs: true,
  losesDerivative: false,
  domain: [box([0.1, 3]), box([-3, -0.1])],
  kinks: [{ at: [0], partials: [0] }],
});

const tie: Kink = { at: [1.5, 1.5], partials: [1, 0] };

export const max: OpEntry = binary("Math.max", Math.max, {
  spelling: { kind: "call", callee: "Math.max", nests: true },
  partials: (x, y) => {
    // `y > x` reads better than the negation of `0 >= y`; without a literal both share one condition.
    const bySecond = literalValue(x) === null ? select(ge(x, y), 0, 1) : select(gt(y, x), 1, 0);
    return [select(ge(x, y), 1, 0), bySecond];
  },
  absorbs: true,
  domain: [box([-3, 3], [-3, 3])],
  kinks: [tie, { ...tie, literal: [0] }, { ...tie, literal: [1] }],
  literalCases: [
    [0.1, [-3, 3]],
    [[-3, 3], 0.1],
  ],
  note: "ties go to the first argument",
});

export const min: OpEntry = binary("Math.min", Math.min, {
  spelling: { kind: "call", callee: "Math.min", nests: true },
  partials: (x, y) => {
    const bySecond = literalValue(x) === null ? select(le(x, y), 0, 1) : select(lt(y, x), 1, 0);
    return [select(le(x, y), 1, 0), bySecond];
  },
  absorbs: true,
  domain: [box([-3, 3], [-3, 3])],
  kinks: [tie, { ...tie, literal: [0] }, { ...tie, literal: [1] }],
  literalCases: [
    [0.1, [-3, 3]],
    [[-3, 3], 0.1],
  ],
  note: "ties go to the first argument",
});

/** The remainder, with the sign of the dividend. */
export const mod: OpEntry = binary("%", (x, y) => x % y, {
  spelling: infix("%"),
  partials: (x, y) => [1, neg(call(trunc, div(x, y)))],
  singular: "infinite",
  absorbs: [1],
  domain: [box([5.2, 5.8], [2, 2.5]), box([-5.8, -5.2], [2, 2.5]), box([5.2, 5.8], [-2.5, -2])],
});

const steps = { domain: [box([0.55, 0.95]), box([-1.95, -1.55])], kinks: [{ at: [2], partials: [0] }] };

export const floor: OpEntry = stepwise("Math.floor", 1, Math.floor, steps);
export const ceil: OpEntry = stepwise("Math.ceil", 1, Math.ceil, steps);
export const round: OpEntry = stepwise("Math.round", 1, Math.round, steps);
export const trunc: OpEntry = stepwise("Math.trunc", 1, Math.trunc, steps);

/** Rounds the value to single precision; the derivative is that of the number rounded. */
export const fround: OpEntry = unary("Math.fround", Math.fround, {
  partial: () => 1,
  kinks: [{ at: [0.1], partials: [1] }],
  note: "the rounding itself is not differentiated",
});
