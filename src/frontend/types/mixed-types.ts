/** Types and shapes of values of several kinds: one kind, and another that is no memory. */
import { type BoxKind, boxKindOf } from "../../ir/boxes.js";
import { maybeShape, maybeType } from "../../ir/shapes.js";
import type { MaybeType, ScalarType, Shape, Type } from "../../ir/types.js";

type Part = MaybeType["type"];

/** The kinds that a value of the type may have. */
export function partsOf(type: Type): readonly Part[] {
  if (type.kind === "nothing") return [];
  if (type.kind !== "maybe") return [type];
  return type.other === undefined ? [type.type] : [type.type, type.other];
}

/** A type for values of one kind or another; null for what is not supported. */
export function mixTypes(
  parts: readonly Part[],
  none: MaybeType["none"],
  join: (a: Type, b: Type) => Type | null,
): Type | null {
  const groups = grouped(parts, join);
  const pair = groups === null ? null : ordered(groups);
  if (pair === null) return null;
  const [first, other] = pair;
  if (first.kind === "maybe" || first.kind === "nothing") return null;
  if (other === undefined) return none === "never" ? first : maybeType(first, { none });
  return isOther(other) ? maybeType(first, { none, other }) : null;
}

/** The same for cells. */
export function mixShapes(
  parts: readonly Shape[],
  none: MaybeType["none"],
  join: (a: Shape, b: Shape) => Shape | null,
): Shape | null {
  const groups = grouped(parts, join);
  const pair = groups === null ? null : ordered(groups);
  if (pair === null) return null;
  const [first, other] = pair;
  if (first.kind === "maybe") return null;
  if (other === undefined) return none === "never" ? first : maybeShape(first, { none });
  return isOther(other) ? maybeShape(first, { none, other }) : null;
}

export function partsOfShape(shape: Shape): readonly Shape[] {
  if (shape.kind === "nothing") return [];
  if (shape.kind !== "maybe") return [shape];
  return shape.other === undefined ? [shape.shape] : [shape.shape, shape.other];
}

/** One for each kind. */
export function grouped<T extends Type | Shape>(
  parts: readonly T[],
  join: (a: T, b: T) => T | null,
): readonly T[] | null {
  const groups = new Map<BoxKind, T>();
  for (const part of parts) {
    const key = boxKindOf(part);
    if (key === null) return null;
    const known = groups.get(key);
    const joined = known === undefined ? part : join(known, part);
    if (joined === null) return null;
    groups.set(key, joined);
  }
  return [...groups.values()];
}

/** Memory first, then numbers. */
function ordered<T extends Type | Shape>(groups: readonly T[]): readonly [T, T | undefined] | null {
  const rank = (part: T): number => order.indexOf(boxKindOf(part) ?? "boolean");
  const [first, other, ...more] = groups.toSorted((a, b) => rank(a) - rank(b));
  return first === undefined || more.length > 0 ? null : [first, other];
}

const order: readonly BoxKind[] = ["array", "object", "number", "string", "boolean"];

/** Of numbers beside memory, the derivative would have two places. */
function isOther(part: Type | Shape): part is ScalarType {
  return part.kind === "string" || part.kind === "bool";
}
