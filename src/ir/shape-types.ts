/** Types of scalars, and shapes of memory. */
import type { KnotShape, NamedType } from "./named-types.js";

export type { KnotShape, NamedType, Variant, VariantTest } from "./named-types.js";

export type ScalarType =
  /** A number that may carry a derivative. */
  | ({ readonly kind: "real" } & Worded)
  /** A number that never carries one: an index, a count, a length. */
  | IntType
  | ({ readonly kind: "bool" } & Worded)
  | StringType
  /** `undefined` or `null`, nothing else; which of them, where that is known. */
  | { readonly kind: "nothing"; readonly none?: Absence | undefined };

export interface Worded {
  /** For a cell that the user has declared to hold some values only: `"a" | "b"`; for types as text alone. */
  readonly literals?: string;
}

export interface IntType extends Worded {
  readonly kind: "int";
  /** A member of an enum, and nothing else that is a number: so are the cells that are made for it. */
  readonly isEnum?: true;
}

export interface StringType extends Worded {
  readonly kind: "string";
  /** A member of an enum, of whose type no literal is. */
  readonly isEnum?: true;
}

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
  readonly none?: Absence | "never" | undefined;
  readonly other?: ScalarType | undefined;
}

/** What stands for a value that is not there. */
export type Absence = "null" | "undefined";

export type MemoryShape = ObjectShape | TupleShape | ArrayShape;

export interface ObjectShape {
  readonly kind: "object";
  /** Those of all variants, for a union: which of them an object has, its variant says. */
  readonly fields: readonly Field[];
  /** For a union of objects, and for an object that refers to its like. */
  readonly named?: NamedType;
  /** For what stands for a function in memory: a number for the functions that it may be. */
  readonly functions?: number;
  /** It stands for a value of several kinds, of which it has a cell for each. */
  readonly isBox?: true;
  /** How its type is written where the fields do not say it: that of a function. */
  readonly spelling?: string;
  /** The name of the class that some of its fields are private to: no type that is written out has such fields. */
  readonly owner?: string;
  /** The regular expression that it is, of which there is only where its last call has ended. */
  readonly pattern?: string;
  /** Of an object of this shape nothing but its identity is looked at. */
  readonly identityOf?: MemoryShape | KnotShape;
}

export interface Field {
  readonly name: string;
  readonly shape: Shape;
  /** Declared as `private` or `protected`: outside of the class it is read as `object["name"]`. */
  readonly isPrivate?: true;
}

export interface TupleShape {
  readonly kind: "tuple";
  readonly elements: readonly Shape[];
  /** As the user has declared it; for types as text alone. */
  readonly isReadonly?: boolean;
}

export interface ArrayShape {
  readonly kind: "array";
  readonly element: Shape;
  readonly storage: Storage;
  /** For one of several kinds of arrays of numbers: which of them, in their order. */
  readonly containers?: readonly Container[];
  /** Declared as a tuple with a rest: `[number, ...number[]]`. */
  readonly isOpenTuple?: true;
  /** For a record, a map or a set: what its keys are. */
  readonly key?: KeyShape;
  /** For a set, or a map, of objects that are listed: what lies under a key is the key itself, or an entry with it. */
  readonly keeps?: "keys" | "entries";
  /** Declared as a `WeakMap` or a `WeakSet`. */
  readonly isWeak?: true;
  /** For a record whose keys the user has declared: which there may be; for types as text alone. */
  readonly names?: readonly string[];
  /** Those of them under which there is something in any case, in what the caller hands over. */
  readonly required?: readonly string[];
  /** Declared with values that may be nothing, `Record<string, number | undefined>`; for types as text alone. */
  readonly holdsNothing?: true;
  /** As the user has declared it; for types as text alone. */
  readonly isReadonly?: boolean;
}

/** Objects are keys by their identity. */
export type KeyShape = "string" | "number" | MemoryShape | KnotShape;
/** What an array of numbers may be kept in. */
export type Container = Exclude<Storage, "Record" | "Map" | "Set" | "Several"> | "ArrayLike";

export type Storage =
  | "Array"
  /** Only the call knows which kind of array it is. */
  | "Several"
  /** An object whose fields have names that only the call knows: its elements are found by these. */
  | "Record"
  | "Map"
  | "Set"
  | "Float64Array"
  | "Float32Array"
  | "Int8Array"
  | "Uint8Array"
  | "Uint8ClampedArray"
  | "Int16Array"
  | "Uint16Array"
  | "Int32Array"
  | "Uint32Array";
