/** Sorting: the order of an array's elements. */
import type { Block, Value } from "./types.js";

/**
 * `out = [...of.keys()].sort((i, j) => body)`: the indices of an array in the order of a comparison, which yields a number.
 * The body has no effects that anything outside of it sees. It runs while the array is sorted, so that no derivative flows
 * through it.
 */
export interface Order {
  readonly kind: "order";
  readonly out: Value;
  /** The array, or the tuple, of as many elements. */
  readonly of: Value;
  readonly params: readonly [Value, Value];
  readonly body: Block;
}
