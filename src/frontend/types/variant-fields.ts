/** The fields of a union's objects, by what TypeScript knows where they are used. */
import type { ts } from "ts-morph";
import { isOneOfSeveral } from "../../ir/shapes.js";
import type { Field, Hint, MemoryShape, ObjectShape, Variant } from "../../ir/types.js";
import { propertyOf } from "../../ir/variant-cells.js";
import * as steering from "../../ops/steering.js";
import type { Context } from "../context.js";
import { branch } from "../control/join.js";
import { loadRaw, loadThere } from "../memory.js";
import { stringLiteral, undefinedLiteral } from "../names.js";
import { noteMissingRead } from "../records/missing-fields.js";
import type { Bound } from "../scope.js";
import { shapeOf } from "./shapes.js";
import { type RefValue, apply } from "../values.js";
import { typeAt } from "../classes/class-tests.js";
import { candidatesFor, isOfFamily } from "./families.js";
import { eachVariant, variantsAt } from "./variant-arms.js";
import { cellHolding, cellsOf } from "./variant-cells.js";

/** The name of the cell that `node` reads or writes as a property of the object: what TypeScript finds there says which. */
export function cellAt(cx: Context, shape: MemoryShape, property: string, node: ts.Node): string {
  return cellOf(cx, shape, property, cx.checker.getTypeAtLocation(node), node);
}

/** The name of the cell under a property that holds what is of the type. */
export function cellOf(
  cx: Context,
  shape: MemoryShape,
  property: string,
  type: ts.Type,
  node: ts.Node,
): string {
  if (shape.kind !== "object" || !isOneOfSeveral(shape)) return property;
  const cells = cellsOf(shape, property);
  if (cells.length === 0) return property;
  const possible = possibleCells(cx, shape, property, node) ?? cells;
  const [only = null, ...more] = possible;
  if (only !== null && more.length === 0) return only.name;
  const found = shapeOf(type, node, cx.unit.project);
  if (found.kind === "unsupported" || found.kind === "nothing") return property;
  return cellHolding(possible, found)?.name ?? property;
}

/** Those of the kinds that the object may be of, of which `node` is a property; null where these are not known. */
function possibleCells(
  cx: Context,
  shape: ObjectShape,
  property: string,
  node: ts.Node,
): readonly Field[] | null {
  const base = baseOf(cx, node);
  const variants = base === null ? null : (variantsAt(cx, shape, base) ?? classesAt(cx, shape, base));
  if (variants === null) return null;
  const names = new Set(variants.flatMap(({ fields }) => fields.map(({ name }) => name)));
  return cellsOf(shape, property).filter(({ name }) => names.has(name));
}

/** Of instances, those of the classes that the type allows; null where that is not known. */
function classesAt(cx: Context, shape: ObjectShape, base: ts.Node): readonly Variant[] | null {
  const { project } = cx.unit;
  const [first, ...others] = candidatesFor(typeAt(cx, base), project);
  const family = first === undefined ? undefined : project.families.get(first);
  if (first === undefined || family === undefined || !isOfFamily(shape, family, project)) return null;
  const names = family.members.flatMap(({ node, name }) => ([first, ...others].includes(node) ? [name] : []));
  const found = (shape.named?.variants ?? []).filter(({ name }) => names.includes(name));
  return found.length === 0 ? null : found;
}

/** All fields of the object that `node` gives; null where TypeScript does not know which of a union it is. */
export function fieldsAt(cx: Context, ref: RefValue, node: ts.Node): readonly Field[] | null {
  const { shape } = ref.type;
  if (shape.kind !== "object") return null;
  const variants = shape.named?.variants ?? [];
  if (variants.length < 2) return shape.fields;
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  if (type.isUnion()) return null;
  const names = new Set(cx.checker.getPropertiesOfType(type).map(({ name }) => name));
  const variant = variants.find(
    ({ fields }) => fields.length === names.size && fields.every(({ name }) => names.has(propertyOf(name))),
  );
  return variant === undefined
    ? null
    : shape.fields.filter(({ name }) => variant.fields.some((own) => own.name === name));
}

