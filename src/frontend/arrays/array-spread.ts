/** Spreads of arrays whose length only the call knows: `[...xs, x]`, `Math.max(...xs)`. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { number, suggested } from "../../ir/builder.js";
import type { Op } from "../../ir/op.js";
import type { Atom, Hint, MemoryShape } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { hypotOf, hypotOver } from "../../ops/spread.js";
import { keyOfIndex, pushElement, zero } from "./array-growth.js";
import { isKeyed } from "../../ir/shapes.js";
import { isLooseTuple } from "../types/array-shapes.js";
import { type Context, origin, poison, refuse, refuseExpression } from "../context.js";
import { fell } from "../control/control.js";
import { lowerExpression } from "../expressions/expressions.js";
import { collect, collectInto } from "../functions/generators.js";
import { lowerIterable } from "../functions/iterators.js";
import { listed, lowerIterated } from "./keyed-lists.js";
import { listOfBounds } from "../functions/functions.js";
import { countedLoop } from "../control/loops.js";
import { cellName, lengthOf, loadCell, loadLength, sameShape } from "../memory.js";
import { isOfLibrary, symbolOf } from "../names.js";
import { type Bound, type Variable, isAtom } from "../scope.js";
import { heldShapeOf } from "../types/shapes.js";
import { bare } from "../syntax.js";
import { type RefValue, apply, atomOf, isRef, numberOf, referenceOf } from "../values.js";
import { noteMaker, widenedShape } from "../types/widening.js";
import { withoutHoles } from "./sparse.js";
import { isFunctionType } from "../types/function-shapes.js";

/** A spread of an array, not of a tuple or a literal. */
export function isOpenSpread(cx: Context, node: ts.Expression): boolean {
  if (!cx.ts.isSpreadElement(node)) return false;
  const inner = bare(cx.ts, node.expression);
  if (cx.ts.isArrayLiteralExpression(inner)) return inner.elements.some((each) => isOpenSpread(cx, each));
  const type = cx.checker.getTypeAtLocation(inner);
  const isFixed = cx.checker.isTupleType(type) && !isLooseTuple(type, cx.unit.project);
  return !isFixed && (isOfFunctions(cx, type) ? isInMemory(cx, inner) : boundTo(cx, inner)?.kind !== "list");
}

/** `[...fs]`, all of an array of functions. */
export function isCopyOfFunctions(cx: Context, { elements }: ts.ArrayLiteralExpression): boolean {
  const [only, ...more] = elements;
  if (only === undefined || more.length > 0 || !cx.ts.isSpreadElement(only)) return false;
  const inner = bare(cx.ts, only.expression);
  return !cx.ts.isArrayLiteralExpression(inner) && isOfFunctions(cx, cx.checker.getTypeAtLocation(inner));
}

/** The name of an array that is no list that is known while compiling. */
function isInMemory(cx: Context, node: ts.Expression): boolean {
  const bound = boundTo(cx, node);
  return bound !== undefined && isRef(bound);
}

/** What a variable of that name holds. */
function boundTo(cx: Context, node: ts.Expression): Bound | undefined {
  const symbol = cx.ts.isIdentifier(node) ? symbolOf(cx, node) : null;
  const variable = symbol === null ? null : cx.scope.lookup(symbol);
  return variable === null ? undefined : cx.unit.environment.get(variable);
}

/** An array of functions has a length that is known, unless it lies in memory. */
export function isOfFunctions(cx: Context, type: ts.Type): boolean {
  const element = cx.checker.getIndexTypeOfType(type, cx.ts.IndexKind.Number);
  if (element === undefined) return false;
  const parts = element.isUnion() ? element.types : [element];
  return parts.some(isFunctionType);
}

/** `[a, ...xs, b]`. */
export function lowerOpenLiteral(cx: Context, node: ts.ArrayLiteralExpression, hint: Hint | null): Bound {
  const [only, ...more] = node.elements;
  if (only !== undefined && more.length === 0 && cx.ts.isSpreadElement(only)) {
    const given = lowerIterable(cx, only.expression, makesArray(cx, only) ? hint : null);
    if (given.kind === "generated") return collect(cx, given, node, hint, only.expression);
    // Of functions that are known, another array.
    if (given.kind === "list") return listOfBounds(cx, given.elements, node) ?? atomOf(cx, given, node);
    const iterated = listed(cx, given, only.expression, hint);
    // The characters of a text are an array of their own.
    if ((cx.checker.getTypeAtLocation(only.expression).flags & cx.ts.TypeFlags.StringLike) !== 0)
      return iterated;
    const source = referenceOf(cx, iterated, only.expression);
    if (source === null) return poison;
    if (source.type.shape.kind === "object") return refuse(cx, "spreadLength", node, { code: excerpt(node) });
    return makesArray(cx, only) && source.type.shape.kind === "array"
      ? source
      : withoutHoles(cx, copyOf(cx, source, node, hint));
  }
  const shape = literalShape(cx, node);
  if (shape === null) return refuse(cx, "spreadLength", node, { code: excerpt(node) });
  return listOf(cx, shape, node.elements, node, hint) ?? poison;
}

