/** The circular functions and their inverses. */
import { box, type OpEntry } from "./entry.js";
import { add, div, mul, neg, sub } from "./expr.js";
import { call } from "./formula.js";
import { binary, unary } from "./op.js";
import { sqrt } from "./root.js";

export const sin: OpEntry = unary("Math.sin", Math.sin, {
  partial: (x) => call(cos, x),
  domain: [box([-3, 3])],
});

export const cos: OpEntry = unary("Math.cos", Math.cos, {
  partial: (x) => neg(call(sin, x)),
  domain: [box([-3, 3])],
});

export const tan: OpEntry = unary("Math.tan", Math.tan, {
  partial: (_x, r) => add(1, mul(r, r)),
  singular: "infinite",
  domain: [box([-1.2, 1.2])],
});

export const asin: OpEntry = unary("Math.asin", Math.asin, {
  partial: (x) => div(1, call(sqrt, sub(1, mul(x, x)))),
  singular: "finite",
  domain: [box([-0.8, 0.8])],
  kinks: [{ at: [1], partials: [Infinity] }],
});

export const acos: OpEntry = unary("Math.acos", Math.acos, {
  partial: (x) => neg(div(1, call(sqrt, sub(1, mul(x, x))))),
  singular: "finite",
  domain: [box([-0.8, 0.8])],
  kinks: [{ at: [1], partials: [-Infinity] }],
});

export const atan: OpEntry = unary("Math.atan", Math.atan, {
  partial: (x) => div(1, add(1, mul(x, x))),
  absorbs: true,
  domain: [box([-3, 3])],
});

/** `Math.atan2(y, x)`, in that order. */
export const atan2: OpEntry = binary("Math.atan2", Math.atan2, {
  partials: (y, x) => {
    const r2 = add(mul(x, x), mul(y, y));
    return [div(x, r2), neg(div(y, r2))];
  },
  singular: "finite",
  absorbs: true,
  domain: [box([-3, 3], [0.5, 3]), box([0.5, 3], [-3, 3])],
  argNames: ["y", "x"],
});
