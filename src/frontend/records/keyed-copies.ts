/** `{ ...prices }`, `new Map(prices)`: what another record or map holds, under the same keys. */
import type { ts } from "ts-morph";
import { isObjectKey, type KeyedShape } from "../../ir/shapes.js";
import type { Hint, Shape } from "../../ir/types.js";
import { type Context, origin } from "../context.js";
import { sameShape } from "../memory.js";
import { noteMaker, widenedShape } from "../types/widening.js";
import { isRef } from "../values.js";
import { type KeyedRef, isKeyedRef, noteKeys } from "./keyed.js";

/** A copy at once, where numbers, words or truths are held, and both are of one type; null where it has to be filled. */
export function copiedAtOnce(
  cx: Context,
  wanted: KeyedShape,
  source: KeyedRef,
  node: ts.Node,
  hint: Hint | null,
): KeyedRef | null {
  const { shape } = source.type;
  if (!isSameType(widenedShape(cx, node, wanted), shape) || !isScalar(shape.element)) return null;
  if (isObjectKey(shape.key) || shape.keeps !== undefined) return null;
  noteKeys(cx, source, node);
  const out = cx.unit.builder.clone(source, new Set(), origin(cx, node, hint));
  if (isRef(out)) noteMaker(cx, out, node);
  return isKeyedRef(out) ? out : null;
}

/** One object can have both shapes, and their types are written alike. */
function isSameType(a: KeyedShape, b: KeyedShape): boolean {
  const isAlike = (these: readonly string[] = [], those: readonly string[] = []): boolean =>
    these.length === those.length && these.every((name) => those.includes(name));
  return sameShape(a, b) && isAlike(a.names, b.names) && isAlike(a.required, b.required);
}

function isScalar(element: Shape): boolean {
  const held = element.kind === "maybe" ? element.shape : element;
  return ["real", "int", "bool", "string"].includes(held.kind);
}
