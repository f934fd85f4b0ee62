/**
 * A tuple where an array of any length may be: what is one of the two is an array, into which the tuple is copied. That
 * is the same as long as nothing writes to either.
 */
import type { ts } from "ts-morph";
import { isSeveral } from "../../ir/containers.js";
import type { ArrayShape, Atom, RefType, Shape, Type } from "../../ir/types.js";
import { type Context, poison } from "../context.js";
import { allocate } from "../expressions/literals.js";
import { loadRaw } from "../memory.js";
import { isAtom } from "../scope.js";
import { joinShapes } from "../types/joined-types.js";
import { isRef } from "../values.js";

/** The type of an array that is a copy of a tuple on one path, and another array, or that of another tuple, on another. */
export function listType(cx: Context, a: Type, b: Type): RefType | null {
  if (a.kind !== "ref" || b.kind !== "ref") return null;
  if (a.shape.kind !== "tuple" && b.shape.kind !== "tuple") return null;
  const shape = joinLists(a.shape, b.shape);
  if (shape === null) return null;
  const own = [a, b].find((type) => type.shape.kind === "array");
  return { kind: "ref", shape, region: own?.region ?? cx.unit.regions.fresh() };
}

/** The shape of an array for what is in either. */
export function joinLists(a: Shape, b: Shape): ArrayShape | null {
  const [left, right] = [listShape(a), listShape(b)];
  // `[]` is of the elements of what it stands beside.
  const [one, other] = [isEmpty(a) ? right : left, isEmpty(b) ? left : right];
  const shape = one === null || other === null ? null : joinShapes(one, other);
  return shape?.kind === "array" ? shape : null;
}

function isEmpty(shape: Shape): boolean {
  return shape.kind === "tuple" && shape.elements.length === 0;
}

function listShape(shape: Shape): ArrayShape | null {
  if (shape.kind === "array") return shape.storage === "Array" || isSeveral(shape) ? shape : null;
  if (shape.kind !== "tuple") return null;
  const [first, ...others] = shape.elements;
  const element = others.reduce<Shape | null>(
    (joined, each) => (joined === null ? null : joinShapes(joined, each)),
    first ?? null,
  );
  return element === null ? null : { kind: "array", element, storage: "Array" };
}

/** The value as an array, where the type is that of one and the value is a tuple. */
export function asList(cx: Context, value: Atom, type: Type, node: ts.Node): Atom {
  const list = type.kind === "maybe" ? type.type : type;
  if (!isRef(value) || value.type.shape.kind !== "tuple") return value;
  if (list.kind !== "ref" || list.shape.kind !== "array" || listType(cx, value.type, list) === null)
    return value;
  const entries = value.type.shape.elements.flatMap((_, i) => {
    const held = loadRaw(cx, value, i, node, null);
    return isAtom(held) ? [{ name: String(i), value: held }] : [];
  });
  if (entries.some((each) => each.value === poison)) return poison;
  const made = allocate(cx, list.shape, entries, node, null);
  if (!isRef(made)) return value;
  cx.unit.regions.merge(made.type.region, list.region);
  cx.unit.standIns.push({ original: value.type, copy: made.type, node, what: "a tuple is used as an array" });
  return made;
}

/** The same for a cell, where all that may be meant has an array there. */
export function asListOf(cx: Context, value: Atom, cells: readonly (Shape | null)[], node: ts.Node): Atom {
  const [cell] = cells;
  if (cell?.kind !== "array" || cells.some((each) => each?.kind !== "array")) return value;
  return asList(cx, value, { kind: "ref", shape: cell, region: cx.unit.regions.fresh() }, node);
}
