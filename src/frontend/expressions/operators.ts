/** Arithmetic, comparison and the prefix operators. Operands are evaluated from left to right, as JavaScript does. */
import { chosenClass } from "../classes/chosen-classes.js";
import type { ts } from "ts-morph";
import { kindOfValue } from "../../ir/shapes.js";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean, number } from "../../ir/builder.js";
import type { Op } from "../../ir/op.js";
import type { Atom, Hint } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import * as steering from "../../ops/steering.js";
import { binaryOperators } from "../../ops/table.js";
import { converted } from "./builtins.js";
import { mayBeAbsent } from "./mixed.js";
import { compareBoxed } from "./boxes.js";
import { lowerContainerTest } from "../types/container-tests.js";
import { type Context, poison, refuse, refuseExpression } from "../context.js";
import { lowerCondition, lowerExpression } from "./expressions.js";
import { lowerUnchecked } from "./properties.js";
import { identifyFor, sameFunction, sameKnown } from "../functions/function-identity.js";
import { functionsOf } from "../functions/kept-calls.js";
import { shapeOfType } from "../memory.js";
import {
  ifChosen,
  insteadOf,
  isCallable,
  isFollowed,
  isNothingElse,
  mayBeNone,
} from "../functions/functions.js";
import { undefinedLiteral } from "../names.js";
import { compareReferences } from "./identity.js";
import { type Bound, type Choice, isAtom } from "../scope.js";
import { textPart } from "./strings.js";
import { guardsItself, isCallback } from "../control/asked-callbacks.js";
import { isAssignmentOperator } from "../syntax.js";
import { errorTest } from "../classes/errors.js";
import { isOfErrors } from "../classes/kept-errors.js";
import { lowerInstanceOf } from "../classes/class-tests.js";
import { lowerTypeTest } from "../types/type-tests.js";
import { noteAbsenceTest } from "../control/trust.js";
import { apply, atomOf, isReference, not, numberOf, truthOf } from "../values.js";

/** `a op b` where both are always evaluated. */
export function lowerBinary(cx: Context, node: ts.BinaryExpression, hint: Hint | null): Bound {
  const spine = leftSpine(cx, node);
  const innermost = spine.at(-1) ?? node;
  const typeTest = lowerTypeTest(cx, innermost);
  if (typeTest !== null) spine.pop();
  let left: Bound = typeTest ?? lowerOperand(cx, innermost, innermost.left);
  for (const each of spine.reverse()) left = lowerStep(cx, each, left, each === node ? hint : null);
  return left;
}

/** A long sum nests as deeply as it is long, so its left operands are followed by a loop. */
function leftSpine(cx: Context, node: ts.BinaryExpression): ts.BinaryExpression[] {
  const spine = [node];
  for (let left = node.left; cx.ts.isBinaryExpression(left) && isStrict(cx, left); left = left.left)
    spine.push(left);
  return spine;
}

function isStrict(cx: Context, node: ts.BinaryExpression): boolean {
  const { AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken, CommaToken } = cx.ts.SyntaxKind;
  const { kind } = node.operatorToken;
  const lazy = [AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken, CommaToken] as ts.SyntaxKind[];
  return !lazy.includes(kind) && kind !== cx.ts.SyntaxKind.InKeyword && !isAssignmentOperator(cx.ts, kind);
}

function lowerStep(cx: Context, node: ts.BinaryExpression, left: Bound, hint: Hint | null): Bound {
  const operator = node.operatorToken.getText();
  if (equalities.has(operator)) return lowerEquality(cx, node, operator, left, hint);
  const container = operator === "instanceof" ? lowerContainerTest(cx, node, left) : null;
  if (container !== null) return container;
  const right = lowerExpression(cx, node.right);
  const isOf = operator === "instanceof" ? errorTest(cx, left, right, node) : null;
  if (isOf !== null) return isOf;
  const isInstance =
    operator === "instanceof"
      ? chosenClass(cx, right, node, (one) => lowerInstanceOf(cx, node, left, one.node), hint)
      : null;
  if (isInstance !== null) return isInstance;
  return combine(
    cx,
    node,
    operator,
    { bound: left, node: node.left },
    { bound: right, node: node.right },
    hint,
  );
}

interface Operand {
  readonly bound: Bound;
  readonly node: ts.Node;
}

const equalities: ReadonlySet<string> = new Set(["===", "!==", "==", "!="]);
const orders: ReadonlySet<string> = new Set(["<", "<=", ">", ">="]);

