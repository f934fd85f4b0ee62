/** What is spread into an object: an object, or nothing where a condition does not hold. */
import type { ts } from "ts-morph";
import type { Context } from "../context.js";
import { lowerCondition, lowerExpression } from "../expressions/expressions.js";
import { branch } from "../control/join.js";
import { undefinedLiteral } from "../names.js";
import { lowerUnchecked } from "../expressions/properties.js";
import { not } from "../values.js";
import type { SourceField } from "../records/object-spread.js";
import { propertyName } from "../expressions/literals.js";
import type { Bound } from "../scope.js";
import { bare } from "../syntax.js";

export interface SpreadSource {
  readonly bound: Bound;
  /** The expression that gives the object. */
  readonly node: ts.Expression;
}

/** Of `{}`, `false` and the like nothing is spread: `...(c && o)`, `...(c ? o : {})`, `...(o ?? {})`. */
export function lowerSpreadSource(cx: Context, expression: ts.Expression): SpreadSource {
  const tsc = cx.ts;
  const node = bare(tsc, expression);
  const conditional = conditionalOf(cx, node);
  if (conditional !== null) {
    const { test, object, isNegated } = conditional;
    const condition = lowerCondition(cx, test);
    const given = (): Bound => lowerSpreadSource(cx, object).bound;
    const nothing = (): Bound => undefinedLiteral;
    const arms = isNegated ? ([nothing, given] as const) : ([given, nothing] as const);
    return { bound: branch(cx, node, condition, ...arms, null), node: object };
  }
  if (tsc.isBinaryExpression(node)) {
    const { left, operatorToken, right } = node;
    const isDefault =
      operatorToken.kind === tsc.SyntaxKind.QuestionQuestionToken ||
      operatorToken.kind === tsc.SyntaxKind.BarBarToken;
    if (isDefault && isNothing(cx, right)) return { bound: lowerUnchecked(cx, left), node: left };
  }
  return { bound: lowerExpression(cx, node), node };
}

interface Conditional {
  readonly test: ts.Expression;
  readonly object: ts.Expression;
  /** The object is spread where the test fails. */
  readonly isNegated: boolean;
}

function conditionalOf(cx: Context, node: ts.Expression): Conditional | null {
  const tsc = cx.ts;
  if (tsc.isConditionalExpression(node)) {
    const { condition: test, whenTrue, whenFalse } = node;
    if (isNothing(cx, whenFalse)) return { test, object: whenTrue, isNegated: false };
    return isNothing(cx, whenTrue) ? { test, object: whenFalse, isNegated: true } : null;
  }
  const isAnd =
    tsc.isBinaryExpression(node) && node.operatorToken.kind === tsc.SyntaxKind.AmpersandAmpersandToken;
  return isAnd ? { test: node.left, object: node.right, isNegated: false } : null;
}

/** The properties of a literal that is spread where a condition holds; null for anything else. */
export function conditionalProperties(cx: Context, expression: ts.Expression): readonly SourceField[] | null {
  const conditional = conditionalOf(cx, bare(cx.ts, expression));
  const literal = conditional === null ? null : bare(cx.ts, conditional.object);
  if (conditional === null || literal === null || !cx.ts.isObjectLiteralExpression(literal)) return null;
  const properties = literal.properties.flatMap((property) => {
    const isPlain = cx.ts.isPropertyAssignment(property) && !cx.ts.isComputedPropertyName(property.name);
    const name = isPlain ? propertyName(cx, property.name) : null;
    return isPlain && name !== null ? [{ name, value: property.initializer }] : [];
  });
  const names = new Set(properties.map(({ name }) => name));
  if (names.size < literal.properties.length) return null;
  const test = lowerCondition(cx, conditional.test);
  const exists = conditional.isNegated ? not(cx, test, conditional.test) : test;
  return properties.map(({ name, value }) => {
    const load = (): Bound => lowerExpression(cx, value);
    const whole = (): Bound => branch(cx, value, exists, load, () => undefinedLiteral, null);
    return { name, isThere: { test: () => exists }, load, whole };
  });
}

function isNothing(cx: Context, expression: ts.Expression): boolean {
  const tsc = cx.ts;
  const node = bare(tsc, expression);
  if (tsc.isObjectLiteralExpression(node)) return node.properties.length === 0;
  return (
    node.kind === tsc.SyntaxKind.NullKeyword ||
    node.kind === tsc.SyntaxKind.FalseKeyword ||
    (tsc.isIdentifier(node) && node.text === "undefined")
  );
}
