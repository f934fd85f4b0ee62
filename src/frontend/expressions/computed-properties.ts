/** `{ ...p, [key]: value }`, where the type of `key` lists the fields that it may be: each is the value or what it was. */
import type { ts } from "ts-morph";
import type { Atom } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import type { Context } from "../context.js";
import { branch } from "../control/join.js";
import { undefinedLiteral } from "../names.js";
import { isKeyOf, isNamed, mostNames, namesIn } from "../records/dynamic-fields.js";
import type { Presence } from "../records/presence.js";
import type { Bound } from "../scope.js";
import { apply, atomOf } from "../values.js";
import { lowerExpression } from "./expressions.js";

/** False where the fields are not known, or too many. */
export function addComputed(
  cx: Context,
  property: ts.ObjectLiteralElementLike,
  cells: Map<string, Bound>,
  absent: Map<string, Presence>,
): boolean {
  if (!cx.ts.isPropertyAssignment(property) || !cx.ts.isComputedPropertyName(property.name)) return false;
  const { expression } = property.name;
  const names = namesIn(cx, expression);
  if (names === null || names.size > mostNames) return false;
  const key = atomOf(cx, lowerExpression(cx, expression), expression);
  if (!isKeyOf(key, names)) return false;
  const value = lowerExpression(cx, property.initializer);
  // In the order of the fields: that of a union's parts depends on what TypeScript has seen before.
  const known = [...cells.keys()].filter((name) => names.has(name));
  for (const name of [...known, ...[...names].filter((each) => !cells.has(each)).toSorted()]) {
    const test = isNamed(cx, key, name, expression);
    const before = cells.get(name) ?? undefinedLiteral;
    const presence = cells.has(name) ? absent.get(name) : "never";
    const was = (): Bound => before;
    cells.set(
      name,
      branch(cx, property, test, () => value, was, null),
    );
    if (presence !== undefined) absent.set(name, eitherOf(cx, presence, test, property));
  }
  return true;
}

/** It is there now, or was before. */
function eitherOf(cx: Context, presence: Presence, test: Atom, node: ts.Node): Presence {
  if (presence === "unknown") return presence;
  return presence === "never" ? test : apply(cx, ops.or, [presence, test], node);
}
