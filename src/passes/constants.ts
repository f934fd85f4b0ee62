/**
 * Numbers that a call hands to a function which is written out in place: `x * x` with the 2 that stands for `x` is 4. What
 * the user has written of numbers himself stays as it is.
 */
import { boolean, number } from "../ir/builder.js";
import type { Apply, Atom, Literal } from "../ir/types.js";
import { copy, div, mul, sub } from "../ops/scalar.js";

/** Longer numbers say less than what they are made of. */
const mostDigits = 4;

/** What the operation gives, to the last bit, in a function that is written out; null where that is to be computed. */
export function constantOf(instr: Apply): Atom | null {
  if (instr.out.statement?.isInner !== true || instr.op === copy) return null;
  return folded(instr) ?? neutral(instr);
}

function folded({ op, args }: Apply): Literal | null {
  if (args.length === 0 || !args.every(isPlain)) return null;
  const result = op.evaluate(...args.map(({ value }) => value));
  if (typeof result === "boolean") return boolean(result);
  return typeof result === "number" && isShort(result) ? number(result) : null;
}

/** A number in digits, or an outcome. */
function isPlain(atom: Atom): atom is Literal {
  if (atom.kind !== "literal") return false;
  return typeof atom.value === "boolean" || isDigits(atom);
}

export type NumberLiteral = Literal & { readonly value: number };

/** A number written in digits, not by name. */
export function isDigits(literal: Literal): literal is NumberLiteral {
  return typeof literal.value === "number" && /^-?[\d.]/u.test(literal.spelling);
}

function isShort(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0) && String(value).length <= mostDigits;
}

/** `1 * x`, `x / 1`, `x - 0`. */
function neutral({ op, args: [a, b] }: Apply): Atom | null {
  if (a === undefined || b === undefined) return null;
  if (op === mul && isNumber(a, 1)) return b;
  if ((op === mul || op === div) && isNumber(b, 1)) return a;
  return op === sub && isNumber(b, 0) ? a : null;
}

function isNumber(atom: Atom, value: number): boolean {
  return atom.kind === "literal" && Object.is(atom.value, value);
}
