/** Maps of functions: their keys are written out, so that a call goes to one of a known number. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean, whole } from "../../ir/builder.js";
import type { Atom, Literal } from "../../ir/types.js";
import { type Context, poison, refuse } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { chooseFunction, isCallable, testOf } from "../functions/functions.js";
import { partsOf } from "../functions/known-parts.js";
import { allocate } from "../expressions/literals.js";
import { branch } from "../control/join.js";
import { knownKey, stringLiteral, undefinedLiteral } from "../names.js";
import { knownName } from "./new-map.js";
import type { Bound, FunctionMap, Static } from "../scope.js";
import { bare } from "../syntax.js";
import { atomOf } from "../values.js";
import { isFunctionType } from "../types/function-shapes.js";

/** `new Map([["+", add], …])`; null for what makes no map of functions. */
export function newFunctionMap(cx: Context, node: ts.NewExpression): Bound | null {
  const [argument] = node.arguments ?? [];
  if (argument === undefined || !holdsFunctions(cx, node)) return null;
  const list = bare(cx.ts, argument);
  if (!cx.ts.isArrayLiteralExpression(list)) return null;
  const entries = new Map<string | number, Static>();
  for (const element of list.elements) {
    const pair = bare(cx.ts, element);
    const [key, value] = cx.ts.isArrayLiteralExpression(pair) ? pair.elements : [];
    const name = key === undefined ? null : knownName(cx, key);
    if (name === null || value === undefined || Number.isNaN(name)) return null;
    const bound = lowerExpression(cx, value);
    if (bound === poison) return poison;
    if (!isCallable(bound)) return refuse(cx, "unknownCallee", value, { code: excerpt(value) });
    entries.set(name, bound);
  }
  return entries.size === 0 ? null : { kind: "map", entries };
}

/** What the library's own `Map` is given functions for values. */
function holdsFunctions(cx: Context, node: ts.NewExpression): boolean {
  const type = cx.checker.getTypeAtLocation(node);
  const symbol = type.symbol as ts.Symbol | undefined;
  const isLibrary = symbol?.declarations?.every((each) => each.getSourceFile().isDeclarationFile) === true;
  if (symbol?.name !== "Map" || !isLibrary) return false;
  const value = cx.checker.getTypeArguments(type as ts.TypeReference)[1];
  return value !== undefined && isFunctionType(value);
}

/** True for such a map, and for what has one in a field. */
export function holdsFunctionMap(cx: Context, bound: Bound | undefined): boolean {
  if (bound === undefined) return false;
  return bound.kind === "map" || partsOf(cx, bound).some(({ kind }) => kind === "map");
}

/** `ops.get(op)`, `ops.has(op)`. */
export function callFunctionMap(
  cx: Context,
  map: FunctionMap,
  method: string,
  node: ts.CallExpression,
): Bound {
  const [argument] = node.arguments;
  if (method === "keys") return listKeys(cx, map, node);
  if (method === "values") return { kind: "list", elements: [...map.entries.values()] };
  if ((method !== "get" && method !== "has") || argument === undefined)
    return refuse(cx, "unsupportedBuiltin", node.expression, { name: excerpt(node.expression) });
  const bound = lowerExpression(cx, argument);
  const known = knownKey(cx, bound);
  if (known !== null) {
    const found = map.entries.get(known);
    return method === "has" ? boolean(found !== undefined) : (found ?? undefinedLiteral);
  }
  const key = atomOf(cx, bound, argument);
  if (key === poison) return poison;
  const { kind } = key.type;
  if (kind !== "string" && kind !== "int" && kind !== "real")
    return refuse(cx, "dynamicAccess", node, { code: excerpt(node) });
  if (method === "get") return chooseFunction(cx, key, [...map.entries], false);
  const names = [...map.entries.keys()].map((each) =>
    typeof each === "string" ? stringLiteral(each) : whole(each),
  );
  return isAmong(cx, key, names, node);
}

/** `[...ops.keys()]`. */
function listKeys(cx: Context, { entries }: FunctionMap, node: ts.CallExpression): Bound {
  const keys = [...entries.keys()];
  const isText = keys.every((each) => typeof each === "string");
  if (!isText && keys.some((each) => typeof each === "string"))
    return refuse(cx, "unsupportedBuiltin", node.expression, { name: excerpt(node.expression) });
  const shape = { kind: "array", element: { kind: isText ? "string" : "int" }, storage: "Array" } as const;
  const cells = keys.map((each, i) => ({
    name: String(i),
    value: typeof each === "string" ? stringLiteral(each) : whole(each),
  }));
  return allocate(cx, shape, cells, node, null);
}

/** Whether the key is one of these. */
export function isAmong(
  cx: Context,
  key: Atom,
  [first, ...others]: readonly Literal[],
  node: ts.Node,
): Bound {
  if (first === undefined) return boolean(false);
  const test = testOf(cx, key, first, node);
  if (others.length === 0) return test;
  return branch(
    cx,
    node,
    test,
    () => boolean(true),
    () => isAmong(cx, key, others, node),
    null,
  );
}
