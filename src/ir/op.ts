/**
 * What an operation is. The entries are in `src/ops`; only this description of them is known to the rest, so that
 * nothing outside `src/ops` depends on which operations there are.
 */
import type { ImportedName, ScalarType } from "./types.js";

export type Scalar = number | boolean | string | null | undefined;

export interface Op {
  /** Unique in the table; as users know it: `+`, `Math.tanh`, `select`. */
  readonly name: string;
  readonly spelling: Spelling;
  /** Type of the result. */
  readonly result: ScalarType["kind"] | "same";
  /** Number of arguments; null for a variadic operation. */
  readonly arity: number | null;
  readonly evaluate: (...args: readonly Scalar[]) => Scalar;
  /**
   * One formula per argument: the partial derivative of the result with respect to it. A literal 0 says that no
   * derivative flows. Null for an operation with no derivative at all (comparisons, predicates).
   */
  readonly partials: ((args: readonly FormulaArg[], result: FormulaResult) => readonly Formula[]) | null;
  /**
   * Where a partial may be infinite or NaN: "finite" where the value itself is finite (sqrt at 0), "infinite" only
   * where the value is not (1/x at 0), "none" nowhere.
   */
  readonly singular: "none" | "finite" | "infinite";
  /** Which arguments may be infinite while the result is finite (a denominator, `max`, `tanh`). */
  readonly absorbs: (index: number) => boolean;
  /** Draws from the outside world (`Math.random`): never repeated, dropped or moved. */
  readonly impure: boolean;
  /** Reads all of the memory that its arguments refer to: not repeated or moved, but dropped where nobody needs it. */
  readonly reads: boolean;
  /** Rather repeated than bound to a name of its own: one arithmetic operation. */
  readonly cheap: boolean;
  /**
   * A derivative is lost here if the argument is active: true for rounding and number conversion, which makes a
   * warning; false where losing it is the usual meaning (comparison, sign).
   */
  readonly losesDerivative: boolean;
  /** What the emitted file has to import for its spelling. */
  readonly imports?: readonly ImportedName[];
  /** For what is read of the surroundings of the program, the same at each call: the names in its text. */
  readonly ambient?: readonly AmbientName[];
  /** Recognised from a combination of other operations rather than from one in the source, such as the sigmoid. */
  readonly gate: boolean;
}

/** A name that the program finds where it runs, or what is made of such names. */
export interface AmbientName {
  readonly name: string;
  /** Its declaration, where the file has to have one; null where all files know the name. */
  readonly declaration: string | null;
}

/** How an operation is written. */
export type Spelling =
  /** The text as it is. */
  | { readonly kind: "verbatim"; readonly text: string }
  /** `a operator b`; `right` where the right operand is always the same text (`x === undefined`). */
  | { readonly kind: "binary"; readonly operator: string; readonly right?: string }
  | { readonly kind: "prefix"; readonly operator: string }
  /** `callee(a, b, …)`; where `nests`, `f(f(a, b), c)` may be written `f(a, b, c)`; where `spreads`, `callee(...xs)`. */
  | {
      readonly kind: "call";
      readonly callee: string;
      readonly nests?: boolean;
      readonly spreads?: boolean;
    }
  /** `a ? b : c`. */
  | { readonly kind: "conditional" }
  /** The argument itself. */
  | { readonly kind: "identity" }
  /** The argument with `!` behind it. */
  | { readonly kind: "nonNull" }
  /** `a.method()`: properties and method calls on strings and the like. */
  | { readonly kind: "member"; readonly suffix: string }
  /** `a.name(b, …)`; `a.name(b, …) ?? otherwise`; `[...a.name(b, …)]`. */
  | {
      readonly kind: "method";
      readonly name: string;
      readonly otherwise?: string;
      readonly spreads?: boolean;
    }
  /** `Object.assign(a, { lastIndex: b }).exec(c)`, and what is behind it. */
  | { readonly kind: "exec"; readonly suffix: string }
  /** `[...a.suffix]`. */
  | { readonly kind: "spread"; readonly suffix: string }
  /** `a[b]`. */
  | { readonly kind: "element" }
  /** Text between backticks, with values in it. */
  | { readonly kind: "template" }
  /** `holdsTwice([...a], [b.c])`: what lies in these places of the arguments. */
  | { readonly kind: "held"; readonly lists: readonly HeldList[] }
  /** A formula over the arguments, such as `1 / (1 + Math.exp(-x))`. */
  | { readonly kind: "formula"; readonly formula: (args: readonly FormulaArg[]) => Formula };

/** Places in an argument. */
export interface HeldList {
  readonly arg: number;
  readonly steps: readonly HeldStep[];
  /** No other place may lead to the objects; to others, several may. */
  readonly isWritten: boolean;
}

export type HeldStep =
  | { readonly kind: "field"; readonly name: string; readonly isPrivate: boolean; readonly mayLack: boolean }
  /** All that is in an array, or under the keys of a map or a record. */
  | { readonly kind: "each"; readonly of: "Array" | "Map" | "Record"; readonly mayLack: boolean };

/** Formulas as data, over an operation's arguments and its result. */
export type Formula = FormulaArg | FormulaResult | FormulaApply;

export type FormulaArg =
  /** `curved`: where it is 0, its own gradient may be 0 too, so that an infinite partial by it says nothing. */
  | { readonly kind: "arg"; readonly index: number; readonly curved?: boolean }
  /** A literal argument is handed to the formula as such, so that it can specialise (`x ** 2`). */
  | { readonly kind: "literal"; readonly value: number | boolean; readonly spelling?: string };

export interface FormulaResult {
  readonly kind: "result";
  /** The result has a name of its own in the forward sweep, so that reusing it costs nothing. */
  readonly named: boolean;
}

export interface FormulaApply {
  readonly kind: "apply";
  readonly op: Op;
  readonly args: readonly Formula[];
}
