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
  const given = valueOfField(cx, root);
  if (own === undefined || given === null || (own === root && own !== given)) return false;
  let outer: ts.Node = own;
  while (outer !== given && isPutInto(cx, outer)) outer = outer.parent;
  return outer === given;
}

/** What a statement, or an initializer, gives to a field. */
function valueOfField({ ts: tsc }: Context, root: ts.Node): ts.Node | null {
  if (!tsc.isExpressionStatement(root))
    return tsc.isPropertyDeclaration(root.parent) && root.parent.initializer === root ? root : null;
  const { expression: whole } = root;
  if (!tsc.isBinaryExpression(whole) || whole.operatorToken.kind !== tsc.SyntaxKind.EqualsToken) return null;
  const { left, right } = whole;
  const isField = tsc.isPropertyAccessExpression(left) && left.expression.kind === tsc.SyntaxKind.ThisKeyword;
  return isField ? right : null;
}

/** It becomes part of a literal, or of a map that is made of one. */
function isPutInto({ ts: tsc }: Context, node: ts.Node): boolean {
  const { parent } = node;
  return (
    tsc.isParenthesizedExpression(parent) ||
    tsc.isArrayLiteralExpression(parent) ||
    tsc.isObjectLiteralExpression(parent) ||
    (tsc.isPropertyAssignment(parent) && parent.initializer === node) ||
    (tsc.isNewExpression(parent) && /^(?:Map|Set)$/u.test(parent.expression.getText()))
  );
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
