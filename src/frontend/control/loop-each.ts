/**
 * `for…of` and `for…in`: over arrays by an index, over tuples and the fields of objects, whose number is known, written
 * out.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { declared, suggested, whole } from "../../ir/builder.js";
import { isObjectKey } from "../../ir/shapes.js";
import type { Atom, Hint } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import * as steering from "../../ops/steering.js";
import {
  type Branch,
  type Outcome,
  type Rest,
  andThen,
  arrive,
  choose,
  fell,
  goOn,
  jumpsOf,
  makeExit,
} from "./control.js";
import {
  type Context,
  type LoopJumps,
  inScope,
  onStatement,
  origin,
  refuse,
  refuseExpression,
} from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { wantRecord } from "../types/dictionaries.js";
import { listedFields, loadField } from "../types/field-lists.js";
import { noteOrder } from "../records/key-order.js";
import { type KeyedRef, isKeyedRef, keysOf, loadListed, makeListing, noteKeys } from "../records/keyed.js";
import { keyItem, loadKey, openListing } from "../arrays/keyed-lists.js";
import { goThrough } from "../functions/generators.js";
import { iteratedBy } from "../functions/iterators.js";
import { hasRoom } from "../functions/inline.js";
import { assignedIn } from "./loop-assigned.js";
import { type Each, type Item, type Kind, bindItem } from "./loop-items.js";
import { emitIndexLoop } from "./loops.js";
import { isWrittenOut } from "./written-out.js";
import { isFound } from "../arrays/array-iteration.js";
import { indicesOf, isPerhaps, valueOf } from "../arrays/optional-elements.js";
import { keyOfIndex } from "../arrays/array-growth.js";
import { notePassing } from "../arrays/sparse.js";
import { cellType, loadLength, loadRaw } from "../memory.js";
import { isOfLibrary, stringLiteral, symbolOf } from "../names.js";
import { isAsked } from "../records/presence.js";
import { type Bound, type Generated, Scope, isAtom } from "../scope.js";
import { unwrapped } from "../syntax.js";
import { type RefValue, apply, atomOf, isRef, referenceOf } from "../values.js";

/** Lowers one iteration, and behind it what is handed to it. */
type Body = (cx: Context, jumps: LoopJumps, rest: Rest) => Outcome;

/** What the loop goes over. */
interface Source {
  readonly node: ts.Expression;
  /** `keys` of an object are strings, of an array numbers. */
  readonly kind: Kind;
  readonly isObject: boolean;
}

/** Lowers the whole loop. */
export function lowerEach(cx: Context, node: Each, body: Body): Outcome {
  if (cx.ts.isForOfStatement(node) && node.awaitModifier !== undefined) {
    refuse(cx, "asyncFunction", node.awaitModifier, { name: excerpt(node.expression) });
    return fell;
  }
  const here = onStatement(cx, node.initializer);
  const source = sourceOf(cx, node);
  const given = lowerExpression(here, source.node);
  const bound = source.isObject ? given : iteratedBy(here, given, source.node);
  if (bound.kind === "generated" && source.kind === "values") return overGenerated(here, node, bound, body);
  if (bound.kind === "list" && !source.isObject) {
    const indices = indicesOf(here, bound.elements, source.node);
    const items = bound.elements.map((each, i): Item => {
      const item = { key: indices[i] ?? whole(i), value: () => valueOf(each) };
      return isPerhaps(each) ? { ...item, isThere: () => each.when } : item;
    });
    return unroll(here, node, source.kind, items, body);
  }
  const text = isAtom(bound) && bound.type.kind === "string" ? bound : null;
  if (text !== null && cx.ts.isForOfStatement(node)) {
    const characters = makeListing(
      here,
      steering.characters,
      [text],
      "string",
      source.node,
      suggested("characters"),
    );
    return isRef(characters) ? overArray(here, node, "values", characters, body) : fell;
  }
  const ref = referenceOf(here, bound, source.node, true);
  if (ref === null) return fell;
  if (isKeyedRef(ref)) return overKeys(here, node, source, ref, body);
  const { shape } = ref.type;
  if (cx.ts.isForInStatement(node) && shape.kind === "array") return overIndices(here, node, ref, body);
  if (source.isObject) {
    const items = shape.kind === "object" ? fieldItems(here, node, source.node, ref) : null;
    if (items !== null) return unroll(here, node, source.kind, items, body);
    wantRecord(cx, ref);
    refuseExpression(cx, source.node, "loop over the keys of what may lack some of them");
    return fell;
  }
  if (shape.kind === "array" || (shape.kind === "tuple" && !isWrittenOut(here, node, ref)))
    return overArray(here, node, source.kind, ref, body);
  if (shape.kind === "tuple") return unroll(here, node, source.kind, elementItems(here, node, ref), body);
  refuseExpression(cx, source.node, "loop over what is neither an array nor a tuple");
  return fell;
}

