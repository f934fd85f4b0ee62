/** Where a member of an object is used: `p.x`, `p["x"]`, `x` in `const { x } = p`, or `toString` where `p` becomes text. */
import type { ts } from "ts-morph";
import type { Hint } from "../../ir/types.js";
import type { Context } from "../context.js";
import type { Access } from "../expressions/properties.js";
import type { Bound } from "../scope.js";
import { narrowed } from "../values.js";

export type MemberUse = WrittenUse | ImpliedUse;

export type WrittenUse = Access | ts.BindingElement;

/** JavaScript uses a member of what an expression gives. */
export interface ImpliedUse {
  readonly kind: "implied";
  readonly owner: ts.Node;
  readonly name: string;
}

/** Where that is in the source. */
export function placeOf(use: MemberUse): ts.Node {
  return isImplied(use) ? use.owner : use;
}

function isImplied(use: MemberUse): use is ImpliedUse {
  return use.kind === "implied";
}

/** The node whose type is that of the object. */
export function ownerAt(cx: Context, node: MemberUse): ts.Node {
  if (isImplied(node)) return node.owner;
  if (!cx.ts.isBindingElement(node)) return node.expression;
  // TypeScript gives the type of a parameter that has no annotation at the parameter only.
  const pattern = node.parent;
  return cx.ts.isParameter(pattern.parent) ? pattern.parent : pattern;
}

/** The name, where it is written; null where it is computed. */
export function writtenName(cx: Context, node: MemberUse): string | null {
  if (isImplied(node)) return node.name;
  if (cx.ts.isPropertyAccessExpression(node)) return node.name.text;
  if (cx.ts.isElementAccessExpression(node)) {
    const { argumentExpression } = node;
    return cx.ts.isStringLiteralLike(argumentExpression) ? argumentExpression.text : null;
  }
  const name = node.propertyName ?? node.name;
  return cx.ts.isIdentifier(name) || cx.ts.isStringLiteralLike(name) ? name.text : null;
}

/** What the member gives, as TypeScript's type of it says; before a default, that takes off nothing. */
export function narrowedAt(cx: Context, bound: Bound, node: MemberUse, hint: Hint | null): Bound {
  if (isImplied(node)) return bound;
  const hasDefault = cx.ts.isBindingElement(node) && node.initializer !== undefined;
  return hasDefault ? bound : narrowed(cx, bound, node, hint);
}
