/** Indices and counts as the methods of arrays take them: without a fraction, from the end, and within the array. */
import type { ts } from "ts-morph";
import { int, number } from "../../ir/builder.js";
import type { Op } from "../../ir/op.js";
import type { Atom } from "../../ir/types.js";
import { max, min, trunc } from "../../ops/piecewise.js";
import * as ops from "../../ops/scalar.js";
import { type Context, poison } from "../context.js";
import { branch } from "../control/join.js";
import { loadLength } from "../memory.js";
import { isAtom } from "../scope.js";
import { apply } from "../values.js";
import { zero } from "./array-growth.js";
import type { Call } from "./array-iteration.js";

/** An index that counts from the end where it is negative, counted from the start. */
export function fromStart({ cx, ref, node }: Call, given: Atom): Atom {
  const length = (): Atom => loadLength(cx, ref, node);
  const index = wholeOf(cx, given, node);
  if (index === poison) return poison;
  if (index.kind === "literal") {
    const from = Number(index.value);
    return from >= 0 ? index : apply(cx, ops.sub, [length(), number(-from)], node);
  }
  const bound = branch(
    cx,
    node,
    apply(cx, ops.lt, [index, zero], node),
    () => apply(cx, ops.add, [length(), index], node),
    () => index,
    null,
  );
  return isAtom(bound) ? bound : poison;
}

/** The same, not before the start. */
export function clampedStart(call: Call, index: Atom): Atom {
  const from = fromStart(call, index);
  if (from === poison || (index.kind === "literal" && Number(index.value) >= 0)) return from;
  return extreme(call.cx, max, from, zero, call.node);
}

/** The same, not behind the end. */
export function clampedEnd(call: Call, index: Atom): Atom {
  const to = fromStart(call, index);
  if (to === poison || (index.kind === "literal" && Number(index.value) < 0)) return to;
  return smaller(call.cx, to, loadLength(call.cx, call.ref, call.node), call.node);
}

/** How many elements are meant: none for less than 0. */
export function countOf({ cx, node }: Call, count: Atom): Atom {
  return extreme(cx, max, wholeOf(cx, count, node), zero, node);
}

/** The smaller one of whole numbers. */
export function smaller(cx: Context, a: Atom, b: Atom, node: ts.Node): Atom {
  return extreme(cx, min, a, b, node);
}

function extreme(cx: Context, op: Op, a: Atom, b: Atom, node: ts.Node): Atom {
  if (a === poison || b === poison) return poison;
  if (a.kind === "literal" && b.kind === "literal") {
    const which = op.evaluate(Number(a.value), Number(b.value));
    return which === a.value ? a : b;
  }
  return a.kind === "value" && b.kind === "value" && a.id === b.id
    ? a
    : apply(cx, op, [a, b], node, null, int);
}

function wholeOf(cx: Context, index: Atom, node: ts.Node): Atom {
  if (index.kind === "literal") return number(Math.trunc(Number(index.value)));
  return index.type.kind === "int" ? index : apply(cx, trunc, [index], node, null, int);
}
