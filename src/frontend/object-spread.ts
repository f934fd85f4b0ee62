/**
 * `{ ...defaults, ...options }`. A field that is not there lets what stands before it show through; one that holds
 * `undefined` does not, whatever TypeScript says of the result. So it matters which objects really have a field.
 */
import type { ts } from "ts-morph";
import { suggested } from "../ir/builder.js";
import type { Atom } from "../ir/types.js";
import { propertyOf } from "../ir/variant-cells.js";
import * as steering from "../ops/steering.js";
import { type Context, refuseExpression } from "./context.js";
import { lowerExpression } from "./expressions.js";
import { branch } from "./join.js";
import { loadCopied } from "./memory.js";
import { stringLiteral } from "./names.js";
import { type Bound, isAtom } from "./scope.js";
import { fieldsAt } from "./variant-fields.js";
import { noteOpened } from "./trust.js";
import { type RefValue, apply, referenceOf } from "./values.js";

/** Whether an object has a field: certainly not, or it cannot be told. Fields that it certainly has are not noted. */
export type Presence = "never" | "unknown";

/** Adds every field of the object, in its order; false where it is refused. */
export function lowerSpread(
  cx: Context,
  expression: ts.Expression,
  cells: Map<string, Bound>,
  absent: Map<string, Presence>,
): boolean {
  return spreadInto(cx, lowerExpression(cx, expression), expression, cells, absent);
}

/** The same of an object that is lowered already. */
export function spreadInto(
  cx: Context,
  bound: Bound,
  expression: ts.Expression,
  cells: Map<string, Bound>,
  absent: Map<string, Presence>,
): boolean {
  return forEachField(cx, bound, expression, (field) => addField(cx, expression, cells, absent, field));
}

/** A field of an object that is copied from, and whether the object has it. */
export interface SourceField {
  readonly ref: RefValue;
  readonly name: string;
  readonly value: Bound;
  readonly isThere: "always" | "asked" | Presence;
}

/** Goes over the fields of an object, or of nothing; false where one of them or the whole is refused. */
export function forEachField(
  cx: Context,
  bound: Bound,
  expression: ts.Expression,
  each: (field: SourceField) => boolean,
): boolean {
  if (isAtom(bound) && bound.type.kind === "nothing") return true;
  if (isAtom(bound) && bound.type.kind === "maybe") {
    refuseExpression(cx, expression, "spread of an object that may be undefined");
    return false;
  }
  const ref = referenceOf(cx, bound, expression);
  if (ref === null) return false;
  if (ref.type.shape.kind !== "object") {
    refuseExpression(cx, expression, "spread of an array into an object");
    return false;
  }
  const fields = fieldsAt(cx, ref, expression);
  if (fields === null) {
    refuseExpression(cx, expression, "spread of an object that is one of several kinds");
    return false;
  }
  let fits = true;
  for (const { name, shape } of fields) {
    if (shape.kind === "opaque" && cx.unit.members.get(ref.id)?.has(name) !== true) continue;
    const value = loadCopied(cx, ref, name, expression);
    const isThere = presence(cx, ref, name, value, expression);
    if (isThere !== "never" && !each({ ref, name: propertyOf(name), value, isThere })) fits = false;
  }
  return fits;
}

function addField(
  cx: Context,
  expression: ts.Expression,
  cells: Map<string, Bound>,
  absent: Map<string, Presence>,
  field: SourceField,
): boolean {
  const { name, value, isThere } = field;
  const before = cells.get(name);
  if (before === undefined || isThere === "always" || !isAtom(before) || !isAtom(value)) {
    cells.set(name, value);
    if (isThere === "always") absent.delete(name);
    else absent.set(name, "unknown");
    return true;
  }
  if (isThere === "unknown") return refuseUnknown(cx, expression, name);
  cells.set(name, valueOr(cx, field, before, expression));
  return true;
}

export function refuseUnknown(cx: Context, expression: ts.Expression, name: string): false {
  refuseExpression(cx, expression, `spread of an object whose \`${name}\` may be missing or undefined`);
  return false;
}

/** What the object has in the field, which may be `undefined` where its type does not tell, or what was there before. */
export function valueOr(
  cx: Context,
  { ref, name, value }: SourceField,
  before: Bound,
  expression: ts.Expression,
): Bound {
  const merged = branch(
    cx,
    expression,
    hasField(cx, ref, name, expression),
    () => value,
    () => before,
    suggested(name),
  );
  noteOpened(cx, merged);
  return merged;
}

/** Asks the object itself. */
export function hasField(cx: Context, ref: RefValue, name: string, node: ts.Node): Atom {
  return apply(cx, steering.hasField, [stringLiteral(name), ref], node);
}

/** Whether the object has the field, as far as it is known; "asked" where the object itself can tell. */
function presence(
  cx: Context,
  ref: RefValue,
  name: string,
  value: Bound,
  node: ts.Expression,
): "always" | "asked" | Presence {
  if (!isAtom(value) || (value.type.kind !== "maybe" && value.type.kind !== "nothing")) return "always";
  const { given, absent, regions } = cx.unit;
  if (given.has(ref.id)) return isOptional(cx, node, name) ? "asked" : "always";
  const known = absent.get(ref.id);
  if (known === undefined || regions.writtenAt(ref.type.region) !== null) return "unknown";
  return known.get(name) ?? "always";
}

function isOptional(cx: Context, node: ts.Expression, name: string): boolean {
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  const property = cx.checker.getPropertyOfType(type, name);
  return property === undefined || (property.flags & cx.ts.SymbolFlags.Optional) !== 0;
}
