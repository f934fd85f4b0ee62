/** Lists of keys that are known while compiling: `[...methods.keys()]`, `Object.keys(table)`. */
import type { ts } from "ts-morph";
import type { Context } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { isOfLibrary, symbolOf } from "../names.js";
import type { Bound } from "../scope.js";
import { listedFields } from "../types/field-lists.js";

/** Those of a map of functions, or of an object whose fields are all there; null for anything else. */
export function writtenKeys(cx: Context, node: ts.Node): readonly (string | number)[] | null {
  const tsc = cx.ts;
  if (tsc.isArrayLiteralExpression(node)) {
    const [only, ...more] = node.elements;
    return only !== undefined && tsc.isSpreadElement(only) && more.length === 0
      ? writtenKeys(cx, only.expression)
      : null;
  }
  if (!tsc.isCallExpression(node) || !tsc.isPropertyAccessExpression(node.expression)) return null;
  const { expression, name } = node.expression;
  const symbol = symbolOf(cx, name);
  if (name.text !== "keys" || symbol === null || !isOfLibrary(cx, symbol)) return null;
  const [argument] = node.arguments;
  if (argument === undefined)
    return tsc.isIdentifier(expression) ? keysIn(lowerExpression(cx, expression)) : null;
  const isObject = tsc.isIdentifier(expression) && expression.text === "Object" && tsc.isIdentifier(argument);
  if (!isObject) return null;
  const fields = listedFields(cx, lowerExpression(cx, argument), argument);
  const isKnown = fields?.every(({ isThere }) => isThere === "always") === true;
  return isKnown ? fields.map((field) => field.name) : null;
}

function keysIn(bound: Bound): readonly (string | number)[] | null {
  return bound.kind === "map" ? [...bound.entries.keys()] : null;
}
