/**
 * `sort` and `toSorted`: the indices are put in order by the engine's own `sort`, with the comparison of the user, and the
 * elements are taken in that order. No derivative flows through the comparison.
 */
import type { ts } from "ts-morph";
import { suggested } from "../../ir/builder.js";
import { isSeveral } from "../../ir/containers.js";
import type { Block, Value } from "../../ir/types.js";
import { startFilling } from "./array-filling.js";
import { keyOfIndex, zero } from "./array-growth.js";
import type { Call } from "./array-iteration.js";
import { copyInto, copyOf, shapeOfCopy } from "./array-spread.js";
import { type Comparing, comparingOf } from "./comparing.js";
import { isReading, whoseIndices } from "./just-made.js";
import { sortByInsertion } from "./insertion.js";
import { origin, poison } from "../context.js";
import { fell } from "../control/control.js";
import { countedLoop } from "../control/loops.js";
import { loadCell, loadLength, loadRaw, storeCell } from "../memory.js";
import { type Bound, isAtom } from "../scope.js";
import { unwrapped } from "../syntax.js";
import { noteMaker, widenedShape } from "../types/widening.js";
import { type RefValue, atomOf, isRef } from "../values.js";

/** In place; what has just been made for it is not sorted itself, but read in order. */
export function sort(call: Call): Bound {
  const { cx, ref, node, hint } = call;
  const comparing = comparingOf(call);
  if (comparing === null) return poison;
  const isOwn = isMadeForIt(call);
  const indexed = whoseIndices(cx, ref);
  if (indexed === null && isOwn) return sorted(call, originalOf(call), comparing);
  const order = orderOf(call, indexed ?? ref, comparing, {
    isOfIndices: indexed !== null,
    name: indexed !== null && isOwn ? "sorted" : "order",
  });
  if (order === null) return sortByInsertion(call, comparing);
  if (indexed !== null && isOwn) {
    const shape = widenedShape(cx, node, shapeOfCopy(ref.type.shape));
    const out = copyInto(cx, order, shape, node, hint);
    noteMaker(cx, out, node);
    return out;
  }
  const before = indexed === null ? copyOf(cx, ref, node, suggested("before")) : null;
  takeInOrder({ cx, node, hint, ref: before ?? ref }, order, before === null, (index, value) => {
    if (isAtom(value)) storeCell(cx, ref, keyOfIndex(index), value, node);
  });
  return ref;
}

export function toSorted(call: Call): Bound {
  const comparing = comparingOf(call);
  return comparing === null ? poison : sorted(call, call.ref, comparing);
}

/** A new array with the elements of `source` in order. */
function sorted(call: Call, source: RefValue, comparing: Comparing): Bound {
  const { cx, node, hint } = call;
  const order = orderOf(call, source, comparing);
  if (order === null) {
    const out = source === call.ref && isMadeForIt(call) ? source : copyOf(cx, source, node, hint);
    return sortByInsertion({ ...call, ref: out }, comparing);
  }
  const { out, put } = startFilling(
    cx,
    shapeOfCopy(call.ref.type.shape),
    () => loadLength(cx, source, node),
    node,
    hint ?? suggested("sorted"),
    source,
  );
  takeInOrder({ ...call, ref: source }, order, false, (index, value) => {
    put(index, atomOf(cx, value, node));
  });
  return out;
}

/** Gives each element of `ref` in the order, or the order itself, where the elements are the indices. */
function takeInOrder(
  { cx, ref, node }: Call,
  order: RefValue,
  isOfIndices: boolean,
  put: (index: Value, value: Bound) => void,
): void {
  countedLoop(cx, node, {
    from: zero,
    to: loadLength(cx, order, node),
    assignedIn: [],
    body: (index) => {
      const at = atomOf(cx, loadRaw(cx, order, keyOfIndex(index), node, null), node);
      const value = isOfIndices ? at : loadRaw(cx, ref, keyOfIndex(at), node, null);
      if (index.kind === "value") put(index, value);
      return fell;
    },
  });
}

/**
 * The indices of `source` in the order of its elements, or of the indices themselves; null where the comparison calls what
 * is not known to have no effects.
 */
function orderOf(
  { cx, node }: Call,
  source: RefValue,
  comparing: Comparing,
  { isOfIndices, name }: { readonly isOfIndices: boolean; readonly name: string } = {
    isOfIndices: false,
    name: "order",
  },
): RefValue | null {
  const { builder } = cx.unit;
  const params = ["i", "j"].map((each) => builder.value({ kind: "int" }, { hint: suggested(each) }));
  const [i, j] = params;
  const at = (index: Value): Bound =>
    isOfIndices ? index : loadCell(cx, source, keyOfIndex(index), node, null);
  const compared = i === undefined || j === undefined ? null : comparing.compare(at, i, j);
  if (compared === null || i === undefined || j === undefined) return null;
  const body: Block = { instrs: compared.instrs, end: { kind: "yield", values: [compared.result] } };
  return builder.order(source, [i, j], body, origin(cx, node, suggested(name))) as RefValue;
}

/** Nobody else has the array that is sorted: `[...xs].sort(…)`. */
function isMadeForIt({ cx, node }: Call): boolean {
  const tsc = cx.ts;
  const callee = unwrapped(tsc, node.expression);
  if (!tsc.isPropertyAccessExpression(callee)) return false;
  const receiver = unwrapped(tsc, callee.expression);
  if (tsc.isArrayLiteralExpression(receiver)) return true;
  if (!tsc.isCallExpression(receiver)) return false;
  const maker = unwrapped(tsc, receiver.expression);
  if (!tsc.isPropertyAccessExpression(maker)) return false;
  const { name, expression } = maker;
  if (tsc.isIdentifier(expression) && expression.text === "Object") return listing.has(name.text);
  if (name.text === "from") return tsc.isIdentifier(expression) && arrays.test(expression.text);
  return making.has(name.text) && isArray(cx.checker, cx.checker.getTypeAtLocation(expression));
}

function isArray(checker: ts.TypeChecker, type: ts.Type): boolean {
  return checker.isArrayType(type) || checker.isTupleType(type) || arrays.test(type.getSymbol()?.name ?? "");
}

/** Methods of arrays that give a new one. */
const making: ReadonlySet<string> = new Set(
  "slice map filter concat flat flatMap toReversed toSorted toSpliced with".split(" "),
);

/** Functions of `Object` that do. */
const listing: ReadonlySet<string> = new Set(["keys", "values", "entries"]);

const arrays = /^(?:Array|(?:Float|Int|Uint)\d+(?:Clamped)?Array)$/u;

/** What the array is a mere copy of, as long as nothing has happened since; else the array itself. */
function originalOf({ cx, ref }: Call): RefValue {
  const before = cx.unit.builder.peek();
  const at = before.findIndex((instr) => instr.kind === "alloc" && instr.out === ref);
  const made = before[at];
  if (made?.kind !== "alloc" || made.init.kind !== "slice") return ref;
  const { of, from, to } = made.init;
  if (from !== null || to !== null || !isRef(of)) return ref;
  if (!before.slice(at + 1).every(isReading)) return ref;
  const [own, original] = [ref.type.shape, of.type.shape];
  const isAlike =
    own.kind === "array" &&
    original.kind === "array" &&
    own.element === original.element &&
    !isSeveral(own) &&
    !isSeveral(original);
  return isAlike ? of : ref;
}
