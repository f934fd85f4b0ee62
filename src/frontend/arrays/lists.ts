/** Arrays of functions: their elements are known while compiling, so that what goes over them is written out. */
import { anyMember } from "../types/widening.js";
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean, suggested, whole } from "../../ir/builder.js";
import type { Hint } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { callStatic, leaveAlways } from "../functions/calls.js";
import { type Context, poison, refuse } from "../context.js";
import { allocateElements, lowerElements } from "./elements.js";
import { lowerExpression } from "../expressions/expressions.js";
import { chooseFunction, guardKey, isCallable, listOfBounds } from "../functions/functions.js";
import { functionOf } from "../functions/kept-calls.js";
import { hasRoom } from "../functions/inline.js";
import { branch } from "../control/join.js";
import { knownKey, undefinedLiteral } from "../names.js";
import type { Access } from "../expressions/properties.js";
import { type Bound, type List, type Static, isAtom } from "../scope.js";
import { apply, truthOf } from "../values.js";

/** `fs[i]`, `fs.length`. */
export function listMember(cx: Context, list: List, node: Access, hint: Hint | null): Bound {
  if (cx.ts.isPropertyAccessExpression(node)) {
    if (node.name.text === "length") return whole(list.elements.length);
    return refuse(cx, "arrayMethod", node.name, { method: node.name.text });
  }
  return elementAt(cx, list, lowerExpression(cx, node.argumentExpression), node, hint);
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
    case "at":
    case "slice":
    case "concat":
    case "toReversed":
      return picked(call, name);
    default:
      if (list.node !== undefined) cx.unit.records.keepMember(list.node, anyMember);
      return refuse(cx, "arrayMethod", node.expression, { method: name });
  }
}

/** An array of what is known: a list where it holds functions. */
export function collect(
  cx: Context,
  node: ts.Expression,
  elements: readonly Bound[] | null,
  hint: Hint | null,
): Bound {
  if (elements === null || elements.includes(poison)) return poison;
  return listOfBounds(cx, elements) ?? allocateElements(cx, node, elements.filter(isAtom), hint);
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
  return list.elements.map((element, i) => run(cx, callback, [element, whole(i), list], node, null));
}

/** Whether the callback holds for all elements, or for one of them: those behind the first that decides are not asked. */
function asked(call: Call, isEvery: boolean): Bound {
  const { cx, list, node, hint } = call;
  const callback = callbackOf(call);
  if (callback === null) return poison;
  const from = (i: number, name: Hint | null): Bound => {
    const element = list.elements[i];
    if (element === undefined) return boolean(isEvery);
    const holds = truthOf(cx, run(cx, callback, [element, whole(i), list], node, null), node);
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
  const entries = list.elements.map((element, i) => ({ element, i }));
  if (backward) entries.reverse();
  const first = initial === undefined ? entries.shift()?.element : lowerExpression(cx, initial);
  if (first === undefined) return refuse(cx, "unknownCallee", node, { code: excerpt(node) });
  return foldOver(cx, callback, first, entries, list, node, hint);
}

/** `f(f(first, e0), e1)` and so on. */
export function foldOver(
  cx: Context,
  callback: Static,
  first: Bound,
  entries: readonly { readonly element: Bound; readonly i: number }[],
  array: Bound,
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  const parameter = callback.kind === "closure" ? callback.node.parameters[0]?.name : undefined;
  const name = parameter !== undefined && cx.ts.isIdentifier(parameter) ? suggested(parameter.text) : null;
  let total = first;
  entries.forEach(({ element, i }, at) => {
    const isLast = at === entries.length - 1;
    total = run(cx, callback, [total, element, whole(i), array], node, isLast ? (hint ?? name) : name);
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