/** By its type, or where one of the parts is an `any[]` by what it is meant to be or by the other parts. */
function literalShape(cx: Context, node: ts.ArrayLiteralExpression): MemoryShape | null {
  const { checker, ts: tsc } = cx;
  const parts = node.elements.filter((each) => tsc.isSpreadElement(each)).map(({ expression }) => expression);
  const types = [checker.getTypeAtLocation(node), checker.getContextualType(node)];
  for (const type of [...types, ...parts.map((each) => checker.getTypeAtLocation(each))]) {
    const shape = type === undefined ? null : heldShapeOf(type, node, cx.unit.project);
    if (shape?.kind === "array" && !isKeyed(shape)) return { ...shape, storage: "Array" };
  }
  return parts.every((each) => isFilledWithNumber(cx, each)) ? numbers : null;
}

const numbers: MemoryShape = { kind: "array", element: { kind: "real" }, storage: "Array" };

/** `Array(n).fill(0)`, an `any[]` for TypeScript. */
function isFilledWithNumber(cx: Context, node: ts.Expression): boolean {
  if (!cx.ts.isCallExpression(node) || !cx.ts.isPropertyAccessExpression(node.expression)) return false;
  const [value] = node.arguments;
  const isNumber =
    value !== undefined && (cx.checker.getTypeAtLocation(value).flags & cx.ts.TypeFlags.NumberLike) !== 0;
  return isNumber && node.expression.name.text === "fill";
}

/** Methods of the library that give a new array, which nobody else has. */
const making: ReadonlySet<string> = new Set([
  ...["map", "filter", "slice", "flatMap", "flat", "concat", "keys", "values", "entries", "from", "of"],
  ...["toSorted", "toReversed", "with", "toSpliced", "matchAll"],
]);

/** True for the spread of an array that is there for nothing else: `...xs.map(f)`, `...Object.keys(record)`, `...set`. */
export function makesArray(cx: Context, spread: ts.Expression | undefined): boolean {
  if (spread === undefined || !cx.ts.isSpreadElement(spread)) return false;
  const node = bare(cx.ts, spread.expression);
  if (isSet(cx, node)) return true;
  if (!cx.ts.isCallExpression(node) || !cx.ts.isPropertyAccessExpression(node.expression)) return false;
  const { name } = node.expression;
  const symbol = symbolOf(cx, name);
  return making.has(name.text) && symbol !== null && isOfLibrary(cx, symbol);
}

function isSet(cx: Context, node: ts.Expression): boolean {
  const shape = heldShapeOf(cx.checker.getTypeAtLocation(node), node, cx.unit.project);
  return shape.kind !== "unsupported" && isKeyed(shape) && shape.storage === "Set";
}

/** A new array of elements and of what spreads stand for; null where one was refused. */
export function listOf(
  cx: Context,
  shape: MemoryShape,
  elements: readonly ts.Expression[],
  node: ts.Node,
  hint: Hint | null,
): RefValue | null {
  let out = makesArray(cx, elements[0]) ? null : emptyArray(cx, shape, node, hint);
  for (const element of elements) {
    if (!cx.ts.isSpreadElement(element)) {
      out ??= emptyArray(cx, shape, node, hint);
      pushElement(cx, out, atomOf(cx, lowerExpression(cx, element), element), element);
      continue;
    }
    const own = out === null ? hint : null;
    const given = lowerIterable(cx, element.expression, own);
    if (given.kind === "generated") {
      out ??= emptyArray(cx, shape, node, hint);
      collectInto(cx, given, out, element.expression);
      continue;
    }
    const iterated = listed(cx, given, element.expression, own);
    const source = referenceOf(cx, iterated, element.expression);
    if (source === null) return null;
    if (out === null && sameShape(source.type.shape, widenedShape(cx, node, shape))) {
      out = source;
      continue;
    }
    out ??= emptyArray(cx, shape, node, hint);
    appendAll(cx, out, source, element);
  }
  return out ?? emptyArray(cx, shape, node, hint);
}

export function emptyArray(cx: Context, shape: MemoryShape, node: ts.Node, hint: Hint | null): RefValue {
  const wide = widenedShape(cx, node, shape);
  const init = { kind: "elements", elements: [] } as const;
  const out = cx.unit.builder.alloc(wide, init, origin(cx, node, hint)) as RefValue;
  noteMaker(cx, out, node);
  return out;
}

/** A new array with the same elements. */
export function copyOf(
  cx: Context,
  source: RefValue,
  node: ts.Node,
  hint: Hint | null,
  bounds: { readonly from: Atom | null; readonly to: Atom | null } = { from: null, to: null },
): RefValue {
  return copyInto(cx, source, shapeOfCopy(source.type.shape), node, hint, bounds);
}

/** An array, also of what is a tuple. */
export function shapeOfCopy(shape: MemoryShape): MemoryShape {
  const element = shape.kind === "tuple" ? (shape.elements[0] ?? { kind: "real" as const }) : null;
  return element === null ? ownShape(shape) : { kind: "array", element, storage: "Array" };
}

