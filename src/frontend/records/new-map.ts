/** `new Map(…)`, `new Set(…)`, `Object.fromEntries(…)`, and copies of records. */
import type { ts } from "ts-morph";
import { suggested } from "../../ir/builder.js";
import { type KeyedShape, isKeyed, isObjectKey } from "../../ir/shapes.js";
import { isClosed } from "../../ir/closed-records.js";
import type { Atom, Hint } from "../../ir/types.js";
import * as steering from "../../ops/steering.js";
import { copiedAtOnce } from "./keyed-copies.js";
import { keyOfIndex, zero } from "../arrays/array-growth.js";
import { callbackOf, iterate } from "../arrays/array-iteration.js";
import { type Context, poison, refuse, refuseExpression } from "../context.js";
import { fell } from "../control/control.js";
import { lowerExpression } from "../expressions/expressions.js";
import { lowerCollected } from "../functions/generators.js";
import {
  type KeyedRef,
  isKeyedRef,
  keysOf,
  loadListed,
  noteKeys,
  storePresence,
  storeUnder,
  makeListing,
} from "./keyed.js";
import { asObjectKey } from "./object-keys.js";
import { newFunctionMap } from "./function-maps.js";
import { forEachKey, keyItem } from "../arrays/keyed-lists.js";
import { allocateKeyed } from "../expressions/literals.js";
import { countedLoop } from "../control/loops.js";
import { loadCell, loadLength } from "../memory.js";
import { knownKey } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { collectionLike, libraryName } from "../types/array-shapes.js";
import { heldShapeOf } from "../types/shapes.js";
import { bare } from "../syntax.js";
import { type RefValue, atomOf, referenceOf } from "../values.js";

/** `new Map()`, `new Set(xs)` and their like; null for what makes neither. */
export function lowerNewKeyed(cx: Context, node: ts.NewExpression, hint: Hint | null): Bound | null {
  const functions = newFunctionMap(cx, node);
  if (functions !== null) return functions;
  const shape = keyedShapeOf(cx, node);
  if (shape === null && isCollection(cx, node)) {
    const what = "map or a set of what is not all strings, all numbers or objects of one kind";
    return untoldMap(cx, node) ?? refuseExpression(cx, node, what);
  }
  if (shape === null || shape.storage === "Record") return null;
  const [argument] = node.arguments ?? [];
  if (argument === undefined) return allocateKeyed(cx, shape, [], node, hint);
  const written = isObjectKey(shape.key) ? writtenElements(cx, argument, shape.storage) : null;
  if (written !== null) return ofObjects(cx, shape, written, node, hint);
  if (shape.storage === "Set") return newSet(cx, shape, argument, node, hint);
  const entries = entriesOf(cx, argument, shape);
  if (entries === null) return fromPairs(cx, shape, argument, node, hint);
  if (entries.some(({ value }) => value === poison)) return poison;
  return allocateKeyed(cx, shape, entries, node, hint);
}

/** `Object.fromEntries(pairs)`, which makes a record; null for other calls. */
export function lowerFromEntries(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  const { expression, arguments: args } = node;
  const [argument] = args;
  const isCall =
    cx.ts.isPropertyAccessExpression(expression) &&
    cx.ts.isIdentifier(expression.expression) &&
    expression.expression.text === "Object" &&
    expression.name.text === "fromEntries";
  if (!isCall || argument === undefined) return null;
  const shape = keyedShapeOf(cx, node);
  return shape?.storage === "Record" ? fromPairs(cx, shape, argument, node, hint) : null;
}

function isCollection(cx: Context, node: ts.Expression): boolean {
  const name = libraryName(cx.checker.getTypeAtLocation(node), cx.unit.project);
  return name !== null && ["Map", "Set", "WeakMap", "WeakSet"].includes(name);
}

/** By its own type, or by what it is assigned to. */
function keyedShapeOf(cx: Context, node: ts.Expression): KeyedShape | null {
  const types = [
    cx.checker.getTypeAtLocation(node),
    cx.checker.getContextualType(node),
    wantedElement(cx, node),
  ];
  const shapes = types.flatMap((type): KeyedShape[] => {
    const bare = type === undefined ? null : cx.checker.getNonNullableType(type);
    const shape = bare === null ? null : heldShapeOf(bare, node, cx.unit.project);
    return shape !== null && shape.kind !== "unsupported" && isKeyed(shape) ? [shape] : [];
  });
  // `as Record<K, number>` says more than what it is said of.
  return shapes.find(isClosed) ?? shapes[0] ?? likeMeant(cx, node);
}

/** `const cache: Cache = new Map()`, where the user says what a cache is. */
function likeMeant(cx: Context, node: ts.Expression): KeyedShape | null {
  if (!cx.ts.isNewExpression(node) || !isCollection(cx, node)) return null;
  const meant = cx.checker.getContextualType(node);
  const type = meant === undefined ? null : cx.checker.getNonNullableType(meant);
  const project = { ...cx.unit.project, checker: cx.checker };
  const shape = type === null ? null : collectionLike(type, node, project);
  return shape !== null && shape.kind !== "unsupported" && isKeyed(shape) ? shape : null;
}

