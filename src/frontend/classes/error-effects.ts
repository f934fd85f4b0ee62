/** Whether making what is thrown does anything else. */
import type { ts } from "ts-morph";
import { baseOf } from "./classes.js";
import type { ClassNode } from "./class-index.js";
import type { Context } from "../context.js";
import { mutators } from "../control/written.js";
import { descendants } from "./descendants.js";
import { isOfLibrary, symbolOf } from "../names.js";
import { isAssignmentOperator } from "../syntax.js";

/** An iterator is changed as well, and what `Object.assign` is given. */
const changing: ReadonlySet<string> = new Set([...mutators, "assign", "next"]);

/** True for what has no effects: literals, fields, and errors made of them. */
export function isSilent(cx: Context, root: ts.Node): boolean {
  return [...descendants(cx.ts, root)].every((node) => isSilentNode(cx, node));
}

function isSilentNode(cx: Context, node: ts.Node): boolean {
  const tsc = cx.ts;
  if (tsc.isBinaryExpression(node))
    return !isAssignmentOperator(tsc, node.operatorToken.kind) || isOwnField(cx, node.left);
  if (tsc.isPrefixUnaryExpression(node) || tsc.isPostfixUnaryExpression(node)) {
    const { PlusPlusToken, MinusMinusToken } = tsc.SyntaxKind;
    return node.operator !== PlusPlusToken && node.operator !== MinusMinusToken;
  }
  if (tsc.isCallExpression(node)) return isSilentCall(cx, node);
  if (tsc.isNewExpression(node)) return isSilentClass(cx, node.expression);
  return !tsc.isYieldExpression(node) && !tsc.isAwaitExpression(node) && !tsc.isDeleteExpression(node);
}

function isOwnField({ ts: tsc }: Context, node: ts.Node): boolean {
  return tsc.isPropertyAccessExpression(node) && node.expression.kind === tsc.SyntaxKind.ThisKeyword;
}

function isSilentCall(cx: Context, { expression }: ts.CallExpression): boolean {
  if (expression.kind === cx.ts.SyntaxKind.SuperKeyword) return true;
  const name = cx.ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  const symbol = symbolOf(cx, name);
  return symbol !== null && isOfLibrary(cx, symbol) && !changing.has(symbol.name);
}

/** What its constructor does, and those of the classes that it extends. */
function isSilentClass(cx: Context, expression: ts.Expression): boolean {
  const symbol = symbolOf(cx, expression);
  if (symbol === null) return false;
  if (isOfLibrary(cx, symbol)) return true;
  let node: ClassNode | "unknown" | null =
    symbol.declarations?.find((each) => cx.ts.isClassLike(each)) ?? null;
  if (node === null) return false;
  for (; node !== null && node !== "unknown"; node = baseOf(cx, node)) {
    const code = node.members.filter(
      (each) => cx.ts.isConstructorDeclaration(each) || cx.ts.isPropertyDeclaration(each),
    );
    if (!code.every((each) => isSilent(cx, each))) return false;
  }
  return true;
}
