/** Which operand of `message || "failed"` counts, where that is known of what was handed over. */
import type { ts } from "ts-morph";
import type { Context } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { bare, isShortCircuit } from "../syntax.js";

/** Null where it is not known, or the node is none with a choice between operands. */
export function decidedOperand(cx: Context, node: ts.Node): ts.Expression | null {
  const { ts: tsc } = cx;
  if (!isShortCircuit(tsc, node)) return null;
  const { BarBarToken, QuestionQuestionToken } = tsc.SyntaxKind;
  const operator = node.operatorToken.kind;
  const left = bare(tsc, node.left);
  const bound = isPlace(cx, left) ? lowerExpression(cx, left) : null;
  if (bound?.kind !== "literal") return null;
  const takesLeft =
    operator === QuestionQuestionToken
      ? bound.value != null
      : Boolean(bound.value) === (operator === BarBarToken);
  return takesLeft ? node.left : node.right;
}

/** `a`, `a.b`, `a?.b`: read for nothing, it does nothing. */
function isPlace({ ts: tsc }: Context, node: ts.Expression): boolean {
  let inner = node;
  while (tsc.isPropertyAccessExpression(inner)) inner = inner.expression;
  return tsc.isIdentifier(inner);
}
