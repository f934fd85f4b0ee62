/** Records, maps and sets: what is under a key, whether there is anything, all keys, and what is put there. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { bool, boolean, int } from "../../ir/builder.js";
import type { Op } from "../../ir/op.js";
import { type KeyedShape, cellIn, isKeyed, isObjectKey, keyIn } from "../../ir/shapes.js";
import type { Atom, Hint, KeyShape, MemoryShape, Presence, RefType, Shape, Value } from "../../ir/types.js";
import * as steering from "../../ops/steering.js";
import { libraryName } from "../types/array-shapes.js";
import { type Context, origin, poison, refuse, refuseExpression } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { loadOfEntry, lowerObjectKey, storeEntry, valueOfEntry } from "./object-keys.js";
import { type Key, loadRaw, storeCell } from "../memory.js";
import type { Bound } from "../scope.js";
import { atomOf, includesNothing, isRef, there } from "../values.js";

/** A reference to a record, a map or a set. */
export type KeyedRef = Value & { readonly type: RefType & { readonly shape: KeyedShape } };

export function isKeyedRef(bound: Bound): bound is KeyedRef {
  return isRef(bound) && isKeyed(bound.type.shape);
}

/** A key that an expression gives; poison, and a report, for what is none. */
export function lowerKey(cx: Context, ref: KeyedRef, node: ts.Expression): Atom {
  if (isObjectKey(ref.type.shape.key)) return lowerObjectKey(cx, ref, node);
  const key = atomOf(cx, lowerExpression(cx, node), node);
  if (key === poison || isKey(key)) return key;
  return refuseExpression(cx, node, "key that is neither a string nor a number");
}

export function isKey({ type }: Atom): boolean {
  return type.kind === "string" || type.kind === "real" || type.kind === "int";
}

/** What is under the key, or `undefined`. */
export function loadUnder(cx: Context, ref: KeyedRef, key: Atom, node: ts.Node, hint: Hint | null): Bound {
  if (key === poison) return poison;
  const found = ref.type.shape.keeps === "entries" ? null : hint;
  const held = loadRaw(cx, ref, keyOf(key), node, found);
  return ref.type.shape.keeps === "entries" ? valueOfEntry(cx, held, node, hint) : held;
}

/** Puts the value under the key. */
export function storeUnder(cx: Context, ref: KeyedRef, key: Atom, value: Atom, node: ts.Node): void {
  if (key === poison || value === poison) return;
  if (ref.type.shape.keeps === "entries") storeEntry(cx, ref, key, value, node);
  else storeCell(cx, ref, keyOf(key), value, node);
}

function keyOf(key: Atom): Key {
  if (key.kind === "value") return key;
  return typeof key.value === "number" ? key.value : String(key.value);
}

/** Whether there is anything under the key. */
export function loadPresence(
  cx: Context,
  ref: KeyedRef,
  key: Atom,
  asks: Presence,
  node: ts.Node,
  hint: Hint | null,
): Atom {
  if (key === poison) return poison;
  return cx.unit.builder.load(ref, { kind: "index", index: key, asks }, bool, origin(cx, node, hint));
}

/** Adds a key to a set, or takes what is under it off. */
export function storePresence(cx: Context, ref: KeyedRef, key: Atom, isThere: boolean, node: ts.Node): void {
  if (key === poison) return;
  if (isThere && ref.type.shape.keeps === "keys") {
    storeCell(cx, ref, keyOf(key), key, node);
    return;
  }
  const { builder, regions } = cx.unit;
  regions.markStored(ref.type.region, { shape: ref.type.shape, node }, builder.isOwn(ref));
  const step = { kind: "index", index: key, asks: "has" } as const;
  builder.store({ ref, step }, boolean(isThere), origin(cx, node));
}

/** `record[key]`, `record.name`, `map.size`. */
export function lowerKeyedAccess(
  cx: Context,
  ref: KeyedRef,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  hint: Hint | null,
): Bound {
  if (ref.type.shape.storage !== "Record") {
    const isSize = cx.ts.isPropertyAccessExpression(node) && node.name.text === "size";
    if (isSize) return loadSize(cx, ref, node, hint);
    return refuse(cx, "unsupportedBuiltin", node, { name: excerpt(node) });
  }
  const key = recordKey(cx, node);
  return key === null ? poison : loadRaw(cx, ref, key, node, hint);
}

