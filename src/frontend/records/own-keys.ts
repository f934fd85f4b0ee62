/** Whether an object or a record has a key: `Object.hasOwn(o, k)`, `o.hasOwnProperty(k)`. */
import { noteMissing } from "./missing-fields.js";
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean } from "../../ir/builder.js";
import { isOneOfSeveral } from "../../ir/shapes.js";
import type { Atom, Hint } from "../../ir/types.js";
import { type Context, poison, refuse } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { isOfLibrary, stringLiteral, symbolOf } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { wantRecord } from "../types/dictionaries.js";
import { listedFields } from "../types/field-lists.js";
import { type RefValue, isRef, present } from "../values.js";
import { isAmong } from "./function-maps.js";
import { isKeyedRef, loadPresence } from "./keyed.js";
import { isAsked } from "./presence.js";

/** `Object.hasOwn(o, k)`. */
export function hasOwn(
  cx: Context,
  [object, name]: readonly Bound[],
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  const [argument] = node.arguments;
  return argument === undefined ? poison : own(cx, object, name, argument, node, hint);
}

/** `o.hasOwnProperty(k)`, `Object.prototype.hasOwnProperty.call(o, k)`; null for other calls. */
export function lowerOwnKey(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  const tsc = cx.ts;
  const { expression } = node;
  if (!tsc.isPropertyAccessExpression(expression)) return null;
  const isCall = expression.name.text === "call" && tsc.isPropertyAccessExpression(expression.expression);
  const member = isCall ? expression.expression : expression;
  if (!tsc.isPropertyAccessExpression(member) || member.name.text !== "hasOwnProperty") return null;
  const symbol = symbolOf(cx, member.name);
  if (symbol === null || !isOfLibrary(cx, symbol)) return null;
  const given: readonly (ts.Expression | undefined)[] = isCall
    ? node.arguments
    : [member.expression, ...node.arguments];
  const [object, key] = given;
  if (object === undefined || key === undefined) return null;
  return own(cx, lowerExpression(cx, object), lowerExpression(cx, key), object, node, hint);
}

function own(
  cx: Context,
  object: Bound | undefined,
  name: Bound | undefined,
  source: ts.Expression,
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  if (object === poison || name === poison) return poison;
  const refused = (): Bound =>
    refuse(cx, "unsupportedBuiltin", node.expression, { name: excerpt(node.expression) });
  if (object === undefined || name === undefined || !isAtom(name) || !isAtom(object)) return refused();
  const ref = present(cx, object, source);
  if (isKeyedRef(ref))
    return ref.type.shape.storage === "Record" ? loadPresence(cx, ref, name, "own", node, hint) : refused();
  if (!isRef(ref) || ref.type.shape.kind !== "object" || isOneOfSeveral(ref.type.shape)) return refused();
  const found = name.type.kind === "string" ? amongFields(cx, ref, name, source) : null;
  if (found === null) wantRecord(cx, ref);
  return found ?? refused();
}

/** Of an object whose fields are known; null where it is not known which there are. */
export function amongFields(cx: Context, object: RefValue, name: Atom, source: ts.Expression): Bound | null {
  const fields = listedFields(cx, object, source, false);
  if (fields === null) return null;
  if (name.kind === "literal") {
    const field = fields.find((each) => each.name === name.value);
    if (field !== undefined) return isAsked(field.isThere) ? field.isThere.test() : boolean(true);
    if (String(name.value) in {}) return null;
    noteMissing(cx, object, String(name.value), source);
    return boolean(false);
  }
  if (fields.some(({ isThere }) => isAsked(isThere))) return null;
  return isAmong(
    cx,
    name,
    fields.map((field) => stringLiteral(field.name)),
    source,
  );
}
