/**
 * `if (log) log(x)`, `verbose && log && log(x)`: whether there is a function of the caller's only decides whether it is
 * called, so that the test is that of the call, `log?.(x)`.
 */
import type { ts } from "ts-morph";
import { isAssignmentTarget } from "./written.js";
import type { Context } from "../context.js";
import { descendants } from "../classes/descendants.js";
import type { Bound } from "../scope.js";
import { bare, holderOf } from "../syntax.js";

/** A function of the caller's, which is called for what it does. */
export function isCallback(bound: Bound): boolean {
  return (
    bound.kind === "unknown" && bound.given !== undefined && bound.untold === null && bound.orNothing !== true
  );
}

/** True where all that the test of `callback` decides about, its truth or `test`, is calls of it. */
export function guardsItself(cx: Context, callback: ts.Node, test: ts.Node = callback): boolean {
  const { ts: tsc, checker } = cx;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(callback));
  const parts = type.isUnion() ? type.types : [type];
  if (!parts.every((each) => each.getCallSignatures().length > 0)) return false;
  const text = callback.getText();
  let node: ts.Node = test;
  for (;;) {
    const holder = holderOf(tsc, node);
    if (tsc.isIfStatement(holder))
      return holder.elseStatement === undefined && isCalls(cx, holder.thenStatement, text);
    if (tsc.isExpressionStatement(holder)) return node !== test;
    if (!tsc.isBinaryExpression(holder)) return false;
    if (holder.operatorToken.kind !== tsc.SyntaxKind.AmpersandAmpersandToken) return false;
    const isBehind = holder.right === node || holder.right.pos <= node.pos;
    if (!isBehind && !isCall(cx, holder.right, text) && !isIdle(cx, holder.right)) return false;
    node = holder;
  }
}

function isCalls(cx: Context, statement: ts.Statement, text: string): boolean {
  const { ts: tsc } = cx;
  if (tsc.isBlock(statement)) return statement.statements.every((each) => isCalls(cx, each, text));
  if (tsc.isIfStatement(statement)) {
    const { expression, thenStatement, elseStatement } = statement;
    const isElse = elseStatement === undefined || isCalls(cx, elseStatement, text);
    return isIdle(cx, expression) && isCalls(cx, thenStatement, text) && isElse;
  }
  if (tsc.isVariableStatement(statement)) return isIdle(cx, statement);
  return tsc.isExpressionStatement(statement) && isCall(cx, statement.expression, text);
}

function isCall(cx: Context, node: ts.Expression, text: string): boolean {
  const call = bare(cx.ts, node);
  return (
    cx.ts.isCallExpression(call) &&
    bare(cx.ts, call.expression).getText().replace("?.", ".") === text &&
    call.arguments.every((each) => isIdle(cx, each))
  );
}

/** Nothing is done there but looking. */
function isIdle(cx: Context, root: ts.Node): boolean {
  const { ts: tsc } = cx;
  return [...descendants(tsc, root)].every(
    (node) =>
      !tsc.isNewExpression(node) &&
      !tsc.isAwaitExpression(node) &&
      !tsc.isYieldExpression(node) &&
      !isAssignmentTarget(cx, node, node.parent) &&
      !(tsc.isCallExpression(node) && !isOfTexts(cx, node)),
  );
}

/** `loss.toFixed(3)`, `Math.abs(x)`: methods of numbers and texts, and functions of `Math`. */
function isOfTexts({ ts: tsc, checker }: Context, { expression }: ts.CallExpression): boolean {
  if (!tsc.isPropertyAccessExpression(expression))
    return tsc.isIdentifier(expression) && expression.text === "String";
  if (expression.expression.getText() === "Math") return expression.name.text !== "random";
  const { NumberLike, StringLike } = tsc.TypeFlags;
  return (checker.getTypeAtLocation(expression.expression).flags & (NumberLike | StringLike)) !== 0;
}