/** The number of keys of a map or a set. */
export function loadSize(cx: Context, ref: KeyedRef, node: ts.Node, hint: Hint | null): Atom {
  return cx.unit.builder.load(ref, { kind: "field", name: "length" }, int, origin(cx, node, hint));
}

/** The key of a record that is accessed; null, and a report, for what is none. */
export function recordKey(
  cx: Context,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): Key | null {
  if (cx.ts.isPropertyAccessExpression(node)) return node.name.text;
  const key = atomOf(cx, lowerExpression(cx, node.argumentExpression), node.argumentExpression);
  if (key === poison) return null;
  if (isKey(key)) return keyOf(key);
  refuse(cx, "dynamicAccess", node, { code: excerpt(node) });
  return null;
}

/** All keys, as an array: of objects, their identities. */
export function keysOf(cx: Context, ref: KeyedRef, node: ts.Node, hint: Hint | null = null): Value {
  const { storage, names } = ref.type.shape;
  const isRecord = storage === "Record";
  const op = isRecord ? steering.objectKeys : steering.mapKeys;
  const literals = names?.map((name) => JSON.stringify(name)).join(" | ");
  return makeListing(cx, op, [ref], isRecord ? "string" : keyIn(ref.type.shape), node, hint, literals);
}

/** Notes that the code sees the keys that are listed. */
export function noteKeys(cx: Context, { type }: KeyedRef, node: ts.Node): void {
  if (!isObjectKey(keyIn(type.shape))) cx.unit.keyLists.push({ region: type.region, node });
}

/** An array of strings or numbers that an operation makes. */
export function makeListing(
  cx: Context,
  op: Op,
  args: readonly Atom[],
  element: KeyShape,
  node: ts.Node,
  hint: Hint | null,
  literals?: string,
): Value {
  const plain = listedKey(element);
  const own: Shape = literals === undefined || plain.kind !== "string" ? plain : { ...plain, literals };
  const shape: MemoryShape = { kind: "array", element: own, storage: "Array" };
  return cx.unit.builder.alloc(shape, { kind: "listing", op, args }, origin(cx, node, hint));
}

/** A key as it is listed: of an object, just which one it is. */
export function listedKey(key: KeyShape): Shape {
  if (isObjectKey(key)) return { kind: "object", fields: [], identityOf: key };
  return { kind: key === "number" ? "int" : "string" };
}

/** What the user has as keys, and under them. */
export function keyShape(shape: KeyedShape): Shape {
  const key = keyIn(shape);
  return isObjectKey(key) ? key : listedKey(key);
}

export function valueIn({ element, keeps }: KeyedShape): Shape {
  const held = thereIn(element);
  const value = keeps === "entries" ? cellIn(held, "value") : null;
  return value ?? held;
}

/** What lies in a cell where anything does. */
function thereIn(cell: Shape): Shape {
  if (cell.kind !== "maybe") return cell;
  return cell.other === undefined ? cell.shape : { ...cell, none: "never" };
}

/** The value under a key that is one of those listed. */
export function loadListed(cx: Context, ref: KeyedRef, key: Atom, node: ts.Node, hint: Hint | null): Bound {
  if (ref.type.shape.keeps === "entries") return loadOfEntry(cx, ref, key, "value", node, hint);
  const mayBeNothing = holdsNothing(cx, node);
  const value = loadUnder(cx, ref, key, node, mayBeNothing ? hint : null);
  return !mayBeNothing && value.kind === "value" ? there(cx, value, node, hint) : value;
}

/** `undefined` may be a value of the record or the map that `node` gives. */
function holdsNothing(cx: Context, node: ts.Node): boolean {
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  const name = libraryName(type, cx.unit.project);
  const isMap = name === "Map" || name === "ReadonlyMap";
  const held = isMap
    ? cx.checker.getTypeArguments(type as ts.TypeReference)[1]
    : cx.checker.getIndexInfosOfType(type)[0]?.type;
  return held !== undefined && includesNothing(cx, held);
}
