/** From shapes to types; shapes that contain themselves. */
import type { Builder } from "./builder.js";
import type {
  ArrayShape,
  Atom,
  KeyShape,
  KnotShape,
  MaybeType,
  MemoryShape,
  NamedType,
  ScalarType,
  Shape,
  Type,
} from "./types.js";
import type { MaybeShape, Worded } from "./shape-types.js";

/** The shape that a cell's memory has. */
export function unfolded<S extends Shape>(
  shape: S | KnotShape,
): Exclude<S, KnotShape> | ReturnType<KnotShape["unfold"]> {
  return shape.kind === "knot" ? shape.unfold() : (shape as Exclude<S, KnotShape>);
}

export function isMemory(shape: Shape): shape is MemoryShape {
  return shape.kind === "object" || shape.kind === "tuple" || shape.kind === "array";
}

/** A record, a map or a set: what is in it is found by keys. */
export interface KeyedShape extends ArrayShape {
  readonly storage: "Record" | "Map" | "Set";
}

/** What the type says that there is under a key; that there may be nothing is not said, unless the user does. */
export function heldIn({ element, holdsNothing }: KeyedShape): Shape {
  const isPlain = element.kind !== "maybe" || element.other !== undefined || holdsNothing === true;
  return isPlain ? element : element.shape;
}

export function isKeyed(shape: Shape): shape is KeyedShape {
  return (
    shape.kind === "array" &&
    (shape.storage === "Record" || shape.storage === "Map" || shape.storage === "Set")
  );
}

/** The keys as they are: objects that are listed may be more than they are declared to be. */
export function keyIn({ key = "string", keeps, element }: KeyedShape): KeyShape {
  const held = element.kind === "maybe" ? element.shape : element;
  const own = keeps === "entries" ? cellIn(held, "key") : keeps === "keys" ? held : null;
  return own !== null && (own.kind === "knot" || isMemory(own)) ? own : key;
}

/** True for the key of a map, or a set, of objects. */
export function isObjectKey(key: KeyShape | undefined): key is MemoryShape | KnotShape {
  return typeof key === "object";
}

/** Memory whose cotangents lie in memory as well, rather than in a variable for each cell. */
export function isWhole(shape: Shape): boolean {
  return shape.kind === "array" || namedType(shape) !== null;
}

/** A union: which fields an object has depends on its kind. */
export function isOneOfSeveral(shape: Shape): boolean {
  return (namedType(shape)?.variants.length ?? 0) > 1;
}

/** The name of an object type that has one. */
export function nameOfShape(shape: Shape): string | null {
  if (shape.kind === "knot") return shape.name;
  return shape.kind === "object" ? (shape.named?.name ?? null) : null;
}

/** The type of which there are several kinds of objects, or objects of any depth: it is handled as a whole. */
export function namedType(shape: Shape): NamedType | null {
  const whole = unfolded(shape);
  return whole.kind === "object" ? (whole.named ?? null) : null;
}

/** The names of the types in a shape, and of their variants. Those that `names` has already are not looked into. */
export function namesInShape(shape: Shape, names = new Set<string>()): ReadonlySet<string> {
  switch (shape.kind) {
    case "maybe":
      return namesInShape(shape.shape, names);
    case "array":
      if (isObjectKey(shape.key)) namesInShape(shape.key, names);
      return namesInShape(shape.element, names);
    case "tuple":
      for (const element of shape.elements) namesInShape(element, names);
      return names;
    case "knot":
      return names.has(shape.name) ? names : namesInShape(shape.unfold(), names);
    case "object": {
      const { named, fields, owner, identityOf } = shape;
      if (identityOf !== undefined) namesInShape(identityOf, names);
      if (owner !== undefined) names.add(owner);
      if (named !== undefined) {
        if (names.has(named.name)) return names;
        for (const each of [named, ...named.variants]) names.add(each.name);
      }
      for (const field of fields) namesInShape(field.shape, names);
      return names;
    }
    case "string":
      for (const name of enumsIn(shape)) names.add(name);
      return names;
    default:
      return names;
  }
}

/** True if a number that may carry a derivative is somewhere in it. `within` are the named types that it lies in. */
export function holdsReals(shape: Shape, within: readonly string[] = []): boolean {
  switch (shape.kind) {
    case "real":
      return true;
    case "maybe":
      return holdsReals(shape.shape, within) || shape.other?.kind === "real";
    case "object": {
      const around = shape.named === undefined ? within : [...within, shape.named.name];
      return shape.fields.some((field) => holdsReals(field.shape, around));
    }
    case "tuple":
      return shape.elements.some((element) => holdsReals(element, within));
    case "array":
      return holdsReals(shape.element, within);
    case "knot":
      return !within.includes(shape.name) && holdsReals(shape.unfold(), within);
    case "int":
    case "bool":
    case "string":
    case "nothing":
    case "opaque":
      return false;
  }
}

