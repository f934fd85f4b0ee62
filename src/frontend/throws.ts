/** `throw`: kept as text, with the values that it mentions in place of the expressions that compute them. */
import type { ts } from "ts-morph";
import { excerpt } from "../diagnostics/collector.js";
import type { Atom } from "../ir/types.js";
import { type Outcome, left } from "./control.js";
import { type Context, poison, refuseExpression } from "./context.js";
import { lowerExpression } from "./expressions.js";
import { isOfLibrary, symbolOf } from "./names.js";
import { isAtom } from "./scope.js";

type Text = (string | Atom)[];

/** Leaves the function by an exception. */
export function lowerThrow(cx: Context, node: ts.ThrowStatement): Outcome {
  const text: Text = [];
  addText(cx, node.expression, text);
  return left({ kind: "throw", text: mergeStrings(text), statement: cx.statement });
}

/** Appends the source of `node`, without the comments in front of it. */
function addText(cx: Context, node: ts.Node, text: Text): void {
  const tsc = cx.ts;
  if (isScalarExpression(cx, node)) {
    if (mentionsLocals(cx, node)) addHole(cx, node, text);
    else if (tsc.isIdentifier(node) && !isGlobal(cx, node)) addHole(cx, node, text);
    else text.push(node.getText());
    return;
  }
  if (tsc.isIdentifier(node)) {
    addName(cx, node, text);
    return;
  }
  if (tsc.isFunctionLike(node) || node.kind === tsc.SyntaxKind.ThisKeyword) {
    refuseExpression(cx, node, `${tsc.isFunctionLike(node) ? "function" : "`this`"} in a \`throw\``);
    return;
  }
  addChildren(cx, node, text);
}

/** The tokens between the children are copied as they are. */
function addChildren(cx: Context, node: ts.Node, text: Text): void {
  const source = node.getSourceFile();
  let position = node.getStart(source);
  cx.ts.forEachChild(node, (child) => {
    const start = child.getStart(source);
    text.push(source.text.slice(position, start));
    // The names of members and properties belong to no scope.
    if (isMemberName(cx, child)) text.push(child.getText());
    else addText(cx, child, text);
    position = child.getEnd();
  });
  text.push(source.text.slice(position, node.getEnd()));
}

function isMemberName(cx: Context, node: ts.Node): boolean {
  const { parent } = node;
  if (cx.ts.isTypeNode(node)) return true;
  return (
    (cx.ts.isPropertyAccessExpression(parent) || cx.ts.isPropertyAssignment(parent)) && parent.name === node
  );
}

/** Arithmetic, variables and fields that are numbers, strings or booleans. */
function isScalarExpression(cx: Context, node: ts.Node): node is ts.Expression {
  const tsc = cx.ts;
  // Behind a test that TypeScript sees through, a variable may have no value left.
  const { NumberLike, StringLike, BooleanLike, Never } = tsc.TypeFlags;
  const isValue =
    tsc.isIdentifier(node) ||
    tsc.isPropertyAccessExpression(node) ||
    tsc.isElementAccessExpression(node) ||
    tsc.isPrefixUnaryExpression(node) ||
    tsc.isParenthesizedExpression(node) ||
    tsc.isNonNullExpression(node) ||
    tsc.isBinaryExpression(node) ||
    tsc.isCallExpression(node);
  if (!isValue) return false;
  const { flags } = cx.checker.getTypeAtLocation(node);
  if ((flags & NumberLike) !== 0) return !tsc.isCallExpression(node) || isFunctionOfUser(cx, node);
  const isPlace =
    tsc.isIdentifier(node) || tsc.isPropertyAccessExpression(node) || tsc.isElementAccessExpression(node);
  return (
    isPlace &&
    (flags & (NumberLike | StringLike | BooleanLike | Never)) !== 0 &&
    !tsc.isCallExpression(node.parent)
  );
}

/** Calls of the library, such as `String(x)`, stay as they are around their arguments. */
function isFunctionOfUser(cx: Context, node: ts.CallExpression): boolean {
  const callee = cx.ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
  const symbol = symbolOf(cx, callee);
  return symbol !== null && !isOfLibrary(cx, symbol);
}

function mentionsLocals(cx: Context, node: ts.Node): boolean {
  if (cx.ts.isIdentifier(node)) return !isMemberName(cx, node) && !isGlobal(cx, node);
  return cx.ts.forEachChild(node, (child) => mentionsLocals(cx, child) || undefined) ?? false;
}

function isGlobal(cx: Context, node: ts.Identifier): boolean {
  const symbol = symbolOf(cx, node);
  return symbol !== null && (isOfLibrary(cx, symbol) || cx.checker.isUndefinedSymbol(symbol));
}

function addHole(cx: Context, node: ts.Expression, text: Text): void {
  const bound = lowerExpression(cx, node);
  if (bound === poison) return;
  if (!isAtom(bound) || bound.type.kind === "ref") {
    refuseExpression(cx, node, "value in a `throw` that is not a number, string or boolean");
    return;
  }
  // In a template or as an argument, a value stands alone.
  const { parent } = node;
  const alone =
    cx.ts.isTemplateSpan(parent) || cx.ts.isNewExpression(parent) || cx.ts.isThrowStatement(parent);
  text.push(alone ? "" : "(", bound, alone ? "" : ")");
}

function addName(cx: Context, node: ts.Identifier, text: Text): void {
  if (!isGlobal(cx, node)) {
    refuseExpression(
      cx,
      node,
      `name in a \`throw\` that the gradient's file does not know (\`${excerpt(node)}\`)`,
    );
    return;
  }
  text.push(node.text);
}

function mergeStrings(text: readonly (string | Atom)[]): Text {
  const merged: Text = [];
  for (const part of text) {
    const last = merged.at(-1);
    if (part === "") continue;
    if (typeof part === "string" && typeof last === "string") merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  return merged;
}
