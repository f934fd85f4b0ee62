/** What array methods give: the shapes of their results. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { isSeveral } from "../../ir/containers.js";
import type { MemoryShape, Shape } from "../../ir/types.js";
import type { Call } from "./array-iteration.js";
import { concreteType, meantType } from "../types/concrete-types.js";
import { isUntold } from "../types/function-shapes.js";
import { type Context, refuse } from "../context.js";
import { heldShapeOf, shapeOf } from "../types/shapes.js";

/** The shape of the array that the call gives; without a type, as in JavaScript, its elements are like `element`. */
export function resultShape({ cx, ref, node }: Call, element: Shape | null): MemoryShape | null {
  // Behind a `?.`, that it may be missing is no matter here.
  const own = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  const type = concreteType(cx, node, own);
  const shape = heldShapeOf(type, node, cx.unit.project);
  // `xs.map(() => [])`: of what, only what it is for says.
  const wanted = meantType(cx, node);
  const meant = wanted === undefined ? null : shapeOf(wanted, node, cx.unit.project);
  const isTold = shape.kind === "array" && (meant?.kind !== "array" || !isUntold(shape) || isUntold(meant));
  if (isTold) return isSeveral(shape) ? keptAs(shape, ref.type.shape) : shape;
  if (meant?.kind === "array") return meant;
  if (shape.kind === "unsupported" && shape.cause === "untyped" && element !== null)
    return {
      kind: "array",
      element,
      storage: ref.type.shape.kind === "array" ? ref.type.shape.storage : "Array",
    };
  const reason = shape.kind === "unsupported" ? shape.reason : "it is no array";
  refuse(cx, "unsupportedType", node, {
    code: excerpt(node),
    type: cx.checker.typeToString(cx.checker.getTypeAtLocation(node)),
    reason,
  });
  return null;
}

/** What a method makes of an array is kept as that is. */
function keptAs(shape: MemoryShape, own: MemoryShape): MemoryShape {
  if (own.kind === "array" && own.storage !== "Array") return own;
  return { kind: "array", element: elementShape(shape) ?? { kind: "real" }, storage: "Array" };
}

/** What an accumulator may hold that is nothing at first, or a tuple where any array may be. */
export function heldBy(cx: Context, node: ts.CallExpression): Shape | null {
  const shape = shapeOf(concreteType(cx, node, cx.checker.getTypeAtLocation(node)), node, cx.unit.project);
  return shape.kind === "unsupported" ? null : shape;
}

/** The shape of the elements of an array, or of those of a tuple; null for what has none. */
export function elementShape(shape: Shape): Shape | null {
  if (shape.kind === "array") return shape.element;
  return shape.kind === "tuple" ? (shape.elements[0] ?? null) : null;
}
