/**
 * A tuple that is one of several, `[number, number] | [number, number, number]`, where an array is wanted: it is copied
 * into one, which is the same as long as nothing writes to either.
 */
import type { ts } from "ts-morph";
import { whole } from "../../ir/builder.js";
import type { ArrayShape, Atom, Hint, Shape, Variant } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { type Context, poison } from "../context.js";
import { branch } from "../control/join.js";
import { allocate } from "../expressions/literals.js";
import { loadRaw } from "../memory.js";
import { type Bound, isAtom } from "../scope.js";
import { holderOf } from "../syntax.js";
import { joinShapes } from "../types/joined-types.js";
import { membersOf } from "../types/named-types.js";
import { libraryName } from "../types/array-shapes.js";
import { isTupleUnion } from "../types/tuple-shapes.js";
import { type RefValue, apply, isRef } from "../values.js";

/** The value, or a copy of it as an array where one is wanted at `node`. */
export function asWantedList(cx: Context, node: ts.Expression, bound: Bound, hint: Hint | null): Bound {
  if (!isRef(bound) || !isTupleUnion(bound.type.shape) || !wantsList(cx, node)) return bound;
  const variants = possible(cx, bound, node);
  const element = variants.flatMap(elementsOf).reduce<Shape | null>(joinedTo, { kind: "opaque" });
  if (element === null || element.kind === "opaque" || variants.length === 0) return bound;
  const shape: ArrayShape = { kind: "array", element, storage: "Array" };
  const from = (at: number, own: Hint | null): Bound => {
    const variant = variants[at];
    if (variant === undefined) return poison;
    if (at === variants.length - 1) return listOf(cx, bound, variant, shape, node);
    return branch(
      cx,
      node,
      isOfLength(cx, bound, elementsOf(variant).length, node),
      () => listOf(cx, bound, variant, shape, node),
      () => from(at + 1, null),
      own,
    );
  };
  return from(0, hint);
}

function joinedTo(joined: Shape | null, next: Shape): Shape | null {
  if (joined === null) return null;
  return joined.kind === "opaque" ? next : joinShapes(joined, next);
}

function elementsOf({ fields }: Variant): readonly Shape[] {
  return fields.flatMap(({ name, shape }) => (name === "length" ? [] : [shape]));
}

/** Those that TypeScript has not ruled out at `node`. */
function possible(cx: Context, { type: { shape } }: RefValue, node: ts.Expression): readonly Variant[] {
  const members = membersOf(cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node)), cx);
  const lengths = members.map((member) =>
    cx.checker.isTupleType(member) ? cx.checker.getTypeArguments(member as ts.TypeReference).length : -1,
  );
  const all = shape.kind === "object" ? (shape.named?.variants ?? []) : [];
  return all.filter((variant) => lengths.includes(elementsOf(variant).length));
}

function isOfLength(cx: Context, ref: RefValue, length: number, node: ts.Node): Atom {
  const own = loadRaw(cx, ref, "length", node, null);
  return isAtom(own) ? apply(cx, ops.eq, [own, whole(length)], node) : poison;
}

function listOf(cx: Context, ref: RefValue, { fields }: Variant, shape: ArrayShape, node: ts.Node): Bound {
  const elements = fields
    .filter(({ name }) => name !== "length")
    .flatMap(({ name }, i) => {
      const value = loadRaw(cx, ref, name, node, null);
      return isAtom(value) ? [{ name: String(i), value }] : [];
    });
  if (elements.some(({ value }) => value === poison)) return poison;
  const made = allocate(cx, shape, elements, node, null);
  if (isRef(made))
    cx.unit.standIns.push({ original: ref.type, copy: made.type, node, what: "a tuple is used as an array" });
  return made;
}

/** It is used in a way that does not tell which of the tuples it is. */
function wantsList(cx: Context, node: ts.Expression): boolean {
  const tsc = cx.ts;
  const holder = holderOf(tsc, node);
  if (tsc.isSpreadElement(holder)) return true;
  if (tsc.isForOfStatement(holder)) return holder.expression === node;
  if (tsc.isElementAccessExpression(holder)) return !tsc.isNumericLiteral(holder.argumentExpression);
  if (tsc.isPropertyAccessExpression(holder)) return tsc.isCallExpression(holderOf(tsc, holder));
  // What is left of it has several lengths.
  if (tsc.isVariableDeclaration(holder) && tsc.isArrayBindingPattern(holder.name))
    return holder.name.elements.some(
      (each) => tsc.isBindingElement(each) && each.dotDotDotToken !== undefined,
    );
  const contextual = cx.checker.getContextualType(node);
  if (contextual === undefined) return false;
  const type = cx.checker.getNonNullableType(contextual);
  return cx.checker.isArrayType(type) || lists.has(libraryName(type, cx.unit.project) ?? "");
}

const lists: ReadonlySet<string> = new Set(["Iterable", "ArrayLike"]);
