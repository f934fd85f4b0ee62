/** Methods of arrays, as loops: `xs.map(f)`, `xs.reduce(f, a)`, `xs.push(x)`. */
import { addTo, concatArgument, pushEach } from "./concatenating.js";
import { noteResizing } from "./appending.js";
import { notePassing, withoutHoles } from "./sparse.js";
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { holdsCotangents, isSeveral } from "../../ir/containers.js";
import { number, suggested } from "../../ir/builder.js";
import type { Atom, Hint, MemoryShape } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { startFilling, startSparse } from "./array-filling.js";
import {
  isAsserted,
  keyOfIndex,
  move,
  one,
  popElement,
  pushElement,
  shiftElement,
  takenElement,
  unshiftElement,
  zero,
} from "./array-growth.js";
import { clampedEnd, clampedStart, fromStart } from "./array-bounds.js";
import { type Call, argument, callbackOf, firstOf, iterate, numberArgument } from "./array-iteration.js";
import { copyWithin, flat, toSpliced, withElement } from "./array-copies.js";
import { entries, keys, splice, unshiftAll } from "./array-parts.js";
import { elementShape, heldBy, resultShape } from "./array-results.js";
import { join } from "./array-text.js";
import { indexOf, lastIndexOf, search } from "./array-search.js";
import { sort, toSorted } from "./array-sort.js";
import { appendAll, copyInto, copyOf, emptyArray } from "./array-spread.js";
import { mapToFunctions, mapToTuple, reduceFunctions } from "./array-functions.js";
import { type Context, origin, poison, refuse, refuseExpression } from "../context.js";
import { choose, fell } from "../control/control.js";
import { lowerExpression } from "../expressions/expressions.js";
import { lowerIterated } from "./keyed-lists.js";
import { countedLoop } from "../control/loops.js";
import { lengthOf, loadCell, loadElement, loadLength, storeCell } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import { type Bound, type Variable, isAtom } from "../scope.js";
import { unwrapped } from "../syntax.js";
import { noteRisk } from "../control/risks.js";
import { noteRead } from "../control/trust.js";
import { type RefValue, apply, atomOf, isRef, truthOf } from "../values.js";

type Method = (call: Call) => Bound;

/** Lowers `ref.name(…)`; null where there is no such method. */
export function lowerArrayMethod(
  cx: Context,
  ref: RefValue,
  name: string,
  node: ts.CallExpression,
  hint: Hint | null,
  item?: Call["item"],
): Bound | null {
  const method = methods.get(name);
  noteResizing(cx, ref, name);
  if (method === undefined) return null;
  const ahead = takesSpreadsBehind.get(name) ?? node.arguments.length;
  if (node.arguments.slice(0, ahead).some((each) => cx.ts.isSpreadElement(each)))
    return refuse(cx, "spreadLength", node, { code: excerpt(node) });
  notePassing(cx, ref, name, node);
  return method({ cx, ref, node, hint, ...(item === undefined ? {} : { item }) });
}

/** Spreads may stand among their arguments, behind the first so many. */
const takesSpreadsBehind: ReadonlyMap<string, number> = new Map([
  ["push", 0],
  ["concat", 0],
  ["splice", 2],
  ["unshift", 0],
  ["toSpliced", 2],
]);

const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["push", push],
  ["pop", ({ cx, ref, node, hint }) => takenElement(cx, ref, node, () => popElement(cx, ref, node, hint))],
  [
    "shift",
    ({ cx, ref, node, hint }) => takenElement(cx, ref, node, () => shiftElement(cx, ref, node, hint)),
  ],
  ["unshift", unshift],
  ["slice", (call) => copyOf(call.cx, call.ref, call.node, call.hint, bounds(call))],
  ["subarray", subarray],
  ["concat", concat],
  ["fill", fill],
  ["set", set],
  ["reverse", reverse],
  [
    "toReversed",
    (call) =>
      reverse({ ...call, ref: withoutHoles(call.cx, copyOf(call.cx, call.ref, call.node, call.hint)) }),
  ],
  ["map", map],
  ["forEach", forEach],
  ["reduce", (call) => reduce(call, false)],
  ["reduceRight", (call) => reduce(call, true)],
  ["filter", filter],
  ["flatMap", flatMap],
  ["flat", flat],
  ["with", withElement],
  ["toSpliced", toSpliced],
  ["copyWithin", copyWithin],
  ["sort", sort],
  ["toSorted", toSorted],
  ["some", (call) => search(call, "some")],
  ["every", (call) => search(call, "every")],
  ["find", (call) => search(call, "find")],
  ["findIndex", (call) => search(call, "findIndex")],
  ["findLast", (call) => search(call, "findLast")],
  ["findLastIndex", (call) => search(call, "findLastIndex")],
  ["indexOf", (call) => indexOf(call, false)],
  ["lastIndexOf", lastIndexOf],
  ["includes", (call) => indexOf(call, true)],
  ["at", at],
  ["splice", splice],
  ["join", join],
  ["keys", keys],
  ["values", (call) => withoutHoles(call.cx, copyOf(call.cx, call.ref, call.node, call.hint))],
  ["entries", entries],
]);

