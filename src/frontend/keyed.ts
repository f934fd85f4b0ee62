/** Records, maps and sets, which are only read: what is under a key, whether there is anything, and all keys. */
import type { ts } from "ts-morph";
import { excerpt } from "../diagnostics/collector.js";
import type { Op } from "../ir/op.js";
import { type KeyedShape, isKeyed } from "../ir/shapes.js";
import type { Atom, Hint, MemoryShape, RefType, Value } from "../ir/types.js";
import * as steering from "../ops/steering.js";
import { type Context, origin, poison, refuse, refuseExpression } from "./context.js";
import { lowerExpression } from "./expressions.js";
import { type Key, loadRaw } from "./memory.js";
import type { Bound } from "./scope.js";
import { apply, atomOf, isRef, present } from "./values.js";

/** A reference to a record, a map or a set. */
export type KeyedRef = Value & { readonly type: RefType & { readonly shape: KeyedShape } };

export function isKeyedRef(bound: Bound): bound is KeyedRef {
  return isRef(bound) && isKeyed(bound.type.shape);
}

/** `map.get(key)`, `map.has(key)`; null for other calls. */
export function lowerKeyedCall(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  const { expression } = node;
  if (!cx.ts.isPropertyAccessExpression(expression)) return null;
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(expression.expression));
  const name = (type.symbol as ts.Symbol | undefined)?.name ?? "";
  if (!libraryKeyed.has(name)) return null;
  const ref = present(
    cx,
    atomOf(cx, lowerExpression(cx, expression.expression), expression.expression),
    node,
  );
  if (ref === poison) return poison;
  if (!isKeyedRef(ref)) return null;
  const [argument] = node.arguments;
  const method = expression.name.text;
  if (argument === undefined || (method !== "get" && method !== "has"))
    return refuse(cx, "unsupportedBuiltin", expression.name, { name: excerpt(expression) });
  const key = atomOf(cx, lowerExpression(cx, argument), argument);
  if (key === poison) return poison;
  return method === "has"
    ? apply(cx, steering.hasKey, [ref, key], node, hint)
    : loadUnder(cx, ref, key, node, hint);
}

const libraryKeyed: ReadonlySet<string> = new Set(["Map", "ReadonlyMap", "Set", "ReadonlySet"]);

/** What is under the key, or `undefined`. */
export function loadUnder(cx: Context, ref: KeyedRef, key: Atom, node: ts.Node, hint: Hint | null): Bound {
  const { type } = key;
  if (type.kind !== "string" && type.kind !== "real" && type.kind !== "int")
    return refuseExpression(cx, node, "key that is neither a string nor a number");
  return loadRaw(cx, ref, keyOf(key), node, hint);
}

function keyOf(key: Atom): Key {
  if (key.kind === "value") return key;
  return typeof key.value === "number" ? key.value : String(key.value);
}

/** `record[key]`, `record.name`. */
export function lowerKeyedAccess(
  cx: Context,
  ref: KeyedRef,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  hint: Hint | null,
): Bound {
  if (ref.type.shape.storage !== "Record") {
    const isSize = cx.ts.isPropertyAccessExpression(node) && node.name.text === "size";
    if (isSize) return apply(cx, steering.size, [ref], node, hint);
    return refuse(cx, "unsupportedBuiltin", node, { name: excerpt(node) });
  }
  if (cx.ts.isPropertyAccessExpression(node)) return loadRaw(cx, ref, node.name.text, node, hint);
  const key = atomOf(cx, lowerExpression(cx, node.argumentExpression), node.argumentExpression);
  if (key === poison) return poison;
  const isPlain = key.type.kind === "string" || key.type.kind === "real" || key.type.kind === "int";
  if (!isPlain) return refuse(cx, "dynamicAccess", node, { code: excerpt(node) });
  return loadUnder(cx, ref, key, node, hint);
}

/** All keys, as an array. */
export function keysOf(cx: Context, ref: KeyedRef, node: ts.Node, hint: Hint | null = null): Value {
  const { storage, key } = ref.type.shape;
  const isRecord = storage === "Record";
  return makeListing(
    cx,
    isRecord ? steering.objectKeys : steering.mapKeys,
    [ref],
    isRecord ? "string" : (key ?? "string"),
    node,
    hint,
  );
}

/** An array of strings or numbers that an operation makes. */
export function makeListing(
  cx: Context,
  op: Op,
  args: readonly Atom[],
  element: "string" | "number",
  node: ts.Node,
  hint: Hint | null,
): Value {
  const kind = element === "string" ? "string" : "int";
  const shape: MemoryShape = { kind: "array", element: { kind }, storage: "Array" };
  return cx.unit.builder.alloc(shape, { kind: "listing", op, args }, origin(cx, node, hint));
}

/** The value under a key that is one of those listed. */
export function loadListed(cx: Context, ref: KeyedRef, key: Atom, node: ts.Node, hint: Hint | null): Bound {
  const value = loadUnder(cx, ref, key, node, null);
  return isValue(value) ? present(cx, value, node, hint) : value;
}

function isValue(bound: Bound): bound is Value {
  return bound.kind === "value";
}
