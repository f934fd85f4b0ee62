/** Expressions, one line for each kind; the kinds themselves are in files of their own. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean, number } from "../../ir/builder.js";
import type { Atom, Hint } from "../../ir/types.js";
import { asWantedList } from "../arrays/tuple-unions.js";
import { asUsed } from "./boxes.js";
import { ofKindAt } from "../functions/mixed-functions.js";
import { asWantedUnion } from "./handed-on.js";
import { lowerAssignment, lowerUpdate } from "./assignments.js";
import { lowerNewArray } from "../arrays/array-making.js";
import { lowerNew, lowerThis, newTarget } from "../classes/instances.js";
import { lowerCall } from "../functions/calls.js";
import { asMade } from "../functions/function-identity.js";
import { type Context, refuse, refuseExpression } from "../context.js";
import { lowerConditional, lowerLogical, shortCircuit } from "./logic.js";
import { asTuple, lowerArrayLiteral } from "../arrays/elements.js";
import { lowerObjectLiteral } from "./literals.js";
import { enterClass } from "../classes/local-classes.js";
import { lowerIdentifier, nullLiteral, stringLiteral, undefinedLiteral } from "../names.js";
import { lowerDelete } from "../records/keyed-calls.js";
import { lowerNewKeyed } from "../records/new-map.js";
import { lowerBinary, lowerPrefix } from "./operators.js";
import { patternValue, writtenPattern } from "./text-patterns.js";
import { lowerAccess, lowerTested, lowerUnchecked } from "./properties.js";
import type { Bound, Closure } from "../scope.js";
import { stopFunction } from "../control/stops.js";
import { lowerIn } from "../records/in-tests.js";
import { lowerTemplate } from "./strings.js";
import { followChain, openBase } from "./optional-chains.js";
import { bare, holderOf, isAssignmentOperator, kindInWords } from "../syntax.js";
import { lowerTypeof } from "../types/type-tests.js";
import { narrowed, numberOf, truthOf, asserted } from "../values.js";

/** Lowers an expression; a value made for it gets the hint. */
export function lowerExpression(cx: Context, node: ts.Expression, hint: Hint | null = null): Bound {
  const used = asUsed(cx, node, ofKindAt(cx, lowerPlain(cx, node, hint), node), hint);
  return asWantedList(cx, node, asWantedUnion(cx, node, used, hint), hint);
}

function lowerPlain(cx: Context, node: ts.Expression, hint: Hint | null): Bound {
  const tsc = cx.ts;
  const known = cx.links.get(node);
  if (known !== undefined) return known;
  if (tsc.isMetaProperty(node))
    return newTarget(cx, node) ?? refuseExpression(cx, node, kindInWords(tsc, node));
  const stop = stopFunction(cx, node);
  if (stop !== null) return stop;
  if (tsc.isIdentifier(node)) return narrowed(cx, lowerIdentifier(cx, node), node, hint);
  if (tsc.isNumericLiteral(node)) return number(Number(node.text), node.getText());
  if (tsc.isBinaryExpression(node)) return lowerBinaryKind(cx, node, hint);
  if (tsc.isParenthesizedExpression(node)) return lowerExpression(cx, node.expression, hint);
  if (tsc.isPropertyAccessExpression(node) || tsc.isElementAccessExpression(node))
    return lowerAccess(cx, node, hint);
  if (tsc.isCallExpression(node)) return lowerCall(cx, node, hint);
  if (tsc.isNewExpression(node))
    return lowerNewArray(cx, node, hint) ?? lowerNewKeyed(cx, node, hint) ?? lowerNew(cx, node, hint);
  if (tsc.isPrefixUnaryExpression(node)) return lowerPrefixKind(cx, node, hint);
  if (tsc.isPostfixUnaryExpression(node)) return lowerUpdate(cx, node, node.operator, true, hint);
  if (tsc.isConditionalExpression(node)) return lowerConditional(cx, node, hint);
  if (tsc.isObjectLiteralExpression(node)) return lowerObjectLiteral(cx, node, hint);
  if (tsc.isArrayLiteralExpression(node)) return lowerArrayLiteral(cx, node, hint);
  if (tsc.isArrowFunction(node) || tsc.isFunctionExpression(node)) return asMade(cx, closureOf(cx, node));
  if (tsc.isStringLiteral(node) || tsc.isNoSubstitutionTemplateLiteral(node)) return stringLiteral(node.text);
  if (tsc.isNonNullExpression(node)) return lowerNonNull(cx, node, hint);
  if (tsc.isSatisfiesExpression(node)) return lowerExpression(cx, node.expression, hint);
  if (tsc.isAsExpression(node) || tsc.isTypeAssertionExpression(node)) return lowerCast(cx, node, hint);
  if (tsc.isTemplateExpression(node)) return lowerTemplate(cx, node, hint);
  return lowerKeyword(cx, node);
}

/** The truth of an expression; of an operand of `&&`, only its truth matters. */
export function lowerCondition(cx: Context, node: ts.Expression): Atom {
  const inner = bare(cx.ts, node);
  if (cx.ts.isBinaryExpression(inner)) {
    const { AmpersandAmpersandToken, BarBarToken } = cx.ts.SyntaxKind;
    const { kind } = inner.operatorToken;
    if (kind === AmpersandAmpersandToken || kind === BarBarToken) {
      const left = lowerCondition(cx, inner.left);
      const operator = kind === BarBarToken ? "||" : "&&";
      const both = shortCircuit(
        cx,
        inner,
        operator,
        left,
        inner.left,
        () => lowerCondition(cx, inner.right),
        null,
      );
      return truthOf(cx, both, node);
    }
  }
  return truthOf(cx, mayBeUnset(cx, inner) ? lowerUnchecked(cx, inner) : lowerTested(cx, node), node);
}