function bounds(call: Call): { readonly from: Atom | null; readonly to: Atom | null } {
  return { from: numberArgument(call, 0), to: numberArgument(call, 1) };
}

function push(call: Call): Bound {
  const { cx, ref, node } = call;
  for (const expression of node.arguments) {
    if (cx.ts.isSpreadElement(expression)) {
      const source = lowerIterated(cx, expression.expression);
      if (source === poison) return poison;
      if (source.kind === "list") {
        pushEach(cx, ref, source, expression);
        continue;
      }
      if (!isRef(source)) return refuseExpression(cx, expression, "spread of what is no array");
      appendAll(cx, ref, source, expression);
      continue;
    }
    const hint = ref.hint === null ? null : suggested(`${ref.hint.text}_next`);
    pushElement(cx, ref, atomOf(cx, lowerExpression(cx, expression, hint), expression), expression);
  }
  return loadLength(cx, ref, node);
}

function unshift(call: Call): Bound {
  const { cx, ref, node } = call;
  const [first, ...others] = node.arguments;
  if (first === undefined) return loadLength(cx, ref, node);
  if (others.length > 0 || cx.ts.isSpreadElement(first)) return unshiftAll(call);
  const bound = argument(call, 0);
  if (bound === null) return poison;
  unshiftElement(cx, ref, atomOf(cx, bound, node), node);
  return loadLength(cx, ref, node);
}

function subarray(call: Call): Bound {
  const { cx, ref, node, hint } = call;
  const { from, to } = bounds(call);
  const init = { kind: "view", of: ref, from: from ?? zero, to } as const;
  const shape = isSeveral(ref.type.shape) ? resultShape(call, null) : ref.type.shape;
  if (shape === null) return poison;
  if (isSeveral(ref.type.shape) && !holdsCotangents(ref.type.shape.containers))
    return refuseExpression(cx, node, "`subarray` of what may hold whole numbers only");
  return cx.unit.builder.alloc(shape, init, origin(cx, node, hint));
}

function concat(call: Call): Bound {
  const { cx, ref, node, hint } = call;
  const { shape } = ref.type;
  const isNew = shape.kind === "array" && isEmptyLiteral(cx.ts, node);
  const out = isNew ? emptyArray(cx, shape, node, hint) : copyOf(cx, ref, node, hint);
  return node.arguments.every((each) => concatArgument(cx, out, each)) ? out : poison;
}

/** `([] as number[]).concat(…)`. */
function isEmptyLiteral(tsc: typeof ts, { expression }: ts.CallExpression): boolean {
  const receiver = tsc.isPropertyAccessExpression(expression)
    ? unwrapped(tsc, expression.expression)
    : expression;
  return tsc.isArrayLiteralExpression(receiver) && receiver.elements.length === 0;
}

function fill(call: Call): Bound {
  const { cx, ref, node } = call;
  const bound = argument(call, 0);
  if (bound === null) return ref;
  const value = atomOf(cx, bound, node);
  const [start, end] = [numberArgument(call, 1), numberArgument(call, 2)];
  const from = start === null ? zero : clampedStart(call, start);
  const to = end === null ? loadLength(cx, ref, node) : clampedEnd(call, end);
  countedLoop(cx, node, {
    from,
    to,
    assignedIn: [],
    body: (index) => {
      storeCell(cx, ref, keyOfIndex(index), value, node);
      return fell;
    },
  });
  return ref;
}

/** `xs.set(ys, offset)` of a typed array. */
function set(call: Call): Bound {
  const { cx, ref, node } = call;
  const source = argument(call, 0);
  const offset = numberArgument(call, 1);
  if (source === null || source === poison) return poison;
  if (!isRef(source)) return refuseExpression(cx, node, "`set` of what is no array");
  // Where both lie in one buffer, `set` copies as if from a copy.
  const from = source.type.region === ref.type.region ? copyOf(cx, source, node, null) : source;
  countedLoop(cx, node, {
    from: zero,
    to: loadLength(cx, from, node),
    assignedIn: [],
    body: (index) => {
      const to = offset === null ? index : apply(cx, ops.add, [offset, index], node);
      const value = loadCell(cx, from, keyOfIndex(index), node, null);
      if (isAtom(value)) storeCell(cx, ref, keyOfIndex(to), value, node);
      return fell;
    },
  });
  return undefinedLiteral;
}

