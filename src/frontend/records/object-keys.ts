/** Maps and sets whose keys are objects: which object it is, entries, and the objects that are listed. */
import type { ts } from "ts-morph";
import { isObjectKey, keyIn } from "../../ir/shapes.js";
import type { Atom, Hint, ObjectShape, Value } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { type Context, poison, refuseExpression } from "../context.js";
import { branch } from "../control/join.js";
import { allocate } from "../expressions/literals.js";
import { lowerExpression } from "../expressions/expressions.js";
import { boxed } from "../expressions/boxes.js";
import { functionsOf } from "../functions/kept-calls.js";
import { holds, loadRaw, shapeOfType, storeCell } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { identify, identifyFor } from "../functions/function-identity.js";
import { listedName } from "../types/listed-keys.js";
import { widen } from "../types/widening.js";
import { apply, atomOf, isRef, present } from "../values.js";
import type { KeyedRef } from "./keyed.js";

/** An object that is put into a map or a set as a key, or looked for there. */
export interface KeyUse {
  readonly ref: Value;
  readonly key: Value;
  readonly node: ts.Node;
}

/** The object that an expression gives. */
export function lowerObjectKey(cx: Context, ref: KeyedRef, node: ts.Expression): Atom {
  return asObjectKey(cx, ref, lowerExpression(cx, node), node);
}

/** The same of what is known already. */
export function asObjectKey(cx: Context, ref: KeyedRef, bound: Bound, node: ts.Node): Atom {
  if (bound === poison) return poison;
  const own = keyIn(ref.type.shape);
  if (identifyFor(cx, isObjectKey(own) ? own : null, bound)) return poison;
  const key = present(cx, atomOf(cx, bound, node), node);
  if (key === poison) return poison;
  if (!isRef(key)) return refuseExpression(cx, node, "key that is no object, among such that are");
  if (functionsOf(key) !== null) {
    identify(cx, key.type.shape);
    if (isObjectKey(own)) cx.unit.records.meet(own, key.type.shape);
  }
  cx.unit.keyUses.push({ ref, key, node });
  return key;
}

/** What lies in the entry, if there is one. */
export function valueOfEntry(cx: Context, entry: Bound, node: ts.Node, hint: Hint | null): Bound {
  if (!isAtom(entry) || entry === poison) return poison;
  return branch(
    cx,
    node,
    apply(cx, ops.isNullish, [entry], node),
    () => undefinedLiteral,
    () => cellOf(cx, entry, "value", node, null),
    hint,
  );
}

/** Puts the value into the entry of the key, which is made where there is none. */
export function storeEntry(cx: Context, ref: KeyedRef, key: Atom, value: Atom, node: ts.Node): void {
  const shape = entryShape(ref);
  const cell = shape?.fields.find(({ name }) => name === "value")?.shape;
  const entry = key.kind === "value" ? loadRaw(cx, ref, key, node, null) : poison;
  if (key.kind !== "value" || shape === null || cell === undefined || !isAtom(entry)) return;
  const held = boxed(cx, value, cell, node);
  wantHeld(cx, ref, shape, key, held);
  branch(
    cx,
    node,
    apply(cx, ops.isNullish, [entry], node),
    () => {
      const entries = [
        { name: "key", value: key },
        { name: "value", value: held },
      ];
      storeCell(cx, ref, key, allocate(cx, shape, entries, node, null), node);
      return undefinedLiteral;
    },
    () => {
      const known = present(cx, entry, node);
      if (isRef(known)) storeCell(cx, known, "value", held, node);
      return undefinedLiteral;
    },
    null,
  );
}

/** Entries have to be made for what is put into one of them. */
function wantHeld(cx: Context, ref: KeyedRef, shape: ObjectShape, key: Value, held: Atom): void {
  const given: ReadonlyMap<string, Atom> = new Map<string, Atom>([
    ["key", key],
    ["value", held],
  ]);
  const fields = shape.fields.map((field) => {
    const type = given.get(field.name)?.type;
    return type === undefined || holds(field.shape, type) ? field : { ...field, shape: shapeOfType(type) };
  });
  if (fields.every((field, i) => field === shape.fields[i])) return;
  const region = cx.unit.regions.fresh();
  widen(cx, ref, key, { kind: "ref", shape: { kind: "object", fields }, region });
}

/** The object itself that is a key of a map or a set, by what `listedKey` says of it. */
export function loadKeyObject(
  cx: Context,
  ref: KeyedRef,
  key: Value,
  node: ts.Node,
  hint: Hint | null,
): Bound {
  if (!listsObjects(cx, ref, node)) return poison;
  if (ref.type.shape.keeps === "entries") return loadOfEntry(cx, ref, key, "key", node, hint);
  return loadRaw(cx, ref, key, node, hint);
}

/** What is in an entry that there is. */
export function loadOfEntry(
  cx: Context,
  ref: KeyedRef,
  key: Atom,
  name: "key" | "value",
  node: ts.Node,
  hint: Hint | null,
): Bound {
  const entry = key.kind === "value" ? loadRaw(cx, ref, key, node, null) : poison;
  return isAtom(entry) && entry !== poison ? cellOf(cx, entry, name, node, hint) : poison;
}

/** Objects that are keys are there to be listed; where they are not, the map or the set has to be of another form. */
export function listsObjects(cx: Context, { type: { shape } }: KeyedRef, node: ts.Node): boolean {
  if (!isObjectKey(shape.key) || shape.keeps !== undefined) return true;
  const name = listedName(shape);
  if (cx.unit.listedKeys.has(name))
    refuseExpression(cx, node, "list of objects in a map or a set that comes from outside");
  cx.unit.listedKeys.add(name);
  return false;
}

function cellOf(cx: Context, entry: Atom, name: "key" | "value", node: ts.Node, hint: Hint | null): Bound {
  const known = present(cx, entry, node);
  return isRef(known) ? loadRaw(cx, known, name, node, hint) : poison;
}

function entryShape({ type }: KeyedRef): ObjectShape | null {
  const { element } = type.shape;
  const inner = element.kind === "maybe" ? element.shape : element;
  return inner.kind === "object" ? inner : null;
}