/** `rows[i]`, of rows that may not be there yet. */
function mayBeUnset(cx: Context, node: ts.Expression): boolean {
  if (!cx.ts.isElementAccessExpression(node)) return false;
  return (cx.checker.getTypeAtLocation(node).flags & cx.ts.TypeFlags.Object) !== 0;
}

/** A function as a value: nothing is lowered until it is called. */
export function closureOf(
  cx: Context,
  node: ts.FunctionLikeDeclaration,
  name: string | null = functionName(cx, node),
): Closure {
  return {
    kind: "closure",
    node,
    scope: cx.scope,
    name,
    prefix: name === null ? cx.frame.prefix : `${name}_`,
  };
}

function functionName(cx: Context, node: ts.FunctionLikeDeclaration): string | null {
  if (node.name !== undefined && cx.ts.isIdentifier(node.name)) return node.name.text;
  const holder = holderOf(cx.ts, node);
  return cx.ts.isVariableDeclaration(holder) && cx.ts.isIdentifier(holder.name) ? holder.name.text : null;
}

function lowerBinaryKind(cx: Context, node: ts.BinaryExpression, hint: Hint | null): Bound {
  const { SyntaxKind } = cx.ts;
  switch (node.operatorToken.kind) {
    case SyntaxKind.AmpersandAmpersandToken:
    case SyntaxKind.BarBarToken:
    case SyntaxKind.QuestionQuestionToken:
      return lowerLogical(cx, node, hint);
    case SyntaxKind.CommaToken:
      lowerExpression(cx, node.left);
      return lowerExpression(cx, node.right, hint);
    default:
      return isAssignmentOperator(cx.ts, node.operatorToken.kind)
        ? lowerAssignment(cx, node)
        : node.operatorToken.kind === SyntaxKind.InKeyword
          ? lowerIn(cx, node, hint)
          : lowerBinary(cx, node, hint);
  }
}

function lowerPrefixKind(cx: Context, node: ts.PrefixUnaryExpression, hint: Hint | null): Bound {
  const { PlusPlusToken, MinusMinusToken } = cx.ts.SyntaxKind;
  return node.operator === PlusPlusToken || node.operator === MinusMinusToken
    ? lowerUpdate(cx, node, node.operator, false, hint)
    : lowerPrefix(cx, node, hint);
}

function lowerNonNull(cx: Context, node: ts.NonNullExpression, hint: Hint | null): Bound {
  const inner = node.expression;
  const base = openBase(cx, node);
  if (base !== null) return followChain(cx, node, base, hint, (here, own) => lowerNonNull(here, node, own));
  // `w[0]!` asserts that the element exists, which needs no test.
  if (cx.ts.isElementAccessExpression(inner))
    return presentBound(cx, lowerAccess(cx, inner, hint, "asserted"), node, hint);
  return presentBound(cx, lowerExpression(cx, inner, hint), node, hint);
}

function presentBound(cx: Context, bound: Bound, node: ts.Node, hint: Hint | null): Bound {
  return bound.kind === "value" ? asserted(cx, bound, node, hint) : bound;
}

/** `x as T`: transparent where the value is of that kind anyway. */
function lowerCast(cx: Context, node: ts.AsExpression | ts.TypeAssertion, hint: Hint | null): Bound {
  const type = cx.checker.getTypeAtLocation(node);
  const { Any, Unknown, NumberLike } = cx.ts.TypeFlags;
  if ((type.flags & (Any | Unknown)) !== 0) {
    // `x as unknown as T` is a cast to `T`.
    if (isCast(cx, holderOf(cx.ts, node))) return lowerExpression(cx, node.expression, hint);
    return refuse(cx, "untypedValue", node, { code: excerpt(node), type: cx.checker.typeToString(type) });
  }
  const bound = lowerExpression(cx, node.expression, hint);
  if ((type.flags & NumberLike) === 0) return narrowed(cx, asTuple(cx, bound, type, node, hint), node, hint);
  return numberOf(cx, bound, node);
}

function isCast(cx: Context, node: ts.Node): boolean {
  return cx.ts.isAsExpression(node) || cx.ts.isTypeAssertionExpression(node);
}

function lowerKeyword(cx: Context, node: ts.Expression): Bound {
  const { SyntaxKind } = cx.ts;
  switch (node.kind) {
    case SyntaxKind.TrueKeyword:
      return boolean(true);
    case SyntaxKind.FalseKeyword:
      return boolean(false);
    case SyntaxKind.NullKeyword:
      return nullLiteral;
    case SyntaxKind.ThisKeyword:
      return lowerThis(cx, node);
    case SyntaxKind.ClassExpression:
      return enterClass(cx, node as ts.ClassExpression);
    case SyntaxKind.SuperKeyword:
      return refuse(cx, "classMember", node, { what: `\`${excerpt(node)}\`` });
    case SyntaxKind.AwaitExpression:
      return refuse(cx, "asyncFunction", node, { name: excerpt(node) });
    case SyntaxKind.YieldExpression:
      return refuse(cx, "generator", node, { name: excerpt(node) });
    case SyntaxKind.DeleteExpression:
      return lowerDelete(cx, node as ts.DeleteExpression);
    case SyntaxKind.TypeOfExpression:
      return lowerTypeof(cx, node as ts.TypeOfExpression);
    case SyntaxKind.RegularExpressionLiteral:
      return patternValue(cx, writtenPattern(node as ts.RegularExpressionLiteral), node, null);
    case SyntaxKind.VoidExpression:
      lowerExpression(cx, (node as ts.VoidExpression).expression);
      return undefinedLiteral;
    default:
      return refuseExpression(cx, node, kindInWords(cx.ts, node));
  }
}