/** Sees `xs.entries()`, `Object.keys(p)` and their like. */
function sourceOf(cx: Context, node: Each): Source {
  const tsc = cx.ts;
  const whole = unwrapped(tsc, node.expression);
  if (tsc.isForInStatement(node)) return { node: whole, kind: "keys", isObject: true };
  const plain: Source = { node: whole, kind: "values", isObject: false };
  if (!tsc.isCallExpression(whole) || !tsc.isPropertyAccessExpression(whole.expression)) return plain;
  const { expression, name } = whole.expression;
  const kind = kindOf(name.text);
  const symbol = symbolOf(cx, name);
  if (kind === null || symbol === null || !isOfLibrary(cx, symbol)) return plain;
  const [argument] = whole.arguments;
  if (argument === undefined) return { node: expression, kind, isObject: false };
  const isStatic = tsc.isIdentifier(expression) && expression.text === "Object";
  return isStatic && whole.arguments.length === 1 ? { node: argument, kind, isObject: true } : plain;
}

function kindOf(name: string): Kind | null {
  return name === "values" || name === "keys" || name === "entries" ? name : null;
}

/** The body of the generator, with that of the loop in place of each `yield`. */
function overGenerated(cx: Context, node: Each, generated: Generated, body: Body): Outcome {
  return goThrough(cx, node, generated, {
    text: node.statement,
    take: (value, jumps, rest) => {
      const inner = inScope(cx, new Scope(cx.scope));
      bindItem(inner, node, "values", { key: whole(0), value });
      return body(inner, jumps, rest);
    },
  });
}

/** By an index, up to what the length is each time. */
function overArray(cx: Context, node: Each, kind: Kind, ref: RefValue, body: Body): Outcome {
  const { shape } = ref.type;
  const load = (index: Atom, hint: Hint | null): Bound => {
    if (shape.kind === "tuple" && index.kind === "value")
      return loadRaw(cx, ref, index, node.expression, hint);
    const type = shape.kind === "array" ? cellType(cx, shape.element, ref.type.region, "*") : null;
    if (type === null) return refuseExpression(cx, node.expression, "array of what is not looked into");
    const step = { kind: "index", index } as const;
    const element = cx.unit.builder.load(ref, step, type, origin(cx, node.initializer, hint));
    if (cx.unit.given.has(ref.id)) cx.unit.given.add(element.id);
    return element;
  };
  return emitIndexLoop(cx, node, {
    from: whole(0),
    name: indexName(cx, node, kind),
    test: (index) => apply(cx, ops.lt, [index, loadLength(cx, ref, node.expression)], node.expression),
    body: (index, jumps, rest) => {
      const inner = inScope(cx, new Scope(cx.scope));
      bindItem(inner, node, kind, { key: index, value: (hint) => load(index, hint) });
      return body(inner, jumps, rest);
    },
    assigned: assignedIn(cx, [node.statement, node.initializer]),
  });
}

