/** Unions of tuples, `["M", number, number] | ["Z"]`, where they are made and read. */
import type { ts } from "ts-morph";
import type { ObjectShape } from "../../ir/types.js";
import { concreteType } from "./concrete-types.js";
import type { Context } from "../context.js";
import { type ShapeResult, shapeOf } from "./shapes.js";
import { isTupleUnion } from "./tuple-shapes.js";
import { cellsOf } from "./variant-cells.js";

/** The union of tuples that what is made at `node` is meant to be of; null where it is of none. */
export function tupleUnionAt(cx: Context, node: ts.Node): ObjectShape | null {
  const wide = cx.unit.widenings.at(node);
  if (wide?.kind === "object" && isTupleUnion(wide)) return wide;
  if (!cx.ts.isExpression(node)) return null;
  const shape = meantShape(cx, node);
  return shape?.kind === "object" && isTupleUnion(shape) && !isOfOneMember(cx, node) ? shape : null;
}

function meantShape(cx: Context, node: ts.Expression): ShapeResult | null {
  const type = cx.checker.getContextualType(node);
  if (type === undefined) return null;
  return shapeOf(concreteType(cx, node, cx.checker.getNonNullableType(type)), node, cx.unit.project);
}

/** A property of `{ ...shape, points: [a, b] }`: each member of the union has tuples of its own there. */
function isOfOneMember(cx: Context, { parent }: ts.Expression): boolean {
  if (!cx.ts.isPropertyAssignment(parent)) return false;
  const whole = meantShape(cx, parent.parent);
  if (whole?.kind !== "object") return false;
  return cellsOf(whole, parent.name.getText()).some(({ shape }) => shape.kind === "tuple");
}

/** The types of the elements of a tuple; null for what is none, or has no fixed length. */
export function elementTypes({ checker }: Context, type: ts.Type): readonly ts.Type[] | null {
  if (!checker.isTupleType(type)) return null;
  const whole = type as ts.TupleTypeReference;
  const { minLength, fixedLength } = whole.target;
  return minLength === fixedLength ? checker.getTypeArguments(whole) : null;
}
