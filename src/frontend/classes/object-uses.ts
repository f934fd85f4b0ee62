/** Which code of a constructor needs the object itself, rather than variables for its fields. */
import type { ts } from "ts-morph";
import type { Context } from "../context.js";
import { isAssignmentTarget } from "../control/written.js";
import { isOfPrototype } from "../types/own-fields.js";
import { descendants } from "./descendants.js";

/**
 * True for code of a constructor that does more with `this` than read its fields and assign them. `isOpen`: there are
 * fields that the object cannot be made without, so functions that see it later have to wait.
 */
export function needsObject(cx: Context, root: ts.Node, isOpen = false): boolean {
  const tsc = cx.ts;
  return [root, ...descendants(tsc, root)].some((each) => {
    if (tsc.isReturnStatement(each))
      return tsc.findAncestor(each, (outer) => outer === root || tsc.isFunctionLike(outer)) === root;
    if (each.kind === tsc.SyntaxKind.SuperKeyword) return true;
    return (
      each.kind === tsc.SyntaxKind.ThisKeyword &&
      !isPlainUse(cx, each, root) &&
      !isFilled(cx, each, root) &&
      !(isOpen && isSeenLater(cx, each, root))
    );
  });
}

/** `Object.assign(this, …);` as a statement of its own. */
function isFilled(cx: Context, node: ts.Node, root: ts.Node): boolean {
  const { parent } = node;
  return (
    cx.ts.isCallExpression(parent) &&
    parent.arguments[0] === node &&
    parent.expression.getText() === "Object.assign" &&
    parent.parent === root
  );
}

/** In a function that is put into a field, alone or in a literal: it sees the object when it is called. */
function isSeenLater(cx: Context, node: ts.Node, root: ts.Node): boolean {
  const tsc = cx.ts;
  const own = tsc.findAncestor(node, (each) => each === root || tsc.isArrowFunction(each));
  if (own === undefined || own === root) return false;
  const whole = tsc.isExpressionStatement(root) ? root.expression : null;
  if (whole === null || !tsc.isBinaryExpression(whole)) return false;
  const { left, operatorToken, right } = whole;
  if (operatorToken.kind !== tsc.SyntaxKind.EqualsToken || !tsc.isPropertyAccessExpression(left))
    return false;
  let outer: ts.Node = own;
  while (
    tsc.isParenthesizedExpression(outer.parent) ||
    tsc.isArrayLiteralExpression(outer.parent) ||
    tsc.isObjectLiteralExpression(outer.parent) ||
    (tsc.isPropertyAssignment(outer.parent) && outer.parent.initializer === outer)
  )
    outer = outer.parent;
  return left.expression.kind === tsc.SyntaxKind.ThisKeyword && outer === right;
}

function isPlainUse(cx: Context, node: ts.Node, root: ts.Node): boolean {
  const tsc = cx.ts;
  const access = node.parent;
  if (!tsc.isPropertyAccessExpression(access)) return false;
  const symbol = cx.checker.getSymbolAtLocation(access.name);
  if (symbol === undefined || (symbol.flags & tsc.SymbolFlags.Property) === 0) return false;
  if (isOfPrototype(symbol, cx.unit.project)) return false;
  if (tsc.isCallExpression(access.parent) && access.parent.expression === access) return false;
  const isWritten = isAssignmentTarget(cx, access, access.parent);
  for (let outer: ts.Node = access; outer !== root; outer = outer.parent) {
    if (tsc.isFunctionLike(outer) || (isWritten && tsc.isIterationStatement(outer, false))) return false;
  }
  return !tsc.isFunctionLike(root) && !(isWritten && tsc.isIterationStatement(root, false));
}
