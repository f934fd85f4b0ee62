/** In which of its fields an object is not like the others, in words. */
import type { ObjectShape, Shape, Type } from "../../ir/types.js";
import { shapeOfType } from "../memory.js";
import { describeShape } from "../values.js";
import { joinShapes } from "./joined-types.js";

/** `: its field \`noise\` is a tuple, theirs an array`; nothing where no field says why. */
export function whyMisfit(held: Shape, given: Type): string {
  const found = misfit(bare(held), bare(shapeOfType(given)), []);
  return found === null ? "" : `: ${found}`;
}

function misfit(held: Shape, given: Shape, path: readonly string[]): string | null {
  if (held.kind !== "object" || given.kind !== "object") {
    if (path.length === 0) return null;
    return `its field \`${path.join(".")}\` is ${describeShape(given)}, theirs ${describeShape(held)}`;
  }
  for (const { name, shape } of given.fields) {
    const other = fieldOf(held, name);
    const areObjects = other !== null && bare(other).kind === "object" && bare(shape).kind === "object";
    if (other === null || (!areObjects && joinShapes(other, shape) !== null)) continue;
    const found = misfit(bare(other), bare(shape), [...path, name]);
    if (found !== null) return found;
  }
  return null;
}

function fieldOf({ fields }: ObjectShape, name: string): Shape | null {
  return fields.find((field) => field.name === name)?.shape ?? null;
}

function bare(shape: Shape): Shape {
  return shape.kind === "maybe" ? shape.shape : shape;
}
