/** What operations do with what counters have given (`counted.ts`). */
import type { Op } from "../../ir/op.js";
import type { Atom } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { otherwise } from "../../ops/mixed.js";
import { stopped } from "../../ops/stop.js";
import { template, toText } from "../../ops/text.js";

/**
 * What a value may come from: bit 0 is all that is no counter, bit `i + 1` the counter of that number. What is not known
 * yet has none.
 */
export type Sources = number;

export const plain: Sources = 1;

/** All come from one counter, and from nothing else. */
export function isOfOne(sources: Sources): boolean {
  return sources > plain && (sources & (sources - 1)) === 0;
}

/** Where the result comes from; null where it shows where a counter began, if one of the arguments comes from one. */
export function sourcesOfResult(op: Op, args: readonly Atom[], sources: readonly Sources[]): Sources | null {
  const [a = plain, b = plain, c = plain] = sources;
  if (sources.includes(0) && waiting.has(op)) return 0;
  switch (op) {
    case ops.copy:
    case ops.narrow:
    case otherwise:
    case stopped:
      return a;
    case ops.select:
      return b | c;
    case ops.max:
    case ops.min:
    case toText:
      return isOfOne(a | (op === toText ? 0 : b)) ? a : null;
    case ops.add:
      if (isOfOne(a) && b === plain) return a;
      return isOfOne(b) && a === plain ? b : null;
    case ops.sub:
      if (isOfOne(a) && b === plain) return a;
      return isOfOne(a | b) ? plain : null;
    case template:
      return sourcesOfTemplate(args, sources);
    case ops.eq:
    case ops.ne:
      return isOfOne(a | b) ? plain : null;
    case ops.lt:
    case ops.le:
    case ops.gt:
    case ops.ge:
      // Texts of numbers have another order than these.
      return isOfOne(a | b) && args.every(({ type }) => type.kind !== "string") ? plain : null;
    case ops.isUndefined:
    case ops.isDefined:
    case ops.isNull:
    case ops.isNotNull:
    case ops.isNullish:
    case ops.isPresent:
      return plain;
    default:
      return null;
  }
}

/** What gives something counted again, if that is what it is given. */
const waiting: ReadonlySet<Op> = new Set([ops.max, ops.min, ops.add, ops.sub, toText, template]);

/** Numbers among words: which they are can be told, as no digits stand beside them. */
function sourcesOfTemplate(args: readonly Atom[], sources: readonly Sources[]): Sources | null {
  const counted = sources.filter((each) => each !== plain);
  if (counted.length === 0) return plain;
  const all = counted.reduce((sum, each) => sum | each, 0);
  const isClear = (beside: Atom | undefined, digit: RegExp): boolean =>
    beside === undefined || (beside.kind === "literal" && !digit.test(String(beside.value)));
  const areClear = sources.every(
    (each, i) => each === plain || (isClear(args[i - 1], /[\d.]$/u) && isClear(args[i + 1], /^[\d.]/u)),
  );
  return isOfOne(all) && areClear ? all : null;
}
