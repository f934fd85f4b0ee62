/** Counted loops: how many iterations they have, and how they run backwards. */
import type { Definitions } from "../analysis/definitions.js";
import { type Builder, type Origin, int, whole } from "../ir/builder.js";
import type { Atom, Loop, LoopHead, Value } from "../ir/types.js";
import { forEachInstr } from "../ir/visit.js";
import { add, ceil, div, floor, max, mul, sub } from "../ops/scalar.js";
import { invariant } from "../support/invariant.js";
import { isLength } from "../ir/places.js";
import type { Recovery } from "./recovery.js";

/** Room for so many iterations may stay unused. */
const mostUnused = 1000;

export type Counted = Extract<LoopHead, { kind: "counted" }>;

/** The number of iterations, never negative. */
export function tripCount(builder: Builder, definitions: Definitions, head: Counted, origin: Origin): Atom {
  const { from, to, comparison, step } = head;
  const isUp = step > 0;
  const span = isUp ? difference(builder, to, from, origin) : difference(builder, from, to, origin);
  const isClosed = comparison === "<=" || comparison === ">=";
  const size = Math.abs(step);
  // A length needs no care; anything else may be negative, or no whole number.
  const isPlain = isLiteral(from, 0) && comparison === "<" && size === 1;
  if (isPlain && isCount(definitions, to)) return span;
  const steps = size === 1 ? span : builder.apply(div, [span, whole(size)], origin);
  const rounded = isWhole(steps) ? steps : builder.apply(isClosed ? floor : ceil, [steps], origin);
  const count = isClosed ? sum(builder, rounded, 1, origin) : rounded;
  return builder.apply(max, [whole(0), count], origin, int);
}

/** The number of the iteration, from 0; `recovery` gives the index where the loop is being reversed. */
export function iterationNumber(
  builder: Builder,
  loop: Loop,
  recovery: Recovery | null,
  origin: Origin,
): Atom {
  const { head } = loop;
  invariant(head.kind === "counted", "reverse", "a loop without an index");
  const index = recovery === null ? head.index : recovery.value(head.index);
  const from = recovery === null ? head.from : recovery.atom(head.from);
  if (head.step > 0) return difference(builder, index, from, origin);
  return endsAtZero(head) ? index : difference(builder, from, index, origin);
}

/** Counts down to 0: each index is a number of an iteration as well. */
function endsAtZero({ comparison, to, step, index }: Counted): boolean {
  return comparison === ">=" && step === -1 && to.kind === "literal" && to.value === 0 && isWhole(index);
}

/** The head of the loop that runs through the same indices backwards, for a step of 1 or -1. */
export function reversedHead(
  builder: Builder,
  head: Counted,
  bounds: { readonly from: Atom; readonly to: Atom },
  index: Value,
  origin: Origin,
): Counted {
  const { from, to } = bounds;
  const isClosed = head.comparison === "<=" || head.comparison === ">=";
  const isUp = head.step > 0;
  const trim = (atom: Atom, up: boolean): Atom =>
    isWhole(atom) ? atom : builder.apply(up ? ceil : floor, [atom], origin);
  const last = isUp
    ? isClosed
      ? trim(to, false)
      : sum(builder, trim(to, true), -1, origin)
    : isClosed
      ? trim(to, true)
      : sum(builder, trim(to, false), 1, origin);
  return {
    kind: "counted",
    index,
    from: last,
    comparison: isUp ? ">=" : "<=",
    to: from,
    step: isUp ? -1 : 1,
  };
}

/** `k`, which counts down from `trips - 1` to 0. */
export function countdown(builder: Builder, index: Value, trips: Atom, origin: Origin): Counted {
  return {
    kind: "counted",
    index,
    from: sum(builder, trips, -1, origin),
    comparison: ">=",
    to: whole(0),
    step: -1,
  };
}

/** The index in iteration `k`. */
export function indexAt(builder: Builder, from: Atom, step: number, k: Atom, origin: Origin): Value {
  const { again: _, ...unnamed } = origin;
  const offset = step === 1 ? k : builder.apply(mul, [whole(step), k], unnamed, int);
  return builder.apply(add, [from, offset], origin, isWhole(from) ? int : undefined);
}

/** The loop runs through whole numbers one by one, as far as that can be told; an array's index is one. */
export function runsByOne(loop: Loop): boolean {
  const { head } = loop;
  if (head.kind !== "counted" || Math.abs(head.step) !== 1) return false;
  if (isWhole(head.from)) return true;
  let indexes = false;
  forEachInstr(loop.body, (instr) => {
    if (instr.kind !== "load" && instr.kind !== "store") return;
    const { step } = instr.place;
    indexes ||= step.kind === "index" && step.index.kind === "value" && step.index.id === head.index.id;
  });
  return indexes;
}

/** No iteration ends the loop before its time. */
export function runsThrough(loop: Loop): boolean {
  const { end } = loop.body;
  if (end.kind !== "yield") return true;
  const [again] = end.values;
  return again?.kind === "literal" && again.value === true;
}

/** So few iterations at most that there is room for them all, even if the loop should be left before. */
export function isShort({ from, to }: Counted): boolean {
  if (from.kind !== "literal" || to.kind !== "literal") return false;
  return Math.abs(Number(to.value) - Number(from.value)) <= mostUnused;
}

/** Known to be a whole number. */
export function isWhole(atom: Atom): boolean {
  return atom.type.kind === "int" || (atom.kind === "literal" && Number.isInteger(atom.value));
}

/** Known to be a whole number that is not negative: a length, a product of lengths. */
function isCount(definitions: Definitions, atom: Atom): boolean {
  if (atom.kind === "literal") return isWhole(atom) && Number(atom.value) >= 0;
  const instr = definitions.of.get(atom.id)?.instr;
  if (instr?.kind === "load") return isLength(instr.place) && isArray(instr.place.ref);
  return (
    instr?.kind === "apply" &&
    (instr.op === mul || instr.op === add) &&
    instr.args.every((arg) => isCount(definitions, arg))
  );
}

function isArray({ type }: Value): boolean {
  return type.kind === "ref" && type.shape.kind === "array";
}

function difference(builder: Builder, a: Atom, b: Atom, origin: Origin): Atom {
  if (isLiteral(b, 0)) return a;
  if (a.kind === "literal" && b.kind === "literal") return whole(Number(a.value) - Number(b.value));
  const type = isWhole(a) && isWhole(b) ? int : undefined;
  return builder.apply(sub, [a, b], origin, type);
}

function sum(builder: Builder, a: Atom, n: number, origin: Origin): Atom {
  if (a.kind === "literal") return whole(Number(a.value) + n);
  const type = isWhole(a) ? int : undefined;
  return builder.apply(n < 0 ? sub : add, [a, whole(Math.abs(n))], origin, type);
}

function isLiteral(atom: Atom, value: number): boolean {
  return atom.kind === "literal" && atom.value === value;
}
