/** The type, `readonly` where another one of the same form is. */
import type { Shape, Type } from "../../ir/types.js";

export function readonlyLike(type: Type, like: Type): Type {
  if (type.kind === "maybe" && like.kind === "maybe") {
    const inner = readonlyLike(type.type, like.type);
    return inner.kind === "maybe" ? type : { ...type, type: inner };
  }
  if (type.kind !== "ref" || like.kind !== "ref") return type;
  return { ...type, shape: shapeLike(type.shape, like.shape) };
}

function shapeLike<S extends Shape>(shape: S, like: Shape): S;
function shapeLike(shape: Shape, like: Shape): Shape {
  if (shape.kind === "maybe" && like.kind === "maybe") {
    const inner = shapeLike(shape.shape, like.shape);
    return { ...shape, shape: inner };
  }
  if (shape.kind === "array" && like.kind === "array") {
    const { isReadonly: _, ...rest } = shape;
    return { ...rest, element: shapeLike(shape.element, like.element), ...readonlyIf(like.isReadonly) };
  }
  if (shape.kind === "tuple" && like.kind === "tuple") {
    const elements = shape.elements.map((each, i) => shapeLike(each, like.elements[i] ?? each));
    return { kind: "tuple", elements, ...readonlyIf(like.isReadonly) };
  }
  // The text of a type that has a name is the user's.
  if (shape.kind !== "object" || like.kind !== "object" || shape.named !== undefined) return shape;
  const fields = shape.fields.map((field) => {
    const known = like.fields.find(({ name }) => name === field.name);
    return known === undefined ? field : { ...field, shape: shapeLike(field.shape, known.shape) };
  });
  return { ...shape, fields };
}

function readonlyIf(isReadonly: boolean | undefined): { readonly isReadonly?: true } {
  return isReadonly === true ? { isReadonly } : {};
}
