/** The types of values, and the shapes of memory, that are one thing or the other. */
import { boxKindOf, boxOf, isBox, isBoxType } from "../../ir/boxes.js";
import { int, real } from "../../ir/builder.js";
import {
  isMemory,
  isOneOfSeveral,
  maybeShape,
  maybeType,
  nameOfShape,
  unfolded,
  withoutLiterals,
} from "../../ir/shapes.js";
import type {
  Absence,
  ArrayShape,
  IntType,
  MaybeType,
  MemoryShape,
  ObjectShape,
  RefType,
  Shape,
  Type,
  VariantTest,
} from "../../ir/types.js";
import type { Context } from "../context.js";
import { sameKeys } from "../memory.js";
import { severalOf } from "./containers.js";
import { grouped, mixShapes, mixTypes, partsOf, partsOfShape } from "./mixed-types.js";

/** The type of a value that has one type or the other; null where no such type is supported. */
export function joinTypes(cx: Context, a: Type, b: Type): Type | null {
  if (a.kind === "nothing") return absentOr(b, a);
  if (b.kind === "nothing") return absentOr(a, b);
  const isOpen = a.kind === "maybe" || b.kind === "maybe";
  const isOneBoxed = isBoxType(a) !== isBoxType(b);
  if (isOpen || isOneBoxed || boxKindOf(a) !== boxKindOf(b)) {
    const none = isOpen ? joinAbsence(a, b) : "never";
    const parts = [...partsOf(a), ...partsOf(b)];
    const mixed = isOneBoxed ? null : mixTypes(parts, none, (x, y) => joinTypes(cx, x, y));
    return mixed ?? boxedType(cx, parts, none);
  }
  if (a.kind === "ref" && b.kind === "ref") {
    cx.unit.records.meet(a.shape, b.shape);
    const shape = joinShapes(a.shape, b.shape);
    if (shape === null || !isMemory(shape)) return null;
    return { kind: "ref", shape, region: cx.unit.regions.merge(a.region, b.region) };
  }
  if (a.kind === "int" && b.kind === "int") return joinScalars(joinWhole(a, b), a.isEnum === true ? a : b);
  if (a.kind === b.kind) return a.kind === "ref" ? a : joinScalars(a, b as typeof a);
  if (isNumeric(a) && isNumeric(b)) return real;
  return null;
}

/** A box for values of one kind or another. */
function boxedType(cx: Context, parts: readonly MaybeType["type"][], none: MaybeType["none"]): Type | null {
  const boxes = parts.filter((part) => part.kind === "ref" && isBox(part.shape));
  const shapes = parts.flatMap((part) => (part.kind === "ref" ? insideBox(part.shape) : [plainShape(part)]));
  const groups = grouped(shapes, joinShapes);
  if (groups === null || groups.length < 2) return null;
  const held = groups.flatMap((shape) =>
    shape.kind === "maybe" || nameOfShape(shape) !== null ? [] : [shape],
  );
  if (held.length < groups.length) return null;
  const { regions } = cx.unit;
  const [region = regions.fresh(), ...others] = boxes.flatMap((box) =>
    box.kind === "ref" ? [box.region] : [],
  );
  for (const other of others) regions.merge(region, other);
  const type: Type = { kind: "ref", shape: boxOf(held), region };
  return none === "never" ? type : maybeType(type, { none });
}

/** What may be in a box, or the memory itself. */
function insideBox(shape: MemoryShape): readonly Shape[] {
  if (!isBox(shape)) return [shape];
  return shape.fields.flatMap(({ shape: cell }) => (cell.kind === "maybe" ? [cell.shape] : [cell]));
}

function plainShape(type: Exclude<MaybeType["type"], RefType>): Shape {
  return type.kind === "int" ? real : type;
}

function joinWhole(a: IntType, b: IntType): IntType {
  return a.isEnum === true ? b : a;
}

