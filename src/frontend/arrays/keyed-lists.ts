/** What is in a record, a map or a set, one by one: its keys, what is under them, or both. */
import type { ts } from "ts-morph";
import { noteOrder } from "../records/key-order.js";
import { suggested } from "../../ir/builder.js";
import * as steering from "../../ops/steering.js";
import { isKeyed, isObjectKey } from "../../ir/shapes.js";
import type { Atom, Hint, MemoryShape, Shape, Value } from "../../ir/types.js";
import { zero } from "./array-growth.js";
import { startFilling } from "./array-filling.js";
import { type Context, origin, poison } from "../context.js";
import { type Outcome, fell } from "../control/control.js";
import {
  type KeyedRef,
  isKeyedRef,
  keyShape,
  keysOf,
  loadListed,
  makeListing,
  noteKeys,
  valueIn,
} from "../records/keyed.js";
import { listsObjects, loadKeyObject } from "../records/object-keys.js";
import { lowerExpression } from "../expressions/expressions.js";
import { collect } from "../functions/generators.js";
import { lowerIterable } from "../functions/iterators.js";
import { allocate } from "../expressions/literals.js";
import { countedLoop } from "../control/loops.js";
import type { Listing } from "./listings.js";
import { cellType, loadLength } from "../memory.js";
import { isOfLibrary, symbolOf } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { shapeOf } from "../types/shapes.js";
import { bare } from "../syntax.js";
import { type RefValue, atomOf, present } from "../values.js";

/** What is listed of each entry. */
export type Items = "keys" | "values" | "entries";

/** Notes that the list is gone through; the keys of iterations are added as they are read. */
export function openListing(cx: Context, ref: KeyedRef, node: ts.Node): Listing {
  const listing: Listing = { ref, keys: new Set(), node };
  cx.unit.listings.push(listing);
  return listing;
}

export interface Reader {
  readonly key: (index: Atom) => Value;
  /** The item at an index of the keys; `under` is the key, where it has been read. */
  readonly item: (index: Atom, hint: Hint | null, under?: Value) => Bound;
}

/** Gives what is listed, for a loop in which the user's code runs: what is under a key is read where it is asked for. */
export function itemsOf(
  cx: Context,
  ref: KeyedRef,
  keys: RefValue,
  items: Items,
  node: ts.Expression,
): Reader {
  const listing = openListing(cx, ref, node);
  if (showsKeys(ref, items)) noteKeys(cx, ref, node);
  const key = (index: Atom): Value => {
    const read = loadKey(cx, keys, index, node, suggested("key"));
    listing.keys.add(read);
    return read;
  };
  const item: Reader["item"] = (index, hint, under = key(index)) =>
    itemUnder(cx, ref, under, items, node, hint);
  return { key, item };
}

/** A key by its index: of an object, which one it is. */
export function loadKey(cx: Context, keys: RefValue, index: Atom, node: ts.Node, hint: Hint | null): Value {
  const { shape, region } = keys.type;
  const element = shape.kind === "array" ? cellType(cx, shape.element, region, "*") : null;
  const type = element ?? { kind: "string" };
  return cx.unit.builder.load(keys, { kind: "index", index }, type, origin(cx, node, hint));
}

/** What the user has of a key: the object itself. */
export function keyItem(cx: Context, ref: KeyedRef, key: Value, node: ts.Node, hint: Hint | null): Atom {
  return isObjectKey(ref.type.shape.key) ? atomOf(cx, loadKeyObject(cx, ref, key, node, hint), node) : key;
}

function itemUnder(
  cx: Context,
  ref: KeyedRef,
  key: Value,
  items: Items,
  node: ts.Node,
  hint: Hint | null,
): Bound {
  const isSet = ref.type.shape.storage === "Set";
  const isKey = items === "keys" || (isSet && items === "values");
  const own = items === "values" && !isSet ? key : keyItem(cx, ref, key, node, isKey ? hint : null);
  if (isKey) return own;
  const value = isSet ? own : loadListed(cx, ref, key, node, items === "values" ? hint : null);
  if (items === "values" || value === poison || own === poison) return value;
  if (!isAtom(value)) return { kind: "list", elements: [own, value] };
  const cells = [own, value].map((each, i) => ({ name: String(i), value: each }));
  return allocate(cx, pairShape(ref, value), cells, node, hint);
}

function pairShape({ type: { shape } }: KeyedRef, value: Atom): MemoryShape {
  return { kind: "tuple", elements: [keyShape(shape), valueShape(valueIn(shape), value)] };
}

/** What is under a key that there is. */
function valueShape(element: Shape, value: Atom): Shape {
  return element.kind === "maybe" && value.type.kind !== "maybe" ? element.shape : element;
}

function showsKeys({ type }: KeyedRef, items: Items): boolean {
  return items !== "values" || type.shape.storage === "Set";
}

