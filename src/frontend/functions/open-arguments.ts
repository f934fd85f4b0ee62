/** Calls with spreads of which only the call knows how many values they stand for: `f(a, ...xs)`, `new C(...xs)`. */
import type { ts } from "ts-morph";
import type { Hint } from "../../ir/types.js";
import { mathFunctions } from "../../ops/table.js";
import { excerpt } from "../../diagnostics/collector.js";
import { pushElement } from "../arrays/array-growth.js";
import {
  appendAll,
  copyOf,
  emptyArray,
  isOfFunctions,
  isOpenSpread,
  listOf,
  makesArray,
} from "../arrays/array-spread.js";
import { doWhereThere } from "../arrays/optional-elements.js";
import { restOfArray } from "../arrays/rest-elements.js";
import { lowerElements } from "../arrays/elements.js";
import { lowerIterated } from "../arrays/keyed-lists.js";
import { type Context, poison, refuse } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { loadCell, loadElement } from "../memory.js";
import { asDeclared } from "../expressions/boxes.js";
import { undefinedLiteral } from "../names.js";
import { isOpenTuple } from "../types/array-shapes.js";
import { type Bound, type Static, isAtom } from "../scope.js";
import { type ShapeResult, heldShapeOf, shapeOf } from "../types/shapes.js";
import { type RefValue, atomOf, referenceOf, there } from "../values.js";
import { valueParameters } from "./inline.js";

/** What a function takes, as far as it matters for arguments that are spread. */
export interface Takes {
  /** How many parameters take one argument each. */
  readonly fixed: number;
  /** From this one on, it matters whether there is an argument. */
  readonly optional: number;
  /** The one that takes all that are left. */
  readonly rest: ts.ParameterDeclaration | null;
}

/** What the parameters of a declaration take. */
export function takenByParameters(cx: Context, { parameters }: ts.SignatureDeclaration): Takes {
  const all = valueParameters(cx, parameters);
  const last = all.at(-1);
  const rest = last?.dotDotDotToken === undefined ? null : last;
  const single = rest === null ? all : all.slice(0, -1);
  const optional = single.findIndex(
    ({ initializer, questionToken }) => initializer !== undefined || questionToken !== undefined,
  );
  return { fixed: single.length, optional: optional < 0 ? single.length : optional, rest };
}

/** Null for what takes its arguments in ways of its own. */
export function takenBy(cx: Context, callee: Static): Takes | null {
  if (callee.kind === "closure") return takenByParameters(cx, callee.node);
  const op = callee.kind === "builtin" ? mathFunctions.get(callee.name) : undefined;
  if (op === undefined || op.arity === null) return null;
  return { fixed: op.arity, optional: op.arity, rest: null };
}

/** The arguments, those of an open spread as an array; null for other calls. */
export function lowerOpenArguments(
  cx: Context,
  takes: Takes | null,
  node: ts.CallExpression | ts.NewExpression,
  hints: (index: number) => Hint | null,
): readonly Bound[] | null {
  if (takes === null) return null;
  const given = node.arguments ?? [];
  const first = given.findIndex((each) => isOpenSpread(cx, each));
  const { rest, fixed: at } = takes;
  if (first >= 0 && (rest === null || first < at))
    return first === given.length - 1 ? overFixed(cx, takes, given, first, hints) : null;
  if (rest === null || given.length <= at) return null;
  const shape = shapeOf(cx.checker.getTypeAtLocation(rest.name), rest, cx.unit.project);
  if (shape.kind !== "array") return overFunctions(cx, rest, node, at, hints);
  if (first < 0) return null;
  const fixed = lowerElements(cx, given.slice(0, at), hints);
  if (fixed === null) return [poison];
  const list = listOf(cx, shape, given.slice(at), node, null);
  if (list === null) return [...fixed, poison];
  cx.unit.restArrays.add(list.id);
  return [...fixed, list];
}

