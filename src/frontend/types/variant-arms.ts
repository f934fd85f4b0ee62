/** Code that differs by the kind of an object that is one of several. */
import type { ts } from "ts-morph";
import { boolean, number } from "../../ir/builder.js";
import { isOneOfSeveral } from "../../ir/shapes.js";
import type { Atom, Hint, MemoryShape, Variant } from "../../ir/types.js";
import { propertyOf } from "../../ir/variant-cells.js";
import * as ops from "../../ops/scalar.js";
import * as steering from "../../ops/steering.js";
import { type Context, poison } from "../context.js";
import { branch } from "../control/join.js";
import { loadRaw } from "../memory.js";
import { lowerSymbol, stringLiteral } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { type RefValue, apply } from "../values.js";
import { membersOf } from "./named-types.js";

/** The kinds of objects that `node` may give; null where nothing in them tells them apart. */
export function variantsAt(cx: Context, shape: MemoryShape, node: ts.Node): readonly Variant[] | null {
  const whole = shape.kind === "object" && isOneOfSeveral(shape) ? shape.named : undefined;
  if (whole === undefined || whole.isTuple === true) return null;
  if (whole.variants.some(({ test }) => test.kind === "instance")) return null;
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  const members = membersOf(type, cx);
  const found = whole.variants.filter((variant) => members.some((member) => isOf(cx, member, variant, node)));
  return found.length === 0 ? null : found;
}

function isOf(cx: Context, type: ts.Type, { fields, test }: Variant, node: ts.Node): boolean {
  const properties = cx.checker.getPropertiesOfType(type);
  const names = new Set(properties.map(({ name }) => name));
  // What may be missing there, and is never missing here, is of a looser type.
  const isLooser = properties.some(
    ({ name, flags }) =>
      (flags & cx.ts.SymbolFlags.Optional) !== 0 &&
      fields.some((field) => propertyOf(field.name) === name && field.shape.kind !== "maybe"),
  );
  if (isLooser) return false;
  if (fields.length !== names.size || !fields.every(({ name }) => names.has(propertyOf(name)))) return false;
  if (test.kind !== "tag") return true;
  const own = tagTypes(cx, type, test.field, node).map(valueOf);
  return test.values.some((value) => own.includes(String(value)));
}

function tagTypes(cx: Context, type: ts.Type, field: string, node: ts.Node): readonly ts.Type[] {
  return membersOf(type, cx).flatMap((member) => {
    const property = cx.checker.getPropertyOfType(member, field);
    if (property === undefined) return [];
    const found = cx.checker.getTypeOfSymbolAtLocation(property, node);
    return found.isUnion() ? found.types : [found];
  });
}

function valueOf(type: ts.Type): string {
  if (type.isStringLiteral() || type.isNumberLiteral()) return String(type.value);
  return (type as ts.Type & { readonly intrinsicName?: string }).intrinsicName ?? "";
}

/** A conditional with an arm for each kind, of which the last needs no test. */
export function eachVariant(
  cx: Context,
  ref: RefValue,
  variants: readonly Variant[],
  node: ts.Node,
  give: (variant: Variant) => Bound,
  hint: Hint | null,
): Bound {
  // One that only lacks what the others have is what is left.
  const ordered = [...variants].sort(
    (a, b) => Number(a.test.kind === "rest") - Number(b.test.kind === "rest"),
  );
  const from = (at: number, own: Hint | null): Bound => {
    const variant = ordered[at];
    if (variant === undefined) return poison;
    if (at === ordered.length - 1) return give(variant);
    const test = testOf(cx, ref, variant, node);
    return branch(
      cx,
      node,
      test,
      () => give(variant),
      () => from(at + 1, null),
      own,
    );
  };
  return from(0, hint);
}

function testOf(cx: Context, ref: RefValue, { test }: Variant, node: ts.Node): Atom {
  if (test.kind === "own") return apply(cx, steering.hasField, [stringLiteral(test.field), ref], node);
  if (test.kind !== "tag") return boolean(true);
  const tag = loadRaw(cx, ref, test.field, node, null);
  if (!isAtom(tag)) return poison;
  return test.values
    .map((value) => apply(cx, ops.eq, [tag, tagLiteral(cx, test.field, value, node)], node))
    .reduce((one, other) => apply(cx, ops.or, [one, other], node));
}

/** The value of a tag, as it is written: members of enums by their names. */
function tagLiteral(cx: Context, field: string, value: string | number | boolean, node: ts.Node): Atom {
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  const own = tagTypes(cx, type, field, node).find((each) => valueOf(each) === String(value));
  const isEnum = ((own?.flags ?? 0) & cx.ts.TypeFlags.EnumLike) !== 0;
  const member = isEnum && own !== undefined ? lowerSymbol(cx, own.symbol, node) : null;
  if (member !== null && isAtom(member)) return member;
  if (typeof value === "boolean") return boolean(value);
  return typeof value === "number" ? number(value) : stringLiteral(value);
}

/** The tag of all objects of the kind, where it is one value. */
export function tagOf(cx: Context, { test }: Variant, field: string, node: ts.Expression): Atom | null {
  if (test.kind !== "tag" || test.field !== field) return null;
  const [value, ...more] = test.values;
  return value === undefined || more.length > 0 ? null : tagLiteral(cx, field, value, node);
}
