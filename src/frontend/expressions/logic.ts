/** Expressions that evaluate an operand only at times: `?:`, `&&`, `||`, `??`. */
import { callbackOr } from "../control/effects.js";
import { holdsReals, isMixed, shapeOfType } from "../../ir/shapes.js";
import { isOfSomeVariants } from "../../ir/places.js";
import type { ts } from "ts-morph";
import { boolean } from "../../ir/builder.js";
import type { Atom, Hint, Instr, Load } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { type Context, poison } from "../context.js";
import { ifChosen, isCallable, isNothingElse, mayBeNone } from "../functions/functions.js";
import { lowerCondition, lowerExpression } from "./expressions.js";
import { type Arm, arm, branch, join, knownBoolean, splice } from "../control/join.js";
import { nullLiteral, undefinedLiteral } from "../names.js";
import { lowerTested, lowerUnchecked } from "./properties.js";
import { mayBeAbsent } from "./mixed.js";
import { type Bound, type Choice, type Static, isAtom } from "../scope.js";
import { noteAbsenceTest } from "../control/trust.js";
import { isUnreached } from "../control/unreachable.js";
import { apply, present, truthOf } from "../values.js";
import { holderOf } from "../syntax.js";

/** `test ? a : b`. */
export function lowerConditional(cx: Context, node: ts.ConditionalExpression, hint: Hint | null): Bound {
  const test = lowerCondition(cx, node.condition);
  if (isUnreached(cx, node.whenFalse)) return lowerExpression(cx, node.whenTrue, hint);
  const inner = knownBoolean(cx, test) === null ? null : hint;
  return branch(
    cx,
    node,
    test,
    () => lowerExpression(cx, node.whenTrue, inner),
    () => lowerExpression(cx, node.whenFalse, inner),
    hint,
  );
}

/** `a && b`, `a || b`, `a ?? b`. */
export function lowerLogical(cx: Context, node: ts.BinaryExpression, hint: Hint | null): Bound {
  const operator = logicalOperator(cx, node.operatorToken.kind);
  // Of a statement `a && b && f()`, nothing is wanted but what it does.
  const isStatement = cx.ts.isExpressionStatement(holderOf(cx.ts, node));
  const left =
    operator === "??"
      ? lowerUnchecked(cx, node.left)
      : operator === "&&" && isStatement
        ? lowerCondition(cx, node.left)
        : lowerTested(cx, node.left);
  return shortCircuit(cx, node, operator, left, node.left, () => lowerExpression(cx, node.right), hint);
}

export type LogicalOperator = "&&" | "||" | "??";

export function logicalOperator(cx: Context, kind: ts.SyntaxKind): LogicalOperator {
  const { SyntaxKind } = cx.ts;
  if (kind === SyntaxKind.AmpersandAmpersandToken || kind === SyntaxKind.AmpersandAmpersandEqualsToken)
    return "&&";
  return kind === SyntaxKind.BarBarToken || kind === SyntaxKind.BarBarEqualsToken ? "||" : "??";
}

/** What the operator gives for a left operand that is evaluated, and a right one that may have to be. */
export function shortCircuit(
  cx: Context,
  node: ts.Node,
  operator: LogicalOperator,
  left: Bound,
  leftNode: ts.Node,
  right: () => Bound,
  hint: Hint | null,
): Bound {
  if (left === poison) {
    right();
    return poison;
  }
  if (left.kind === "choice" && mayBeNone(left))
    return functionOr(cx, node, operator, left, leftNode, right, hint);
  const other = cx.ts.isBinaryExpression(node) ? node.right : node;
  const callback = operator === "&&" ? null : callbackOr(cx, left, other);
  if (callback !== null) return callback;
  if (operator === "??") return coalesce(cx, node, left, right, hint);
  const test = truthOf(cx, left, leftNode);
  if (isAtom(left) && left.type.kind === "bool") return lowerBoolean(cx, node, operator, left, right, hint);
  // What is truthy is neither `undefined` nor `null`.
  const kept = (): Bound => {
    if (!isAtom(left)) return left;
    return operator === "||" ? present(cx, left, leftNode) : falsy(cx, left, leftNode);
  };
  return operator === "&&"
    ? branch(cx, node, test, right, kept, hint)
    : branch(cx, node, test, kept, right, hint);
}