/** The type of a value of this shape, with a region of its own where it is memory. */
export function typeOfShape(shape: Shape, builder: Builder): Type {
  switch (shape.kind) {
    case "maybe": {
      const inner = typeOfShape(shape.shape, builder);
      return inner.kind === "maybe" ? inner : maybeType(inner, shape);
    }
    case "object":
    case "tuple":
    case "array":
      return { kind: "ref", shape, region: builder.region() };
    case "knot":
      return typeOfShape(shape.unfold(), builder);
    case "opaque":
      return { kind: "nothing" };
    case "real":
    case "int":
    case "bool":
    case "string":
      return withoutLiterals(shape);
    case "nothing":
      return shape;
  }
}

/** The shape of what a variable of the type holds. */
export function shapeOfType(type: Type): Shape {
  if (type.kind === "maybe") {
    const shape = shapeOfType(type.type);
    return shape.kind === "maybe" ? shape : maybeShape(shape, type);
  }
  return type.kind === "ref" ? type.shape : type;
}

/** What `typeof` gives for a value of the type, or for what lies in a cell. */
export type ValueKind = (typeof valueKinds)[number];

export const valueKinds = ["number", "string", "boolean", "object"] as const;

export function kindOfValue(type: { readonly kind: string }): ValueKind | null {
  switch (type.kind) {
    case "real":
    case "int":
      return "number";
    case "bool":
      return "boolean";
    case "string":
      return "string";
    case "ref":
    case "object":
    case "tuple":
    case "array":
    case "knot":
      return "object";
    default:
      return null;
  }
}

/** A value that is of one kind or another. */
export function isMixed(type: Type): type is MaybeType & { readonly other: ScalarType } {
  return type.kind === "maybe" && type.other !== undefined;
}

/** A type that may be missing, or of another kind, as the other is. */
export function mayBeNull(type: Type): boolean {
  return (type.kind === "maybe" || type.kind === "nothing") && (type.none ?? "null") === "null";
}

/** False for what is `undefined` at most where it is missing. */
export function takesNull(type: Type): boolean {
  return type.kind !== "maybe" || type.none !== "undefined" || isMixed(type);
}

export function maybeType(type: MaybeType["type"], { none, other }: MissingAs): MaybeType {
  return { kind: "maybe", type, none, ...(other === undefined ? {} : { other }) };
}

export function maybeShape(shape: MaybeShape["shape"], { none, other }: MissingAs): MaybeShape {
  return { kind: "maybe", shape, none, ...(other === undefined ? {} : { other }) };
}

type MissingAs = Pick<MaybeType, "none" | "other">;

/** Whatever the user has declared it to be: a value has the type of its kind. */
export function withoutLiterals<S extends Worded>(shape: S): S {
  if (shape.literals === undefined) return shape;
  const { literals: _, ...rest } = shape;
  return rest as S;
}

/** The names of enums among the words that a cell may hold: no literal is of their types. */
export function enumsIn({ literals }: Worded): readonly string[] {
  return literals?.split(" | ").filter(isNameOfEnum) ?? [];
}

/** The words that a text may be; null where it may be any, or of an enum that has no name where it is written. */
export function wordsText({ literals }: Worded, nameText: (name: string) => string | null): string | null {
  const words = literals?.split(" | ").map((word) => (isNameOfEnum(word) ? nameText(word) : word)) ?? [];
  return words.length === 0 || words.includes(null) ? null : words.join(" | ");
}

function isNameOfEnum(word: string): boolean {
  return /^[A-Za-z_$]/u.test(word);
}

/** The shape of a field, or of an element; null where there is none. */
export function cellIn(shape: Shape, key: string): Shape | null {
  switch (shape.kind) {
    case "object":
      return shape.fields.find(({ name }) => name === key)?.shape ?? null;
    case "tuple":
      return shape.elements[Number(key)] ?? null;
    case "array":
      return shape.element;
    default:
      return null;
  }
}

/** An array of such elements is made full of nothing: objects are put into it one after the other. */
export function isHoles(value: Atom, element: Shape): boolean {
  return value.type.kind === "nothing" && isMemory(element);
}
