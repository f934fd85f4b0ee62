/** `xs.splice(…)`, and the lists that `xs.keys()` and `xs.entries()` go over. */
import type { ts } from "ts-morph";
import { int } from "../../ir/builder.js";
import type { Atom, Hint, MemoryShape } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { keyOfIndex, pushElement, shorten, zero } from "./array-growth.js";
import { clampedStart, countOf, smaller } from "./array-bounds.js";
import { type Call, numberArgument } from "./array-iteration.js";
import { elementShape } from "./array-results.js";
import { lowerIterated } from "./keyed-lists.js";
import { appendAll, copyOf, emptyArray } from "./array-spread.js";
import { type Context, origin, poison, refuseExpression } from "../context.js";
import { fell } from "../control/control.js";
import { lowerExpression } from "../expressions/expressions.js";
import { allocate } from "../expressions/literals.js";
import { countedLoop } from "../control/loops.js";
import { loadCell, loadLength, storeCell } from "../memory.js";
import type { Bound } from "../scope.js";
import { type RefValue, apply, atomOf, isRef } from "../values.js";

/** What comes behind is set aside, and appended again. */
export function splice(call: Call): Bound {
  const { cx, ref, node, hint } = call;
  const [start, count] = [numberArgument(call, 0), numberArgument(call, 1)];
  if (start === null) return refuseExpression(cx, node, "`splice` without a start");
  const length = loadLength(cx, ref, node);
  const from = smaller(cx, clampedStart(call, start), length, node);
  const to =
    count === null
      ? length
      : smaller(cx, apply(cx, ops.add, [from, countOf(call, count)], node), length, node);
  if (from === poison || to === poison) return poison;
  const items = node.arguments.slice(2).map((item) => insertedBy(call, item));
  if (items.includes(null)) return poison;
  const removed = copyOf(cx, ref, node, hint, { from, to });
  const tail = copyOf(cx, ref, node, null, { from: to, to: null });
  shorten(cx, ref, from, node);
  for (const insert of items) insert?.();
  appendAll(cx, ref, tail, node);
  return removed;
}

/** `xs.unshift(a, ...bs)`: what was there is set aside, and appended again. */
export function unshiftAll(call: Call): Bound {
  const { cx, ref, node } = call;
  const items = node.arguments.map((item) => insertedBy(call, item));
  if (items.includes(null)) return poison;
  const tail = copyOf(cx, ref, node, null);
  shorten(cx, ref, zero, node);
  for (const insert of items) insert?.();
  appendAll(cx, ref, tail, node);
  return loadLength(cx, ref, node);
}

/** What puts an argument there, which has its value before; null where it has none. */
function insertedBy({ cx, ref, node }: Call, item: ts.Expression): (() => void) | null {
  if (!cx.ts.isSpreadElement(item)) {
    const value = atomOf(cx, lowerExpression(cx, item), item);
    return () => {
      pushElement(cx, ref, value, node);
    };
  }
  const source = lowerIterated(cx, item.expression);
  if (!isRef(source)) {
    if (source !== poison) refuseExpression(cx, item, "spread of what is no array");
    return null;
  }
  const all = source.type.region === ref.type.region ? copyOf(cx, source, item, null) : source;
  return () => {
    appendAll(cx, ref, all, item);
  };
}

/** `[...xs.keys()]`: the indices. */
export function keys(call: Call): Bound {
  const { cx, ref, node, hint } = call;
  const shape: MemoryShape = { kind: "array", element: int, storage: "Array" };
  const init = { kind: "filled", length: loadLength(cx, ref, node), value: zero } as const;
  const out = cx.unit.builder.alloc(shape, init, origin(cx, node, hint)) as RefValue;
  overIndices(call, (index) => {
    storeCell(cx, out, keyOfIndex(index), index, node);
  });
  return out;
}

/** `[...xs.entries()]`: pairs of an index and an element. */
export function entries(call: Call): Bound {
  const { cx, ref, node, hint } = call;
  const element = elementShape(ref.type.shape);
  if (element === null) return refuseExpression(cx, node, "list of the entries of what is no array");
  const pair: MemoryShape = { kind: "tuple", elements: [{ kind: "real" }, element] };
  const out = emptyArray(cx, { kind: "array", element: pair, storage: "Array" }, node, hint);
  overIndices(call, (index) => {
    const value = atomOf(cx, loadCell(cx, ref, keyOfIndex(index), node, null), node);
    if (value !== poison) pushElement(cx, out, pairOf(cx, pair, index, value, node, null), node);
  });
  return out;
}

function pairOf(
  cx: Context,
  shape: MemoryShape,
  index: Atom,
  value: Atom,
  node: ts.Node,
  hint: Hint | null,
): Atom {
  const cells = [index, value].map((each, i) => ({ name: String(i), value: each }));
  return allocate(cx, shape, cells, node, hint);
}

function overIndices({ cx, ref, node }: Call, body: (index: Atom) => void): void {
  countedLoop(cx, node, {
    from: zero,
    to: loadLength(cx, ref, node),
    assignedIn: [],
    body: (index) => {
      body(index);
      return fell;
    },
  });
}
