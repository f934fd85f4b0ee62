/**
 * `{ ...defaults, ...options }`. A field that is not there lets what stands before it show through; one that holds
 * `undefined` does not, whatever TypeScript says of the result. So it matters which objects really have a field.
 */
import type { ts } from "ts-morph";
import { boolean, suggested } from "../../ir/builder.js";
import { isOneOfSeveral } from "../../ir/shapes.js";
import type { Atom, Field, Value, Variant } from "../../ir/types.js";
import { propertyOf } from "../../ir/variant-cells.js";
import * as ops from "../../ops/scalar.js";
import { noteUnlisted } from "./missing-fields.js";
import { noteCopied } from "./key-order.js";
import { type Context, refuseExpression } from "../context.js";
import { branch } from "../control/join.js";
import { loadCopied } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import { type Asked, type FieldPresence, type Presence, isAsked, presence } from "./presence.js";
import { type Bound, isAtom } from "../scope.js";
import { shapeOf } from "../types/shapes.js";
import { conditionalProperties, lowerSpreadSource } from "../arrays/spread-sources.js";
import { fieldsAt } from "../types/variant-fields.js";
import { tagOf, variantsAt } from "../types/variant-arms.js";
import { noteOpened } from "../control/trust.js";
import { type RefValue, apply, asserted, isRef, present, referenceOf } from "../values.js";

/** An object that is one of several kinds: what it has, and what is around it, differs by these. */
export interface UnionSpread {
  readonly ref: RefValue;
  readonly node: ts.Expression;
  readonly variants: readonly Variant[];
}

/** Adds every field of the object, in its order; false where it is refused. */
export function lowerSpread(
  cx: Context,
  expression: ts.Expression,
  cells: Map<string, Bound>,
  absent: Map<string, Presence>,
): boolean | UnionSpread {
  const fields = conditionalProperties(cx, expression);
  if (fields !== null)
    return fields.map((field) => addField(cx, expression, cells, absent, field)).every(Boolean);
  const { bound, node } = lowerSpreadSource(cx, expression);
  const ref = isRef(bound) ? bound : null;
  const variants = ref === null ? null : variantsAt(cx, ref.type.shape, node);
  if (ref !== null && variants !== null) return { ref, node, variants };
  return spreadInto(cx, bound, node, cells, absent);
}

/** Adds the fields of an object that is known to be of one of its kinds. */
export function addVariant(
  cx: Context,
  { ref, node }: UnionSpread,
  variant: Variant,
  cells: Map<string, Bound>,
  absent: Map<string, Presence>,
): boolean {
  return variant.fields
    .map(({ name, shape }) => {
      const property = propertyOf(name);
      if (shape.kind === "opaque") return addField(cx, node, cells, absent, untoldField(cx, property, node));
      const value = tagOf(cx, variant, name, node) ?? loadCopied(cx, ref, name, node);
      const isSure = !isAtom(value) || (shape.kind !== "maybe" && shape.kind !== "nothing");
      const isThere = isSure ? "always" : presence(cx, ref, name, value.type, node);
      if (isThere === "never") return true;
      const load = (): Bound => value;
      return addField(cx, node, cells, absent, { name: property, isThere, whole: load, load });
    })
    .every(Boolean);
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
  readonly name: string;
  readonly isThere: FieldPresence;
  /** What it holds, or `undefined`. */
  readonly whole: () => Bound;
  /** What it holds, where it is there. */
  readonly load: () => Bound;
}

/** Goes over the fields of an object, or of nothing; false where one of them or the whole is refused. */
export function forEachField(
  cx: Context,
  bound: Bound,
  expression: ts.Expression,
  each: (field: SourceField) => boolean,
): boolean {
  if (isAtom(bound) && bound.type.kind === "nothing") return true;
  if (isAtom(bound) && bound.type.kind === "maybe") return forEachOfMaybe(cx, bound, expression, each);
  const ref = referenceOf(cx, bound, expression);
  const fields = ref === null ? null : spreadFields(cx, ref, expression);
  if (ref === null || fields === null) return false;
  noteUnlisted(cx, ref, expression);
  noteCopied(
    cx,
    ref.type,
    fields.map(({ name }) => name),
    expression,
  );
  let fits = true;
  for (const field of fields) {
    const isMember = cx.unit.members.get(ref.id)?.has(field.name) === true;
    if (field.shape.kind === "opaque" && !isMember) {
      if (!each(untoldField(cx, field.name, expression))) fits = false;
      continue;
    }
    const value = loadCopied(cx, ref, field.name, expression);
    const isThere = isAtom(value) ? presence(cx, ref, field.name, value.type, expression) : "always";
    const load = (): Bound => value;
    if (isThere !== "never" && !each({ name: propertyOf(field.name), isThere, whole: load, load }))
      fits = false;
  }
  return fits;
}

