/** Members of a union whose shapes are the same but for what is said about them. */
import { joinShapes } from "./joined-types.js";
import type { ShapeResult } from "./shapes.js";

/** What memory is like, whoever may write to it and what words the user has for what it holds. */
export function keyOf(shape: ShapeResult): string {
  return JSON.stringify(shape, (name, value: unknown) =>
    ["isReadonly", "isOpenTuple", "literals", "owner", "names", "required", "holdsNothing"].includes(name)
      ? undefined
      : value,
  );
}

/** The first of shapes that are the same, with what any of them may hold. */
export function withAll(first: ShapeResult, all: readonly ShapeResult[]): ShapeResult {
  const isSame = (a: ShapeResult, b: ShapeResult): boolean => JSON.stringify(a) === JSON.stringify(b);
  return all.reduce(
    (a, b) =>
      a.kind === "unsupported" || b.kind === "unsupported" || isSame(a, b) ? a : (joinShapes(a, b) ?? a),
    first,
  );
}
