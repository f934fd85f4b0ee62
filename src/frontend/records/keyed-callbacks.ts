/** Callbacks over what is in a record, a map or a set: `map.forEach(f)`, `Object.values(record).map(f)`. */
import type { ts } from "ts-morph";
import { suggested } from "../../ir/builder.js";
import type { Hint } from "../../ir/types.js";
import { zero } from "../arrays/array-growth.js";
import { callbackOf } from "../arrays/array-iteration.js";
import { lowerArrayMethod } from "../arrays/array-methods.js";
import { callStatic } from "../functions/calls.js";
import { type Context, poison, refuse } from "../context.js";
import { fell } from "../control/control.js";
import { noteOrder } from "./key-order.js";
import { type KeyedRef, keysOf, noteKeys } from "./keyed.js";
import { itemsOf, keyItem, listedBy, lowerSource } from "../arrays/keyed-lists.js";
import { countedLoop } from "../control/loops.js";
import { loadLength } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { narrowed, isRef } from "../values.js";

/** `map.forEach((value, key) => …)`. */
export function forEachOf(cx: Context, ref: KeyedRef, node: ts.CallExpression): Bound {
  const keys = keysOf(cx, ref, node, suggested("keys"));
  if (!isRef(keys)) return poison;
  const callback = callbackOf({ cx, ref, node, hint: null });
  if (callback === null) return poison;
  const source = cx.ts.isPropertyAccessExpression(node.expression) ? node.expression.expression : node;
  const { item, key } = itemsOf(cx, ref, keys, "values", source);
  if (callback.kind !== "closure" || callback.node.parameters.length !== 1) noteKeys(cx, ref, source);
  const name = callback.kind === "closure" ? callback.node.parameters[0]?.name : undefined;
  const hint = name !== undefined && cx.ts.isIdentifier(name) ? suggested(name.text) : null;
  countedLoop(cx, node, {
    from: zero,
    to: loadLength(cx, keys, node),
    assignedIn: callback.kind === "closure" ? callback.node : [],
    body: (index) => {
      const under = key(index);
      const args = [item(index, hint, under), keyItem(cx, ref, under, source, null), ref];
      callStatic(cx, callback, args, node, null, () => undefined);
      return fell;
    },
  });
  return undefinedLiteral;
}

/** Methods that hand one element after the other to a callback. */
const callbackMethods: ReadonlySet<string> = new Set([
  "map",
  "forEach",
  "reduce",
  "reduceRight",
  "filter",
  "flatMap",
  "some",
  "every",
  "findIndex",
]);

/** `Object.entries(record).map(f)` and its like, without an array of the entries; null for other calls. */
export function lowerListedMethod(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  const { expression } = node;
  if (!cx.ts.isPropertyAccessExpression(expression) || !callbackMethods.has(expression.name.text))
    return null;
  const listed = listedBy(cx, expression.expression);
  if (listed === null || listed.items === "keys" || takesList(cx, node)) return null;
  const ref = lowerSource(cx, listed.source);
  if (ref === null) return poison;
  if (ref.type.shape.storage === "Record") noteOrder(cx, ref, null, expression.expression);
  const keys = keysOf(cx, ref, node, suggested("keys"));
  if (!isRef(keys)) return poison;
  const { item } = itemsOf(cx, ref, keys, listed.items, listed.source);
  const result = lowerArrayMethod(cx, keys, expression.name.text, node, hint, item);
  if (result === null) return refuse(cx, "arrayMethod", expression.name, { method: expression.name.text });
  return isAtom(result) ? narrowed(cx, result, node, hint) : result;
}

/** The callback may ask for the array that it goes through. */
function takesList(cx: Context, node: ts.CallExpression): boolean {
  const [callback] = node.arguments;
  if (callback === undefined) return true;
  const method = cx.ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : "";
  const most = method.startsWith("reduce") ? 3 : 2;
  return cx.checker
    .getTypeAtLocation(callback)
    .getCallSignatures()
    .some(({ parameters }) => parameters.length > most);
}
