/** What CommonJS modules export: `exports.f = …`, `module.exports = { f }`, and what TypeScript makes of re-exports. */
import type { ts } from "ts-morph";
import { bare, holderOf } from "../syntax.js";
import type { Checked } from "./common-modules.js";

/** What stands behind a name that a CommonJS module exports. */
export type Exported =
  | { readonly kind: "symbol"; readonly symbol: ts.Symbol }
  | { readonly kind: "expression"; readonly expression: ts.Expression }
  | { readonly kind: "method"; readonly method: ts.MethodDeclaration };

/** Null for what is not exported that way, and for what is not certain. */
export function exportedByAssignment({ ts: tsc, checker }: Checked, symbol: ts.Symbol): Exported | null {
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined || (declaration.flags & tsc.NodeFlags.JavaScriptFile) === 0) return null;
  if (tsc.isShorthandPropertyAssignment(declaration)) {
    const value = checker.getShorthandAssignmentValueSymbol(declaration);
    return value === undefined ? null : { kind: "symbol", symbol: value };
  }
  if (tsc.isPropertyAssignment(declaration))
    return expression(listedValue(tsc, declaration) ?? declaration.initializer);
  if (tsc.isMethodDeclaration(declaration)) return { kind: "method", method: declaration };
  if (tsc.isCallExpression(declaration)) return expression(returnedByGetter(tsc, declaration));
  if (tsc.isPropertyAccessExpression(declaration) || tsc.isBinaryExpression(declaration))
    return expression(assignedOnce(tsc, declaration));
  return null;
}

function expression(found: ts.Expression | null): Exported | null {
  return found === null ? null : { kind: "expression", expression: found };
}

/** What the one assignment to `exports.f` or `module.exports` gives it, at the top level of its module. */
function assignedOnce(tsc: typeof ts, declaration: ts.Declaration): ts.Expression | null {
  const place = tsc.isBinaryExpression(declaration) ? declaration.left : declaration;
  const text = place.getText();
  const file = declaration.getSourceFile();
  const factory = factoryAround(tsc, place)?.body;
  const values: ts.Expression[] = [];
  const elsewhere: ts.Node[] = [];
  const visit = (node: ts.Node, isOutermost: boolean): void => {
    const isAssignment =
      tsc.isBinaryExpression(node) && node.operatorToken.kind === tsc.SyntaxKind.EqualsToken;
    if (isAssignment && node.left.getText() === text) {
      if (!isOutermost) elsewhere.push(node);
      values.push(lastOf(tsc, node.right));
    }
    const isOfFactory = factory !== undefined && node.pos <= factory.pos && factory.end <= node.end;
    const isTop =
      tsc.isSourceFile(node) ||
      tsc.isExpressionStatement(node) ||
      // `var K = exports.K = 3;`
      tsc.isVariableStatement(node) ||
      tsc.isVariableDeclarationList(node) ||
      tsc.isVariableDeclaration(node) ||
      isAssignment ||
      isOfFactory;
    tsc.forEachChild(node, (child) => {
      visit(child, isOutermost && isTop);
    });
  };
  visit(file, true);
  const [only, ...others] = values.filter((value) => !tsc.isVoidExpression(value));
  return only === undefined || others.length > 0 || elsewhere.length > 0 ? null : only;
}

/** The function around a module in which the node is. */
export function factoryAround(tsc: typeof ts, node: ts.Node): ts.FunctionLikeDeclaration | null {
  const found = tsc.findAncestor(node, (each) => isFactory(tsc, each));
  return found === undefined ? null : (found as ts.FunctionLikeDeclaration);
}

/** `a = b = c` gives `c`. */
function lastOf(tsc: typeof ts, value: ts.Expression): ts.Expression {
  const isAssignment =
    tsc.isBinaryExpression(value) && value.operatorToken.kind === tsc.SyntaxKind.EqualsToken;
  return isAssignment ? lastOf(tsc, value.right) : value;
}

/** `Object.defineProperty(exports, "f", { get: function () { return other.f; } })`. */
function returnedByGetter(tsc: typeof ts, call: ts.CallExpression): ts.Expression | null {
  const descriptor = call.arguments[2];
  if (descriptor === undefined || !tsc.isObjectLiteralExpression(descriptor)) return null;
  for (const property of descriptor.properties) {
    if (property.name?.getText() !== "get" || !tsc.isPropertyAssignment(property)) continue;
    const { initializer } = property;
    if (!tsc.isFunctionExpression(initializer) && !tsc.isArrowFunction(initializer)) return null;
    if (!tsc.isBlock(initializer.body)) return initializer.body;
    const [only, ...others] = initializer.body.statements;
    const isReturn = only !== undefined && others.length === 0 && tsc.isReturnStatement(only);
    return isReturn ? (only.expression ?? null) : null;
  }
  return null;
}

/** `__export(all, { f: () => f })`. */
function listedValue(tsc: typeof ts, { initializer, parent }: ts.PropertyAssignment): ts.Expression | null {
  const call = parent.parent;
  const isList = tsc.isCallExpression(call) && /^__export(?:All)?$/u.test(call.expression.getText());
  if (!isList || !tsc.isArrowFunction(initializer) || tsc.isBlock(initializer.body)) return null;
  return initializer.body;
}

/**
 * The function around all that a module does, which runs once, while it is loaded: it is called where it stands, or given
 * to what asks which system this is, and calls it.
 */
export function isFactory(tsc: typeof ts, node: ts.Node): boolean {
  if (!tsc.isFunctionExpression(node) && !tsc.isArrowFunction(node)) return false;
  const call = holderOf(tsc, node);
  if (!tsc.isCallExpression(call) || !isAtTop(tsc, call)) return false;
  const loader = bare(tsc, call.expression);
  if (loader === node) return true;
  return tsc.isFunctionExpression(loader) && /\bexports\b/u.test(loader.getText());
}

/** A statement of the module, or what it gives a variable or its exports. */
function isAtTop(tsc: typeof ts, call: ts.CallExpression): boolean {
  let holder = holderOf(tsc, call);
  while (tsc.isPrefixUnaryExpression(holder)) holder = holderOf(tsc, holder);
  if (tsc.isVariableDeclaration(holder))
    return tsc.isVariableStatement(holder.parent.parent) && tsc.isSourceFile(holder.parent.parent.parent);
  if (tsc.isBinaryExpression(holder) && holder.operatorToken.kind === tsc.SyntaxKind.EqualsToken)
    holder = holderOf(tsc, holder);
  return tsc.isExpressionStatement(holder) && tsc.isSourceFile(holder.parent);
}
