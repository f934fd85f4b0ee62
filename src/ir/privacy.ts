/** Fields that only their class lets one read: instances from outside have them, objects that are made here do not. */
import { nameOfShape } from "./shapes.js";
import type { Field, Shape, Type } from "./types.js";

/** The name of a field that only its class lets one read, in the shape or in what lies in it. */
export function privateFieldIn(shape: Shape): string | null {
  switch (shape.kind) {
    case "maybe":
      return privateFieldIn(shape.shape);
    case "array":
      return privateFieldIn(shape.element);
    case "tuple":
      return shape.elements.map(privateFieldIn).find((name) => name !== null) ?? null;
    case "object": {
      if (shape.named !== undefined) return null;
      const own = shape.fields.find((field) => field.isPrivate === true);
      return (
        own?.name ??
        shape.fields.map((field) => privateFieldIn(field.shape)).find((name) => name !== null) ??
        null
      );
    }
    default:
      return null;
  }
}

/** Whether a part of what is copied is that of the original, by the cells that lead to it. */
type IsShared = (path: readonly string[]) => boolean;

/** The shape of a copy: plain objects, but for what copies share with their originals. */
export function withoutPrivacy<S extends Shape>(shape: S, isShared: IsShared, path?: readonly string[]): S;
export function withoutPrivacy(shape: Shape, isShared: IsShared, path: readonly string[] = []): Shape {
  if (nameOfShape(shape) !== null || isShared(path)) return shape;
  const inner = (key: string, cell: Shape): Shape => withoutPrivacy(cell, isShared, [...path, key]);
  switch (shape.kind) {
    case "maybe":
      return { ...shape, shape: withoutPrivacy(shape.shape, isShared, path) };
    case "array":
      return { ...shape, element: inner("*", shape.element) };
    case "tuple":
      return { ...shape, elements: shape.elements.map((each, i) => inner(String(i), each)) };
    case "object": {
      const { owner: _, ...rest } = shape;
      return {
        ...rest,
        fields: shape.fields.map(({ name, shape: cell }) => ({ name, shape: inner(name, cell) })),
      };
    }
    default:
      return shape;
  }
}

/** A declared type, for a value of the type `given`: which fields are private depends on where it is from. */
export function withPrivacyOf(declared: Type, given: Type): Type {
  if (declared.kind === "maybe") {
    const inner = withPrivacyOf(declared.type, given);
    return inner.kind === "maybe" ? inner : { ...declared, type: inner };
  }
  const bare = given.kind === "maybe" ? given.type : given;
  if (declared.kind !== "ref" || bare.kind !== "ref") return declared;
  return { ...declared, shape: asPrivateAs(declared.shape, bare.shape) };
}

function asPrivateAs<S extends Shape>(shape: S, given: Shape): S;
function asPrivateAs(shape: Shape, given: Shape): Shape {
  if (given.kind === "maybe") return asPrivateAs(shape, given.shape);
  switch (shape.kind) {
    case "maybe":
      return { ...shape, shape: asPrivateAs(shape.shape, given) };
    case "array":
      return given.kind === "array"
        ? { ...shape, element: asPrivateAs(shape.element, given.element) }
        : shape;
    case "tuple":
      return given.kind === "tuple"
        ? {
            ...shape,
            elements: shape.elements.map((each, i) => asPrivateAs(each, given.elements[i] ?? each)),
          }
        : shape;
    case "object": {
      if (given.kind !== "object" || shape.named !== undefined || given.named !== undefined) return shape;
      const fields = shape.fields.map((field): Field => {
        const { name, shape: cell } = field;
        const other = given.fields.find((each) => each.name === name);
        if (other === undefined) return field;
        const inner = asPrivateAs(cell, other.shape);
        return other.isPrivate === true ? { name, shape: inner, isPrivate: true } : { name, shape: inner };
      });
      const { owner: _, ...rest } = shape;
      return given.owner === undefined ? { ...rest, fields } : { ...rest, fields, owner: given.owner };
    }
    default:
      return shape;
  }
}
