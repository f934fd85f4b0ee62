/** Getters and setters of object literals, where one of several objects may be meant too. */
import type { ts } from "ts-morph";
import type { Hint } from "../../ir/types.js";
import { type Context, poison } from "../context.js";
import { leaveAlways } from "../functions/calls.js";
import { functionsIn, overChoice } from "../functions/functions.js";
import { inlineCall } from "../functions/inline.js";
import { loadRaw, storeCell } from "../memory.js";
import type { Bound, Static } from "../scope.js";
import { undefinedLiteral } from "../names.js";
import { type RefValue, atomOf, isRef, narrowed, trusted } from "../values.js";

/** What it gives is computed where it is read, of some objects at least. */
export function isGetter(cx: Context, member: Static): boolean {
  return functionsIn(member).some(
    (each) => each.kind === "closure" && cx.ts.isGetAccessorDeclaration(each.node),
  );
}

/** A getter or a setter, of some objects at least. */
export function isComputed(cx: Context, member: Static): boolean {
  return functionsIn(member).some((each) => each.kind === "closure" && cx.ts.isAccessor(each.node));
}

/** What the getter gives; of one of several objects, what its own gives, or its field holds. */
export function readGetter(
  cx: Context,
  member: Static,
  ref: RefValue,
  node: ts.Node,
  hint: Hint | null,
): Bound {
  const read = (one: Static, name: Hint | null): Bound => {
    if (one.kind === "choice") return overChoice(cx, one, node, (each) => read(each, null), name);
    if (one.kind === "held") {
      const object = trusted(cx, one.object, node);
      return isRef(object) ? loadRaw(cx, object, one.field, node, name) : poison;
    }
    if (one.kind !== "closure" || !isGetter(cx, one)) return one;
    return inlineCall(cx, { ...one, self: one.self ?? ref }, [], node, name, (end) => {
      leaveAlways(cx, end);
    });
  };
  return narrowed(cx, read(member, hint), node, hint);
}

/** Calls the setter; of one of several objects, its own, or gives its field the value. */
export function callSetter(cx: Context, setter: Static, ref: RefValue, value: Bound, node: ts.Node): void {
  if (setter.kind === "choice") {
    const set = (one: Static): Bound => {
      callSetter(cx, one, ref, value, node);
      return undefinedLiteral;
    };
    overChoice(cx, setter, node, set, null);
  } else if (setter.kind === "held") {
    const object = trusted(cx, setter.object, node);
    if (isRef(object)) storeCell(cx, object, setter.field, atomOf(cx, value, node), node);
  } else if (setter.kind === "closure") {
    inlineCall(cx, { ...setter, self: setter.self ?? ref }, [value], node, null, (end) => {
      leaveAlways(cx, end);
    });
  }
}
