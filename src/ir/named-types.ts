/** Object types that have names: unions of objects, and types that contain themselves. */
import type { Field, ImportedName, ObjectShape } from "./types.js";

/** An object type inside of itself: shapes are finite, what has them need not be. */
export interface KnotShape {
  readonly kind: "knot";
  /** That of the named type. */
  readonly name: string;
  readonly unfold: () => ObjectShape;
  /** As of the object's shape. */
  readonly functions?: number;
}

/** An object type that is known by a name. */
export interface NamedType {
  /** Two types of one name are the same. */
  readonly name: string;
  /** One for each member of a union; one alone for an object that is no union. */
  readonly variants: readonly Variant[];
  /** Every field is a plain one that may be assigned, so that a gradient may be of the type itself. */
  readonly isPlain: boolean;
  /** Its objects are tuples: their fields have the names of their indices, and `length`. */
  readonly isTuple?: true;
  /** For a class or an interface: the fields that it has itself. Left out for a union, which has what all variants have. */
  readonly declared?: readonly string[];
  /** For the type of a shadow that is no gradient: what may be of several kinds has a place for each in it. */
  readonly isOpened?: true;
  /** For the type of a gradient: the type that it is the gradient of. */
  readonly gradientOf: string | null;
}

/** A member of a union of objects. */
export interface Variant {
  /** Its own type's name. */
  readonly name: string;
  readonly fields: readonly Field[];
  readonly test: VariantTest;
  /** They are instances of a class. */
  readonly isInstance?: true;
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
  /** It is an instance of a class, which the emitted file calls `text`. */
  | { readonly kind: "instance"; readonly text: string; readonly imports: readonly ImportedName[] }
  /** It is the only one, or none of the others applies. */
  | { readonly kind: "rest" };
