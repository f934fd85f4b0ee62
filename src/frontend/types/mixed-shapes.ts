/** Shapes of values of two kinds, one of which is no memory: `number | "auto"`, `"none" | number[]`. */
import { boxKindOf, boxOf } from "../../ir/boxes.js";
import { isMemory, namedType, unfolded } from "../../ir/shapes.js";
import type { Shape } from "../../ir/types.js";
import { joinShapes } from "./joined-types.js";
import { grouped, mixShapes } from "./mixed-types.js";
import type { ShapeResult } from "./shapes.js";

/** `memoryOf` gives the shape of several members of the union that are memory; null where the union is of other kinds. */
export function mixedShape(
  shapes: readonly ShapeResult[],
  memoryOf: (indices: readonly number[]) => ShapeResult,
): ShapeResult | null {
  const whole: Shape[] = [];
  for (const kind of ["array", "object"] as const) {
    const indices = shapes.flatMap((shape, i) =>
      shape.kind !== "unsupported" && isMember(shape) && boxKindOf(shape) === kind ? [i] : [],
    );
    if (indices.length === shapes.length) return null;
    const [only = null, ...more] = pick(shapes, indices);
    const made = more.length === 0 ? only : memoryOf(indices);
    if (made?.kind === "unsupported") return made;
    if (made !== null) whole.push(made);
  }
  const scalars = shapes.flatMap((shape) =>
    shape.kind === "unsupported" || isMember(shape) || shape.kind === "nothing" ? [] : [shape],
  );
  const parts = [...scalars, ...whole];
  const mixed = mixShapes(parts, "never", joinShapes);
  // In a box, what may be missing of a type with a name would have no gradient of that type.
  const isOwn = whole.some((shape) => namedType(shape) !== null);
  return mixed ?? (isOwn ? null : boxShape(parts));
}

/** One cell for each kind. */
function boxShape(parts: readonly Shape[]): ShapeResult | null {
  const groups = grouped(parts, joinShapes);
  const plain = groups?.filter((part) => part.kind !== "maybe") ?? [];
  return groups === null || plain.length < groups.length ? null : boxOf(plain);
}

function isMember(shape: ShapeResult): boolean {
  return shape.kind !== "unsupported" && isMemory(unfolded(shape));
}

export function pick<T>(all: readonly T[], indices: readonly number[]): readonly T[] {
  return indices.flatMap((i) => all[i] ?? []);
}
