/** What an object literal is meant to be of: a union, or a type that has a name. */
import type { ts } from "ts-morph";
import type { ObjectShape } from "../../ir/types.js";
import type { Context } from "../context.js";
import { concreteType, impliedType, meantType, unionMeant } from "./concrete-types.js";
import { shapeOf } from "./shapes.js";

/** The unions, or named types, that an object may be meant to be of; `like` is one of which it is a copy. */
export function meantShapes(
  cx: Context,
  node: ts.Node,
  like: ObjectShape | null,
): readonly (ObjectShape | null)[] {
  const isCopy = like !== null && cx.ts.isObjectLiteralExpression(node);
  return [
    declaredShape(cx, node),
    isCopy ? namedShape(cx, node, cx.checker.getTypeAtLocation(node)) : null,
    like,
  ];
}

/** The shape of the union or the named type that a literal is meant to be of; null where it is of none. */
function declaredShape(cx: Context, node: ts.Node): ObjectShape | null {
  if (!cx.ts.isObjectLiteralExpression(node)) return null;
  const type = meantType(cx, node) ?? impliedType(cx, node);
  if (type === undefined) return null;
  const union = namedShape(cx, node, type) === null ? unionMeant(cx, node, type) : null;
  return namedShape(cx, node, union ?? type);
}

/** The shape of the union or the named type that is meant; null for any other. */
export function namedShape(cx: Context, node: ts.Expression, type: ts.Type): ObjectShape | null {
  const declared = concreteType(cx, node, cx.checker.getNonNullableType(type));
  const shape = shapeOf(declared, node, cx.unit.project);
  return shape.kind === "object" && shape.named !== undefined ? shape : null;
}
