/** What a table entry holds beside the operation itself: where to test it, and what to tell the reader. */
import type { Op } from "../ir/op.js";

/** The values that a test draws for one argument. */
export type Range = readonly [low: number, high: number] | "bool";

/** One range per argument; the operation is smooth inside. */
export type Box = readonly Range[];

/** A point where the value has no derivative, or the formula needs care, and the partials chosen there. */
export interface Kink {
  readonly at: readonly number[];
  readonly partials: readonly number[];
  /** Arguments given to the formula as literals, by index. */
  readonly literal?: readonly number[];
}

/** A form of the formula for literal arguments: a number where the argument is literal, a range elsewhere. */
export type LiteralCase = readonly (number | Range)[];

export interface OpEntry extends Op {
  /** Empty for an operation that takes no number. */
  readonly domain: readonly Box[];
  readonly kinks: readonly Kink[];
  readonly literalCases: readonly LiteralCase[];
  /** What the documentation calls the arguments; of a variadic operation, the first few. */
  readonly argNames: readonly string[];
  /** What the documentation says beside the formula; may be empty. */
  readonly note: string;
}

/** The domain of an operation of as many arguments as there are ranges. */
export function box(...ranges: readonly Range[]): Box {
  return ranges;
}
