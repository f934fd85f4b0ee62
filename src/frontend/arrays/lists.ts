/** Arrays of functions: their elements are known while compiling, so that what goes over them is written out. */
import { keepList } from "../types/widening.js";
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean, suggested, whole } from "../../ir/builder.js";
import type { Atom, Hint } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { callStatic, leaveAlways } from "../functions/calls.js";
import { type Context, poison, refuse, unset } from "../context.js";
import { allocateElements, lowerElements } from "./elements.js";
import { lowerExpression } from "../expressions/expressions.js";
import {
  chooseFunction,
  chosenOf,
  guardKey,
  isCallable,
  listOfBounds,
  mayBeNone,
} from "../functions/functions.js";
import { functionOf } from "../functions/kept-calls.js";
import { hasRoom } from "../functions/inline.js";
import { branch, knownBoolean } from "../control/join.js";
import { pushElement } from "./array-growth.js";
import { emptyArray } from "./array-spread.js";
import { doWhereThere, indicesOf, isPerhaps, valueOf, whereThere } from "./optional-elements.js";
import { knownKey, undefinedLiteral } from "../names.js";
import type { Access } from "../expressions/properties.js";
import { type Bound, type List, type Static, isAtom } from "../scope.js";
import { isFunctionType } from "../types/function-shapes.js";
import { heldShapeOf } from "../types/shapes.js";
import { apply, atomOf, truthOf } from "../values.js";

/** `fs[i]`, `fs.length`. */
export function listMember(cx: Context, list: List, node: Access, hint: Hint | null): Bound {
  if (cx.ts.isPropertyAccessExpression(node)) {
    if (node.name.text === "length")
      return indicesOf(cx, list.elements, node)[list.elements.length] ?? poison;
    return refuse(cx, "arrayMethod", node.name, { method: node.name.text });
  }
  if (list.elements.some(isPerhaps)) return keepInMemory(cx, list, node);
  return elementAt(cx, list, lowerExpression(cx, node.argumentExpression), node, hint);
}

/** From the next attempt on, it is an array in memory. */
function keepInMemory(cx: Context, list: List, node: ts.Expression): Bound {
  keepList(cx, list);
  return refuse(cx, "dynamicIndex", node, { code: excerpt(node) });
}

function elementAt(
  cx: Context,
  { elements }: List,
  index: Bound,
  node: ts.Expression,
  hint: Hint | null,
): Bound {
  if (index === poison) return poison;
  const known = knownKey(cx, index);
  if (known !== null) return elements[Number(known)] ?? undefinedLiteral;
  const isNumber = isAtom(index) && (index.type.kind === "int" || index.type.kind === "real");
  if (!isNumber) return refuse(cx, "dynamicIndex", node, { code: excerpt(node) });
  const functions = elements.filter(isCallable);
  if (functions.length === elements.length)
    return chooseFunction(
      cx,
      index,
      functions.map((each, i) => [i, each] as const),
      false,
    );
  if (!elements.every((each) => isAtom(each) && each.type.kind === "ref"))
    return refuse(cx, "dynamicIndex", node, { code: excerpt(node) });
  const keys = elements.map((_, i) => whole(i));
  guardKey(cx, index, keys, node);
  const from = (i: number, name: Hint | null): Bound => {
    const [element, key] = [elements[i], keys[i]];
    if (element === undefined || key === undefined) return poison;
    if (i === elements.length - 1) return element;
    const test = apply(cx, ops.eq, [index, key], node);
    return branch(
      cx,
      node,
      test,
      () => element,
      () => from(i + 1, null),
      name,
    );
  };
  return from(0, hint);
}

/** One call of a method of a list. */
interface Call {
  readonly cx: Context;
  readonly list: List;
  readonly node: ts.CallExpression;
  readonly hint: Hint | null;
}

