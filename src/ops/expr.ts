/**
 * Constructors of formulas, for writing partials the way they are written on paper. They fold what is trivial (factors
 * 0 and 1, a sign on a literal, two signs) and keep a minus sign outermost, where it can join the sign of the term.
 */
import type { Formula } from "../ir/op.js";
import * as arithmetic from "./arithmetic.js";
import { call, formula, lit, literalValue, negatedLiteral, zero, type Operand } from "./formula.js";
import * as logic from "./logic.js";

export { lit, type Operand };

export function add(a: Operand, b: Operand): Formula {
  return call(arithmetic.add, a, b);
}

export function sub(a: Operand, b: Operand): Formula {
  const positive = negated(b);
  return positive === null ? call(arithmetic.sub, a, b) : add(a, positive);
}

/** The product of the factors, in reading order. */
export function mul(first: Operand, ...others: readonly Operand[]): Formula {
  return others.reduce<Formula>(product, formula(first));
}

export function div(a: Operand, b: Operand): Formula {
  return signed(a, b, (x, y) => {
    if (literalValue(x) === 0) return zero;
    return literalValue(y) === 1 ? x : call(arithmetic.div, x, y);
  });
}

export function neg(a: Operand): Formula {
  return negatedLiteral(a) ?? negated(a) ?? call(arithmetic.neg, a);
}

/** `a * a`. */
export function square(a: Operand): Formula {
  return mul(a, a);
}

/** `test ? a : b`. */
export function select(test: Formula, a: Operand, b: Operand): Formula {
  return call(arithmetic.select, test, a, b);
}

export function eq(a: Operand, b: Operand): Formula {
  return call(logic.eq, a, b);
}

/** `a && b`, of tests. */
export function both(a: Formula, b: Formula): Formula {
  return call(logic.and, a, b);
}

export function lt(a: Operand, b: Operand): Formula {
  return call(logic.lt, a, b);
}

export function le(a: Operand, b: Operand): Formula {
  return call(logic.le, a, b);
}

export function gt(a: Operand, b: Operand): Formula {
  return call(logic.gt, a, b);
}

export function ge(a: Operand, b: Operand): Formula {
  return call(logic.ge, a, b);
}

function product(a: Formula, b: Operand): Formula {
  return signed(a, b, (x, y) => {
    if (literalValue(x) === 0 || literalValue(y) === 0) return zero;
    if (literalValue(x) === 1) return y;
    return literalValue(y) === 1 ? x : call(arithmetic.mul, x, y);
  });
}

/** Builds from the operands without their signs, then puts the combined sign in front. Exact in floating point. */
function signed(a: Operand, b: Operand, build: (x: Formula, y: Formula) => Formula): Formula {
  const [x, y] = [withoutSign(a), withoutSign(b)];
  const unsigned = build(x ?? formula(a), y ?? formula(b));
  return (x === null) === (y === null) ? unsigned : neg(unsigned);
}

/** `a` without its minus sign, or null where it has none. */
function withoutSign(a: Operand): Formula | null {
  const value = literalValue(a);
  if (value !== null) return value < 0 ? neg(a) : null;
  return negated(a);
}

function negated(a: Operand): Formula | null {
  if (typeof a === "number" || a.kind !== "apply" || a.op !== arithmetic.neg) return null;
  return a.args[0] ?? null;
}