/** An operator on operands that are evaluated already; compound assignment uses it too. */
export function combine(
  cx: Context,
  node: ts.Node,
  operator: string,
  left: Operand,
  right: Operand,
  hint: Hint | null,
): Atom {
  const op = binaryOperators.get(operator);
  if (op === undefined) return refuse(cx, "unsupportedOperator", node, { operator, code: excerpt(node) });
  if (isString(left.bound) || isString(right.bound))
    return combineStrings(cx, node, operator, op, left, right, hint);
  const a = numberOf(cx, left.bound, left.node);
  const b = numberOf(cx, right.bound, right.node);
  return apply(cx, op, [a, b], node, hint);
}

function combineStrings(
  cx: Context,
  node: ts.Node,
  operator: string,
  op: Op,
  left: Operand,
  right: Operand,
  hint: Hint | null,
): Atom {
  if (operator !== "+") {
    const a = atomOf(cx, left.bound, left.node);
    const b = atomOf(cx, right.bound, right.node);
    if (orders.has(operator) && a.type.kind === b.type.kind) return apply(cx, op, [a, b], node, hint);
    const what = orders.has(operator) ? "comparison of strings" : "calculation with strings";
    return refuseExpression(cx, node, what);
  }
  const parts = [textPart(cx, left.bound, left.node), textPart(cx, right.bound, right.node)];
  return parts.includes(poison) ? poison : apply(cx, steering.template, parts, node, hint);
}

function isString(bound: Bound): boolean {
  return (bound.kind === "value" || bound.kind === "literal") && bound.type.kind === "string";
}

/** The left operand of a comparison with `undefined` may lie beyond the end of an array. */
function lowerOperand(cx: Context, node: ts.BinaryExpression, operand: ts.Expression): Bound {
  if (!equalities.has(node.operatorToken.getText())) return lowerExpression(cx, operand);
  return lowerUnchecked(cx, operand);
}

function lowerEquality(
  cx: Context,
  node: ts.BinaryExpression,
  operator: string,
  left: Bound,
  hint: Hint | null,
): Bound {
  const negated = operator.startsWith("!");
  const loose = operator.length === 2;
  const right = lowerUnchecked(cx, node.right);
  const asFunctions = compareFunctions(cx, node, left, right, { negated, loose });
  if (asFunctions !== null) return asFunctions;
  const a = atomOf(cx, left, node.left);
  const b = atomOf(cx, right, node.right);
  return compareAtoms(cx, node, a, b, { negated, loose }, hint);
}

function compareAtoms(
  cx: Context,
  node: ts.BinaryExpression,
  a: Atom,
  b: Atom,
  { negated, loose }: { readonly negated: boolean; readonly loose: boolean },
  hint: Hint | null,
): Atom {
  if (a === poison || b === poison) return poison;
  if (b.type.kind === "nothing") return testNothing(cx, node, a, b, negated, loose, hint);
  if (a.type.kind === "nothing") return testNothing(cx, node, b, a, negated, loose, hint);
  const asBoxed = compareBoxed(cx, node, a, b, negated);
  if (asBoxed !== null) return asBoxed;
  const [kind, other] = [kindOfValue(a.type), kindOfValue(b.type)];
  // What is known to be an object here is no word.
  if (!loose && kind !== null && other !== null && kind !== other) return boolean(negated);
  if (isReference(a) || isReference(b)) return compareReferences(cx, node, a, b, negated);
  if (loose && plainKind(a) !== plainKind(b)) {
    const operator = node.operatorToken.getText();
    return refuse(cx, "unsupportedOperator", node, { operator, code: excerpt(node) });
  }
  return apply(cx, negated ? ops.ne : ops.eq, [a, b], node, hint);
}