/** `f(g, ...fs)`: functions that lie in memory are handed over as the array that they are in, or as one of all of them. */
function overFunctions(
  cx: Context,
  rest: ts.ParameterDeclaration,
  node: ts.CallExpression | ts.NewExpression,
  at: number,
  hints: (index: number) => Hint | null,
): readonly Bound[] | null {
  const given = node.arguments ?? [];
  const type = cx.checker.getTypeAtLocation(rest.name);
  const [first, ...more] = given.slice(at);
  if (first === undefined || !given.slice(at).some((each) => cx.ts.isSpreadElement(each))) return null;
  if (more.length > 0 && !isOfFunctions(cx, type)) return null;
  const fixed = lowerElements(cx, given.slice(0, at), hints);
  if (fixed === null) return [poison];
  const parts: OpenPart[] = [];
  for (const each of given.slice(at)) {
    const part = partOf(cx, each);
    if (part === null) return [...fixed, poison];
    parts.push(part);
  }
  if (parts.every(({ array }) => array === null))
    return [...fixed, ...parts.flatMap(({ elements }) => elements)];
  const only = parts.length === 1 ? (parts[0]?.array ?? null) : null;
  const list =
    only === null
      ? arrayOf(cx, heldShapeOf(type, rest, cx.unit.project), parts, node)
      : makesArray(cx, first)
        ? only
        : copyOf(cx, only, first, null);
  if (list === null) return [...fixed, refuse(cx, "spreadLength", node, { code: excerpt(node) })];
  cx.unit.restArrays.add(list.id);
  return [...fixed, list];
}

/** An argument, or what a spread stands for. */
interface OpenPart {
  readonly node: ts.Expression;
  readonly elements: readonly Bound[];
  /** Of a spread of an array that lies in memory. */
  readonly array: RefValue | null;
}

function partOf(cx: Context, node: ts.Expression): OpenPart | null {
  if (!cx.ts.isSpreadElement(node)) return { node, elements: [lowerExpression(cx, node)], array: null };
  const bound = lowerIterated(cx, node.expression);
  if (bound.kind === "list") return { node, elements: bound.elements, array: null };
  const array = referenceOf(cx, bound, node.expression);
  return array === null ? null : { node, elements: [], array };
}

function arrayOf(
  cx: Context,
  shape: ShapeResult,
  parts: readonly OpenPart[],
  node: ts.Expression,
): RefValue | null {
  if (shape.kind !== "array") return null;
  const out = emptyArray(cx, shape, node, null);
  for (const { node: at, elements, array } of parts) {
    if (array !== null) appendAll(cx, out, array, at);
    for (const each of elements)
      doWhereThere(cx, each, at, (value) => {
        pushElement(cx, out, atomOf(cx, value, at), at);
      });
  }
  return out;
}

/** The types of the elements of a tuple, some of which may be left out; null for what is none or has a rest. */
function elementTypes({ checker, unit }: Context, node: ts.Expression): readonly ts.Type[] | null {
  const type = checker.getTypeAtLocation(node);
  if (!checker.isTupleType(type) || isOpenTuple(type, unit.project)) return null;
  return checker.getTypeArguments(type as ts.TypeReference);
}

/**
 * `f(a, ...xs)`, where the first elements of `xs` go to parameters of their own, and the others to the last one if that
 * takes all that are left; null for other spreads, and where it matters whether there is an element.
 */
function overFixed(
  cx: Context,
  { fixed: count, optional, rest }: Takes,
  given: readonly ts.Expression[],
  first: number,
  hints: (index: number) => Hint | null,
): readonly Bound[] | null {
  const spread = given[first];
  if (spread === undefined || !cx.ts.isSpreadElement(spread)) return null;
  const held = elementTypes(cx, spread.expression);
  if (first < count && optional < count && (held === null || rest !== null || held.length > count - first))
    return null;
  const before = lowerElements(cx, given.slice(0, first), hints);
  const ref = referenceOf(cx, lowerIterated(cx, spread.expression), spread);
  if (before === null || ref === null) return [poison];
  const taken = Math.max(count - first, 0);
  const own = Array.from({ length: taken }, (_, i) => {
    const declared = held?.[i];
    const mayMiss = first + i >= optional;
    if (mayMiss && declared === undefined) return undefinedLiteral;
    const load = mayMiss ? loadElement : loadCell;
    const value = load(cx, ref, i, spread, hints(first + i));
    if (declared === undefined) return value;
    return asDeclared(cx, mayMiss || !isAtom(value) ? value : there(cx, value, spread), declared, spread);
  });
  if (rest === null) return [...before, ...own];
  const list = restOfArray(cx, ref, taken, cx.checker.getTypeAtLocation(rest.name), spread, null);
  cx.unit.restArrays.add(list.id);
  return [...before, ...own, list];
}