/** The same for a function, or something else in place of one. */
function functionOr(
  cx: Context,
  node: ts.Node,
  operator: LogicalOperator,
  left: Choice,
  leftNode: ts.Node,
  right: () => Bound,
  hint: Hint | null,
): Bound {
  const part = operator !== "&&" && isNothingElse(left) ? arm(cx, right) : null;
  const isPlain = left.otherwise === null && !left.cases.some(({ then }) => mayBeNone(then));
  if (isPlain && part?.instrs.length === 0 && part.writes.size === 0 && isCallable(part.result))
    return { ...left, otherwise: part.result };
  const given = (one: Static): Bound => (operator === "&&" ? right() : one);
  const none = (instead: Atom): Bound =>
    part === null ? shortCircuit(cx, node, operator, instead, leftNode, right, null) : splice(cx, part);
  return ifChosen(cx, left, node, given, none, hint);
}

/** An object that is falsy is none: what it would have to have in common with the other operand does not matter. */
function falsy(cx: Context, left: Atom, node: ts.Node): Bound {
  if (left.type.kind !== "maybe" || left.type.type.kind !== "ref" || isMixed(left.type)) return left;
  if (left.type.none !== undefined && left.type.none !== "never")
    return left.type.none === "null" ? nullLiteral : undefinedLiteral;
  const isNull = apply(cx, ops.isNull, [left], node);
  return branch(
    cx,
    node,
    isNull,
    () => nullLiteral,
    () => undefinedLiteral,
    null,
  );
}

function coalesce(cx: Context, node: ts.Node, left: Bound, right: () => Bound, hint: Hint | null): Bound {
  if (!isAtom(left)) return left;
  if (left.type.kind === "nothing") return right();
  noteAbsenceTest(cx, left, node);
  if (!mayBeAbsent(left.type)) return left;
  const test = apply(cx, ops.isNullish, [left], node);
  return branch(cx, node, test, right, () => present(cx, left, node), hint);
}

/** With a right operand that is quick and harmless to evaluate, both are: `x > 0 && x < 1` stays one condition. */
function lowerBoolean(
  cx: Context,
  node: ts.Node,
  operator: "&&" | "||",
  left: Atom,
  right: () => Bound,
  hint: Hint | null,
): Bound {
  const known = knownBoolean(cx, left);
  if (known !== null) return known === (operator === "&&") ? right() : left;
  const part = arm(cx, right);
  const { result } = part;
  if (
    isAtom(result) &&
    result.type.kind === "bool" &&
    part.writes.size === 0 &&
    part.instrs.every((instr) => isHarmless(instr, part.instrs))
  ) {
    splice(cx, part);
    if (result.kind === "value") {
      return apply(cx, operator === "&&" ? ops.and : ops.or, [left, result], node, hint);
    }
    // `a && true` is `a`; `a && false` is false.
    return (result.value === true) === (operator === "&&") ? left : result;
  }
  const other: Arm<Bound> = { result: boolean(operator === "||"), instrs: [], writes: new Map() };
  const [a, b] = operator === "&&" ? [part, other] : [other, part];
  return join(cx, node, left, a, b, { a: a.result, b: b.result, hint });
}

/** Quick, without effects, and possible whatever the left operand gives. */
function isHarmless(instr: Instr, among: readonly Instr[]): boolean {
  if (instr.kind === "load") return !isOfSomeKinds(instr, among);
  return instr.kind === "apply" && instr.op.cheap && !instr.op.impure && instr.op !== ops.narrow;
}

/**
 * Only objects of some kinds have the cell, and in the gradient something is added to it; or only such have what the cell
 * lies in, of which nothing can be read then.
 */
function isOfSomeKinds({ place, out }: Load, among: readonly Instr[]): boolean {
  if (isOfSomeVariants(place) && holdsReals(shapeOfType(out.type))) return true;
  return among.some((each) => each.kind === "load" && each.out === place.ref && isOfSomeVariants(each.place));
}
