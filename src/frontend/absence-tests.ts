/** Variables of which the code asks whether they hold anything, whatever TypeScript says of their type. */
import type { ts } from "ts-morph";
import type { Context } from "./context.js";
import { descendants } from "./descendants.js";

/** True if the function compares the variable with `undefined` or `null`, or has a replacement for it. */
export function isTestedForAbsence(cx: Context, name: ts.Identifier): boolean {
  const symbol = cx.checker.getSymbolAtLocation(name);
  const home = cx.ts.findAncestor(name, (node) => cx.ts.isFunctionLike(node)) ?? name.getSourceFile();
  if (symbol === undefined) return false;
  const isIt = (node: ts.Node): boolean =>
    cx.ts.isIdentifier(node) && node.text === name.text && cx.checker.getSymbolAtLocation(node) === symbol;
  // Of a number, its truth tells the same either way.
  const isObject = (cx.checker.getTypeAtLocation(name).flags & cx.ts.TypeFlags.Object) !== 0;
  for (const node of descendants(cx.ts, home)) {
    if (cx.ts.isBinaryExpression(node) && (isIt(node.left) || isIt(node.right)) && asksForAbsence(cx, node))
      return true;
    if (isObject && isIt(node) && isTruthAsked(cx, node)) return true;
    if (
      cx.ts.isPropertyAccessExpression(node) &&
      node.questionDotToken !== undefined &&
      isIt(node.expression)
    )
      return true;
  }
  return false;
}

function asksForAbsence(cx: Context, { left, operatorToken: { kind }, right }: ts.BinaryExpression): boolean {
  const { SyntaxKind } = cx.ts;
  if (kind === SyntaxKind.QuestionQuestionToken) return true;
  const isEquality =
    kind === SyntaxKind.EqualsEqualsEqualsToken ||
    kind === SyntaxKind.ExclamationEqualsEqualsToken ||
    kind === SyntaxKind.EqualsEqualsToken ||
    kind === SyntaxKind.ExclamationEqualsToken;
  const isNothing = (node: ts.Expression): boolean =>
    node.kind === SyntaxKind.NullKeyword || (cx.ts.isIdentifier(node) && node.text === "undefined");
  return isEquality && (isNothing(left) || isNothing(right));
}

/** `if (x)`, `!x`, `x && y`, `x ? a : b`, `typeof x`. */
function isTruthAsked(cx: Context, node: ts.Node): boolean {
  const { parent } = node;
  const tsc = cx.ts;
  if (tsc.isPrefixUnaryExpression(parent)) return parent.operator === tsc.SyntaxKind.ExclamationToken;
  if (tsc.isIfStatement(parent) || tsc.isWhileStatement(parent)) return parent.expression === node;
  if (tsc.isConditionalExpression(parent)) return parent.condition === node;
  if (tsc.isTypeOfExpression(parent)) return true;
  if (!tsc.isBinaryExpression(parent)) return false;
  const { AmpersandAmpersandToken, BarBarToken } = tsc.SyntaxKind;
  const { kind } = parent.operatorToken;
  return kind === AmpersandAmpersandToken || kind === BarBarToken;
}