/** `for (const i in xs)`: the indices that there are when the loop begins, as text. */
function overIndices(cx: Context, node: ts.ForInStatement, ref: RefValue, body: Body): Outcome {
  if (cx.unit.holes.has(cx.unit.regions.canonical(ref.type.region)))
    refuseExpression(cx, node.expression, "loop over the keys of what may lack some of them");
  notePassing(cx, ref, "for…in", node);
  const length = loadLength(cx, ref, node.expression);
  const name = keyName(cx, node, "keys");
  const isThere = (index: Atom): Atom =>
    isFound(cx, atomOf(cx, loadRaw(cx, ref, keyOfIndex(index), node.expression, null), node), node);
  return emitIndexLoop(cx, node, {
    from: whole(0),
    name: null,
    test: (index) => apply(cx, ops.lt, [index, length], node.expression),
    body: (index, jumps, rest) => {
      const inner = inScope(cx, new Scope(cx.scope));
      const hint = name === null ? null : declared(`${cx.frame.prefix}${name}`);
      const iteration: Branch = (then) => {
        const key = apply(cx, steering.toText, [index], node.initializer, hint);
        if (key.kind === "value") cx.unit.indexTexts.set(key.id, index);
        bindItem(inner, node, "keys", { key, value: () => key });
        return body(inner, jumps, then);
      };
      return cx.unit.skipping.has(node)
        ? choose(cx, node, isThere(index), iteration, goOn, rest)
        : iteration(rest);
    },
    assigned: assignedIn(cx, [node.statement, node.initializer]),
  });
}

/** Over the keys that there are; what is under them is read where it is asked for. */
function overKeys(cx: Context, node: Each, source: Source, ref: KeyedRef, body: Body): Outcome {
  const { storage } = ref.type.shape;
  if (storage === "Record") noteOrder(cx, ref, null, node);
  const keys = keysOf(cx, ref, source.node, suggested("keys"));
  if (!isRef(keys)) return fell;
  // `for (const pair of map)`: a set gives its keys.
  const isPlain = source.kind === "values" && isBareCollection(cx, node, source);
  const kind: Kind = storage === "Set" ? "values" : isPlain ? "entries" : source.kind;
  if (kind !== "values" || storage === "Set") noteKeys(cx, ref, source.node);
  const name = keyName(cx, node, storage === "Set" ? "keys" : kind);
  // The keys of a record are listed beforehand, all else as the loop goes on.
  const isBefore = kind === "keys" && cx.ts.isForOfStatement(node) && storage === "Record";
  const listing = isBefore ? null : openListing(cx, ref, source.node);
  return emitIndexLoop(cx, node, {
    from: whole(0),
    name: null,
    test: (index) => apply(cx, ops.lt, [index, loadLength(cx, keys, source.node)], source.node),
    body: (index, jumps, rest) => {
      const inner = inScope(cx, new Scope(cx.scope));
      const named = name === null ? null : declared(`${cx.frame.prefix}${name}`);
      const isObject = isObjectKey(ref.type.shape.key);
      const key = loadKey(cx, keys, index, node.initializer, (isObject ? null : named) ?? suggested("key"));
      listing?.keys.add(key);
      const own = (hint: Hint | null): Atom => {
        const item = keyItem(cx, ref, key, source.node, hint);
        if (item.kind === "value") listing?.keys.add(item);
        return item;
      };
      const isSeen = isObject && storage !== "Set" && kind !== "values" && !isKeyLeftOut(cx, node);
      const value = (hint: Hint | null): Bound =>
        storage === "Set" ? own(hint) : loadListed(cx, ref, key, source.node, hint);
      bindItem(inner, node, kind, { key: isSeen ? own(named) : key, value });
      return body(inner, jumps, rest);
    },
    assigned: assignedIn(cx, [node.statement, node.initializer]),
  });
}

/** `for (const [, value] of map)`. */
function isKeyLeftOut(cx: Context, { initializer }: Each): boolean {
  if (!cx.ts.isVariableDeclarationList(initializer)) return false;
  const name = initializer.declarations[0]?.name;
  const [first] = name !== undefined && cx.ts.isArrayBindingPattern(name) ? name.elements : [];
  return first !== undefined && cx.ts.isOmittedExpression(first);
}

function isBareCollection(cx: Context, node: Each, source: Source): boolean {
  return cx.ts.isForOfStatement(node) && unwrapped(cx.ts, node.expression) === source.node;
}

