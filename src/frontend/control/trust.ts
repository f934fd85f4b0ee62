/**
 * What may be missing though TypeScript says otherwise: `xs[9]` beyond the end, a key that a record lacks, `x!`. Reads
 * like these are trusted, until what they give is tested for `undefined` somewhere, however far away. Then they are
 * doubted, and all is lowered once more: a doubted read says whether it found anything.
 */
import type { ts } from "ts-morph";
import type { ValueId } from "../../ir/types.js";
import type { Context } from "../context.js";
import { mayBeAbsent } from "../expressions/mixed.js";
import type { Bound } from "../scope.js";
import { noteRisk } from "./risks.js";

/** A test for absence: the value, and the test. */
export interface AbsenceTest {
  readonly value: ValueId;
  readonly node: ts.Node;
  /** It asks for `null`, which no element that is missing is. */
  readonly isForNull: boolean;
}

/** What was read where there may be nothing. */
export interface Read {
  readonly node: ts.Node;
  readonly isNumber: boolean;
}

/** Notes what a read gives that finds nothing at times: it is taken to be there, unless the read is doubted. */
export function noteRead(cx: Context, bound: Bound, node: ts.Node): void {
  if (bound.kind !== "value") return;
  const { reads, opened } = cx.unit;
  if (bound.type.kind === "ref") noteRisk(cx, node);
  if (!mayBeAbsent(bound.type)) reads.set(bound.id, { node, isNumber: bound.type.kind === "real" });
  else if (isDoubted(cx, node)) opened.add(bound.id);
}

/** Notes a value that may be missing where TypeScript says that it is not. */
export function noteOpened({ unit }: Context, bound: Bound): void {
  if (bound.kind === "value" && mayBeAbsent(bound.type)) unit.opened.add(bound.id);
}

/** True where what the source at `node` reads is tested for absence later. */
export function isDoubted(cx: Context, node: ts.Node): boolean {
  return cx.unit.doubted.has(node);
}

/** Notes that it is tested whether a value is there. */
export function noteAbsenceTest(cx: Context, bound: Bound, node: ts.Node, isForNull = false): void {
  if (bound.kind === "value") cx.unit.absenceTests.push({ value: bound.id, node, isForNull });
}
