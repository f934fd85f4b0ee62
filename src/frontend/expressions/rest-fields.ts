/** `...rest` of a pattern that takes an object apart. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { isOneOfSeveral } from "../../ir/shapes.js";
import type { Atom, Field, Hint, ObjectShape, Value } from "../../ir/types.js";
import { propertyOf } from "../../ir/variant-cells.js";
import { type Context, poison, refuse } from "../context.js";
import { loadCopied } from "../memory.js";
import { stringLiteral } from "../names.js";
import { noteCopied } from "../records/key-order.js";
import { type KeyedRef, isKeyedRef, storePresence } from "../records/keyed.js";
import { copiedAtOnce } from "../records/keyed-copies.js";
import { copyEntries } from "../records/new-map.js";
import { makeExactly } from "../records/exact-objects.js";
import { type Presence, isAsked, presence } from "../records/presence.js";
import { type Bound, isAtom } from "../scope.js";
import { variantsAt } from "../types/variant-arms.js";
import type { RefValue } from "../values.js";
import { allocateKeyed, allocateObject } from "./literals.js";

/** What the pattern has taken already, and what the rest is to be called. */
interface Taken {
  readonly names: ReadonlySet<string>;
  readonly computed: readonly Value[];
  readonly hint: Hint | null;
}

/** An object of the fields that the pattern leaves; `node` is what they are given to. */
export function restOfFields(
  cx: Context,
  pattern: ts.Node,
  node: ts.BindingName | ts.Expression,
  ref: RefValue,
  { names, computed, hint }: Taken,
): Bound {
  const { shape } = ref.type;
  if (isKeyedRef(ref)) {
    const keys = [...[...names].map((key) => stringLiteral(key)), ...computed];
    return restOfEntries(cx, node, ref, keys, hint);
  }
  const refused = (reason: string): Bound =>
    refuse(cx, "unsupportedPattern", node, { code: excerpt(node), reason });
  if (shape.kind !== "object") return refused("the rest of an array is taken by `[a, ...rest]`");
  const fields = isOneOfSeveral(shape) ? fieldsOfOne(cx, shape, pattern) : shape.fields;
  if (fields === null) return refused("which fields are left depends on the kind of the object");
  const cells = new Map<string, Bound>();
  const absent = new Map<string, Presence>();
  for (const field of fields) {
    const property = propertyOf(field.name);
    if (names.has(property)) continue;
    if (field.shape.kind === "opaque" && cx.unit.members.get(ref.id)?.has(field.name) !== true) continue;
    const value = loadCopied(cx, ref, field.name, node);
    cells.set(property, value);
    const isThere = isAtom(value) ? presence(cx, ref, field.name, value.type, pattern) : "always";
    if (isThere === "always") continue;
    const isNow = isAsked(isThere) && (isThere.isOfMade !== true || cx.unit.exact.has(node));
    absent.set(property, isNow ? isThere.test() : isThere === "never" ? "never" : "unknown");
  }
  noteCopied(cx, ref.type, [...cells.keys()], node);
  return makeExactly(cx, node, cells, absent, (left) => allocateObject(cx, node, cells, hint, null, left));
}

/** The fields of the one kind that the object can be of there; null where it may be of several. */
function fieldsOfOne(cx: Context, shape: ObjectShape, pattern: ts.Node): readonly Field[] | null {
  const [only, ...more] = variantsAt(cx, shape, pattern) ?? [];
  return more.length === 0 ? (only?.fields ?? null) : null;
}

/** A copy of a record, without the keys that were taken from it. */
function restOfEntries(
  cx: Context,
  node: ts.BindingName | ts.Expression,
  ref: KeyedRef,
  taken: readonly Atom[],
  hint: Hint | null,
): Bound {
  const whole = copiedAtOnce(cx, ref.type.shape, ref, node, hint);
  const out = whole ?? allocateKeyed(cx, ref.type.shape, [], node, hint);
  if (!isKeyedRef(out)) return poison;
  if (whole === null) copyEntries(cx, out, ref, node, node);
  for (const key of taken) storePresence(cx, out, key, false, node);
  return out;
}
