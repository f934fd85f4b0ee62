/** Types of scalars, and shapes of memory. */

export type ScalarType =
  /** A number that may carry a derivative. */
  | { readonly kind: "real" }
  /** A number that never carries one: an index, a count, a length. */
  | { readonly kind: "int" }
  | { readonly kind: "bool" }
  | { readonly kind: "string" }
  /** `undefined` or `null`, nothing else. */
  | { readonly kind: "nothing" };

/** What a memory cell, a parameter or a result looks like. */
export type Shape =
  | ScalarType
  | MemoryShape
  | MaybeShape
  | KnotShape
  /** A field whose type the compiler does not look into; it is never loaded. */
  | { readonly kind: "opaque" };

export interface MaybeShape {
  readonly kind: "maybe";
  readonly shape: Exclude<Shape, { kind: "maybe" }>;
  readonly none?: Absence | undefined;
}

/** What stands for a value that is not there. */
export type Absence = "null" | "undefined";

export type MemoryShape = ObjectShape | TupleShape | ArrayShape;

export interface ObjectShape {
  readonly kind: "object";
  /** Those of all variants, for a union: which of them an object has, its variant says. */
  readonly fields: readonly Field[];
  /** How its type is written where the fields do not say it: that of a function. */
  readonly spelling?: string;
  /** For a union of objects, and for an object that refers to its like. */
  readonly named?: NamedType;
}

/** An object type inside of itself: shapes are finite, what has them need not be. */
export interface KnotShape {
  readonly kind: "knot";
  /** That of the named type. */
  readonly name: string;
  readonly unfold: () => ObjectShape;
}

/** An object type that is known by a name. */
export interface NamedType {
  /** Two types of one name are the same. */
  readonly name: string;
  /** One for each member of a union; one alone for an object that is no union. */
  readonly variants: readonly Variant[];
  /** Every field is a plain one that may be assigned, so that a gradient may be of the type itself. */
  readonly isPlain: boolean;
  /** For the type of a gradient: the type that it is the gradient of. */
  readonly gradientOf: string | null;
}

/** A member of a union of objects. */
export interface Variant {
  /** Its own type's name. */
  readonly name: string;
  readonly fields: readonly Field[];
  readonly test: VariantTest;
}

/** What tells a variant from the others. */
export type VariantTest =
  /** A field that holds one of these values, and never does in the others. */
  | {
      readonly kind: "tag";
      readonly field: string;
      readonly values: readonly (string | number | boolean)[];
      /** The values are members of an enum, so that a literal is not of their type. */
      readonly isEnum: boolean;
    }
  /** A field that none of the others has. */
  | { readonly kind: "own"; readonly field: string }
  /** It is the only one, or none of the others applies. */
  | { readonly kind: "rest" };

export interface Field {
  readonly name: string;
  readonly shape: Shape;
}

export interface TupleShape {
  readonly kind: "tuple";
  readonly elements: readonly Shape[];
}

export interface ArrayShape {
  readonly kind: "array";
  readonly element: Shape;
  readonly storage: Storage;
}

export type Storage =
  | "Array"
  | "Float64Array"
  | "Float32Array"
  | "Int8Array"
  | "Uint8Array"
  | "Uint8ClampedArray"
  | "Int16Array"
  | "Uint16Array"
  | "Int32Array"
  | "Uint32Array";