/** `const rows: Map<string, number>[] = Array.from({ length: n }, () => new Map())`: what the elements are to be. */
function wantedElement(cx: Context, node: ts.Expression): ts.Type | undefined {
  const tsc = cx.ts;
  const callback = tsc.findAncestor(node, tsc.isArrowFunction);
  if (callback?.body !== node || !tsc.isCallExpression(callback.parent)) return undefined;
  const wanted = cx.checker.getContextualType(callback.parent);
  return wanted === undefined ? undefined : cx.checker.getIndexTypeOfType(wanted, tsc.IndexKind.Number);
}

/** `new Map<string, unknown>()`: an error where it is used. */
function untoldMap(cx: Context, node: ts.NewExpression): Bound | null {
  const whole = cx.checker.getTypeAtLocation(node);
  const { Any, Unknown } = cx.ts.TypeFlags;
  const parts = cx.checker.getTypeArguments(whole as ts.TypeReference);
  if (!parts.some(({ flags }) => (flags & (Any | Unknown)) !== 0)) return null;
  const reason = "what it holds is not known";
  return { kind: "unknown", untold: { type: cx.checker.typeToString(whole), reason } };
}

function emptyOf(cx: Context, shape: KeyedShape, node: ts.Node, hint: Hint | null): KeyedRef {
  return allocateKeyed(cx, shape, [], node, hint) as KeyedRef;
}

/** An object that is written out as a key, and what is written out under it. */
interface WrittenKey {
  readonly key: ts.Expression;
  readonly value: ts.Expression | null;
}

/** Null where the keys, or the pairs, are not written out. */
function writtenElements(
  cx: Context,
  argument: ts.Expression,
  storage: KeyedShape["storage"],
): readonly WrittenKey[] | null {
  const list = bare(cx.ts, argument);
  if (!cx.ts.isArrayLiteralExpression(list)) return null;
  const found = list.elements.map((element): WrittenKey | null => {
    if (storage === "Set") return cx.ts.isSpreadElement(element) ? null : { key: element, value: null };
    const pair = bare(cx.ts, element);
    const [key, value, ...more] = cx.ts.isArrayLiteralExpression(pair) ? pair.elements : [];
    if (key === undefined || value === undefined || more.length > 0) return null;
    return [key, value].some((each) => cx.ts.isSpreadElement(each)) ? null : { key, value };
  });
  return found.every((each) => each !== null) ? found : null;
}

function ofObjects(
  cx: Context,
  shape: KeyedShape,
  written: readonly WrittenKey[],
  node: ts.Node,
  hint: Hint | null,
): Bound {
  const given = written.map(({ key, value }) => ({
    node: key,
    key: lowerExpression(cx, key),
    value: value === null ? null : atomOf(cx, lowerExpression(cx, value), value),
  }));
  const out = emptyOf(cx, shape, node, hint);
  for (const each of given) {
    const key = asObjectKey(cx, out, each.key, each.node);
    if (each.value === null) storePresence(cx, out, key, true, each.node);
    else storeUnder(cx, out, key, each.value, each.node);
  }
  return out;
}

/** Adds one element after the other. */
function newSet(
  cx: Context,
  shape: KeyedShape,
  argument: ts.Expression,
  node: ts.Node,
  hint: Hint | null,
): Bound {
  const source = lowerCollected(cx, argument);
  if (source === poison) return poison;
  const out = emptyOf(cx, shape, node, hint);
  const add = (key: Bound): void => {
    storePresence(cx, out, givenKey(cx, out, key, argument), true, node);
  };
  if (isKeyedRef(source)) {
    if (source.type.shape.storage !== "Set") return refuseExpression(cx, argument, "source of a set");
    noteKeys(cx, source, argument);
    forEachKey(cx, node, keysOf(cx, source, argument, suggested("keys")), (key) => {
      add(keyItem(cx, source, key, argument, null));
      return fell;
    });
    return out;
  }
  const isText = isAtom(source) && source.type.kind === "string";
  const ref = referenceOf(
    cx,
    isText ? makeListing(cx, steering.characters, [source], "string", argument, null) : source,
    argument,
  );
  if (ref === null) return poison;
  forEachElement(cx, ref, argument, add);
  return out;
}

/** Of pairs that a callback makes, of another map, or of an array of pairs. */
function fromPairs(
  cx: Context,
  shape: KeyedShape,
  argument: ts.Expression,
  node: ts.Node,
  hint: Hint | null,
): Bound {
  const pairs = mappedFrom(cx, argument);
  const source = lowerCollected(cx, pairs?.source ?? argument);
  if (source === poison) return poison;
  const copy = pairs === null && isKeyedRef(source) ? copiedAtOnce(cx, shape, source, node, hint) : null;
  if (copy !== null) return copy;
  const out = emptyOf(cx, shape, node, hint);
  if (pairs === null && isKeyedRef(source)) {
    if (source.type.shape.storage !== "Map") return refuseExpression(cx, argument, "source of a map");
    copyEntries(cx, out, source, argument, node);
    return out;
  }
  const put = (pair: Bound): void => {
    putPair(cx, out, pair, node);
  };
  const ref = referenceOf(cx, source, argument);
  if (ref === null) return poison;
  if (pairs === null) {
    forEachElement(cx, ref, argument, put);
    return out;
  }
  const call = { cx, ref, node: pairs.call, hint: null };
  const callback = callbackOf(call);
  if (callback === null) return poison;
  iterate(call, { callback }, (each) => {
    put(each.call(null));
    return fell;
  });
  return out;
}

