/** `"kind" in object`. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean } from "../../ir/builder.js";
import { isOneOfSeveral } from "../../ir/shapes.js";
import type { Atom, Hint } from "../../ir/types.js";
import * as steering from "../../ops/steering.js";
import { hasMethodInClass } from "../classes/virtual-members.js";
import { type Context, poison, refuse } from "../context.js";
import { branch } from "../control/join.js";
import { isBoxed, isOfKind, partOf } from "../expressions/boxes.js";
import { lowerExpression } from "../expressions/expressions.js";
import type { Bound } from "../scope.js";
import { kindOfMember } from "../types/box-kinds.js";
import { wantRecord } from "../types/dictionaries.js";
import { membersOf } from "../types/named-types.js";
import { apply, atomOf, isRef } from "../values.js";
import { isKeyedRef, loadPresence } from "./keyed.js";
import { amongFields } from "./own-keys.js";
import { isAsked, presence } from "./presence.js";

/** For a field of which the type does not tell whether it is there. */
export function lowerIn(cx: Context, node: ts.BinaryExpression, hint: Hint | null): Bound {
  const name = atomOf(cx, lowerExpression(cx, node.left), node.left);
  const object = atomOf(cx, lowerExpression(cx, node.right), node.right);
  return name === poison || object === poison ? poison : isIn(cx, node, name, object, hint);
}

function isIn(cx: Context, node: ts.BinaryExpression, name: Atom, object: Atom, hint: Hint | null): Bound {
  if (isKeyedRef(object) && object.type.shape.storage === "Record")
    return loadPresence(cx, object, name, "in", node, hint);
  if (isBoxed(object)) {
    const inList = name.kind === "literal" ? isInList(cx, node.right, String(name.value)) : null;
    if (inList === null) return refuseIn(cx, node);
    const inObject = (): Bound =>
      isIn(cx, node, name, partOf(cx, object, "object", node, null) ?? poison, null);
    return branch(cx, node, isOfKind(cx, object, "object", node), inObject, () => boolean(inList), hint);
  }
  if (!isRef(object) || object.type.shape.kind !== "object" || name.type.kind !== "string")
    return refuseIn(cx, node);
  const type = cx.checker.getTypeAtLocation(node.right);
  if (name.kind === "literal" && hasMethodInClass(cx, type, String(name.value))) return refuseIn(cx, node);
  if (!isOneOfSeveral(object.type.shape)) {
    const found = amongFields(cx, object, name, node.right);
    if (found === null) wantRecord(cx, object);
    return found ?? refuseIn(cx, node);
  }
  const field = object.type.shape.fields.find((each) => name.kind === "literal" && each.name === name.value);
  if (field === undefined) return refuseIn(cx, node);
  const isThere =
    field.shape.kind === "maybe" ? presence(cx, object, field.name, field.shape, node.right) : null;
  if (isThere === null) return apply(cx, steering.hasField, [name, object], node, hint);
  if (isThere === "unknown") return refuseIn(cx, node);
  return isAsked(isThere) ? isThere.test() : boolean(isThere === "always");
}

/** Whether the arrays that the expression may give have what an array has by that name; null where it may differ. */
function isInList(cx: Context, node: ts.Expression, name: string): boolean | null {
  const { project } = cx.unit;
  const lists = membersOf(cx.checker.getTypeAtLocation(node), cx).filter(
    (type) => kindOfMember(type, project) === "array",
  );
  const isElement = /^\d+$/u.test(name);
  const found = lists.map((type) => cx.checker.getPropertyOfType(type, name));
  if (found.some((each) => ((each?.flags ?? 0) & cx.ts.SymbolFlags.Optional) !== 0)) return null;
  const has = found.map((each) => each !== undefined);
  // How long an array is only the call knows.
  if (isElement && !lists.every((type) => cx.checker.isTupleType(type))) return null;
  return has.every(Boolean) ? true : has.some(Boolean) ? null : false;
}

function refuseIn(cx: Context, node: ts.BinaryExpression): Atom {
  return refuse(cx, "unsupportedOperator", node, { operator: "in", code: excerpt(node) });
}
