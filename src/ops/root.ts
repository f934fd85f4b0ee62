/** Roots and the length of a vector. */
import { box, type OpEntry } from "./entry.js";
import { div, eq, mul, select } from "./expr.js";
import { unary, variadic } from "./op.js";

export const sqrt: OpEntry = unary("Math.sqrt", Math.sqrt, {
  partial: (_x, r) => div(0.5, r),
  singular: "finite",
  domain: [box([0.2, 4])],
  kinks: [{ at: [0], partials: [Infinity] }],
});

export const cbrt: OpEntry = unary("Math.cbrt", Math.cbrt, {
  partial: (_x, r) => div(1, mul(3, r, r)),
  singular: "finite",
  domain: [box([0.2, 4]), box([-4, -0.2])],
  kinks: [{ at: [0], partials: [Infinity] }],
});

export const hypot: OpEntry = variadic("Math.hypot", null, (...args) => Math.hypot(...(args as number[])), {
  partials: (args, r) => args.map((x) => select(eq(r, 0), 0, div(x, r))),
  domain: [box([-3, 3]), box([-3, 3], [0.5, 3]), box([-3, 3], [-3, 3], [0.5, 3])],
  kinks: [
    { at: [0, 0], partials: [0, 0] },
    { at: [0], partials: [0] },
    { at: [0, 2], partials: [0, 1] },
  ],
  note: "0 at the origin",
});