function reverse({ cx, ref, node }: Call): Bound {
  const length = loadLength(cx, ref, node);
  const half = apply(cx, ops.floor, [apply(cx, ops.div, [length, number(2)], node)], node);
  countedLoop(cx, node, {
    from: zero,
    to: half,
    assignedIn: [],
    body: (index) => {
      const other = apply(cx, ops.sub, [apply(cx, ops.sub, [length, one], node), index], node);
      const kept = loadCell(cx, ref, keyOfIndex(index), node, null);
      move(cx, ref, other, index, node);
      if (isAtom(kept)) storeCell(cx, ref, keyOfIndex(other), kept, node);
      return fell;
    },
  });
  return ref;
}

function map(call: Call): Bound {
  const { cx, ref, node, hint } = call;
  const callback = callbackOf(call);
  if (callback === null) return poison;
  const known = mapToFunctions(call, callback) ?? mapToTuple(call, callback);
  if (known !== null) return known;
  const shape = resultShape(call, { kind: "real" });
  if (shape === null) return poison;
  const { out, put } = cx.unit.skipping.has(node)
    ? startSparse(cx, shape, node, hint)
    : startFilling(cx, shape, () => loadLength(cx, ref, node), node, hint, ref);
  iterate(call, { callback }, (each) => {
    put(each.index, atomOf(cx, each.call(null), node));
    return fell;
  });
  return out;
}

function forEach(call: Call): Bound {
  const callback = callbackOf(call);
  if (callback === null) return poison;
  iterate(call, { callback }, (each) => {
    each.call(null);
    return fell;
  });
  return undefinedLiteral;
}

function reduce(call: Call, backward: boolean): Bound {
  const { cx, ref, node } = call;
  const callback = callbackOf(call);
  if (callback === null) return poison;
  const { environment } = cx.unit;
  const initial = argument(call, 1);
  if (initial === poison) return poison;
  if (initial !== null && !isAtom(initial)) return reduceFunctions(call, callback, initial, backward);
  const parameter = callback.kind === "closure" ? callback.node.parameters[0]?.name : undefined;
  const name = parameter !== undefined && cx.ts.isIdentifier(parameter) ? parameter.text : "total";
  const hint = call.hint ?? suggested(name);
  const isTuple = initial?.type.kind === "ref" && initial.type.shape.kind === "tuple";
  const held = isTuple || initial?.type.kind === "nothing" ? heldBy(cx, node) : null;
  const total: Variable = { name, hint, depth: environment.depth, ...(held === null ? {} : { shape: held }) };
  if (initial === null && (lengthOf(cx, ref) ?? 0) === 0) noteRisk(cx, node);
  const first = initial === null ? firstOf(call, backward) : null;
  environment.set(total, initial ?? first?.element ?? poison);
  iterate(call, { callback, backward, extra: [total], offset: 1, from: first?.behind ?? zero }, (each) => {
    environment.set(total, each.call(hint, environment.get(total) ?? poison));
    return fell;
  });
  return environment.get(total) ?? poison;
}

function filter(call: Call): Bound {
  const { cx, ref, node, hint } = call;
  const callback = callbackOf(call);
  const shape = callback === null ? null : resultShape(call, elementShape(ref.type.shape));
  if (callback === null || shape === null) return poison;
  if (isSeveral(shape)) return refuseExpression(cx, node, "`filter` of one of several kinds of arrays");
  const out = emptyArray(cx, plain(shape), node, isPlain(shape) ? hint : null);
  iterate(call, { callback }, (each) => {
    const test = truthOf(cx, each.call(null), node);
    return choose(
      cx,
      node,
      test,
      () => {
        pushElement(cx, out, atomOf(cx, each.element(), node), node);
        return fell;
      },
      () => fell,
      null,
    );
  });
  return isPlain(shape) ? out : copyInto(cx, out, shape, node, hint);
}

function isPlain(shape: MemoryShape): boolean {
  return shape.kind !== "array" || shape.storage === "Array";
}

/** An array of the same elements that can grow. */
export function plain(shape: MemoryShape): MemoryShape {
  return shape.kind === "array" ? { ...shape, storage: "Array" } : shape;
}

function flatMap(call: Call): Bound {
  const { cx, node, hint } = call;
  const callback = callbackOf(call);
  const shape = callback === null ? null : resultShape(call, { kind: "real" });
  if (callback === null || shape === null) return poison;
  const out = emptyArray(cx, shape, node, hint);
  iterate(call, { callback }, (each) => {
    addTo(cx, out, each.call(null), node);
    return fell;
  });
  return out;
}

/** `xs.at(i)`: a negative index counts from the end. */
function at(call: Call): Bound {
  const { cx, ref, node, hint } = call;
  const index = numberArgument(call, 0);
  if (index === null || index === poison) return poison;
  const from = fromStart(call, index);
  if (from === poison) return poison;
  const key = keyOfIndex(from);
  const isOpen = !isAsserted(cx, node) && typeof key !== "string";
  const element = (isOpen ? loadElement : loadCell)(cx, ref, key as number, node, hint);
  noteRead(cx, element, node);
  return element;
}
