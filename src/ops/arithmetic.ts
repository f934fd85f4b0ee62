/**
 * The operations that formulas themselves are made of. Their own partials use `call` only, so that this file does not
 * depend on `./expr.ts`, which depends on it.
 */
import type { Formula, FormulaArg, FormulaResult } from "../ir/op.js";
import { box, type OpEntry } from "./entry.js";
import { call, literalValue, negatedLiteral } from "./formula.js";
import { binary, infix, prefix, unary, variadic } from "./op.js";

export const add: OpEntry = binary("+", (x, y) => x + y, {
  spelling: infix("+"),
  partials: () => [1, 1],
  cheap: true,
  domain: [box([-3, 3], [-3, 3])],
});

export const sub: OpEntry = binary("-", (x, y) => x - y, {
  spelling: infix("-"),
  partials: () => [1, -1],
  cheap: true,
  domain: [box([-3, 3], [-3, 3])],
});

export const mul: OpEntry = binary("*", (x, y) => x * y, {
  spelling: infix("*"),
  partials: (x, y) => [y, x],
  cheap: true,
  domain: [box([-3, 3], [-3, 3])],
});

export const div: OpEntry = binary("/", (x, y) => x / y, {
  spelling: infix("/"),
  partials: (x, y, r) => [call(div, 1, y), byDenominator(x, y, r)],
  singular: "infinite",
  absorbs: [1],
  domain: [box([-3, 3], [0.3, 3]), box([-3, 3], [-3, -0.3])],
  literalCases: [
    [1, [0.3, 3]],
    [-2.5, [-3, -0.3]],
    [[-3, 3], 4],
  ],
});

export const neg: OpEntry = unary("neg", (x) => -x, {
  spelling: prefix("-"),
  partial: () => -1,
  cheap: true,
  domain: [box([-3, 3])],
});

/** `test ? a : b` on values that are there already. */
export const select: OpEntry = variadic("select", 3, (test, a, b) => (test === true ? a : b), {
  spelling: { kind: "conditional" },
  result: "same",
  partials: ([test], _r) => (test ? [0, call(select, test, 1, 0), call(select, test, 0, 1)] : []),
  absorbs: [1, 2],
  domain: [box("bool", [-3, 3], [-3, 3])],
  argNames: ["test", "x", "y"],
  note: "the arm not taken contributes nothing",
});

/** Binds a name to an atom. */
export const copy: OpEntry = variadic("copy", 1, (x) => x, {
  spelling: { kind: "identity" },
  result: "same",
  partials: () => [1],
  cheap: true,
  domain: [box([-3, 3])],
});

/** Takes `maybe` off a type: `x!`. The caller gives the type of the result. */
export const narrow: OpEntry = variadic("narrow", 1, (x) => x, {
  spelling: { kind: "nonNull" },
  result: "same",
  partials: () => [1],
  cheap: true,
  domain: [box([-3, 3])],
});

function byDenominator(x: FormulaArg, y: FormulaArg, r: FormulaResult): Formula {
  if (literalValue(x) === 1) return call(neg, call(mul, r, r));
  if (r.named) return call(neg, call(div, r, y));
  const squared = call(mul, y, y);
  return isNegative(x) ? call(div, negatedLiteral(x) ?? x, squared) : call(neg, call(div, x, squared));
}

function isNegative(x: FormulaArg): boolean {
  return (literalValue(x) ?? 0) < 0;
}
