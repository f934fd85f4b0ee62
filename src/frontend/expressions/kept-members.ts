/** Functions in fields of objects of a type that has a name: a union, a family, or what contains its like. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { nameOfShape } from "../../ir/shapes.js";
import type { Atom, ObjectShape } from "../../ir/types.js";
import { type Context, poison, refuse } from "../context.js";
import { cellShape, holds, shapeOfType } from "../memory.js";
import { holdsFunctions } from "../types/function-shapes.js";
import { isOfDifferentKinds } from "../types/variant-cells.js";
import { widenTo } from "../types/widening.js";
import { describeShape, isRef } from "../values.js";

/** A function of an object that is one of many, or of a type of which it is known that there are such. */
export function isKeptIn(cx: Context, node: ts.Node, name: string, types: readonly ObjectShape[]): boolean {
  const { records } = cx.unit;
  if (records.isKeptMember(node, name)) return true;
  return types.some((whole) => {
    const [cell, type] = [cellShape(whole, name), nameOfShape(whole)];
    if (cell !== null && holdsFunctions(cell)) return true;
    return type !== null && records.fields.isWanted(type, name);
  });
}

/**
 * The entries that hold functions in another way than the fields of the type do. What they hold is noted for the type, or
 * is made as the type has it, before all is lowered once more.
 */
export function misfits(
  cx: Context,
  whole: ObjectShape,
  entries: readonly { readonly name: string; readonly value: Atom }[],
  node: ts.Node,
): ReadonlySet<string> {
  const type = nameOfShape(whole);
  const found = new Set<string>();
  if (type === null) return found;
  for (const { name, value } of entries) {
    const cell = cellShape(whole, name);
    // A field of several kinds has a cell for each.
    if (cell === null || isOfDifferentKinds(whole, name) || value === poison || holds(cell, value.type))
      continue;
    const shape = shapeOfType(value.type);
    const { records } = cx.unit;
    const isLearnt = records.meet(cell, shape) || records.fields.learn(type, name, shape, cell);
    const isMade = isLearnt || (isRef(value) && holdsFunctions(cell) && widenTo(cx, value, cell));
    const other = isMade ? null : records.fields.known(type, name);
    if (isMade) found.add(name);
    else if (other !== null && !holdsFunctions(other) && !records.hasRefused) {
      const reason = `\`${name}\` holds ${describeShape(shape)} here, and ${describeShape(other)} in other objects that may lie in the same place`;
      refuse(cx, "unsupportedAssignment", node, { code: excerpt(node), reason });
      records.hasRefused = true;
    } else if (holdsFunctions(shape) && !records.hasRefused) {
      records.hasRefused = true;
      refuse(cx, "escapingFunction", node, { name });
    }
  }
  return found;
}
