/** Unions of tuples, `["M", number, number] | ["Z"]`, where they are made and read. */
import type { ts } from "ts-morph";
import type { ObjectShape } from "../../ir/types.js";
import { concreteType } from "./concrete-types.js";
import type { Context } from "../context.js";
import { shapeOf } from "./shapes.js";
import { isTupleUnion } from "./tuple-shapes.js";

/** The union of tuples that what is made at `node` is meant to be of; null where it is of none. */
export function tupleUnionAt(cx: Context, node: ts.Node): ObjectShape | null {
  const wide = cx.unit.widenings.at(node);
  if (wide?.kind === "object" && isTupleUnion(wide)) return wide;
  if (!cx.ts.isExpression(node)) return null;
  const type = cx.checker.getContextualType(node);
  if (type === undefined) return null;
  const declared = concreteType(cx, node, cx.checker.getNonNullableType(type));
  const shape = shapeOf(declared, node, cx.unit.project);
  return shape.kind === "object" && isTupleUnion(shape) ? shape : null;
}

/** The types of the elements of a tuple; null for what is none, or has no fixed length. */
export function elementTypes({ checker }: Context, type: ts.Type): readonly ts.Type[] | null {
  if (!checker.isTupleType(type)) return null;
  const whole = type as ts.TupleTypeReference;
  const { minLength, fixedLength } = whole.target;
  return minLength === fixedLength ? checker.getTypeArguments(whole) : null;
}