/** The user's name for the key. */
function keyName(cx: Context, { initializer }: Each, kind: Kind): string | null {
  if (!cx.ts.isVariableDeclarationList(initializer) || kind === "values") return null;
  const name = initializer.declarations[0]?.name;
  if (name === undefined) return null;
  if (kind === "keys") return cx.ts.isIdentifier(name) ? name.text : null;
  const first = cx.ts.isArrayBindingPattern(name) ? name.elements[0] : undefined;
  const isName = first !== undefined && cx.ts.isBindingElement(first) && cx.ts.isIdentifier(first.name);
  return isName && cx.ts.isIdentifier(first.name) ? first.name.text : null;
}

/** The user's name for the index: `for (const [i, x] of xs.entries())`. */
function indexName(cx: Context, { initializer }: Each, kind: Kind): string | null {
  const tsc = cx.ts;
  if (kind === "values" || !tsc.isVariableDeclarationList(initializer)) return null;
  const name = initializer.declarations[0]?.name;
  if (kind === "keys") return name !== undefined && tsc.isIdentifier(name) ? name.text : null;
  const first = name !== undefined && tsc.isArrayBindingPattern(name) ? name.elements[0] : undefined;
  return first !== undefined && tsc.isBindingElement(first) && tsc.isIdentifier(first.name)
    ? first.name.text
    : null;
}

/** The elements of a tuple. */
function elementItems(cx: Context, node: Each, ref: RefValue): readonly Item[] {
  const length = ref.type.shape.kind === "tuple" ? ref.type.shape.elements.length : 0;
  return Array.from({ length }, (_, i) => ({
    key: whole(i),
    value: (hint) => literalAt(cx, node.expression, i) ?? loadRaw(cx, ref, i, node.expression, hint),
  }));
}

/** The string that the type of an element says it is: `["a", "b"] as const`. */
function literalAt(cx: Context, tuple: ts.Expression, index: number): Bound | null {
  const type = cx.checker.getTypeAtLocation(tuple);
  if (!cx.checker.isTupleType(type)) return null;
  const element = cx.checker.getTypeArguments(type as ts.TypeReference)[index];
  return element?.isStringLiteral() === true ? stringLiteral(element.value) : null;
}

/** The fields of an object, in the order of its type; null where it is not known which there may be. */
function fieldItems(cx: Context, loop: Each, source: ts.Expression, ref: RefValue): readonly Item[] | null {
  const fields = listedFields(cx, ref, source);
  if (fields === null) return null;
  noteOrder(
    cx,
    ref,
    fields.map(({ name }) => name),
    loop,
  );
  return fields.map((field) => ({
    key: stringLiteral(field.name),
    value: (hint) => loadField(cx, ref, field, source, hint),
    ...(isAsked(field.isThere) ? { isThere: field.isThere.test } : {}),
  }));
}

/** The iterations one behind the other. */
function unroll(cx: Context, node: Each, kind: Kind, items: readonly Item[], body: Body): Outcome {
  const { continues: mayContinue, labels } = jumpsOf(cx, node.statement);
  const breaks = makeExit(cx, `${cx.frame.prefix}broke`);
  const from = (i: number): Outcome => {
    const item = items[i];
    if (
      item === undefined ||
      !hasRoom(cx, node.expression, cx.frame.closure?.name ?? excerpt(node.expression))
    )
      return fell;
    const continues = makeExit(cx, `${cx.frame.prefix}continued`);
    const next = (): Outcome => from(i + 1);
    const iteration: Branch = (rest) => {
      const inner = inScope(cx, new Scope(cx.scope));
      bindItem(inner, node, kind, item);
      return body(inner, { breaks, continues }, rest);
    };
    const where: Branch = (rest) =>
      item.isThere === undefined ? iteration(rest) : choose(cx, node, item.isThere(), iteration, goOn, rest);
    if (!mayContinue && !labels) return where(next);
    return andThen(cx, node, arrive(cx, continues, where(null)), next);
  };
  return arrive(cx, breaks, from(0));
}
