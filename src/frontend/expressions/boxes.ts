/**
 * Values that are a number or an object: what TypeScript has found one to be where it is used is taken out of its box,
 * and what is put where either may be is put into one.
 */
import type { ts } from "ts-morph";
import { type BoxKind, boxCell, boxKindOf, isBox, isBoxType, kindsInBox } from "../../ir/boxes.js";
import { boolean } from "../../ir/builder.js";
import { type ValueKind, isMemory, kindOfValue } from "../../ir/shapes.js";
import type { Atom, Hint, MaybeType, ObjectShape, Shape, Type } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import * as steering from "../../ops/steering.js";
import { type Context, poison, refuseExpression } from "../context.js";
import { branch } from "../control/join.js";
import { asList } from "../arrays/tuples-as-lists.js";
import { joinShapes } from "../types/joined-types.js";
import { allocate } from "./literals.js";
import { loadRaw, referenceRegion, shapeOfType } from "../memory.js";
import { kindOfMember } from "../types/box-kinds.js";
import { kindsAt, mayBeAbsent } from "./mixed.js";
import { nullLiteral, stringLiteral, undefinedLiteral } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { shapeOf } from "../types/shapes.js";
import { type RefValue, apply, not, present, there, truthOf } from "../values.js";

export function isBoxed(bound: Bound): bound is RefValue {
  return isAtom(bound) && bound.kind === "value" && bound.type.kind === "ref" && isBoxType(bound.type);
}

/** What an expression gives: out of its box where TypeScript knows what it is, in one where it may be either. */
export function asUsed(cx: Context, node: ts.Expression, bound: Bound, hint: Hint | null): Bound {
  if (!isAtom(bound) || bound === poison) return bound;
  if (isBoxed(bound)) return unboxed(cx, node, bound, hint);
  if (bound.type.kind === "nothing" || bound.type.kind === "maybe") return bound;
  const wanted = wantedBox(cx, node);
  return wanted === null ? bound : boxed(cx, bound, wanted, node, hint);
}

function unboxed(cx: Context, node: ts.Expression, box: RefValue, hint: Hint | null): Bound {
  const found = [...kindsAt(cx, node)];
  const [kind, ...more] = found;
  if (kind === undefined || kind === null || more.length > 0) return box;
  return partOf(cx, box, kind, node, hint) ?? box;
}

/** What is in the box, which is certainly of that kind; null where it never is. */
export function partOf(
  cx: Context,
  box: RefValue,
  kind: BoxKind,
  node: ts.Node,
  hint: Hint | null,
): Atom | null {
  if (!hasKind(box, kind)) return null;
  const part = loadRaw(cx, box, boxCell(kind), node, null);
  return isAtom(part) ? present(cx, part, node, hint) : poison;
}

/** A value of several kinds, where its place is declared to be of one of them: what it is of that kind, or `undefined`. */
export function asDeclared(cx: Context, bound: Bound, declared: ts.Type, node: ts.Node): Bound {
  if (!isAtom(bound) || bound.kind !== "value") return bound;
  const { type } = bound;
  const isMixed = type.kind === "maybe" && type.other !== undefined;
  if (!isMixed && !isBoxType(type.kind === "maybe" ? type.type : type)) return bound;
  const members = cx.checker.getNonNullableType(declared);
  const kinds = (members.isUnion() ? members.types : [members]).map((part) =>
    kindOfMember(part, cx.unit.project),
  );
  const [kind] = kinds;
  if (kind === undefined || kind === null || kinds.some((each) => each !== kind)) return bound;
  const part = (): Bound => {
    const value = there(cx, bound, node);
    if (isBoxed(value)) return partOf(cx, value, kind, node, null) ?? bound;
    const { type } = value;
    if (type.kind !== "maybe" || type.other === undefined) return value;
    return boxKindOf(type.other) === kind
      ? apply(cx, steering.otherwise, [value], node, null, type.other)
      : apply(cx, ops.narrow, [value], node, null, type.type);
  };
  if (!mayBeAbsent(type)) return part();
  const isThere = apply(cx, ops.isPresent, [bound], node);
  return branch(cx, node, isThere, part, () => undefinedLiteral, null);
}

/** What a pattern takes apart of a value of several kinds; null where it may be either an object or an array. */
export function takenFromBox(cx: Context, bound: Bound, isArray: boolean, node: ts.Node): Bound | null {
  if (!isBoxed(bound)) return bound;
  if (!isArray && hasKind(bound, "array")) return hasKind(bound, "object") ? null : bound;
  return partOf(cx, bound, isArray ? "array" : "object", node, null) ?? bound;
}

