/**
 * Regular expressions with the flag `g` or `y`, which go on where their last call has ended: an object with that index,
 * whose shape says which pattern it is.
 */
import type { ts } from "ts-morph";
import { number, real, whole } from "../../ir/builder.js";
import { patternText } from "../../ops/patterns.js";
import * as ops from "../../ops/scalar.js";
import * as steering from "../../ops/steering.js";
import type { Atom, Hint, Literal, ObjectShape, ValueId } from "../../ir/types.js";
import { zero } from "../arrays/array-growth.js";
import { type Context, origin, poison } from "../context.js";
import { branch, orNull } from "../control/join.js";
import { isKeyed } from "../../ir/shapes.js";
import { type Key, loadLength, loadRaw, storeCell } from "../memory.js";
import { type Bound, isAtom } from "../scope.js";
import { type RefValue, apply, atomOf, isRef, there } from "../values.js";
import { allocate } from "./literals.js";
import { groupsOf, noteGroups, ofGroups } from "./text-patterns.js";

const cell = "lastIndex";

/** Where a match was looked for. */
export interface Searched {
  readonly pattern: Literal;
  readonly text: Atom;
  /** Null for a pattern that begins anew each time. */
  readonly from: Atom | null;
}

export function remembers({ spelling }: Pick<Literal, "spelling">): boolean {
  return /[gy][a-z]*$/u.test(spelling);
}

/** The pattern as an object. */
export function newRemembering(
  cx: Context,
  { spelling }: Literal,
  node: ts.Expression,
  hint: Hint | null,
): Bound {
  const shape: ObjectShape = { kind: "object", fields: [{ name: cell, shape: real }], pattern: spelling };
  return allocate(cx, shape, [{ name: cell, value: number(0) }], node, hint);
}

/** The pattern that an object is; null for any other value. */
export function rememberedPattern(
  bound: Bound,
): { readonly pattern: Literal; readonly ref: RefValue } | null {
  if (!isAtom(bound) || !isRef(bound) || bound.type.shape.kind !== "object") return null;
  const { pattern } = bound.type.shape;
  return pattern === undefined ? null : { pattern: literalOf(pattern), ref: bound };
}

function literalOf(spelling: string): Literal {
  return { kind: "literal", type: { kind: "string" }, value: patternText(spelling), spelling };
}

/** `re.exec(text)` and `re.test(text)`; without `ref`, of a pattern that is written right there. */
export function execRemembering(
  cx: Context,
  { pattern, ref }: { readonly pattern: Literal; readonly ref: RefValue | null },
  text: Atom,
  method: "exec" | "test",
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  const from = ref === null ? number(0) : atomOf(cx, loadRaw(cx, ref, cell, node, null), node);
  const args = [pattern, from, text];
  const shape = ofGroups(pattern);
  const parts = cx.unit.builder.alloc(
    shape,
    { kind: "listing", op: steering.matchFrom, args },
    origin(cx, node, null),
  );
  if (!isRef(parts)) return poison;
  noteGroups(cx, parts.type.region, pattern);
  const isFound = apply(cx, ops.gt, [loadLength(cx, parts, node), zero], node);
  const searched: Searched = { pattern, text, from };
  if (ref !== null) {
    const end = (): Bound => {
      const found = there(cx, atomOf(cx, loadRaw(cx, parts, 0, node, null), node), node);
      const length = apply(cx, ops.stringLength, [found], node);
      return apply(cx, ops.add, [startOf(cx, searched, node), length], node);
    };
    const next = atomOf(
      cx,
      branch(cx, node, isFound, end, () => whole(0), null),
      node,
    );
    storeCell(cx, ref, cell, next, node);
  }
  if (method === "test") return isFound;
  const result = orNull(cx, node, isFound, parts, hint);
  noteSearched(cx, result, searched);
  return result;
}

/** Where the match begins: `match.index`. */
export function startOf(cx: Context, { pattern, text, from }: Searched, node: ts.Node): Atom {
  if (from === null) return apply(cx, steering.patternSearch, [text, pattern], node);
  if (/y[a-z]*$/u.test(pattern.spelling)) return from;
  return apply(cx, steering.matchIndex, [pattern, from, text], node);
}

export function noteSearched(cx: Context, match: Bound, searched: Searched): void {
  if (match.kind === "value") cx.unit.searched.set(match.id, searched);
}

/** True for a name that is no index of an array. */
export function isNamedPart(ref: RefValue, key: Key): key is string {
  return typeof key === "string" && ref.type.shape.kind !== "object" && !isKeyed(ref.type.shape);
}

/** What an array has under a name, `length` or what a match tells, as a pattern takes it; null where it is not known. */
export function namedPart(
  cx: Context,
  ref: RefValue,
  name: string,
  node: ts.BindingName | ts.Expression,
  hint: Hint | null,
): Bound | null {
  if (name === "length") return loadLength(cx, ref, node, hint);
  return name === "groups" ? groupsOf(cx, ref, node, hint) : memberOfMatch(cx, ref.id, name, node);
}

/** `match.index` and `match.input`; null where it is not known which search has given the match. */
export function memberOfMatch(cx: Context, id: ValueId, name: string, node: ts.Node): Atom | null {
  const searched = cx.unit.searched.get(id);
  if (searched === undefined) return null;
  if (name === "input") return searched.text;
  return name === "index" ? startOf(cx, searched, node) : null;
}