/** `xs.map(f)` of an array, whose pairs need no array of their own. */
function mappedFrom(
  cx: Context,
  argument: ts.Expression,
): { readonly call: ts.CallExpression; readonly source: ts.Expression } | null {
  const call = bare(cx.ts, argument);
  if (!cx.ts.isCallExpression(call) || !cx.ts.isPropertyAccessExpression(call.expression)) return null;
  const { expression: source, name } = call.expression;
  const isArray = cx.checker.isArrayType(cx.checker.getTypeAtLocation(source));
  return name.text === "map" && isArray ? { call, source } : null;
}

function putPair(cx: Context, out: KeyedRef, pair: Bound, node: ts.Node): void {
  if (pair === poison) return;
  if (pair.kind === "list") {
    refuse(cx, "escapingFunction", node, { name: node.getText() });
    return;
  }
  const ref = isAtom(pair) ? referenceOf(cx, pair, node) : null;
  if (ref === null) return;
  const [key, value] = [0, 1].map((i) => atomOf(cx, loadCell(cx, ref, i, node, null), node));
  if (key !== undefined && value !== undefined)
    storeUnder(cx, out, givenKey(cx, out, key, node), value, node);
}

/** What is made a key, of an object that is one. */
function givenKey(cx: Context, out: KeyedRef, key: Bound, node: ts.Node): Atom {
  return isObjectKey(out.type.shape.key) ? asObjectKey(cx, out, key, node) : atomOf(cx, key, node);
}

function forEachElement(cx: Context, ref: RefValue, node: ts.Node, body: (element: Bound) => void): void {
  countedLoop(cx, node, {
    from: zero,
    to: loadLength(cx, ref, node),
    assignedIn: [],
    body: (index) => {
      body(loadCell(cx, ref, keyOfIndex(index), node, null));
      return fell;
    },
  });
}

/** Puts all that is in `source` into `out`. */
export function copyEntries(
  cx: Context,
  out: KeyedRef,
  source: KeyedRef,
  argument: ts.Node,
  node: ts.Node,
): void {
  noteKeys(cx, source, argument);
  const keys = keysOf(cx, source, argument, suggested("keys"));
  forEachKey(cx, node, keys, (key) => {
    const value = loadListed(cx, source, key, argument, null);
    const own = keyItem(cx, source, key, argument, null);
    storeUnder(cx, out, givenKey(cx, out, own, argument), atomOf(cx, value, node), node);
    return fell;
  });
}

/** The pairs that are written out, with keys that are known; null where there are others. */
function entriesOf(
  cx: Context,
  argument: ts.Expression,
  shape: KeyedShape,
): readonly { readonly name: string; readonly value: Atom }[] | null {
  const pairs = pairsOf(cx, argument, shape);
  if (pairs === null) return null;
  const entries: { name: string; value: Atom }[] = [];
  for (const { name, value } of pairs) {
    // A later entry of one key replaces the earlier one, but is evaluated behind it.
    const atom = atomOf(cx, lowerExpression(cx, value), value);
    const known = entries.find((each) => each.name === name);
    if (known === undefined) entries.push({ name, value: atom });
    else known.value = atom;
  }
  return entries;
}

function pairsOf(
  cx: Context,
  argument: ts.Expression,
  shape: KeyedShape,
): readonly { readonly name: string; readonly value: ts.Expression }[] | null {
  const list = bare(cx.ts, argument);
  if (!cx.ts.isArrayLiteralExpression(list)) return null;
  const pairs: { name: string; value: ts.Expression }[] = [];
  for (const element of list.elements) {
    const pair = bare(cx.ts, element);
    const [key, value] = cx.ts.isArrayLiteralExpression(pair) ? pair.elements : [];
    if (key === undefined || value === undefined) return null;
    const name = knownName(cx, key);
    if (isObjectKey(shape.key) || name === null || typeof name !== (shape.key ?? "string")) return null;
    pairs.push({ name: String(name), value });
  }
  return pairs;
}

/** A key whose evaluation has no effect. */
export function knownName(cx: Context, key: ts.Expression): string | number | null {
  const inner = bare(cx.ts, key);
  const isPlain =
    cx.ts.isStringLiteralLike(inner) ||
    cx.ts.isNumericLiteral(inner) ||
    cx.ts.isIdentifier(inner) ||
    cx.ts.isPropertyAccessExpression(inner) ||
    cx.ts.isPrefixUnaryExpression(inner);
  return isPlain ? knownKey(cx, lowerExpression(cx, inner)) : null;
}
