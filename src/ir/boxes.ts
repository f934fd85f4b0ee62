/**
 * Values that are a number or an object, `number | Complex`: to the IR they are objects of one cell for each kind, of
 * which one is there. In the emitted code the value itself stands for such a box, but not in shadows.
 */
import { isKeyed, kindOfValue, namedType, unfolded, type ValueKind, valueKinds } from "./shapes.js";
import type { Field, MaybeShape, NamedType, ObjectShape, Place, Shape, Type } from "./types.js";

/** What a value may be: of objects, arrays and tuples are a kind of their own. */
export type BoxKind = ValueKind | "array";

export const boxKinds: readonly BoxKind[] = [...valueKinds, "array"];

/** The kind of what lies in a cell of the shape, or of a value of the type; null for what is of no kind. */
export function boxKindOf(part: Shape | Type): BoxKind | null {
  const kind = kindOfValue(part);
  if (kind !== "object") return kind;
  const shape = unfolded(part.kind === "ref" ? part.shape : (part as Shape));
  const isList = shape.kind === "tuple" || (shape.kind === "array" && !isKeyed(shape));
  return isList || namedType(shape)?.isTuple === true ? "array" : "object";
}

/** A shape for values of one kind or another. */
export function boxOf(parts: readonly MaybeShape["shape"][]): ObjectShape {
  const fields = parts.map((shape): Field => {
    const kind = boxKindOf(shape) ?? "object";
    return { name: boxCell(kind), shape: { kind: "maybe", shape, none: "undefined" } };
  });
  return { kind: "object", fields, isBox: true };
}

export function boxCell(kind: BoxKind): string {
  return `${kind}${mark}`;
}

export function isBoxCell(name: string): boolean {
  return name.endsWith(mark);
}

/** No field has a name that ends so. */
const mark = "⟨⟩";

/** The kind of value that lies in a cell of a box; null for a cell of something else. */
export function kindInCell({ ref, step }: Place): BoxKind | null {
  return step.kind === "field" && isBoxType(ref.type) ? kindOfCell(step.name) : null;
}

/** The kind that the cell of that name is for; null for a cell of no box. */
export function kindOfCell(name: string): BoxKind | null {
  return boxKinds.find((kind) => boxCell(kind) === name) ?? null;
}

/** The kinds of values that there are cells for. */
export function kindsInBox({ fields }: ObjectShape): readonly BoxKind[] {
  return boxKinds.filter((kind) => fields.some(({ name }) => name === boxCell(kind)));
}

export function isBox(shape: Shape): shape is ObjectShape & { readonly isBox: true } {
  return shape.kind === "object" && shape.isBox === true;
}

export function isBoxType(type: Type): boolean {
  const bare = type.kind === "maybe" ? type.type : type;
  return bare.kind === "ref" && isBox(bare.shape);
}

/** What lies in the cell of a value that is its own box. */
export function inBox(value: unknown, cell: string): unknown {
  if (value === null) return undefined;
  const isList = Array.isArray(value) || ArrayBuffer.isView(value);
  return boxCell(isList ? "array" : (typeof value as BoxKind)) === cell ? value : undefined;
}

/** The same shape of memory in which boxes are objects indeed. */
export function opened<S extends Shape>(shape: S): S {
  return openedShape(shape) as S;
}

function openedShape(shape: Shape): Shape {
  switch (shape.kind) {
    case "object": {
      if (shape.named !== undefined) return hasBox(shape) ? openedNamed(shape, shape.named) : shape;
      const { isBox: _, ...rest } = shape;
      return { ...rest, fields: shape.fields.map(openedField) };
    }
    case "knot":
      return hasBox(shape)
        ? { ...shape, name: openedName(shape.name), unfold: () => opened(shape.unfold()) }
        : shape;
    case "tuple":
      return { ...shape, elements: shape.elements.map(openedShape) };
    case "array":
      return { ...shape, element: openedShape(shape.element) };
    case "maybe":
      return { ...shape, shape: openedShape(shape.shape) as MaybeShape["shape"] };
    default:
      return shape;
  }
}

function openedField(field: Field): Field {
  return { ...field, shape: openedShape(field.shape) };
}

function openedNamed(shape: ObjectShape, named: NamedType): ObjectShape {
  const variants = named.variants.map((variant) => ({
    ...variant,
    fields: variant.fields.map(openedField),
  }));
  const whole = { ...named, name: openedName(named.name), variants, isPlain: false, isOpened: true } as const;
  return { ...shape, fields: shape.fields.map(openedField), named: whole };
}

/** That of a gradient is its own. */
function openedName(name: string): string {
  return `${name.replace(/Gradient$/u, "")}Cotangent`;
}

/** It is a box, or has one inside. */
export function hasBox(shape: Shape, seen: readonly string[] = []): boolean {
  switch (shape.kind) {
    case "object": {
      if (isBox(shape)) return true;
      const { named } = shape;
      if (named !== undefined && seen.includes(named.name)) return false;
      const inside = named === undefined ? seen : [...seen, named.name];
      return shape.fields.some((field) => hasBox(field.shape, inside));
    }
    case "tuple":
      return shape.elements.some((element) => hasBox(element, seen));
    case "array":
      return hasBox(shape.element, seen);
    case "maybe":
      return hasBox(shape.shape, seen);
    case "knot":
      return !seen.includes(shape.name) && hasBox(shape.unfold(), seen);
    default:
      return false;
  }
}
