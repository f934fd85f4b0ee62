/** Questions about syntax that need no types. */
import type { ts } from "ts-morph";

export type TypeScript = typeof ts;

/** The expression in parentheses. */
export function bare(tsc: TypeScript, node: ts.Expression): ts.Expression {
  let inner = node;
  while (tsc.isParenthesizedExpression(inner)) inner = inner.expression;
  return inner;
}

/** The expression without parentheses and assertions: what is assigned to in `(p as Q).x! = 1`. */
export function unwrapped(tsc: TypeScript, node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    tsc.isParenthesizedExpression(inner) ||
    tsc.isNonNullExpression(inner) ||
    tsc.isAsExpression(inner) ||
    tsc.isSatisfiesExpression(inner) ||
    tsc.isTypeAssertionExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}

/** The nearest parent that is not a parenthesis. */
export function holderOf(tsc: TypeScript, node: ts.Node): ts.Node {
  let holder = node.parent;
  while (tsc.isParenthesizedExpression(holder)) holder = holder.parent;
  return holder;
}

/** `{ … } satisfies T`, `{ … } as const satisfies T`. */
export function isSatisfying(tsc: TypeScript, node: ts.Node): boolean {
  let holder = holderOf(tsc, node);
  while (tsc.isAsExpression(holder) && tsc.isConstTypeReference(holder.type)) holder = holderOf(tsc, holder);
  return tsc.isSatisfiesExpression(holder);
}

export function isBindingPattern(tsc: TypeScript, node: ts.Node): node is ts.BindingPattern {
  return tsc.isObjectBindingPattern(node) || tsc.isArrayBindingPattern(node);
}

/** `a && b`, `a || b`, `a ?? b`: the right operand runs only where the left one says so. */
export function isShortCircuit(tsc: TypeScript, node: ts.Node): node is ts.BinaryExpression {
  const { AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken } = tsc.SyntaxKind;
  const lazy: readonly ts.SyntaxKind[] = [AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken];
  return tsc.isBinaryExpression(node) && lazy.includes(node.operatorToken.kind);
}

/** `=`, `+=`, `??=` and the like. */
export function isAssignmentOperator({ SyntaxKind }: TypeScript, kind: ts.SyntaxKind): boolean {
  return kind >= SyntaxKind.FirstAssignment && kind <= SyntaxKind.LastAssignment;
}

/** `RegularExpressionLiteral` to "regular expression literal". */
export function kindInWords({ SyntaxKind }: TypeScript, node: ts.Node): string {
  // Some numbers have a second name: `FirstStatement`.
  const names = Object.keys(SyntaxKind).filter(
    (each) => SyntaxKind[each as keyof typeof SyntaxKind] === node.kind,
  );
  const name = names.find((each) => !/^(?:First|Last)/u.test(each)) ?? "Expression";
  return name.replace(/([a-z])([A-Z])/gu, "$1 $2").toLowerCase();
}

/** True for code of JavaScript files, of which TypeScript does not see to it that it is well typed. */
export function isJavaScript({ ts: tsc }: { readonly ts: typeof ts }, node: ts.Node): boolean {
  return (node.flags & tsc.NodeFlags.JavaScriptFile) !== 0;
}
