/** Small questions about shapes that passes ask. */
import { cellIn } from "../ir/shapes.js";
import type { MemoryShape, Shape } from "../ir/types.js";
import { invariant } from "../support/invariant.js";

/** Keys of the cells of an object or a tuple, in order. */
export function cellKeys(shape: MemoryShape): readonly string[] {
  if (shape.kind === "object")
    return shape.fields.filter((f) => f.shape.kind !== "opaque").map((f) => f.name);
  return shape.kind === "tuple" ? shape.elements.map((_, index) => String(index)) : [];
}

export function cellShape(shape: MemoryShape, key: string): Shape {
  const cell = cellIn(shape, key);
  invariant(cell, "shapes", `no cell \`${key}\``);
  return cell;
}
