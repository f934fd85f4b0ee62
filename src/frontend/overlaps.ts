/** Writes to memory that the caller, or a module, keeps. */
import type { Shape, Type, Value } from "../ir/types.js";
import type { Context } from "./context.js";
import { referenceRegion, sameShape } from "./memory.js";
import type { Written } from "./regions.js";
import type { TargetParam } from "./signature.js";

/** What is overwritten of the memory that a value of the type refers to; null where nothing is. */
export function writtenIn(cx: Context, type: Type): Written | null {
  const region = referenceRegion(type);
  return region === null ? null : cx.unit.regions.storedIn(region);
}

/** A caller may pass one object twice: then a write to one parameter is seen through the other. */
export function reportOverlaps(
  cx: Context,
  params: readonly TargetParam[],
  values: readonly Value[],
  written: readonly number[],
): void {
  for (const index of written) {
    const value = values[index];
    const what = value === undefined ? null : writtenIn(cx, value.type);
    const other = values.findIndex(
      (each, i) => i !== index && what !== null && contains(each.type, what.shape),
    );
    const names = { name: params[index]?.name ?? "", other: params[other]?.name ?? "" };
    if (what !== null && other >= 0) cx.unit.diagnostics.report("overlappingMutation", what.node, names);
  }
}

/** True if memory of that shape may be reached. */
function contains(type: Type, shape: Shape): boolean {
  if (type.kind === "maybe") return contains(type.type, shape);
  return type.kind === "ref" && shapesWithin(type.shape).some((each) => sameShape(each, shape));
}

function shapesWithin(shape: Shape): readonly Shape[] {
  switch (shape.kind) {
    case "maybe":
      return shapesWithin(shape.shape);
    case "object":
      return [shape, ...shape.fields.flatMap((field) => shapesWithin(field.shape))];
    case "tuple":
      return [shape, ...shape.elements.flatMap((element) => shapesWithin(element))];
    case "array":
      return [shape, ...shapesWithin(shape.element)];
    default:
      return [];
  }
}

/** An object of a module would keep what one call writes into it. */
export function reportWrittenConstants(cx: Context): void {
  const { constants, diagnostics } = cx.unit;
  for (const { bound, name, use } of constants) {
    if (bound.kind === "value" && writtenIn(cx, bound.type) !== null)
      diagnostics.report("outerAssignment", use, { name });
  }
}