/** `f === undefined`, `f === Math.sin`; null where neither is a function. */
function compareFunctions(
  cx: Context,
  node: ts.BinaryExpression,
  left: Bound,
  right: Bound,
  { negated, loose }: { readonly negated: boolean; readonly loose: boolean },
): Atom | null {
  const asked = isCallback(left) ? node.left : isCallback(right) ? node.right : null;
  const against = asked === node.left ? right : left;
  if (asked !== null && negated && isAtom(against) && against.type.kind === "nothing")
    return guardsItself(cx, asked, node) ? boolean(true) : null;
  const [f, other] = isFollowed(left) ? [left, right] : [right, left];
  if (!isFollowed(f)) {
    const [one, two] = [left, right].map((each) => (isAtom(each) ? shapeOfType(each.type) : null));
    const isNews = identifyFor(cx, one ?? null, right) || identifyFor(cx, two ?? null, left);
    return isNews ? poison : null;
  }
  if (isAtom(other)) {
    if (functionsOf(other) !== null) return sameFunction(cx, node, other, f, negated);
    if (f.kind === "choice" && mayBeNone(f) && (!isNothingElse(f) || other.type.kind !== "nothing"))
      return compareOrElse(cx, node, f, other, { negated, loose });
    if (other.type.kind !== "nothing") return loose ? null : boolean(negated);
    const none = f.kind === "choice" ? insteadOf(f) : undefinedLiteral;
    const nothing = none.kind === "literal" ? none.value : undefined;
    if (!loose && other.kind === "literal" && other.value !== nothing) return boolean(negated);
    const present = truthOf(cx, f, node);
    return negated ? present : not(cx, present, node);
  }
  if (isOfErrors(cx, f)) return null;
  return isCallable(f) && isCallable(other) ? sameKnown(cx, node, f, other, negated) : null;
}

/** A function or a value of another kind, and what is no function. */
function compareOrElse(
  cx: Context,
  node: ts.BinaryExpression,
  choice: Choice,
  other: Atom,
  { negated, loose }: { readonly negated: boolean; readonly loose: boolean },
): Atom {
  const differs = (): Bound => boolean(negated);
  const compare = (none: Atom): Bound => compareAtoms(cx, node, none, other, { negated, loose }, null);
  return atomOf(cx, ifChosen(cx, choice, node, differs, compare, null), node);
}

function plainKind(atom: Atom): string {
  const type = atom.type.kind === "maybe" ? atom.type.type : atom.type;
  return type.kind === "int" ? "real" : type.kind;
}

/** `x === undefined`, `x != null` and the like. */
function testNothing(
  cx: Context,
  node: ts.Node,
  atom: Atom,
  nothing: Atom,
  negated: boolean,
  loose: boolean,
  hint: Hint | null,
): Atom {
  const isNull = nothing.kind === "literal" && nothing.value === null;
  noteAbsenceTest(cx, atom, node, isNull && !loose);
  if (!mayBeAbsent(atom.type)) return boolean(negated);
  if (atom.type.kind === "nothing") {
    const { none } = atom.type;
    if (loose) return boolean(!negated);
    if (none !== undefined && nothing.kind === "literal")
      return boolean((none === (isNull ? "null" : "undefined")) !== negated);
  }
  if (loose) return apply(cx, negated ? ops.isPresent : ops.isNullish, [atom], node, hint);
  if (isNull) return apply(cx, negated ? ops.isNotNull : ops.isNull, [atom], node, hint);
  return apply(cx, negated ? ops.isDefined : ops.isUndefined, [atom], node, hint);
}

/** `-x`, `+x`, `!x`, `~x`. */
export function lowerPrefix(cx: Context, node: ts.PrefixUnaryExpression, hint: Hint | null): Bound {
  const { SyntaxKind } = cx.ts;
  switch (node.operator) {
    case SyntaxKind.ExclamationToken:
      return not(cx, lowerCondition(cx, node.operand), node, hint);
    case SyntaxKind.PlusToken:
      return lowerPlus(cx, node, hint);
    case SyntaxKind.MinusToken:
      return lowerMinus(cx, node, hint);
    case SyntaxKind.TildeToken:
      return apply(
        cx,
        ops.bitNot,
        [numberOf(cx, lowerExpression(cx, node.operand), node.operand)],
        node,
        hint,
      );
    default:
      return refuse(cx, "unsupportedOperator", node, { operator: excerpt(node), code: excerpt(node) });
  }
}

/** A literal keeps its sign, so that an exponent of -1 is a literal too. */
function lowerMinus(cx: Context, node: ts.PrefixUnaryExpression, hint: Hint | null): Atom {
  const atom = numberOf(cx, lowerExpression(cx, node.operand), node.operand);
  if (atom.kind === "literal" && atom !== poison && typeof atom.value === "number") {
    if (!atom.spelling.startsWith("-")) return number(-atom.value, `-${atom.spelling}`);
  }
  return apply(cx, ops.neg, [atom], node, hint);
}

function lowerPlus(cx: Context, node: ts.PrefixUnaryExpression, hint: Hint | null): Atom {
  const atom = atomOf(cx, lowerExpression(cx, node.operand, hint), node.operand);
  return converted(cx, atom, node.operand, ops.plus, node, hint);
}
