/** The types of values, and the shapes of memory, that are one thing or the other. */
import { int, real } from "../ir/builder.js";
import { isMemory, nameOfShape, unfolded } from "../ir/shapes.js";
import type { ObjectShape, Shape, Type } from "../ir/types.js";
import type { Context } from "./context.js";

/** The type of a value that has one type or the other; null where no such type is supported. */
export function joinTypes(cx: Context, a: Type, b: Type): Type | null {
  if (a.kind === "nothing")
    return b.kind === "nothing" || b.kind === "maybe" ? b : { kind: "maybe", type: b };
  if (b.kind === "nothing") return a.kind === "maybe" ? a : { kind: "maybe", type: a };
  if (a.kind === "maybe" || b.kind === "maybe") {
    const inner = joinTypes(cx, stripMaybe(a), stripMaybe(b));
    return inner === null || inner.kind === "maybe" ? inner : { kind: "maybe", type: inner };
  }
  if (a.kind === "ref" && b.kind === "ref") {
    const shape = joinShapes(a.shape, b.shape);
    if (shape === null || !isMemory(shape)) return null;
    return { kind: "ref", shape, region: cx.unit.regions.merge(a.region, b.region) };
  }
  if (a.kind === b.kind) return a;
  if (isNumeric(a) && isNumeric(b)) return real;
  return null;
}

function stripMaybe(type: Type): Type {
  return type.kind === "maybe" ? type.type : type;
}

/** The shape of memory that has one shape or the other. */
export function joinShapes(a: Shape, b: Shape): Shape | null {
  if (a === b) return a;
  const named = joinNamed(a, b);
  if (named !== null) return named;
  if (a.kind === "nothing") return orNothing(b);
  if (b.kind === "nothing") return orNothing(a);
  if (a.kind === "maybe" || b.kind === "maybe") {
    const inner = joinShapes(plain(a), plain(b));
    return inner === null ? null : orNothing(inner);
  }
  if (a.kind === "object" && b.kind === "object") {
    const names = new Set([...a.fields, ...b.fields].map(({ name }) => name));
    const fields = [...names].map((name) => {
      const left = a.fields.find((field) => field.name === name)?.shape ?? { kind: "nothing" };
      const right = b.fields.find((field) => field.name === name)?.shape ?? { kind: "nothing" };
      return { name, shape: joinShapes(left, right) ?? { kind: "opaque" as const } };
    });
    return { kind: "object", fields };
  }
  if (a.kind === "tuple" && b.kind === "tuple" && a.elements.length === b.elements.length) {
    const elements = a.elements.map(
      (element, i) => joinShapes(element, b.elements[i] ?? element) ?? { kind: "opaque" as const },
    );
    return { kind: "tuple", elements };
  }
  if (a.kind === "array" && b.kind === "array" && a.storage === b.storage) {
    const element = joinShapes(a.element, b.element);
    return element === null ? null : { kind: "array", element, storage: a.storage };
  }
  if (isMemory(a) || isMemory(b)) return null;
  if (a.kind === b.kind) return a;
  return isNumeric(a) && isNumeric(b) ? real : null;
}

/** A named type stays what it is, where the other is the same or one of its variants. */
function joinNamed(a: Shape, b: Shape): Shape | null {
  const [name, other] = [nameOfShape(a), nameOfShape(b)];
  if (name !== null && name === other) return a;
  if (name !== null && other === null && isVariantOf(b, a)) return a;
  return other !== null && name === null && isVariantOf(a, b) ? b : null;
}

function isVariantOf(shape: Shape, whole: Shape): boolean {
  const { fields } = unfolded(whole) as ObjectShape;
  return (
    shape.kind === "object" &&
    shape.fields.every(({ name, shape: field }) =>
      fields.some((other) => other.name === name && joinShapes(field, other.shape) !== null),
    )
  );
}

/** The shape of a cell that may also hold `undefined` or `null`. */
export function orNothing(shape: Shape): Shape {
  return shape.kind === "maybe" || shape.kind === "nothing" ? shape : { kind: "maybe", shape };
}

function plain(shape: Shape): Shape {
  return shape.kind === "maybe" ? shape.shape : shape;
}

function isNumeric(type: { readonly kind: string }): boolean {
  return type.kind === real.kind || type.kind === int.kind;
}