/** Lowers `fs.name(…)`. */
export function lowerListMethod(
  cx: Context,
  list: List,
  name: string,
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  const call: Call = { cx, list, node, hint };
  switch (name) {
    case "map":
      return collect(cx, node, mapped(call), hint);
    case "forEach":
      return mapped(call) === null ? poison : undefinedLiteral;
    case "reduce":
      return fold(call, false);
    case "reduceRight":
      return fold(call, true);
    case "every":
      return asked(call, true);
    case "some":
      return asked(call, false);
    case "filter":
      return filtered(call);
    case "at":
    case "slice":
      return list.elements.some(isPerhaps) ? keepInMemory(cx, list, node) : picked(call, name);
    case "concat":
    case "toReversed":
      return picked(call, name);
    default:
      keepList(cx, list);
      return refuse(cx, "arrayMethod", node.expression, { method: name });
  }
}

/** An array of what is known: a list where it holds functions. */
export function collect(
  cx: Context,
  node: ts.Expression,
  elements: readonly Bound[] | null,
  hint: Hint | null,
  madeBy?: ts.Node,
): Bound {
  if (elements === null || elements.includes(poison)) return poison;
  const list = listOfBounds(cx, elements);
  if (list !== null) return madeBy === undefined ? list : { ...list, node: madeBy };
  return elements.some(isPerhaps)
    ? pushedElements(cx, node, elements, hint)
    : allocateElements(cx, node, elements.filter(isAtom), hint);
}

/** An array of those that are there. */
function pushedElements(
  cx: Context,
  node: ts.Expression,
  elements: readonly Bound[],
  hint: Hint | null,
): Bound {
  const shape = heldShapeOf(cx.checker.getTypeAtLocation(node), node, cx.unit.project);
  if (shape.kind !== "array") return refuse(cx, "arrayMethod", node, { method: excerpt(node) });
  const out = emptyArray(cx, shape, node, hint);
  for (const each of elements)
    doWhereThere(cx, each, node, (value) => {
      pushElement(cx, out, atomOf(cx, value, node), node);
    });
  return out;
}

function picked({ cx, list: { elements }, node, hint }: Call, name: string): Bound {
  const args = lowerElements(cx, node.arguments, () => null);
  if (args === null) return poison;
  if (name === "toReversed") return collect(cx, node, [...elements].reverse(), hint);
  if (name === "concat") {
    const parts = args.flatMap((arg) => (arg.kind === "list" ? arg.elements : [arg]));
    if (parts.some((part) => isAtom(part) && part.type.kind === "ref"))
      return refuse(cx, "arrayMethod", node.expression, { method: name });
    return collect(cx, node, [...elements, ...parts], hint);
  }
  const bounds = args.map((arg) => knownKey(cx, arg));
  if (bounds.some((bound) => typeof bound !== "number"))
    return refuse(cx, "dynamicIndex", node, { code: excerpt(node) });
  const [from, to] = bounds.map(Number);
  if (name === "at") return elements.at(from ?? 0) ?? undefinedLiteral;
  return collect(cx, node, elements.slice(from, to), hint);
}

function callbackOf({ cx, node }: Call): Static | null {
  const [expression] = node.arguments;
  const bound = expression === undefined ? poison : lowerExpression(cx, expression);
  if (bound === poison) return null;
  const callback = functionOf(cx, bound, node);
  if (callback !== null) return callback;
  refuse(cx, "unknownCallee", node, { code: excerpt(node) });
  return null;
}

/** What the callback gives for each element. */
function mapped(call: Call): readonly Bound[] | null {
  const { cx, list, node } = call;
  const callback = callbackOf(call);
  if (callback === null) return null;
  const indices = indicesOf(cx, list.elements, node);
  return list.elements.map((element, i) => {
    const one = (value: Bound): Bound => run(cx, callback, [value, indices[i] ?? poison, list], node, null);
    if (!isPerhaps(element)) return one(element);
    const value = whereThere(cx, element, node, one, () => unset);
    return value === poison ? poison : { kind: "perhaps", value, when: element.when };
  });
}

/** By the type of the array that the call gives. */
function holdsOnlyFunctions({ checker, ts: tsc }: Context, node: ts.CallExpression): boolean {
  const element = checker.getIndexTypeOfType(checker.getTypeAtLocation(node), tsc.IndexKind.Number);
  return element !== undefined && (element.isUnion() ? element.types : [element]).every(isFunctionType);
}