/** Whether what is in the box is of that kind. */
export function isOfKind(cx: Context, box: RefValue, kind: BoxKind, node: ts.Node): Atom {
  if (!hasKind(box, kind)) return boolean(false);
  const part = loadRaw(cx, box, boxCell(kind), node, null);
  return isAtom(part) ? apply(cx, ops.isDefined, [part], node) : poison;
}

/** Whether \`typeof\` gives that word for what is in the box: arrays are objects to it. */
export function isOfType(cx: Context, box: RefValue, kind: ValueKind, node: ts.Node): Atom {
  if (kind !== "object") return isOfKind(cx, box, kind, node);
  const kinds = box.type.shape.kind === "object" ? kindsInBox(box.type.shape) : [];
  const [memory, scalars] = [kinds.filter(isOfMemory), kinds.filter((each) => !isOfMemory(each))];
  const [only = "object", ...more] = memory;
  if (more.length === 0) return isOfKind(cx, box, only, node);
  return scalars
    .map((each) => not(cx, isOfKind(cx, box, each, node), node))
    .reduce((one, other) => apply(cx, ops.and, [one, other], node), boolean(true));
}

function isOfMemory(kind: BoxKind): boolean {
  return kind === "object" || kind === "array";
}

function hasKind({ type: { shape } }: RefValue, kind: BoxKind): boolean {
  return shape.kind === "object" && shape.fields.some(({ name }) => name === boxCell(kind));
}

/** The array or the tuple that may be in the box; null where none may be. */
export function listInBox({ type: { shape } }: RefValue): Shape | null {
  const cell = shape.kind === "object" ? shape.fields.find(({ name }) => name === boxCell("array")) : null;
  return cell?.shape.kind === "maybe" ? cell.shape.shape : null;
}

/** `x === 2`, `x === "auto"`: null where neither is in a box. */
export function compareBoxed(cx: Context, node: ts.Node, a: Atom, b: Atom, negated: boolean): Atom | null {
  if (!isBoxType(a.type) && !isBoxType(b.type)) return null;
  const [box, other] = isBoxed(a) ? [a, b] : [b, a];
  const kind = kindOfValue(other.type);
  if (!isBoxed(box) || isBoxed(other) || kind === null || kind === "object" || other.type.kind === "maybe")
    return refuseExpression(cx, node, "comparison of values of several kinds");
  if (!hasKind(box, kind)) return boolean(negated);
  const part = loadRaw(cx, box, boxCell(kind), node, null);
  return isAtom(part) ? apply(cx, negated ? ops.ne : ops.eq, [part, other], node) : poison;
}

/** The value in a box of the shape, where it fits. */
export function boxed(cx: Context, value: Atom, shape: Shape, node: ts.Node, hint: Hint | null = null): Atom {
  const bare = shape.kind === "maybe" ? shape.shape : shape;
  if (!isBox(bare) || isBoxType(value.type) || value.type.kind === "maybe") return value;
  return inBox(cx, value, bare, node, hint);
}

/** The same for a value that is to be of the type. */
export function asTyped(cx: Context, value: Atom, type: Type, node: ts.Node): Atom {
  const bare = type.kind === "maybe" ? type.type : type;
  if (bare.kind !== "ref") return value;
  if (bare.shape.kind === "array") return asList(cx, value, bare, node);
  if (value.type.kind === "maybe" && isBox(bare.shape) && !isBoxType(value.type))
    return inBoxIfThere(cx, value, type, node);
  const made = boxed(cx, value, bare.shape, node);
  const region = made === value ? null : referenceRegion(made.type);
  if (region !== null) cx.unit.regions.merge(region, bare.region);
  return made;
}

/** A value of one kind that may be missing. */
function inBoxIfThere(cx: Context, value: Atom, type: Type, node: ts.Node): Atom {
  const { none } = value.type as MaybeType;
  const own = (): Bound => partInBox(cx, there(cx, value, node), type, node);
  const nothing = (): Bound => {
    if (none !== undefined) return none === "null" ? nullLiteral : undefinedLiteral;
    const isNull = apply(cx, ops.isNull, [value], node);
    const given = (): Bound => nullLiteral;
    return branch(cx, node, isNull, given, () => undefinedLiteral, null);
  };
  if (none === "never") return atomIn(own());
  return atomIn(branch(cx, node, apply(cx, ops.isPresent, [value], node), own, nothing, null));
}

/** A value that is there, of one kind or of two. */
function partInBox(cx: Context, value: Atom, type: Type, node: ts.Node): Bound {
  if (value.type.kind !== "maybe") return asTyped(cx, value, type, node);
  const { type: first, other } = value.type;
  const kind = other === undefined ? null : kindOfValue(other);
  if (other === undefined || kind === null) return poison;
  const as = (op: typeof ops.narrow, one: Type) => (): Bound =>
    asTyped(cx, apply(cx, op, [value], node, null, one), type, node);
  const found = apply(cx, steering.typeOf, [value], node);
  const test = apply(cx, ops.eq, [found, stringLiteral(kind)], node);
  return branch(cx, node, test, as(steering.otherwise, other), as(ops.narrow, first), null);
}

