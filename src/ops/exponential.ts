/** Exponentials, logarithms and the hyperbolic functions. */
import { box, type OpEntry } from "./entry.js";
import { add, div, lit, mul, sub } from "./expr.js";
import { call } from "./formula.js";
import { unary } from "./op.js";
import { sqrt } from "./root.js";

export const exp: OpEntry = unary("Math.exp", Math.exp, {
  partial: (_x, r) => r,
  singular: "infinite",
  absorbs: true,
  domain: [box([-3, 3])],
});

export const expm1: OpEntry = unary("Math.expm1", Math.expm1, {
  partial: (_x, r) => add(r, 1),
  singular: "infinite",
  absorbs: true,
  domain: [box([-3, 3])],
});

export const log: OpEntry = unary("Math.log", Math.log, {
  partial: (x) => div(1, x),
  singular: "infinite",
  domain: [box([0.2, 4])],
});

export const log1p: OpEntry = unary("Math.log1p", Math.log1p, {
  partial: (x) => div(1, add(1, x)),
  singular: "infinite",
  domain: [box([-0.8, 4])],
});

export const log2: OpEntry = unary("Math.log2", Math.log2, {
  partial: (x) => div(1, mul(x, lit(Math.LN2, "Math.LN2"))),
  singular: "infinite",
  domain: [box([0.2, 4])],
});

export const log10: OpEntry = unary("Math.log10", Math.log10, {
  partial: (x) => div(1, mul(x, lit(Math.LN10, "Math.LN10"))),
  singular: "infinite",
  domain: [box([0.2, 4])],
});

export const sinh: OpEntry = unary("Math.sinh", Math.sinh, {
  partial: (x) => call(cosh, x),
  singular: "infinite",
  domain: [box([-3, 3])],
});

export const cosh: OpEntry = unary("Math.cosh", Math.cosh, {
  partial: (x) => call(sinh, x),
  singular: "infinite",
  domain: [box([-3, 3])],
});

export const tanh: OpEntry = unary("Math.tanh", Math.tanh, {
  partial: (_x, r) => sub(1, mul(r, r)),
  absorbs: true,
  domain: [box([-2, 2])],
});

export const asinh: OpEntry = unary("Math.asinh", Math.asinh, {
  partial: (x) => div(1, call(sqrt, add(mul(x, x), 1))),
  domain: [box([-3, 3])],
});

export const acosh: OpEntry = unary("Math.acosh", Math.acosh, {
  partial: (x) => div(1, call(sqrt, sub(mul(x, x), 1))),
  singular: "finite",
  domain: [box([1.2, 4])],
  kinks: [{ at: [1], partials: [Infinity] }],
});

export const atanh: OpEntry = unary("Math.atanh", Math.atanh, {
  partial: (x) => div(1, sub(1, mul(x, x))),
  singular: "infinite",
  domain: [box([-0.8, 0.8])],
});