/** The values that a cell may hold which may hold some or others; undefined where that is any value. */
export function eitherLiteral(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return undefined;
  const all = new Set([...a.split(" | "), ...b.split(" | ")]);
  return all.has("true") && all.has("false") ? undefined : [...all].toSorted().join(" | ");
}

function joinScalars<S extends Shape & { readonly literals?: string }>(a: S, b: Shape): S {
  const literals = eitherLiteral(a.literals, "literals" in b ? b.literals : undefined);
  if (a.literals === literals) return a;
  return literals === undefined ? withoutLiterals(a) : { ...a, literals };
}

interface MaybeAbsent {
  readonly kind: string;
  readonly none?: Absence | "never" | undefined;
}

/** What stands for the value where it is not there, if it is one thing. */
function joinAbsence(a: MaybeAbsent, b: MaybeAbsent): MaybeAbsent["none"] {
  const all = [a, b]
    .filter(({ kind, none }) => (kind === "maybe" && none !== "never") || kind === "nothing")
    .map(({ none }) => none);
  if (all.length === 0) return "never";
  return all.every((each) => each === all[0]) ? all[0] : undefined;
}

function absentOr(type: Type, absent: MaybeAbsent): Type {
  const none = joinAbsence(type, absent);
  if (type.kind === "nothing") return nothing(none);
  return type.kind === "maybe" ? { ...type, none } : maybeType(type, { none });
}

function nothing(none: MaybeAbsent["none"]): Extract<Type, { kind: "nothing" }> {
  return { kind: "nothing", none: none === "never" ? undefined : none };
}

/** A field that an object lacks. */
const missing: Shape = { kind: "nothing", none: "undefined" };
const opaque: Shape = { kind: "opaque" };

/** The shape of memory that has one shape or the other. */
export function joinShapes(a: Shape, b: Shape): Shape | null {
  if (a === b) return a;
  const named = joinNamed(a, b);
  if (named !== null) return named;
  // Which of its kinds an object is, only its own type says.
  if (isOneOfSeveral(a) && isOneOfSeveral(b)) return null;
  if (a.kind === "nothing") return orNothing(b, joinAbsence(a, b));
  if (b.kind === "nothing") return orNothing(a, joinAbsence(a, b));
  if (isMixedShape(a) || isMixedShape(b))
    return mixShapes([...partsOfShape(a), ...partsOfShape(b)], joinAbsence(a, b), joinShapes);
  if (a.kind === "maybe" || b.kind === "maybe") {
    const inner = joinShapes(plain(a), plain(b));
    return inner === null ? null : orNothing(inner, joinAbsence(a, b));
  }
  if (a.kind === "object" && b.kind === "object") {
    if (a.functions !== undefined || b.functions !== undefined) return a.functions === b.functions ? a : null;
    if (a.pattern !== undefined || b.pattern !== undefined) return a.pattern === b.pattern ? a : null;
    if (!isSamePrivacy(a, b) || a.isBox !== b.isBox) return null;
    const names = new Set([...a.fields, ...b.fields].map(({ name }) => name));
    const fields = [...names].map((name) => {
      const [left, right] = sidesOf(name, a, b);
      const isPrivate = [...a.fields, ...b.fields].some(
        (each) => each.name === name && each.isPrivate === true,
      );
      const shape: Shape = joinShapes(left, right) ?? { kind: "opaque" };
      return isPrivate ? { name, shape, isPrivate } : { name, shape };
    });
    if (a.isBox === true) return { kind: "object", fields, isBox: true };
    const isOfOne = a.owner !== undefined && a.owner === b.owner;
    return isOfOne ? { kind: "object", fields, owner: a.owner } : { kind: "object", fields };
  }
  if (a.kind === "tuple" && b.kind === "tuple" && a.elements.length === b.elements.length) {
    const elements = a.elements.map(
      (element, i) => joinShapes(element, b.elements[i] ?? element) ?? { kind: "opaque" as const },
    );
    return { kind: "tuple", elements };
  }
  if (a.kind === "array" && b.kind === "array" && a.storage === b.storage && sameKeys(a, b)) {
    const element = joinShapes(a.element, b.element);
    if (element === null) return null;
    if (a.storage === "Several") return severalOf([a, b]);
    return { ...withNames(a, b), element, ...(b.holdsNothing === true ? { holdsNothing: true } : {}) };
  }
  if (a.kind === "array" && b.kind === "array") return severalOf([a, b]);
  if (isMemory(a) || isMemory(b)) return null;
  if (a.kind === "int" && b.kind === "int") return joinScalars(joinWhole(a, b), a.isEnum === true ? a : b);
  if (a.kind === b.kind) return joinScalars(a, b);
  return isNumeric(a) && isNumeric(b) ? real : null;
}

