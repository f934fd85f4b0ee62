/**
 * The intermediate representation: structured SSA over memory.
 *
 * Scalars and references are values, bound exactly once. `if` owns its arms and passes values out by yields; a loop owns
 * its body and hands values from one iteration to the next; there are no jumps. Objects and arrays are memory: allocated, loaded from and stored to through places. Everything here is
 * data, readonly, and made only by the builder (`./builder.ts`).
 */
import type { Foreign, ImportedName } from "./foreign.js";
import type { Op } from "./op.js";
import type { Order } from "./order.js";
import type { Absence, MemoryShape, ScalarType, Shape } from "./shape-types.js";
import type { Hint, Span, Statement } from "./source.js";

export type {
  Absence,
  ArrayShape,
  Container,
  Field,
  IntType,
  KeyShape,
  KnotShape,
  MaybeShape,
  MemoryShape,
  NamedType,
  ObjectShape,
  ScalarType,
  Shape,
  Storage,
  TupleShape,
  Variant,
  VariantTest,
} from "./shape-types.js";

export type { Foreign, ForeignFunction, ImportedName, Rule } from "./foreign.js";
export type { Order } from "./order.js";
export type { Hint, Span, Statement } from "./source.js";

/** Identifies a value within one function. */
export type ValueId = number;

/** Identifies a loop within one function. */
export type LoopId = number;

/** Identifies the allocation site that a reference points into; two references may overlap only in one region. */
export type RegionId = number;

export interface RefType {
  readonly kind: "ref";
  readonly shape: MemoryShape;
  readonly region: RegionId;
  /** For a reference to a function: the names of what it returns; null where that is one value, or none. */
  readonly lambda?: readonly string[] | null;
}

/** A value that may also be `undefined` or `null`, or of another kind; `narrow` takes the wrapper off. */
export interface MaybeType {
  readonly kind: "maybe";
  readonly type: ScalarType | RefType;
  /** Which of the two it may be, where that is known; "never" where it is there in any case, as one kind or the other. */
  readonly none?: Absence | "never" | undefined;
  /** Of what other kind it may be: `number | "auto"`. */
  readonly other?: ScalarType | undefined;
}

export type Type = ScalarType | RefType | MaybeType;

