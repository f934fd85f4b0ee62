/**
 * Values of several kinds: `number | "auto"`, `"none" | number[]`. What TypeScript has found a value to be where it is
 * used says which of its kinds is taken.
 */
import type { ts } from "ts-morph";
import { type BoxKind, boxKindOf } from "../../ir/boxes.js";
import type { MaybeType, Shape, Type } from "../../ir/types.js";
import type { Context } from "../context.js";
import { kindOfMember } from "../types/box-kinds.js";

/** What is of the type, or lies in the cell, may be `undefined` or `null`. */
export function mayBeAbsent(type: Type | Shape): boolean {
  return type.kind === "nothing" || (type.kind === "maybe" && type.none !== "never");
}

/** What a value of the type is at `node`, where it is there for certain. */
export function typeAtNode(cx: Context, type: MaybeType, node: ts.Node): Type {
  const { other } = type;
  if (other === undefined) return type.type;
  const kinds = kindsAt(cx, node);
  const [own, others] = [boxKindOf(type.type), boxKindOf(other)].map((kind) => kinds.has(kind));
  if (own === true && others !== true) return type.type;
  if (others === true && own !== true) return other;
  return type.none === "never" ? type : { ...type, none: "never" };
}

/** TypeScript has found at `node` which of the kinds it is, or the cell has one kind only. */
export function isToldAt(cx: Context, shape: Shape, node: ts.Node): boolean {
  if (shape.kind !== "maybe" || shape.other === undefined) return true;
  const kinds = kindsAt(cx, node);
  return kinds.has(boxKindOf(shape.shape)) !== kinds.has(boxKindOf(shape.other));
}

/** The kinds of values that TypeScript has found possible at `node`; null among them for all else. */
export function kindsAt(cx: Context, node: ts.Node): ReadonlySet<BoxKind | null> {
  const whole = cx.checker.getTypeAtLocation(node);
  const type = cx.checker.getBaseConstraintOfType(whole) ?? whole;
  return new Set((type.isUnion() ? type.types : [type]).map((part) => kindOfMember(part, cx.unit.project)));
}