/** Of an object that may not be there, each field may not be there either. */
function forEachOfMaybe(
  cx: Context,
  bound: Atom,
  expression: ts.Expression,
  each: (field: SourceField) => boolean,
): boolean {
  const inside = bound.type.kind === "maybe" ? bound.type.type : bound.type;
  if (inside.kind !== "ref" || inside.shape.kind !== "object" || isOneOfSeveral(inside.shape)) {
    refuseExpression(cx, expression, "spread of an object that may be undefined");
    return false;
  }
  noteCopied(
    cx,
    inside,
    inside.shape.fields.map(({ name }) => name),
    expression,
  );
  const absence = apply(cx, ops.isNullish, [bound], expression);
  const exists = apply(cx, ops.not, [absence], expression);
  const object = (): RefValue => present(cx, bound, expression) as RefValue;
  const where = (found: () => Bound, other: Atom): Bound =>
    branch(cx, expression, exists, found, () => other, null);
  let fits = true;
  for (const { name, shape } of inside.shape.fields) {
    if (shape.kind === "opaque") {
      if (!each(untoldField(cx, name, expression))) fits = false;
      continue;
    }
    const isSure = shape.kind !== "maybe" && shape.kind !== "nothing";
    const inner = isSure ? "always" : presence(cx, bound as Value, name, shape, expression);
    if (inner === "never") continue;
    const has = (): Bound => {
      const asked = presence(cx, object(), name, shape, expression);
      return isAsked(asked) ? asked.test() : boolean(asked === "always");
    };
    const test = isAsked(inner) ? (): Atom => where(has, boolean(false)) as Atom : (): Atom => exists;
    const load = (): Bound => loadCopied(cx, object(), name, expression);
    const isOfMade = isAsked(inner) && inner.isOfMade === true;
    const isThere = inner === "unknown" ? inner : { test, ...(isOfMade ? { isOfMade } : {}) };
    if (!each({ name, isThere, load, whole: () => where(load, undefinedLiteral) })) fits = false;
  }
  return fits;
}

/** A field that is not looked into: an error where it is read. */
function untoldField(cx: Context, name: string, node: ts.Expression): SourceField {
  const symbol = cx.checker.getTypeAtLocation(node).getProperty(name);
  const type = symbol === undefined ? null : cx.checker.getTypeOfSymbolAtLocation(symbol, node);
  const shape = type === null ? null : shapeOf(type, node, cx.unit.project);
  const untold =
    type === null || shape?.kind !== "unsupported" || shape.cause === "function"
      ? null
      : { type: cx.checker.typeToString(type), reason: shape.reason };
  const load = (): Bound => ({ kind: "unknown", untold });
  return { name, isThere: "always", load, whole: load };
}

function spreadFields(cx: Context, ref: RefValue, expression: ts.Expression): readonly Field[] | null {
  if (ref.type.shape.kind !== "object") {
    refuseExpression(cx, expression, "spread of an array into an object");
    return null;
  }
  const fields = fieldsAt(cx, ref, expression);
  if (fields === null) refuseExpression(cx, expression, "spread of an object that is one of several kinds");
  return fields;
}

function addField(
  cx: Context,
  expression: ts.Expression,
  cells: Map<string, Bound>,
  absent: Map<string, Presence>,
  field: SourceField,
): boolean {
  const { name, isThere, whole } = field;
  const before = cells.get(name);
  if (before === undefined || isThere === "always") {
    cells.set(name, before === undefined ? whole() : replacing(cx, before, whole(), expression));
    if (isThere === "always") absent.delete(name);
    else absent.set(name, isAskedAtOnce(cx, isThere, expression) ? isThere.test() : "unknown");
    return true;
  }
  if (!isAsked(isThere)) return refuseUnknown(cx, expression, name);
  const test = isThere.test();
  cells.set(name, valueOr(cx, field, test, before, expression));
  const known = absent.get(name);
  if (known !== undefined && typeof known !== "string")
    absent.set(name, apply(cx, ops.or, [known, test], expression));
  return true;
}

/** Of an object that is made here, only if what is made of it is asked in turn. */
function isAskedAtOnce(cx: Context, isThere: FieldPresence, source: ts.Node): isThere is Asked {
  if (!isAsked(isThere)) return false;
  let literal = source;
  while (!cx.ts.isObjectLiteralExpression(literal) && !cx.ts.isCallExpression(literal))
    literal = literal.parent;
  return isThere.isOfMade !== true || cx.unit.exact.has(literal);
}

export function refuseUnknown(cx: Context, expression: ts.Expression, name: string): false {
  refuseExpression(cx, expression, `spread of an object whose \`${name}\` may be missing or undefined`);
  return false;
}

/** What the object has in the field, or what was there before. */
export function valueOr(
  cx: Context,
  { name, load }: SourceField,
  test: Atom,
  before: Bound,
  expression: ts.Expression,
): Bound {
  const own = (): Bound => replacing(cx, before, load(), expression);
  const merged = branch(cx, expression, test, own, () => before, suggested(name));
  noteOpened(cx, merged);
  return merged;
}

/** A value in the place of one that is there: of a `Partial<P>` TypeScript takes it to be there too. It is, unless that is tested. */
function replacing(cx: Context, before: Bound, value: Bound, expression: ts.Expression): Bound {
  const isSure = isAtom(before) && before.type.kind !== "maybe" && before.type.kind !== "nothing";
  if (!isSure || !isAtom(value) || value.type.kind !== "maybe" || value.type.other !== undefined)
    return value;
  const taken = asserted(cx, value, expression);
  // Where a type takes off more than that, it may have been put on for this value.
  if (taken.kind === "value") cx.unit.opened.add(taken.id);
  return taken;
}