/** A copy may be written to, whatever the original is declared as. */
function ownShape(shape: MemoryShape): MemoryShape {
  if (shape.kind !== "array" || shape.isReadonly !== true) return shape;
  const { isReadonly: _, ...own } = shape;
  return own;
}

/** The same in storage of another kind. */
export function copyInto(
  cx: Context,
  source: RefValue,
  shape: MemoryShape,
  node: ts.Node,
  hint: Hint | null,
  { from, to }: { readonly from: Atom | null; readonly to: Atom | null } = { from: null, to: null },
): RefValue {
  const { builder, regions } = cx.unit;
  const out = builder.alloc(
    shape,
    { kind: "slice", of: source, from, to },
    origin(cx, node, hint),
  ) as RefValue;
  const element = source.type.shape.kind === "array" ? source.type.shape.element : null;
  const holdsMemory = element !== null && !["real", "int", "bool", "string"].includes(element.kind);
  if (holdsMemory) {
    const inner = regions.child(source.type.region, cellName(cx, source.type, 0));
    regions.put(out.type.region, "*", inner);
  }
  return out;
}

/** Pushes all elements. */
export function appendAll(cx: Context, out: RefValue, source: RefValue, node: ts.Node): void {
  const known = lengthOf(cx, source);
  if (known !== null) {
    for (let i = 0; i < known; i++)
      pushElement(cx, out, atomOf(cx, loadCell(cx, source, i, node, null), node), node);
    return;
  }
  countedLoop(cx, node, {
    from: zero,
    to: loadLength(cx, source, node),
    assignedIn: [],
    body: (index) => {
      pushElement(cx, out, atomOf(cx, loadCell(cx, source, keyOfIndex(index), node, null), node), node);
      return fell;
    },
  });
}

/** An argument, or an array of arguments. */
export interface Part {
  readonly node: ts.Expression;
  readonly isSpread: boolean;
}

/** The arguments of a call, spreads among them. */
export function partsOfCall(cx: Context, { arguments: all }: ts.CallExpression): readonly Part[] {
  return all.map((each) =>
    cx.ts.isSpreadElement(each) ? { node: each.expression, isSpread: true } : { node: each, isSpread: false },
  );
}

/** `Math.max(a, ...xs)`: what the call gives for no arguments, and then one after the other. */
export function foldSpread(
  cx: Context,
  op: Op,
  empty: number,
  parts: readonly Part[],
  hint: Hint | null,
): Bound {
  const { environment } = cx.unit;
  const total: Variable = { name: "extreme", hint: hint ?? suggested("extreme"), depth: null };
  environment.set(total, number(empty));
  const add = (bound: Bound, at: ts.Node): void => {
    const before = environment.get(total);
    if (before === undefined || !isAtom(before)) return;
    environment.set(
      total,
      apply(cx, op, [before, numberOf(cx, bound, at)], at, hint ?? suggested("extreme")),
    );
  };
  for (const { node: argument, isSpread } of parts) {
    if (!isSpread) {
      add(lowerExpression(cx, argument), argument);
      continue;
    }
    const source = lowerIterated(cx, argument);
    if (source === poison) return poison;
    if (!isRef(source)) return refuseExpression(cx, argument, "spread of what is no array");
    countedLoop(cx, argument, {
      from: zero,
      to: loadLength(cx, source, argument),
      assignedIn: [],
      extra: [total],
      body: (index) => {
        add(loadCell(cx, source, keyOfIndex(index), argument, null), argument);
        return fell;
      },
    });
  }
  return environment.get(total) ?? poison;
}

/** `Math.hypot(...xs)`. */
export function hypotOfSpread(
  cx: Context,
  parts: readonly Part[],
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  const { environment } = cx.unit;
  const [only] = parts;
  if (only?.isSpread !== true || parts.length > 1)
    return refuse(cx, "spreadLength", node, { code: excerpt(node) });
  const spread = only.node;
  const source = lowerIterated(cx, spread);
  if (source === poison) return poison;
  if (!isRef(source) || source.type.shape.kind === "object")
    return refuseExpression(cx, spread, "spread of what is no array");
  const length = apply(cx, hypotOf, [source], node);
  const squares: Variable = { name: "squares", hint: suggested("squares"), depth: null };
  environment.set(squares, number(0));
  countedLoop(cx, spread, {
    from: zero,
    to: loadLength(cx, source, spread),
    assignedIn: [],
    extra: [squares],
    body: (index) => {
      const x = numberOf(cx, loadCell(cx, source, keyOfIndex(index), spread, null), spread);
      const sum = numberOf(cx, environment.get(squares) ?? poison, spread);
      environment.set(squares, apply(cx, ops.add, [sum, apply(cx, ops.mul, [x, x], spread)], spread));
      return fell;
    },
  });
  return apply(cx, hypotOver, [length, numberOf(cx, environment.get(squares) ?? poison, node)], node, hint);
}
