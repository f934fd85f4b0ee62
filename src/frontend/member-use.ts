/** Where a member of an object is used: `p.x`, `p["x"]`, or `x` in `const { x } = p`. */
import type { ts } from "ts-morph";
import type { Context } from "./context.js";
import type { Access } from "./properties.js";

export type MemberUse = Access | ts.BindingElement;

/** The node whose type is that of the object. */
export function ownerAt(cx: Context, node: MemberUse): ts.Node {
  return cx.ts.isBindingElement(node) ? node.parent : node.expression;
}

/** The name, where it is written; null where it is computed. */
export function writtenName(cx: Context, node: MemberUse): string | null {
  if (cx.ts.isPropertyAccessExpression(node)) return node.name.text;
  if (cx.ts.isElementAccessExpression(node)) {
    const { argumentExpression } = node;
    return cx.ts.isStringLiteralLike(argumentExpression) ? argumentExpression.text : null;
  }
  const name = node.propertyName ?? node.name;
  return cx.ts.isIdentifier(name) || cx.ts.isStringLiteralLike(name) ? name.text : null;
}