/** The elements for which the callback holds. */
function filtered(call: Call): Bound {
  const { cx, list, node, hint } = call;
  const callback = callbackOf(call);
  if (callback === null) return poison;
  const indices = indicesOf(cx, list.elements, node);
  const isFound = holdsOnlyFunctions(cx, node);
  const asFound = (value: Bound): Bound =>
    isFound && value.kind === "choice" && mayBeNone(value) ? chosenOf(value) : value;
  const kept: Bound[] = [];
  list.elements.forEach((element, i) => {
    const value = valueOf(element);
    const one = (): Bound =>
      truthOf(cx, run(cx, callback, [value, indices[i] ?? poison, list], node, null), node);
    const when = whereThere(cx, element, node, one, () => boolean(false));
    if (!isAtom(when)) return;
    const known = knownBoolean(cx, when);
    if (when === poison) kept.push(poison);
    else if (known === null) kept.push({ kind: "perhaps", value: asFound(value), when });
    else if (known) kept.push(asFound(value));
  });
  return cx.unit.records.isKeptMember(node, "*")
    ? pushedElements(cx, node, kept, hint)
    : collect(cx, node, kept, hint, node);
}

/** Whether the callback holds for all elements, or for one of them: those behind the first that decides are not asked. */
function asked(call: Call, isEvery: boolean): Bound {
  const { cx, list, node, hint } = call;
  const callback = callbackOf(call);
  if (callback === null) return poison;
  const indices = indicesOf(cx, list.elements, node);
  const from = (i: number, name: Hint | null): Bound => {
    const element = list.elements[i];
    if (element === undefined) return boolean(isEvery);
    const one = (value: Bound): Bound =>
      truthOf(cx, run(cx, callback, [value, indices[i] ?? poison, list], node, null), node);
    const holds = whereThere(cx, element, node, one, () => boolean(isEvery));
    if (!isAtom(holds)) return poison;
    if (holds === poison || i === list.elements.length - 1) return holds;
    const others = (): Bound => from(i + 1, null);
    const decided = (): Bound => boolean(!isEvery);
    return isEvery
      ? branch(cx, node, holds, others, decided, name)
      : branch(cx, node, holds, decided, others, name);
  };
  return from(0, hint);
}

function fold(call: Call, backward: boolean): Bound {
  const { cx, list, node, hint } = call;
  const callback = callbackOf(call);
  if (callback === null) return poison;
  const initial = node.arguments[1];
  const indices = indicesOf(cx, list.elements, node);
  const entries = list.elements.map((element, i) => ({ element, i: indices[i] ?? whole(i) }));
  if (backward) entries.reverse();
  const first = initial === undefined ? entries.shift()?.element : lowerExpression(cx, initial);
  if (first === undefined) return refuse(cx, "unknownCallee", node, { code: excerpt(node) });
  if (isPerhaps(first)) return keepInMemory(cx, list, node);
  return foldOver(cx, callback, first, entries, list, node, hint);
}

/** `f(f(first, e0), e1)` and so on. */
export function foldOver(
  cx: Context,
  callback: Static,
  first: Bound,
  entries: readonly { readonly element: Bound; readonly i: Atom }[],
  array: Bound,
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  const parameter = callback.kind === "closure" ? callback.node.parameters[0]?.name : undefined;
  const name = parameter !== undefined && cx.ts.isIdentifier(parameter) ? suggested(parameter.text) : null;
  let total = first;
  entries.forEach(({ element, i }, at) => {
    const isLast = at === entries.length - 1;
    const before = total;
    const one = (value: Bound): Bound =>
      run(cx, callback, [before, value, i, array], node, isLast ? (hint ?? name) : name);
    total = whereThere(cx, element, node, one, () => before);
  });
  return total;
}

function run(
  cx: Context,
  callback: Static,
  args: readonly Bound[],
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  if (!hasRoom(cx, node, excerpt(node.expression))) return poison;
  return callStatic(cx, callback, args, node, hint, (end) => {
    leaveAlways(cx, end);
  });
}
