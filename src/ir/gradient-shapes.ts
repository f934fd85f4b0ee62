/** What the gradient with respect to something looks like. */
import { holdsCotangents, isSeveral, several } from "./containers.js";
import { holdsReals, isKeyed, keyIn, namedType, nameOfShape, withoutLiterals } from "./shapes.js";
import type { ArrayShape, Container, Field, NamedType, ObjectShape, Shape, Variant } from "./types.js";

/** The shape of the gradient with respect to something of this shape; null where it holds no numbers. */
export function gradientShape(shape: Shape): Exclude<Shape, { kind: "opaque" }> | null {
  switch (shape.kind) {
    case "real":
      return withoutLiterals(shape);
    case "maybe": {
      const gradient = gradientShape(shape.shape);
      // What is missing has a gradient of its own that is zero, but not where there is no end of it.
      return gradient === null || gradient.kind === "maybe" || !isEndless(shape.shape)
        ? gradient
        : { ...shape, shape: gradient };
    }
    case "object": {
      if (shape.named !== undefined) return holdsReals(shape) ? namedGradient(shape, shape.named) : null;
      const fields = gradientFields(shape.fields);
      if (fields.length === 0) return null;
      return shape.isBox === true ? { kind: "object", fields, isBox: true } : { kind: "object", fields };
    }
    case "knot":
      return holdsReals(shape)
        ? { kind: "knot", name: gradientName(shape.name), unfold: () => unfoldedGradient(shape.unfold()) }
        : null;
    case "tuple": {
      const elements = shape.elements.map(
        (element) => gradientShape(element) ?? { kind: "nothing" as const },
      );
      return shape.elements.some((element) => gradientShape(element) !== null)
        ? { kind: "tuple", elements }
        : null;
    }
    case "array": {
      const element = gradientShape(shape.element);
      if (element === null) return null;
      // What belongs to the objects of a set is found by these.
      if (isKeyed(shape) && shape.keeps !== undefined)
        return { kind: "array", storage: "Map", key: keyIn(shape), element };
      return inContainers(shape, element);
    }
    case "int":
    case "bool":
    case "string":
    case "nothing":
    case "opaque":
      return null;
  }
}

/** Zeros for all that is in it, missing or not, might have no end. */
export function isEndless(shape: Shape): boolean {
  if (namedType(shape) !== null) return true;
  switch (shape.kind) {
    case "tuple":
      return shape.elements.some(isEndless);
    case "object":
      return shape.fields.some((field) => isEndless(field.shape));
    default:
      return false;
  }
}

/** Gradients are added to, whatever the user has declared of what they belong to. */
function mutable({ isReadonly: _, holdsNothing: _nothing, ...shape }: ArrayShape): ArrayShape {
  return shape;
}

/** What whole numbers are kept in, or nobody knows, holds no gradient: that is in a plain array. */
function inContainers(shape: ArrayShape, element: Shape): ArrayShape {
  if (!isSeveral(shape) || holdsCotangents(shape.containers)) return { ...mutable(shape), element };
  const own = shape.containers.filter((each) => holdsCotangents([each]));
  const all = new Set<Container>(["Array", ...own]);
  return all.size > 1 ? several(element, all) : { kind: "array", element, storage: "Array" };
}

function gradientName(name: string): string {
  return `${name}Gradient`;
}

function gradientFields(fields: readonly Field[]): readonly Field[] {
  return fields.flatMap(({ name, shape }) => {
    const gradient = gradientShape(shape);
    return gradient === null ? [] : [{ name, shape: gradient }];
  });
}

/** The gradient of an object keeps what tells which kind it is. */
function namedGradient({ fields }: ObjectShape, named: NamedType): ObjectShape {
  const tags = tagsOf(named);
  const isTuple = named.isTuple === true ? { isTuple: true as const } : {};
  const gradientOf = (field: Field): readonly Field[] => {
    if (tags.has(field.name) || isLengthOf(named, field)) return [field];
    const fields = gradientFields([field]);
    // What stands behind it in a tuple keeps its place.
    return fields.length === 0 && named.isTuple === true
      ? [{ name: field.name, shape: { kind: "nothing", none: "undefined" } }]
      : fields;
  };
  const variants = named.variants.map((variant): Variant => ({
    ...variant,
    fields: variant.fields.flatMap(gradientOf),
  }));
  const isPlain =
    named.isPlain &&
    fields.every(({ shape }) => isWritable(shape)) &&
    named.variants.every((variant) =>
      variant.fields.every(
        (field) => tags.has(field.name) || isLengthOf(named, field) || isOwnGradient(field.shape, named.name),
      ),
    );
  return {
    kind: "object",
    fields: fields.flatMap(gradientOf),
    named: { name: gradientName(named.name), variants, isPlain, ...isTuple, gradientOf: named.name },
  };
}

function unfoldedGradient(shape: ObjectShape): ObjectShape {
  const gradient = gradientShape(shape);
  return gradient?.kind === "object" ? gradient : { kind: "object", fields: [] };
}

/** The names of the fields by which objects of the type are told apart. */
export function tagsOf(named: NamedType): ReadonlySet<string> {
  return new Set(named.variants.flatMap(({ test }) => (test.kind === "tag" ? [test.field] : [])));
}

/** A field that says how long a tuple is. */
export function isLengthOf({ isTuple }: NamedType, { name }: { readonly name: string }): boolean {
  return isTuple === true && name === "length";
}

/** What is in it may be assigned. */
function isWritable(shape: Shape): boolean {
  switch (shape.kind) {
    case "maybe":
      return isWritable(shape.shape);
    case "array":
      return shape.isReadonly !== true && isWritable(shape.element);
    case "tuple":
      return shape.isReadonly !== true && shape.elements.every(isWritable);
    case "object":
      return shape.named !== undefined || shape.fields.every((field) => isWritable(field.shape));
    default:
      return true;
  }
}

/** What lies in a cell of a box. */
function heldIn({ shape }: Field): Shape {
  return shape.kind === "maybe" ? shape.shape : shape;
}

/** The gradient is of the same type. */
function isOwnGradient(shape: Shape, name: string): boolean {
  switch (shape.kind) {
    case "real":
      return shape.literals === undefined;
    case "maybe":
      return nameOfShape(shape.shape) === name;
    case "knot":
      return shape.name === name;
    case "array":
      return isOwnGradient(shape.element, name);
    case "tuple":
      return shape.elements.every((element) => isOwnGradient(element, name));
    case "object":
      return (
        shape.named === undefined &&
        shape.fields.length > 0 &&
        shape.fields.every((field) => isOwnGradient(shape.isBox === true ? heldIn(field) : field.shape, name))
      );
    default:
      return false;
  }
}