export interface Value {
  readonly kind: "value";
  readonly id: ValueId;
  readonly type: Type;
  readonly hint: Hint | null;
  readonly statement: Statement | null;
  readonly span: Span | null;
  /** Which sweep computes it. Values of the primal function are all "forward". */
  readonly sweep: "forward" | "backward";
  /** The value of the forward sweep that this one gives once more in the reverse sweep. */
  readonly again?: ValueId;
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

/** A store of a presence adds a key to a set, or takes one off. */
export type Step =
  | { readonly kind: "field"; readonly name: string }
  /** `asks`: not what is there, but whether anything is; for what is found by keys, and for fields of objects. */
  | { readonly kind: "index"; readonly index: Atom; readonly asks?: Presence };

/** How it is asked for: `map.has(key)`, `key in record`, `Object.hasOwn(record, key)`. */
export type Presence = "has" | "in" | "own";

export type Instr =
  Apply | Load | Store | Alloc | Push | Pop | Foreign | If | Loop | Guard | Call | Lambda | Order;

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
  | {
      readonly kind: "object";
      readonly entries: readonly Entry[];
      /** What it is an instance of, where `instanceof` has to know it. */
      readonly instance?: InstanceOf;
    }
  /** A tuple or an array, element by element; an array may grow afterwards. */
  | { readonly kind: "elements"; readonly elements: readonly Atom[] }
  /** An array of `length` elements that are all `value`, a reference included (they share it then). */
  | { readonly kind: "filled"; readonly length: Atom; readonly value: Atom }
  /**
   * A new array with the elements of array or tuple `of` from `from` up to and without `to` (its whole, where both are
   * null), as `slice` takes them: negative ones count from the end. Elements that are references are shared.
   */
  | { readonly kind: "slice"; readonly of: Value; readonly from: Atom | null; readonly to: Atom | null }
  /** Another name for elements `from` up to `to` of a typed array, as `subarray` makes it: same memory, same region. */
  | { readonly kind: "view"; readonly of: Value; readonly from: Atom; readonly to: Atom | null }
  /**
   * A copy of memory and of all memory that it refers to, but for the `shared` parts, which nothing writes to: they may be
   * those of the original. A part is named by the cells that lead to it, `*` for elements.
   */
  | { readonly kind: "clone"; readonly of: Value; readonly shared?: ReadonlySet<string> }
  /** An array that the operation makes: the keys of a record, the characters of a text. No element is ever active. */
  | { readonly kind: "listing"; readonly op: Op; readonly args: readonly Atom[] }
  /** Memory of the shape and lengths of `like`, all numbers zero. */
  | { readonly kind: "zeros"; readonly like: Value }
  /** Of a shadow, in which boxes are objects, what the user has: of each box what is of the kind that lies in `like`. */
  | { readonly kind: "closed"; readonly of: Value; readonly like: Value }
  /**
   * What the forward sweep records. A stack is written by `push` and read by `pop`; another tape is read by the number
   * of the iteration, and written by it too or by `push`. With a capacity it never holds more than that many numbers and
   * is made at once.
   */
  | { readonly kind: "tape"; readonly access: "stack" | "index"; readonly capacity: Atom | null };

/** A class of the user as the emitted file names it. */
export interface InstanceOf {
  readonly text: string;
  readonly imports: readonly ImportedName[];
  /** What the class and those that it extends call themselves. */
  readonly names: readonly string[];
  /** The fields in the order of the constructor's parameters, where it does nothing but set them; null else. */
  readonly parameters: readonly string[] | null;
}

export interface Entry {
  readonly name: string;
  readonly value: Atom;
}

/** Appends `value` to a growing array, or to a tape. */
export interface Push {
  readonly kind: "push";
  readonly ref: Value;
  readonly value: Atom;
  readonly statement: Statement | null;
  readonly span: Span | null;
  readonly sweep: "forward" | "backward";
}

/** `out` is the last element of the array, which is taken off. */
export interface Pop {
  readonly kind: "pop";
  readonly out: Value;
  readonly ref: Value;
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

/**
 * Runs `body` again and again. Each iteration starts with `param`s that hold what the one before has yielded, the first
 * with `init`s; when the loop ends, `out`s hold what `param`s would have held next.
 *
 * The body ends in a yield of `again`, a boolean (false: a `break`), and of one atom per carried value; or in a throw.
 * A guard may leave the function from within: by a throw, or with a value that no derivative flows through.
 */
export interface Loop {
  readonly kind: "loop";
  /** Which loop it is; stays when a pass changes it. */
  readonly id: LoopId;
  /** In the reverse sweep: the loop of the forward sweep whose iterations it goes through once more, one by one. */
  readonly again: Again | null;
  readonly head: LoopHead;
  readonly carried: readonly Carried[];
  readonly body: Block;
  readonly statement: Statement | null;
  readonly sweep: "forward" | "backward";
}

/** How a loop of the reverse sweep goes through the iterations of another: the last one first, or in their order. */
export interface Again {
  readonly loop: LoopId;
  readonly order: "backward" | "forward";
}

export type LoopHead =
  /**
   * `for (index = from; index <comparison> to; index += step)`: all three are fixed when the loop is entered; the step
   * is a whole number other than 0 and has the direction of the comparison.
   */
  | {
      readonly kind: "counted";
      readonly index: Value;
      readonly from: Atom;
      readonly comparison: "<" | "<=" | ">" | ">=";
      readonly to: Atom;
      readonly step: number;
    }
  /** Runs as long as `test`, which reads the `param`s, yields true: one boolean, nothing else. It has no effects. */
  | { readonly kind: "while"; readonly test: Block }
  /** Runs until `again` is false; at least once. */
  | { readonly kind: "do" };

/** A value that goes round a loop. */
export interface Carried {
  /** At the start of an iteration. */
  readonly param: Value;
  /** At the start of the first one. */
  readonly init: Atom;
  /** After the loop. */
  readonly out: Value;
}

/** Runs another function, one of those that are emitted beside this one, or what such a one has given. */
export interface Call {
  readonly kind: "call";
  readonly callee: Callee;
  readonly args: readonly Atom[];
  readonly outs: readonly Value[];
  /** The fields of what is returned that the `outs` are; null where the one there is, if any, is all of it. */
  readonly fields: readonly string[] | null;
  /** Memory whose cells it may write to. */
  readonly writes: readonly RegionId[];
  /** Memory whose arrays it may make longer or shorter. */
  readonly resizes: readonly RegionId[];
  readonly statement: Statement | null;
  readonly sweep: "forward" | "backward";
}

export type Callee =
  /** One of the function's `callees`. */
  | { readonly kind: "function"; readonly name: string }
  /** The value of a `Lambda`, wherever it was made. */
  | { readonly kind: "lambda"; readonly of: Value };

/** `out = (params) => body`, which runs later, once, after the rest of the function. The body ends in a yield. */
export interface Lambda {
  readonly kind: "lambda";
  readonly out: Value;
  readonly params: readonly Value[];
  readonly body: Block;
  /** The fields of what it returns; null where it returns the one atom that is yielded, or nothing. */
  readonly fields: readonly string[] | null;
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
      /** What the text names of the source. */
      readonly imports?: readonly ImportedName[];
      readonly statement: Statement | null;
    };

export interface Param {
  readonly value: Value;
  readonly name: string;
  /** Differentiate with respect to it. */
  readonly wrt: boolean;
  /** The kinds of objects that it may be, by the names of their variants, where these are not all. */
  readonly variants?: readonly string[];
  /** The words that it may be, where the user has declared it so. */
  readonly words?: readonly string[];
  /** No parameter in the source, but a variable that the function sees from outside. */
  readonly isSeen?: true;
  /** No parameter in the emitted file, but one of its constants, or nothing that is read. */
  readonly isLeftOut?: true;
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
  /** The functions that calls name: in this one, and in each other. Left out where there are none. */
  readonly callees?: Callees;
  /** Memory that others write to before a lambda of the function runs: it is not read in there. */
  readonly unsettled?: ReadonlySet<RegionId>;
  /**
   * Memory of arrays that others have made element by element, of at least so many: here too, a store may make them
   * longer.
   */
  readonly extendable?: ReadonlyMap<RegionId, number>;
  /** What the emitted file has outside of its functions: the same at each call, and nothing writes to it. */
  readonly constants?: readonly (Alloc | Apply)[];
  /** Numbers read where there may be nothing: whether there was is asked of what they become. */
  readonly unsure?: ReadonlySet<ValueId>;
}

export type Callees = ReadonlyMap<string, Func>;
