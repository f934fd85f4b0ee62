/** Calls with spreads of which only the call knows how many values they stand for: `f(a, ...xs)`, `new C(...xs)`. */
import type { ts } from "ts-morph";
import type { Hint } from "../../ir/types.js";
import { mathFunctions } from "../../ops/table.js";
import { copyOf, isOpenSpread, listOf, makesArray } from "../arrays/array-spread.js";
import { restOfArray } from "../arrays/rest-elements.js";
import { lowerElements } from "../arrays/elements.js";
import { lowerIterated } from "../arrays/keyed-lists.js";
import { type Context, poison } from "../context.js";
import { loadCell, loadElement } from "../memory.js";
import { asDeclared } from "../expressions/boxes.js";
import { undefinedLiteral } from "../names.js";
import { isOpenTuple } from "../types/array-shapes.js";
import { type Bound, type Static, isAtom } from "../scope.js";
import { shapeOf } from "../types/shapes.js";
import { referenceOf, there } from "../values.js";
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
  if (shape.kind !== "array") return given.length > at + 1 ? null : overFunctions(cx, given, at, hints);
  if (first < 0) return null;
  const fixed = lowerElements(cx, given.slice(0, at), hints);
  if (fixed === null) return [poison];
  const list = listOf(cx, shape, given.slice(at), node, null);
  if (list === null) return [...fixed, poison];
  cx.unit.restArrays.add(list.id);
  return [...fixed, list];
}

/** `f(...fs)`: functions that lie in memory are handed over as the array that they are in. */
function overFunctions(
  cx: Context,
  given: readonly ts.Expression[],
  at: number,
  hints: (index: number) => Hint | null,
): readonly Bound[] | null {
  const spread = given[at];
  if (spread === undefined || !cx.ts.isSpreadElement(spread)) return null;
  const fixed = lowerElements(cx, given.slice(0, at), hints);
  if (fixed === null) return [poison];
  const bound = lowerIterated(cx, spread.expression);
  if (bound.kind === "list") return [...fixed, ...bound.elements];
  const ref = referenceOf(cx, bound, spread.expression);
  if (ref === null) return [...fixed, poison];
  const list = makesArray(cx, spread) ? ref : copyOf(cx, ref, spread, null);
  cx.unit.restArrays.add(list.id);
  return [...fixed, list];
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
