/**
 * Texts that the library makes of values, for people to read or as keys: `JSON.stringify(state)`, `x.toLocaleString()`,
 * `format.format(x)`. They carry no derivative, and are made in the emitted code by the call that the source has.
 */
import type { ts } from "ts-morph";
import { suggested } from "../../ir/builder.js";
import type { Hint } from "../../ir/types.js";
import { type Context, origin, poison } from "../context.js";
import { emitKept } from "../control/effects.js";
import { keptText } from "../functions/kept-text.js";
import { isOfLibrary, symbolOf } from "../names.js";
import type { Bound } from "../scope.js";

const inText = { name: "a text", takesMemory: true, mayShorten: false } as const;

/** The text that the call gives; null for any other call. */
export function lowerWrittenText(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  if (!cx.ts.isPropertyAccessExpression(node.expression) || !makesText(cx, node.expression)) return null;
  const before = cx.unit.diagnostics.errorCount;
  const { text, imports } = keptText(cx, node, inText);
  if (cx.unit.diagnostics.errorCount > before) return poison;
  const out = cx.unit.builder.value({ kind: "string" }, origin(cx, node, hint ?? suggested("text")));
  emitKept(cx, node, text, imports, out);
  return out;
}

function makesText(cx: Context, { expression, name }: ts.PropertyAccessExpression): boolean {
  const method = symbolOf(cx, name);
  if (method === null || !isOfLibrary(cx, method)) return false;
  const type = cx.checker.getTypeAtLocation(expression);
  switch (name.text) {
    case "stringify":
      return symbolOf(cx, expression)?.name === "JSON";
    case "toLocaleString":
      return (type.flags & cx.ts.TypeFlags.NumberLike) !== 0;
    case "format":
      return isNumberFormat(type);
    default:
      return false;
  }
}

function isNumberFormat(type: ts.Type): boolean {
  const symbol = type.symbol as ts.Symbol | undefined;
  return symbol?.name === "NumberFormat";
}

/** `new Intl.NumberFormat("en")`, wherever it is made: calls of it stand with their text. */
export function isFormatMade(cx: Context, node: ts.Expression): boolean {
  if (!cx.ts.isNewExpression(node) || !isNumberFormat(cx.checker.getTypeAtLocation(node))) return false;
  const symbol = symbolOf(cx, node.expression);
  return symbol !== null && isOfLibrary(cx, symbol);
}
