/**
 * The intermediate representation: structured SSA over memory.
 *
 * Scalars and references are values, bound exactly once. `if` owns its arms and passes values out by yields; there are
 * no jumps. Objects and arrays are memory: allocated, loaded from and stored to through places. Everything here is
 * data, readonly, and made only by the builder (`./builder.ts`).
 */
import type { Op } from "./op.js";

/** Identifies a value within one function. */
export type ValueId = number;

/** A range of characters in a source file, offsets as TypeScript counts them. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

export type ScalarType =
  /** A number that may carry a derivative. */
  | { readonly kind: "real" }
  /** A number that never carries one: an index, a count, a length. */
  | { readonly kind: "int" }
  | { readonly kind: "bool" }
  | { readonly kind: "string" }
  /** `undefined` or `null`, nothing else. */
  | { readonly kind: "nothing" };

/** Identifies the allocation site that a reference points into; two references may overlap only in one region. */
export type RegionId = number;

export interface RefType {
  readonly kind: "ref";
  readonly shape: MemoryShape;
  readonly region: RegionId;
}

/** A value that may also be `undefined` or `null`; `narrow` takes the wrapper off. */
export interface MaybeType {
  readonly kind: "maybe";
  readonly type: ScalarType | RefType;
}

export type Type = ScalarType | RefType | MaybeType;

/** What a memory cell, a parameter or a result looks like. */
export type Shape =
  | ScalarType
  | MemoryShape
  | { readonly kind: "maybe"; readonly shape: Exclude<Shape, { kind: "maybe" }> }
  /** A field whose type the compiler does not look into; it is never loaded. */
  | { readonly kind: "opaque" };

export type MemoryShape = ObjectShape | TupleShape | ArrayShape;

export interface ObjectShape {
  readonly kind: "object";
  readonly fields: readonly Field[];
}

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
  readonly storage: "Array" | "Float64Array" | "Float32Array";
}

/** A suggestion for a value's name in the emitted code. */
export interface Hint {
  readonly text: string;
  /**
   * True for a variable that the user declared: it keeps a line of its own. False for a mere suggestion, used when the
   * value has to be bound for another reason.
   */
  readonly declared: boolean;
}

/** A line of the user's code; ties each emitted backward line to its forward line. */
export interface Statement {
  /** Unique in the function, increasing in the order of lowering. */
  readonly id: number;
  readonly span: Span;
  /** The comment behind the statement on its line, without its delimiters; null where there is none. */
  readonly comment: string | null;
}

export interface Value {
  readonly kind: "value";
  readonly id: ValueId;
  readonly type: Type;
  readonly hint: Hint | null;
  readonly statement: Statement | null;
  readonly span: Span | null;
  /** Which sweep computes it. Values of the primal function are all "forward". */
  readonly sweep: "forward" | "backward";
}

export interface Literal {
  readonly kind: "literal";
  readonly type: ScalarType;
  readonly value: number | boolean | string | null | undefined;
  /** How it is written: `1.0`, `Math.PI`, `"circle"`. */
  readonly spelling: string;
}

export type Atom = Value | Literal;

/** One cell of memory: a field or an element of what `ref` points to. */
export interface Place {
  /** Of type `ref`. */
  readonly ref: Value;
  readonly step: Step;
}

export type Step =
  { readonly kind: "field"; readonly name: string } | { readonly kind: "index"; readonly index: Atom };

export type Instr = Apply | Load | Store | Alloc | If | Guard;

/** `out = op(args)`. */
export interface Apply {
  readonly kind: "apply";
  readonly out: Value;
  readonly op: Op;
  readonly args: readonly Atom[];
}

/** `out = place`. */
export interface Load {
  readonly kind: "load";
  readonly out: Value;
  readonly place: Place;
}

/** `place = value`. */
export interface Store {
  readonly kind: "store";
  readonly place: Place;
  readonly value: Atom;
  readonly statement: Statement | null;
  readonly span: Span | null;
  readonly sweep: "forward" | "backward";
}

/** `out = { … }` or `[ … ]`: fresh memory of its own region. */
export interface Alloc {
  readonly kind: "alloc";
  readonly out: Value;
  readonly init: Init;
}

export type Init =
  | { readonly kind: "object"; readonly entries: readonly Entry[] }
  /** A tuple or an array of known length. */
  | { readonly kind: "elements"; readonly elements: readonly Atom[] }
  /** Memory of the shape and lengths of `like`, all numbers zero. */
  | { readonly kind: "zeros"; readonly like: Value };

export interface Entry {
  readonly name: string;
  readonly value: Atom;
}

/** `outs = test ? consequent : alternate`; each arm ends in a yield of as many values (or throws). */
export interface If {
  readonly kind: "if";
  readonly test: Atom;
  readonly consequent: Block;
  readonly alternate: Block;
  readonly outs: readonly Value[];
  readonly statement: Statement | null;
}

/** `if (test) { body }` where the body leaves the function (returns or throws): an early exit. */
export interface Guard {
  readonly kind: "guard";
  readonly test: Atom;
  readonly body: Block;
  readonly statement: Statement | null;
}

export interface Block {
  readonly instrs: readonly Instr[];
  readonly end: End;
}

export type End =
  | { readonly kind: "yield"; readonly values: readonly Atom[] }
  /** Leaves the function with one atom per result of the function. */
  | { readonly kind: "return"; readonly values: readonly Atom[]; readonly statement: Statement | null }
  /** Leaves the function by an exception: source text of the thrown expression with holes for values. */
  | {
      readonly kind: "throw";
      readonly text: readonly (string | Atom)[];
      readonly statement: Statement | null;
    };

export interface Param {
  readonly value: Value;
  readonly name: string;
  /** Differentiate with respect to it. */
  readonly wrt: boolean;
}

export interface Result {
  readonly name: string;
  readonly shape: Shape;
}

/** A function. A primal one has one result, named `value`; a gradient adds one for each differentiated parameter. */
export interface Func {
  readonly name: string;
  readonly params: readonly Param[];
  readonly results: readonly Result[];
  /** Ends in `return` or `throw`. */
  readonly body: Block;
}