function atomIn(bound: Bound): Atom {
  return isAtom(bound) ? bound : poison;
}

function inBox(cx: Context, value: Atom, shape: ObjectShape, node: ts.Node, hint: Hint | null): Atom {
  const kind = boxKindOf(value.type);
  const cell = shape.fields.find(({ name }) => kind !== null && name === boxCell(kind));
  const held = cell?.shape.kind === "maybe" ? cell.shape.shape : null;
  if (cell === undefined || held === null || joinShapes(held, shapeOfType(value.type)) === null) return value;
  const own = holding(shape, cell.name, value.type);
  const entries = own.fields.map(({ name }) => ({
    name,
    value: name === cell.name ? value : undefinedLiteral,
  }));
  return allocate(cx, own, entries, node, hint);
}

/** What was made here may be less than what is declared. */
function holding(shape: ObjectShape, cell: string, type: Type): ObjectShape {
  const held = shapeOfType(type);
  if (!isMemory(held)) return shape;
  const fields = shape.fields.map((field) => {
    if (field.name !== cell || field.shape.kind !== "maybe") return field;
    const joined = joinShapes(field.shape.shape, held);
    return joined === null || joined.kind === "maybe"
      ? field
      : { ...field, shape: { ...field.shape, shape: joined } };
  });
  return { ...shape, fields };
}

/** The truth of what is in a box: that of a number or a word, and of any object. */
export function truthInBox(cx: Context, box: RefValue, node: ts.Node): Atom {
  const kinds = box.type.shape.kind === "object" ? kindsInBox(box.type.shape) : [];
  const scalars = kinds.filter((kind) => !isOfMemory(kind));
  const truth = scalars.reduce<Bound>((rest, kind) => {
    const own = (): Bound => truthOf(cx, partOf(cx, box, kind, node, null) ?? poison, node);
    return branch(cx, node, isOfKind(cx, box, kind, node), own, () => rest, null);
  }, boolean(true));
  return isAtom(truth) ? truth : poison;
}

/** The same of what may be missing. */
export function truthInOptionalBox(cx: Context, value: Atom, node: ts.Node): Atom {
  const isThere = apply(cx, ops.isPresent, [value], node);
  const truth = (): Bound => {
    const box = there(cx, value, node);
    return isBoxed(box) ? truthInBox(cx, box, node) : poison;
  };
  const whole = branch(cx, node, isThere, truth, () => boolean(false), null);
  return isAtom(whole) ? whole : poison;
}

/** The shape of a box, where the expression stands for a value that may be of several kinds. */
function wantedBox(cx: Context, node: ts.Expression): ObjectShape | null {
  const tsc = cx.ts;
  const { parent } = node;
  const takes =
    tsc.isArrayLiteralExpression(parent) ||
    tsc.isPropertyAssignment(parent) ||
    tsc.isShorthandPropertyAssignment(parent) ||
    tsc.isReturnStatement(parent) ||
    tsc.isArrowFunction(parent);
  if (!takes || isInVariant(cx, parent)) return null;
  // What a callback may give says little of what this one gives.
  const isReturned = tsc.isReturnStatement(parent) || tsc.isArrowFunction(parent);
  const types = [isReturned ? returnedBy(cx, parent) : cx.checker.getContextualType(node)];
  for (const type of types) {
    if (type?.isUnion() !== true) continue;
    const shape = shapeOf(cx.checker.getNonNullableType(type), node, cx.unit.project);
    if (shape.kind === "object" && isBox(shape)) return shape;
  }
  return null;
}

/** A part of what is one of a union: which one it is says what the part is. */
function isInVariant(cx: Context, parent: ts.Node): boolean {
  const isProperty = cx.ts.isPropertyAssignment(parent) || cx.ts.isShorthandPropertyAssignment(parent);
  const literal = isProperty ? parent.parent : parent;
  if (!cx.ts.isObjectLiteralExpression(literal) && !cx.ts.isArrayLiteralExpression(literal)) return false;
  const type = cx.checker.getContextualType(literal);
  return type !== undefined && cx.checker.getNonNullableType(type).isUnion();
}

/** What a function without a declared result gives. */
export function returnedBy(cx: Context, node: ts.Node): ts.Type | undefined {
  const holder = cx.ts.findAncestor(node, (each) => cx.ts.isFunctionLike(each));
  if (holder === undefined || !cx.ts.isFunctionLike(holder)) return undefined;
  const signature = cx.checker.getSignatureFromDeclaration(holder);
  return signature === undefined ? undefined : cx.checker.getReturnTypeOfSignature(signature);
}
