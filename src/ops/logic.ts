/** Comparisons, boolean operations and tests for absence: what conditions are made of. None has a derivative. */
import type { Scalar } from "../ir/op.js";
import type { OpEntry } from "./entry.js";
import { infix, predicate, prefix } from "./op.js";

export const eq = predicate("===", 2, (x, y) => x === y, { spelling: infix("===") });
export const ne = predicate("!==", 2, (x, y) => x !== y, { spelling: infix("!==") });
export const looseEq = predicate("==", 2, (x, y) => x == y, { spelling: infix("==") });
export const looseNe = predicate("!=", 2, (x, y) => x != y, { spelling: infix("!=") });

export const lt = comparison("<", (x, y) => x < y);
export const le = comparison("<=", (x, y) => x <= y);
export const gt = comparison(">", (x, y) => x > y);
export const ge = comparison(">=", (x, y) => x >= y);

export const not = predicate("!", 1, (x) => !isTrue(x), { spelling: prefix("!") });
/** Both operands are evaluated already; the frontend lowers a `&&` that guards its right side to an `if`. */
export const and = predicate("&&", 2, (x, y) => isTrue(x) && isTrue(y), { spelling: infix("&&") });
export const or = predicate("||", 2, (x, y) => isTrue(x) || isTrue(y), { spelling: infix("||") });
/** The truth value of a number or a string, as a condition takes it. */
export const truthy = predicate("Boolean", 1, isTrue);

export const isUndefined = absence("isUndefined", "===", "undefined", (x) => x === undefined);
export const isDefined = absence("isDefined", "!==", "undefined", (x) => x !== undefined);
export const isNull = absence("isNull", "===", "null", (x) => x === null);
export const isNotNull = absence("isNotNull", "!==", "null", (x) => x !== null);
export const isNullish = absence("isNullish", "==", "null", (x) => x === undefined || x === null);
export const isPresent = absence("isPresent", "!=", "null", (x) => x !== undefined && x !== null);

function comparison(operator: string, evaluate: (x: number, y: number) => boolean): OpEntry {
  // Strings are compared by the same operators; the interpreter passes them through unchanged.
  return predicate(operator, 2, (x, y) => evaluate(x as number, y as number), { spelling: infix(operator) });
}

function absence(name: string, operator: string, right: string, evaluate: (x: Scalar) => boolean): OpEntry {
  return predicate(name, 1, (x) => evaluate(x), { spelling: { kind: "binary", operator, right } });
}

function isTrue(x: Scalar): boolean {
  return Boolean(x);
}