/** The cells of two objects under a name. What is not looked into is in neither of them. */
export function sidesOf(name: string, a: ObjectShape, b: ObjectShape): readonly [Shape, Shape] {
  const [one, other] = [a, b].map(({ fields }) => fields.find((field) => field.name === name)?.shape);
  const whenMissing = [one, other].some((each) => each?.kind === "opaque") ? opaque : missing;
  return [one ?? whenMissing, other ?? whenMissing];
}

/** The keys that either may have, where both are known. */
function withNames(a: ArrayShape, b: ArrayShape): ArrayShape {
  const { names, required, ...rest } = a;
  if (names === undefined || b.names === undefined) return rest;
  const all = new Set([...names, ...b.names]);
  const sure = required?.filter((name) => b.required?.includes(name) === true) ?? [];
  return { ...rest, names: [...all], required: sure };
}

/** An instance from outside is not what its class makes here: objects without anything private. */
export function isSamePrivacy(a: ObjectShape, b: ObjectShape): boolean {
  return a.fields.every(({ name, isPrivate }) => {
    const other = b.fields.find((field) => field.name === name);
    return other === undefined || other.isPrivate === isPrivate;
  });
}

/** A named type stays what it is, where the other is the same or one of its variants. */
function joinNamed(a: Shape, b: Shape): Shape | null {
  const [name, other] = [nameOfShape(a), nameOfShape(b)];
  if (name !== null && name === other) return a;
  if (name !== null && other === null && isVariantOf(b, a)) return a;
  return other !== null && name === null && isVariantOf(a, b) ? b : null;
}

/** True for the shape of an object that may be where one of the union is expected. */
export function isOneOf(shape: Shape, whole: Shape): boolean {
  return nameOfShape(shape) === null && nameOfShape(whole) !== null && isVariantOf(shape, whole);
}

function isVariantOf(shape: Shape, whole: Shape): boolean {
  const { fields, named, functions } = unfolded(whole) as ObjectShape;
  return (
    shape.kind === "object" &&
    shape.functions === functions &&
    (named?.variants ?? []).every(({ test }) => isTold(shape, test)) &&
    hasCells({ kind: "object", fields }, shape)
  );
}

/** True if each field of the object has a cell in the union that can hold it. */
export function hasCells({ fields }: ObjectShape, object: ObjectShape): boolean {
  return object.fields.every(({ name, shape }) =>
    fields.some((other) => other.name === name && joinShapes(shape, other.shape) !== null),
  );
}

/** An object has what the test looks at. */
function isTold({ fields }: ObjectShape, test: VariantTest): boolean {
  if (test.kind === "tag") return fields.some(({ name }) => name === test.field);
  return test.kind !== "instance";
}

/** The shape of a cell that may also hold `undefined` or `null`. */
export function orNothing(shape: Shape, none?: MaybeAbsent["none"]): Shape {
  if (shape.kind === "nothing") return nothing(none);
  return shape.kind === "maybe" ? { ...shape, none } : maybeShape(shape, { none });
}

function isMixedShape(shape: Shape): boolean {
  return shape.kind === "maybe" && shape.other !== undefined;
}

function plain(shape: Shape): Shape {
  return shape.kind === "maybe" ? shape.shape : shape;
}

function isNumeric(type: { readonly kind: string }): boolean {
  return type.kind === real.kind || type.kind === int.kind;
}
