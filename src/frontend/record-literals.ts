/** `{ ...record, [key]: value }`: records whose keys only the call knows. */
import type { ts } from "ts-morph";
import type { Hint } from "../ir/types.js";
import { type Context, poison, refuseExpression } from "./context.js";
import { lowerExpression } from "./expressions.js";
import { type KeyedRef, isKeyedRef, lowerKey, storeUnder } from "./keyed.js";
import { allocateKeyed, keyedShape, propertyName } from "./literals.js";
import { listedFields } from "./field-lists.js";
import { loadRaw } from "./memory.js";
import { copyEntries } from "./new-map.js";
import { lowerSymbol, stringLiteral, symbolOf } from "./names.js";
import { type Bound, isAtom } from "./scope.js";
import { atomOf, isRef } from "./values.js";

/** Null for a literal of another kind, or of a record whose keys are all written out. */
export function lowerRecordLiteral(
  cx: Context,
  node: ts.ObjectLiteralExpression,
  hint: Hint | null,
): Bound | null {
  const shape = node.properties.some((each) => isOpen(cx, each)) ? keyedShape(cx, node) : null;
  if (shape === null || !node.properties.every((each) => isPlain(cx, each))) return null;
  const out = allocateKeyed(cx, shape, [], node, hint) as KeyedRef;
  let failed = false;
  for (const property of node.properties) if (!addProperty(cx, out, property)) failed = true;
  return failed ? poison : out;
}

/** Its keys are not written out. */
function isOpen(cx: Context, property: ts.ObjectLiteralElementLike): boolean {
  return cx.ts.isSpreadAssignment(property) || cx.ts.isComputedPropertyName(property.name);
}

function isPlain(cx: Context, property: ts.ObjectLiteralElementLike): boolean {
  return (
    cx.ts.isSpreadAssignment(property) ||
    cx.ts.isPropertyAssignment(property) ||
    cx.ts.isShorthandPropertyAssignment(property)
  );
}

/** False where the property is refused. */
function addProperty(cx: Context, out: KeyedRef, property: ts.ObjectLiteralElementLike): boolean {
  if (cx.ts.isSpreadAssignment(property)) return addSpread(cx, out, property.expression);
  const { name } = property;
  const key = cx.ts.isComputedPropertyName(name)
    ? lowerKey(cx, name.expression)
    : stringLiteral(propertyName(cx, name) ?? "");
  const symbol = cx.ts.isShorthandPropertyAssignment(property) ? symbolOf(cx, property.name) : null;
  const value = cx.ts.isPropertyAssignment(property)
    ? lowerExpression(cx, property.initializer)
    : symbol === null
      ? poison
      : lowerSymbol(cx, symbol, name);
  const atom = atomOf(cx, value, property);
  if (atom === poison || key === poison) return false;
  storeUnder(cx, out, key, atom, property);
  return true;
}

function addSpread(cx: Context, out: KeyedRef, expression: ts.Expression): boolean {
  const source = lowerExpression(cx, expression);
  if (source === poison) return false;
  if (isKeyedRef(source) && source.type.shape.storage === "Record") {
    copyEntries(cx, out, source, expression, expression);
    return true;
  }
  const fields = listedFields(cx, source);
  if (fields === null || !isAtom(source) || !isRef(source)) {
    refuseExpression(cx, expression, "spread of what may lack some fields into a record");
    return false;
  }
  for (const { name } of fields) {
    const value = atomOf(cx, loadRaw(cx, source, name, expression, null), expression);
    if (value === poison) return false;
    storeUnder(cx, out, stringLiteral(name), value, expression);
  }
  return true;
}
