/**
 * `Math.hypot(...xs)` of an array whose length only the call knows. The library's result is kept to the last bit, and
 * the derivative goes through the sum of squares beside it. Not in the table: no source names these, and the derivative
 * of `hypotOver` is that of its second argument.
 */
import type { OpEntry } from "./entry.js";
import { div, eq, select } from "./expr.js";
import { predicate, variadic } from "./op.js";

/** Reads a whole array, so that its time matters. */
export const hypotOf: OpEntry = predicate(
  "hypotOf",
  1,
  (xs) => Math.hypot(...(xs as unknown as readonly number[])),
  {
    spelling: { kind: "call", callee: "Math.hypot", spreads: true },
    result: "real",
    impure: true,
    reads: true,
    cheap: false,
  },
);

/** The first argument, which is the root of the second. */
export const hypotOver: OpEntry = variadic("hypotOver", 2, (length) => length, {
  partials: (_args, length) => [0, select(eq(length, 0), 0, div(0.5, length))],
  spelling: { kind: "identity" },
});
