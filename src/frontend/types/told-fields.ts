/** What two objects tell each other of what lies in their fields. */
import { isMemory } from "../../ir/shapes.js";
import type { MemoryShape, RefType, Type } from "../../ir/types.js";
import type { Context } from "../context.js";
import { cellShape } from "../memory.js";
import { joinShapes } from "./joined-types.js";
import { tellEach } from "./widening.js";

/** Of two objects that may be meant, what lies in their fields: `parts: []` where nothing was found, and else what was. */
export function tellFields(cx: Context, a: Type, b: Type): void {
  const [one, other] = [a, b].map((type) => (type.kind === "maybe" ? type.type : type));
  if (one?.kind !== "ref" || other?.kind !== "ref") return;
  if (one.shape.kind !== "object" || other.shape.kind !== "object") return;
  for (const { name, shape } of one.shape.fields) {
    const beside = cellShape(other.shape, name);
    if (beside === null || !isMemory(shape) || !isMemory(beside)) continue;
    const [left, right] = [fieldType(cx, one, name, shape), fieldType(cx, other, name, beside)];
    if (joinShapes(shape, beside) === null) tellEach(cx, left, right);
    else tellFields(cx, left, right);
  }
}

function fieldType({ unit }: Context, { region }: RefType, name: string, shape: MemoryShape): RefType {
  return { kind: "ref", shape, region: unit.regions.child(region, name) };
}