/**
 * A property that is of different kinds in the members of a union, read where TypeScript does not know which of them it
 * is: tuples of different lengths, say, in place of an array. Null for any other.
 */
export function loadOfEach(
  cx: Context,
  ref: RefValue,
  property: string,
  node: ts.Node,
  hint: Hint | null,
): Bound | null {
  const { shape } = ref.type;
  const base = baseOf(cx, node);
  if (base === null || shape.kind !== "object" || cellsOf(shape, property).length === 0) return null;
  const variants = variantsAt(cx, shape, base);
  const cellIn = ({ fields }: Variant): Field | undefined =>
    fields.find(({ name, shape: cell }) => propertyOf(name) === property && cell.kind !== "opaque");
  if (variants?.every((variant) => cellIn(variant) !== undefined) !== true) return null;
  const load = (variant: Variant): Bound => loadRaw(cx, ref, cellIn(variant)?.name ?? property, node, null);
  const found = eachVariant(cx, ref, variants, base, load, hint);
  return found.kind === "unknown" ? null : found;
}

/** What a property is read of. */
function baseOf({ ts: tsc }: Context, node: ts.Node): ts.Node | null {
  if (tsc.isPropertyAccessExpression(node) || tsc.isElementAccessExpression(node)) return node.expression;
  return tsc.isBindingElement(node) ? node.parent : null;
}

/**
 * A field that is tested for being there, of a union some of whose objects have none: behind a cast, TypeScript does not
 * mind. Null where all of them have it.
 */
export function loadOfVariant(
  cx: Context,
  ref: RefValue,
  field: string,
  node: ts.Node,
  hint: Hint | null,
): Bound | null {
  const { shape } = ref.type;
  const variants = shape.kind === "object" && isOneOfSeveral(shape) ? (shape.named?.variants ?? []) : [];
  return loadOfSome(cx, ref, field, variants, node, hint);
}

/**
 * The same where the objects are read as such of a type in which the field is optional: `(o: { to?: number }) => o.to ?? 0`
 * of a union. Null for any other.
 */
export function loadOptional(
  cx: Context,
  ref: RefValue,
  field: string,
  node: ts.Node,
  hint: Hint | null,
): Bound | null {
  const { shape } = ref.type;
  const base = baseOf(cx, node);
  if (base === null || shape.kind !== "object" || !isOneOfSeveral(shape)) return null;
  if (!isOptionalIn(cx, base, propertyOf(field), node)) return null;
  // Any object may be read as one of an interface.
  const classes = typeAt(cx, base).isClass() ? classesAt(cx, shape, base) : null;
  const variants = variantsAt(cx, shape, base) ?? classes ?? shape.named?.variants ?? [];
  return loadOfSome(cx, ref, field, variants, node, hint);
}

/** The property may be missing there, as far as TypeScript knows. */
function isOptionalIn(
  { checker, ts: tsc }: Context,
  base: ts.Node,
  property: string,
  node: ts.Node,
): boolean {
  const type = checker.getNonNullableType(checker.getTypeAtLocation(base));
  const symbol = checker.getPropertyOfType(type, property);
  if (symbol === undefined || (symbol.flags & tsc.SymbolFlags.Optional) === 0) return false;
  if (tsc.isBindingElement(node)) return true;
  const found = checker.getTypeAtLocation(node);
  return found !== checker.getNonNullableType(found);
}

function loadOfSome(
  cx: Context,
  ref: RefValue,
  field: string,
  variants: readonly Variant[],
  node: ts.Node,
  hint: Hint | null,
): Bound | null {
  const name = propertyOf(field);
  const hasIt = variants.filter(({ fields }) => fields.some((each) => propertyOf(each.name) === name));
  if (hasIt.length === variants.length) return null;
  if (hasIt.length === 0) {
    noteMissingRead(cx, ref, name, node);
    return undefinedLiteral;
  }
  return branch(
    cx,
    node,
    apply(cx, steering.hasField, [stringLiteral(name), ref], node),
    () => loadThere(cx, ref, field, node, null),
    () => undefinedLiteral,
    hint,
  );
}
