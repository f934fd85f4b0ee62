/** What flows into functions that are called, and out of them. */
import { type Contained } from "../ir/contained.js";

/** What flows into a function that is called, and out of it again; grows while its callers are looked at. */
export interface CallSummary {
  /** Parameters, by position, that some call gives something that varies. */
  readonly varied: Set<number>;
  /** Parameters that what is wanted of the function depends on. */
  readonly useful: Set<number>;
  /** Parameters whose memory holds something that varies when the function has run. */
  readonly left: Set<number>;
  /** Results that vary. */
  readonly given: Set<number>;
  /** Results whose memory some caller puts something into that varies, and of which two parts may be one. */
  readonly filled: Set<number>;
  /** Parameters whose memory is of use when the function has run. */
  readonly kept: Set<number>;
  /** Some call uses the result: then it holds 0, the number of that result. */
  readonly results: Set<number>;
}

export type Summaries = ReadonlyMap<string, CallSummary>;

/** How calls are seen by the two halves. */
export interface Calls {
  readonly summaries: Summaries;
  readonly contained: Contained;
}

export const noCalls: Calls & { own: CallSummary | null } = Object.freeze({
  summaries: new Map(),
  contained: new Map(),
  own: null,
});
