/** `{ ...record, [key]: value }`: records whose keys only the call knows. */
import type { ts } from "ts-morph";
import type { Hint } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { type Context, poison, refuseExpression } from "../context.js";
import { asUsed } from "../expressions/boxes.js";
import { lowerExpression } from "../expressions/expressions.js";
import { type KeyedRef, isKeyedRef, lowerKey, storeUnder } from "./keyed.js";
import { allocateKeyed, keyedShape, propertyName } from "../expressions/literals.js";
import { anyMember } from "../types/widening.js";
import { noteCopied } from "./key-order.js";
import { wantRecord } from "../types/dictionaries.js";
import { type ListedField, listedFields, loadField } from "../types/field-lists.js";
import { branch } from "../control/join.js";
import { copiedAtOnce } from "./keyed-copies.js";
import { copyEntries } from "./new-map.js";
import { lowerSymbol, stringLiteral, symbolOf, undefinedLiteral } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { type SpreadSource, lowerSpreadSource } from "../arrays/spread-sources.js";
import { type RefValue, apply, atomOf, isRef, present } from "../values.js";

/** Null for a literal of another kind, or of a record whose keys are all written out. */
export function lowerRecordLiteral(
  cx: Context,
  node: ts.ObjectLiteralExpression,
  hint: Hint | null,
): Bound | null {
  const isRecord =
    node.properties.some((each) => isOpen(cx, each)) || cx.unit.records.isKeptMember(node, anyMember);
  const shape = isRecord ? keyedShape(cx, node) : null;
  if (shape === null || !node.properties.every((each) => isPlain(cx, each))) return null;
  const [first, ...others] = node.properties;
  const source =
    first !== undefined && cx.ts.isSpreadAssignment(first) ? lowerSpreadSource(cx, first.expression) : null;
  const copy =
    source !== null && isKeyedRef(source.bound) ? copiedAtOnce(cx, shape, source.bound, node, hint) : null;
  const out = copy ?? (allocateKeyed(cx, shape, [], node, hint) as KeyedRef);
  let failed = copy === null && source !== null && !addSpread(cx, out, source);
  for (const property of source === null ? node.properties : others)
    if (!addProperty(cx, out, property)) failed = true;
  return failed ? poison : out;
}

/** Its keys are not written out. */
function isOpen(cx: Context, property: ts.ObjectLiteralElementLike): boolean {
  if (cx.ts.isSpreadAssignment(property)) return true;
  if (!cx.ts.isComputedPropertyName(property.name)) return false;
  const type = cx.checker.getTypeAtLocation(property.name.expression);
  return !type.isStringLiteral() && !type.isNumberLiteral();
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
  if (cx.ts.isSpreadAssignment(property))
    return addSpread(cx, out, lowerSpreadSource(cx, property.expression));
  const { name } = property;
  const key = cx.ts.isComputedPropertyName(name)
    ? lowerKey(cx, out, name.expression)
    : stringLiteral(propertyName(cx, name) ?? "");
  const symbol = cx.ts.isShorthandPropertyAssignment(property) ? symbolOf(cx, property.name) : null;
  const value = cx.ts.isPropertyAssignment(property)
    ? lowerExpression(cx, property.initializer)
    : symbol === null
      ? poison
      : asUsed(cx, property.name as ts.Identifier, lowerSymbol(cx, symbol, name), null);
  const atom = atomOf(cx, value, property);
  if (atom === poison || key === poison) return false;
  storeUnder(cx, out, key, atom, property);
  return true;
}

function addSpread(cx: Context, out: KeyedRef, { bound: source, node }: SpreadSource): boolean {
  if (source === poison) return false;
  if (!isAtom(source) || source.type.kind !== "maybe") return addAll(cx, out, source, node);
  let fits = true;
  const add = (): Bound => {
    fits = addAll(cx, out, present(cx, source, node), node);
    return undefinedLiteral;
  };
  const absence = apply(cx, ops.isNullish, [source], node);
  branch(cx, node, absence, () => undefinedLiteral, add, null);
  return fits;
}

function addAll(cx: Context, out: KeyedRef, source: Bound, expression: ts.Expression): boolean {
  if (isAtom(source) && source.type.kind === "nothing") return true;
  if (isKeyedRef(source) && source.type.shape.storage === "Record") {
    copyEntries(cx, out, source, expression, expression);
    return true;
  }
  const fields = listedFields(cx, source, expression);
  if (fields === null || !isAtom(source) || !isRef(source)) {
    if (isAtom(source)) wantRecord(cx, source);
    refuseExpression(cx, expression, "spread of what may lack some fields into a record");
    return false;
  }
  noteCopied(
    cx,
    source.type,
    fields.map(({ name }) => name),
    expression,
  );
  return fields.every((field) => addField(cx, out, source, field, expression));
}

/** False where what the field holds is refused. */
function addField(
  cx: Context,
  out: KeyedRef,
  source: RefValue,
  field: ListedField,
  node: ts.Expression,
): boolean {
  const add = (): Bound => {
    const value = atomOf(cx, loadField(cx, source, field, node, null), node);
    if (value !== poison) storeUnder(cx, out, stringLiteral(field.name), value, node);
    return value;
  };
  if (field.isThere === "always") return add() !== poison;
  let isRight = true;
  const put = (): Bound => {
    isRight = add() !== poison;
    return undefinedLiteral;
  };
  branch(cx, node, field.isThere.test(), put, () => undefinedLiteral, null);
  return isRight;
}
