/** Whether code changes anything that is declared outside of it, functions that it calls included. */
import type { ts } from "ts-morph";
import { descendants } from "../classes/descendants.js";
import { mutators } from "../control/written.js";
import { isAssignmentOperator, unwrapped } from "../syntax.js";

type TypeScript = typeof ts;

/** What has such effects in the nodes, but for the statements that only assign, which the caller looks at. */
export function hasOuterEffects(
  tsc: TypeScript,
  checker: ts.TypeChecker,
  nodes: readonly ts.Node[],
  seen = new Set<ts.Node>(),
): boolean {
  const isInside = (target: ts.Node): boolean => isDeclaredIn(tsc, checker, target, nodes);
  return nodes.some((node) =>
    [...descendants(tsc, node)].some((each) => {
      const target = assigned(tsc, each);
      if (target !== null) return !isInside(target) && !isStatement(tsc, each, nodes);
      if (!tsc.isCallExpression(each) && !tsc.isNewExpression(each)) return false;
      const { expression } = each;
      if (tsc.isPropertyAccessExpression(expression) && changing.has(expression.name.text))
        return !isInside(expression.expression) && !isStatement(tsc, each, nodes);
      if (expression.getText() === "Math.random") return true;
      const declaration = checker.getResolvedSignature(each)?.declaration;
      const body = declaration !== undefined && "body" in declaration ? declaration.body : undefined;
      if (declaration === undefined || body === undefined || seen.has(declaration)) return false;
      seen.add(declaration);
      return changesOuter(tsc, checker, declaration, seen);
    }),
  );
}

/** The same for a function, of which no statement is looked at elsewhere. */
function changesOuter(
  tsc: TypeScript,
  checker: ts.TypeChecker,
  declaration: ts.Node,
  seen: Set<ts.Node>,
): boolean {
  const isOuter = (target: ts.Node): boolean => !isDeclaredIn(tsc, checker, target, [declaration]);
  const changes = [...descendants(tsc, declaration)].some((each) => {
    const target = assigned(tsc, each);
    if (target !== null) return isOuter(target);
    return (
      tsc.isCallExpression(each) &&
      tsc.isPropertyAccessExpression(each.expression) &&
      changing.has(each.expression.name.text) &&
      isOuter(each.expression.expression)
    );
  });
  return changes || hasOuterEffects(tsc, checker, [declaration], seen);
}

/** An iterator is changed as well. */
const changing: ReadonlySet<string> = new Set([...mutators, "next"]);

/** What is assigned to, or deleted; null for other code. */
function assigned(tsc: TypeScript, node: ts.Node): ts.Expression | null {
  const { SyntaxKind } = tsc;
  if (tsc.isBinaryExpression(node) && isAssignmentOperator(tsc, node.operatorToken.kind)) return node.left;
  if (tsc.isDeleteExpression(node)) return node.expression;
  if (!tsc.isPostfixUnaryExpression(node) && !tsc.isPrefixUnaryExpression(node)) return null;
  const isStep = node.operator === SyntaxKind.PlusPlusToken || node.operator === SyntaxKind.MinusMinusToken;
  return isStep ? node.operand : null;
}

/** The variable that it is, or lies in, is declared in one of the nodes. */
function isDeclaredIn(
  tsc: TypeScript,
  checker: ts.TypeChecker,
  target: ts.Node,
  nodes: readonly ts.Node[],
): boolean {
  let root = tsc.isExpression(target) ? unwrapped(tsc, target) : target;
  while (tsc.isPropertyAccessExpression(root) || tsc.isElementAccessExpression(root))
    root = unwrapped(tsc, root.expression);
  const declaration = tsc.isIdentifier(root)
    ? checker.getSymbolAtLocation(root)?.valueDeclaration
    : undefined;
  return (
    declaration !== undefined &&
    nodes.some(
      (node) =>
        node.getSourceFile() === declaration.getSourceFile() &&
        node.pos <= declaration.pos &&
        declaration.end <= node.end,
    )
  );
}

/** It is all that a statement, or a callback, does. */
function isStatement(tsc: TypeScript, node: ts.Node, nodes: readonly ts.Node[]): boolean {
  let whole = node;
  while (tsc.isParenthesizedExpression(whole.parent)) whole = whole.parent;
  return nodes.includes(whole) || tsc.isExpressionStatement(whole.parent);
}