/** The same as an array. */
export function listItems(cx: Context, ref: KeyedRef, items: Items, node: ts.Node, hint: Hint | null): Bound {
  if (ref.type.shape.storage === "Record") noteOrder(cx, ref, null, node.parent);
  const kind = ref.type.shape;
  const isSet = kind.storage === "Set";
  const isPlain = items === "keys" || (items === "values" && isSet);
  if (showsKeys(ref, items)) noteKeys(cx, ref, node);
  if (showsKeys(ref, items) && !listsObjects(cx, ref, node)) return poison;
  const isKeys = isPlain && !isObjectKey(kind.key);
  const keys = keysOf(cx, ref, node, isKeys ? hint : suggested("keys"));
  if (isKeys) return keys;
  const item = (index: Atom): Bound => {
    const key = loadKey(cx, keys as RefValue, index, node, suggested("key"));
    return itemUnder(cx, ref, key, items, node, null);
  };
  const length = loadLength(cx, keys as RefValue, node);
  const [key, value] = [keyShape(kind), isSet ? keyShape(kind) : valueIn(kind)];
  const shape: MemoryShape = {
    kind: "array",
    element: isPlain ? key : items === "values" ? value : { kind: "tuple", elements: [key, value] },
    storage: "Array",
  };
  const { out, put } = startFilling(cx, shape, () => length, node, hint);
  countedLoop(cx, node, {
    from: zero,
    to: length,
    assignedIn: [],
    body: (index) => {
      const value = atomOf(cx, item(index), node);
      put(index, value);
      return fell;
    },
  });
  return out;
}

/** Runs over keys that have been listed. */
export function forEachKey(
  cx: Context,
  node: ts.Node,
  keys: Value,
  body: (key: Value, index: Atom) => Outcome,
): void {
  countedLoop(cx, node, {
    from: zero,
    to: loadLength(cx, keys as RefValue, node),
    assignedIn: [],
    body: (index) => body(loadKey(cx, keys as RefValue, index, node, suggested("key")), index),
  });
}

/** What is listed, and of what, where an expression gives a list of what is in a record, a map or a set. */
export interface ListedSource {
  readonly source: ts.Expression;
  readonly items: Items;
}

/** Sees `Object.values(record)`, `[...map.values()]`, `Array.from(map)` and their like; null for anything else. */
export function listedBy(cx: Context, expression: ts.Expression): ListedSource | null {
  const tsc = cx.ts;
  const node = bare(tsc, expression);
  if (tsc.isArrayLiteralExpression(node)) {
    const [only, ...more] = node.elements;
    return only !== undefined && more.length === 0 && tsc.isSpreadElement(only)
      ? iteratedBy(cx, only.expression)
      : null;
  }
  if (!tsc.isCallExpression(node) || !tsc.isPropertyAccessExpression(node.expression)) return null;
  const [argument, ...more] = node.arguments;
  const symbol = symbolOf(cx, node.expression.name);
  if (argument === undefined || more.length > 0 || symbol === null || !isOfLibrary(cx, symbol)) return null;
  const { expression: owner, name } = node.expression;
  if (!tsc.isIdentifier(owner)) return null;
  if (owner.text === "Array" && name.text === "from") return iteratedBy(cx, argument);
  const items = itemsNamed(name.text);
  if (owner.text !== "Object" || items === null) return null;
  return storageOf(cx, argument) === "Record" ? { source: argument, items } : null;
}

/** What iterating gives: over a map its entries, over a set its keys. */
function iteratedBy(cx: Context, expression: ts.Expression): ListedSource | null {
  const tsc = cx.ts;
  const node = bare(tsc, expression);
  const storage = storageOf(cx, node);
  if (storage === "Map") return { source: node, items: "entries" };
  if (storage === "Set") return { source: node, items: "keys" };
  if (!tsc.isCallExpression(node) || !tsc.isPropertyAccessExpression(node.expression)) return null;
  const { expression: source, name } = node.expression;
  const items = itemsNamed(name.text);
  const of = storageOf(cx, source);
  return items !== null && (of === "Map" || of === "Set") ? { source, items } : null;
}

function itemsNamed(name: string): Items | null {
  return name === "keys" || name === "values" || name === "entries" ? name : null;
}

function storageOf(cx: Context, node: ts.Expression): string | null {
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  const shape = shapeOf(type, node, cx.unit.project);
  return shape.kind !== "unsupported" && isKeyed(shape) ? shape.storage : null;
}

/** The record, the map or the set; null, and a report, where there is none. */
export function lowerSource(cx: Context, node: ts.Expression): KeyedRef | null {
  const ref = present(cx, atomOf(cx, lowerExpression(cx, node), node), node);
  return isKeyedRef(ref) ? ref : null;
}

/** What an expression gives that is iterated over: an array, where it is a map, a set or a text. */
export function lowerIterated(cx: Context, node: ts.Expression, hint: Hint | null = null): Bound {
  const bound = lowerIterable(cx, node, hint);
  return bound.kind === "generated" ? collect(cx, bound, node, hint) : listed(cx, bound, node, hint);
}

/** The same of what is no generator. */
export function listed(cx: Context, bound: Bound, node: ts.Node, hint: Hint | null): Bound {
  if (isAtom(bound) && bound.type.kind === "string")
    return makeListing(cx, steering.characters, [bound], "string", node, hint);
  if (!isKeyedRef(bound) || bound.type.shape.storage === "Record") return bound;
  return listItems(cx, bound, bound.type.shape.storage === "Map" ? "entries" : "keys", node, hint);
}
