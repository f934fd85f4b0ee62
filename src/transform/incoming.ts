/** What has come to a value's cotangent by the time that its definition is reversed. */
import type { Origin } from "../ir/builder.js";
import type { Atom, Value } from "../ir/types.js";
import { type Frame, slotOf, temporaryFor } from "./reverse.js";
import { type Term, asAtom, collect, fromAtom } from "./terms.js";
import { write } from "./write.js";

/** A sum of several contributions gets written down before it is multiplied by anything. */
export function singleTerm(frame: Frame, terms: readonly Term[], origin: Origin): Term {
  const [first, ...more] = terms;
  if (first !== undefined && more.length === 0) return first;
  return fromAtom(write(frame.sweep.builder, terms, origin), 3);
}

/** The whole cotangent of a number, written down unless it is at hand already; null where nothing has come. */
export function takenCotangent(frame: Frame, out: Value, asConstant = false): Atom | null {
  const terms = collect(frame.ledger.take(slotOf(frame, out), asConstant));
  if (terms.length === 0) return null;
  const origin: Origin = { statement: out.statement, sweep: "backward", hint: temporaryFor(out, null) };
  const term = singleTerm(frame, terms, origin);
  return asAtom(term) ?? write(frame.sweep.builder, [term], origin);
}
