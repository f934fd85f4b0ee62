/** Tests for what may be missing. */
import type { Apply, Atom } from "../ir/types.js";
import { isNullish, isUndefined } from "./scalar.js";

/** What a test finds missing, where it can be missing in that way only. */
export function testedForAbsence({ op, args: [source] }: Apply): Atom | undefined {
  const isOnly = source?.type.kind === "maybe" && source.type.none === "undefined";
  return op === isNullish || (op === isUndefined && isOnly) ? source : undefined;
}
