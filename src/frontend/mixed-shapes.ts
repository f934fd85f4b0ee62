/** Shapes of values of two kinds, one of which is no memory: `number | "auto"`, `"none" | number[]`. */
import { isMemory, namedType, unfolded } from "../ir/shapes.js";
import { joinShapes } from "./joined-types.js";
import { mixShapes } from "./mixed-types.js";
import type { ShapeResult } from "./shapes.js";

/** `memoryOf` gives the shape of several members of the union that are memory; null where the union is of other kinds. */
export function mixedShape(
  shapes: readonly ShapeResult[],
  memoryOf: (indices: readonly number[]) => ShapeResult,
): ShapeResult | null {
  const indices = shapes.flatMap((shape, i) => (isMember(shape) ? [i] : []));
  if (indices.length === shapes.length) return null;
  const [only = null, ...more] = pick(shapes, indices);
  const whole = more.length === 0 ? only : memoryOf(indices);
  if (whole?.kind === "unsupported") return whole;
  // Which of its kinds such an object is would be asked of what may be none.
  if (whole !== null && namedType(whole) !== null) return null;
  const scalars = shapes.flatMap((shape) =>
    shape.kind === "unsupported" || isMember(shape) || shape.kind === "nothing" ? [] : [shape],
  );
  return mixShapes([...(whole === null ? [] : [whole]), ...scalars], "never", joinShapes);
}

function isMember(shape: ShapeResult): boolean {
  return shape.kind !== "unsupported" && isMemory(unfolded(shape));
}

export function pick<T>(all: readonly T[], indices: readonly number[]): readonly T[] {
  return indices.flatMap((i) => all[i] ?? []);
}
