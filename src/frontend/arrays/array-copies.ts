/** Methods that give a changed copy, and those that move elements: `with`, `toSpliced`, `copyWithin`, `flat`. */
import type { Shape } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { poison, refuseExpression } from "../context.js";
import { fell } from "../control/control.js";
import { lowerExpression } from "../expressions/expressions.js";
import { countedLoop } from "../control/loops.js";
import { loadCell, loadLength, storeCell } from "../memory.js";
import { knownKey } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { type RefValue, apply, atomOf, isRef } from "../values.js";
import { keyOfIndex, pushElement, zero } from "./array-growth.js";
import { clampedStart, fromStart, smaller } from "./array-bounds.js";
import { type Call, argument, numberArgument } from "./array-iteration.js";
import { splice } from "./array-parts.js";
import { elementShape, resultShape } from "./array-results.js";
import { appendAll, copyOf, emptyArray } from "./array-spread.js";

/** `xs.with(i, x)`. */
export function withElement(call: Call): Bound {
  const { cx, ref, node, hint } = call;
  const index = numberArgument(call, 0);
  const value = argument(call, 1);
  if (index === null || value === null) return refuseExpression(cx, node, "`with` without an element");
  const out = copyOf(cx, ref, node, hint);
  const at = fromStart(call, index);
  const atom = atomOf(cx, value, node);
  if (at === poison || atom === poison) return poison;
  storeCell(cx, out, keyOfIndex(at), atom, node);
  return out;
}

/** `xs.toSpliced(…)`. */
export function toSpliced(call: Call): Bound {
  const out = copyOf(call.cx, call.ref, call.node, call.hint);
  const removed = splice({ ...call, ref: out, hint: null });
  return removed === poison ? poison : out;
}

/** `xs.copyWithin(to, from, end)`, as if from a copy. */
export function copyWithin(call: Call): Bound {
  const { cx, ref, node } = call;
  const [target, start, end] = [0, 1, 2].map((i) => numberArgument(call, i));
  if (target == null) return refuseExpression(cx, node, "`copyWithin` without a target");
  const to = clampedStart(call, target);
  if (to === poison) return poison;
  const isStart = to.kind === "literal" && to.value === 0;
  const moved = copyOf(cx, ref, node, null, { from: start ?? zero, to: end ?? null });
  const length = loadLength(cx, ref, node);
  const room = isStart ? length : apply(cx, ops.sub, [length, to], node);
  countedLoop(cx, node, {
    from: zero,
    to: smaller(cx, loadLength(cx, moved, node), room, node),
    assignedIn: [],
    body: (index) => {
      const element = loadCell(cx, moved, keyOfIndex(index), node, null);
      const at = isStart ? index : apply(cx, ops.add, [to, index], node);
      if (isAtom(element)) storeCell(cx, ref, keyOfIndex(at), element, node);
      return fell;
    },
  });
  return ref;
}

/** `xs.flat(depth)`: one level, unless said otherwise. */
export function flat(call: Call): Bound {
  const { cx, ref, node, hint } = call;
  const [argumentNode] = node.arguments;
  const depth = argumentNode === undefined ? 1 : knownKey(cx, lowerExpression(cx, argumentNode));
  if (typeof depth !== "number")
    return refuseExpression(cx, node, "`flat` with a depth that is not written out");
  if (!(depth >= 1)) return copyOf(cx, ref, node, hint);
  const shape = resultShape(call, innermost(ref.type.shape, depth));
  if (shape === null) return poison;
  const out = emptyArray(cx, shape, node, hint);
  flattenInto(call, out, ref, depth);
  return out;
}

function innermost(shape: Shape, depth: number): Shape {
  const element = elementShape(shape);
  return element === null || depth < 0 ? shape : innermost(element, depth - 1);
}

function flattenInto(call: Call, out: RefValue, ref: RefValue, depth: number): void {
  const { cx, node } = call;
  countedLoop(cx, node, {
    from: zero,
    to: loadLength(cx, ref, node),
    assignedIn: [],
    body: (index) => {
      const inner = loadCell(cx, ref, keyOfIndex(index), node, null);
      const isList = isRef(inner) && inner.type.shape.kind !== "object";
      if (isList && depth > 1 && holdsLists(inner.type.shape)) flattenInto(call, out, inner, depth - 1);
      else if (isList) appendAll(cx, out, inner, node);
      else pushElement(cx, out, atomOf(cx, inner, node), node);
      return fell;
    },
  });
}

function holdsLists(shape: Shape): boolean {
  const element = elementShape(shape);
  return element?.kind === "array" || element?.kind === "tuple";
}
