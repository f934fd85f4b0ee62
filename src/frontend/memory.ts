/** Cells of objects, tuples and arrays: their types, loads and stores. */
import { callbackIn } from "./control/effects.js";
import { isOneOf } from "./types/joined-types.js";
import type { ts } from "ts-morph";
import { excerpt } from "../diagnostics/collector.js";
import { boolean, int, number, whole } from "../ir/builder.js";
import { isOneOfArrays } from "../ir/containers.js";
import type {
  ArrayShape,
  Atom,
  Hint,
  MemoryShape,
  RefType,
  RegionId,
  Shape,
  Step,
  Type,
  Value,
} from "../ir/types.js";
import {
  isKeyed,
  isObjectKey,
  maybeShape,
  maybeType,
  nameOfShape,
  unfolded,
  withoutLiterals,
} from "../ir/shapes.js";
import * as ops from "../ops/scalar.js";
import { type Context, origin, poison, refuse } from "./context.js";
import { functionsIn, holdsFunctions, isFunctionType } from "./types/function-shapes.js";
import { branch } from "./control/join.js";
import { stringLiteral, undefinedLiteral } from "./names.js";
import { type Bound, type Static, isAtom } from "./scope.js";
import { isSamePrivacy } from "./types/joined-types.js";
import { ofOtherThings, whyUntold } from "./types/circles.js";
import { isPrivate } from "./classes/private-fields.js";
import { type ShapeResult, shapeOf } from "./types/shapes.js";
import { isGetter, readGetter } from "./expressions/getters.js";
import { boxed } from "./expressions/boxes.js";
import { noteAssigned } from "./records/made-fields.js";
import { noteMissingRead } from "./records/missing-fields.js";
import { inheritPresence } from "./records/inherited-presence.js";
import { isToldAt, mayBeAbsent } from "./expressions/mixed.js";
import { partsOf } from "./types/mixed-types.js";
import { fitted } from "./arrays/storage.js";
import { isDoubted, noteOpened } from "./control/trust.js";
import { type RefValue, apply, describeType, mayBeNothing, trusted, withAbsenceOf } from "./values.js";
import { readOfGetter } from "./functions/kept-calls.js";
import { keepInside, widen, widenForField } from "./types/widening.js";
import { isOfDifferentKinds } from "./types/variant-cells.js";
import { loadOfEach, loadOptional } from "./types/variant-fields.js";

/** One cell: a field by its name, or an element by its index, which only the call may know. */
export type Key = string | number | Value;

/** Reads a cell, where TypeScript may have found at `node` that it is there: of what a method reads, it says nothing. */
export function loadCell(cx: Context, ref: RefValue, key: Key, node: ts.Node, hint: Hint | null): Bound {
  const shape = cellShape(ref.type.shape, key);
  const bare =
    shape?.kind === "maybe" &&
    !cx.ts.isCallExpression(node) &&
    !mayBeNothing(cx, node) &&
    isToldAt(cx, shape, node) &&
    !isDoubted(cx, node);
  const value = loadRaw(cx, ref, key, node, bare ? null : hint);
  return bare && isAtom(value) ? trusted(cx, value, node, hint) : value;
}

/** Reads a cell just as it is, where there is one. */
export function loadRaw(cx: Context, ref: RefValue, key: Key, node: ts.Node, hint: Hint | null): Bound {
  const optional = typeof key === "string" ? loadOptional(cx, ref, key, node, hint) : null;
  return optional ?? loadThere(cx, ref, key, node, hint);
}

/** Reads a cell that is there. */
export function loadThere(cx: Context, ref: RefValue, key: Key, node: ts.Node, hint: Hint | null): Bound {
  const member = typeof key === "string" ? loadMember(cx, ref, key) : null;
  if (member !== null) return isGetter(cx, member) ? readGetter(cx, member, ref, node, hint) : member;
  const shape = cellShape(ref.type.shape, key);
  if (shape === null && typeof key === "object")
    return refuse(cx, "dynamicIndex", node, { code: excerpt(node) });
  if (shape === null) {
    noteMissingRead(cx, ref, textOf(key), node);
    return undefinedLiteral;
  }
  const type = cellType(cx, shape, ref.type.region, cellName(cx, ref.type, key));
  if (type === null)
    return (
      loadOfEach(cx, ref, textOf(key), node, hint) ??
      callbackIn(cx, ref, textOf(key), node) ??
      refuseOpaque(cx, ref, key, node)
    );
  const out = cx.unit.builder.load(ref, stepIn(ref.type.shape, key), type, origin(cx, node, hint));
  inheritPresence(cx, ref, key, out);
  if (ref.type.shape.kind === "array") noteOpened(cx, out);
  if (functionsIn(shape) === null) return out;
  cx.unit.receivers.set(out.id, ref);
  return readOfGetter(cx, out, node, hint) ?? out;
}

/** A field of an object that is copied: a function goes over as it is, what a getter gives is read. */
export function loadCopied(cx: Context, ref: RefValue, name: string, node: ts.Node): Bound {
  const member = cx.unit.members.get(ref.id)?.get(name);
  return member === undefined || isGetter(cx, member) ? loadRaw(cx, ref, name, node, null) : member;
}

/** The function in a field of an object, which is what `this` means in it; null where there is none. */
export function loadMember(cx: Context, ref: RefValue, name: string): Static | null {
  const member = cx.unit.members.get(ref.id)?.get(name);
  if (member?.kind === "closure" && member.self === undefined) return { ...member, self: ref };
  return member ?? null;
}

/** Reads an element of an array that may be shorter. */
export function loadElement(
  cx: Context,
  ref: RefValue,
  index: number | Value,
  node: ts.Node,
  hint: Hint | null,
): Bound {
  const known = lengthOf(cx, ref);
  if (known !== null && typeof index === "number")
    return index < known ? loadCell(cx, ref, index, node, hint) : undefinedLiteral;
  const exists = isInRange(cx, ref, index, node);
  return branch(
    cx,
    node,
    exists,
    () => loadCell(cx, ref, index, node, null),
    () => undefinedLiteral,
    hint,
  );
}

/** `0 <= index && index < xs.length`. */
function isInRange(cx: Context, ref: RefValue, index: number | Value, node: ts.Node): Atom {
  const length = loadLength(cx, ref, node);
  if (typeof index === "number") return apply(cx, ops.gt, [length, number(index)], node);
  const below = apply(cx, ops.lt, [index, length], node);
  const bound = branch(
    cx,
    node,
    apply(cx, ops.ge, [index, number(0)], node),
    () => below,
    () => boolean(false),
    null,
  );
  return isAtom(bound) ? bound : poison;
}

/** `xs.length`: a literal for a tuple. */
export function loadLength(cx: Context, ref: RefValue, node: ts.Node, hint: Hint | null = null): Atom {
  const { shape } = ref.type;
  if (shape.kind === "tuple") return whole(shape.elements.length);
  const value = cx.unit.builder.load(ref, { kind: "field", name: "length" }, int, origin(cx, node, hint));
  const known = cx.unit.lengths.get(ref.id);
  if (known !== undefined) cx.unit.known.set(value.id, known);
  return value;
}

/** The number of elements, where it is known while compiling. */
export function lengthOf(cx: Context, ref: RefValue): number | null {
  const { shape } = ref.type;
  return shape.kind === "tuple" ? shape.elements.length : (cx.unit.lengths.get(ref.id) ?? null);
}

/** Writes a cell. */
export function storeCell(cx: Context, ref: RefValue, key: Key, given: Atom, node: ts.Node): void {
  const { builder, regions } = cx.unit;
  if (given === poison) return;
  const shape = cellShape(ref.type.shape, key);
  const value = shape === null ? given : boxed(cx, given, shape, node);
  if (shape === null || shape.kind === "opaque") {
    keepInside(cx, value);
    if (shape !== null && holdsFunctions(shapeOfType(value.type))) widen(cx, ref, key, value.type);
    refuse(cx, "unsupportedAssignment", node, {
      code: excerpt(node),
      reason: "the object was made without this field",
    });
    return;
  }
  const stored = fitted(cx, ref, value, node);
  if (stored === poison) return;
  if (!holds(shape, stored.type)) {
    widen(cx, ref, key, stored.type);
    const reason = `${describeType(value.type)} does not fit what was there when the object was made`;
    refuse(cx, "unsupportedAssignment", node, { code: excerpt(node), reason });
    return;
  }
  if (isKeyed(ref.type.shape) && mayBeAbsent(stored.type)) {
    const reason = "what may be undefined cannot be put under a key: `delete` the key instead";
    refuse(cx, "unsupportedAssignment", node, { code: excerpt(node), reason });
    return;
  }
  widenForField(cx, ref, key);
  const target = referenceRegion(value.type);
  if (target !== null) regions.put(ref.type.region, cellName(cx, ref.type, key), target);
  regions.markStored(ref.type.region, { shape: ref.type.shape, node }, builder.isOwn(ref));
  const held = withAbsenceOf(cx, stored, shape, node);
  builder.store({ ref, step: stepIn(ref.type.shape, key) }, held, origin(cx, node));
  if (typeof key === "string") noteAssigned(cx, ref, key);
}

/** The name of a cell for `Regions`: the elements of an array are one, and so are those of a tuple that is indexed. */
export function cellName(cx: Context, { shape, region }: RefType, key: Key): string {
  if (shape.kind === "array") return "*";
  if (typeof key !== "object") return textOf(key);
  const { regions } = cx.unit;
  if (shape.kind === "tuple") {
    const whole = regions.child(region, "0");
    shape.elements.forEach((_, i) => regions.merge(whole, regions.child(region, String(i))));
  }
  return "0";
}

/** True if a cell of the shape may be given a value of the type. */
export function holds(shape: Shape, type: Type): boolean {
  if (shape.kind === "maybe") {
    if (type.kind === "nothing") return true;
    const isHeld = (part: Type): boolean =>
      holds(shape.shape, part) || (shape.other !== undefined && holds(shape.other, part));
    return partsOf(type).every(isHeld);
  }
  if (type.kind === "ref")
    return sameShape(shape, type.shape) || isOneOf(type.shape, shape) || isOneOfArrays(type.shape, shape);
  return shape.kind === type.kind || (shape.kind === "real" && type.kind === "int");
}

/** True for shapes that one object can have. */
export function sameShape(a: Shape, b: Shape): boolean {
  const [name, other] = [nameOfShape(a), nameOfShape(b)];
  if (name !== null || other !== null) return name === other;
  if (functionsIn(a) !== functionsIn(b)) return false;
  if (a.kind !== b.kind) return false;
  if (a.kind === "object" && b.kind === "object") {
    return (
      a.fields.length === b.fields.length &&
      a.isBox === b.isBox &&
      a.pattern === b.pattern &&
      isSamePrivacy(a, b) &&
      a.fields.every(({ name, shape }) => {
        const other = b.fields.find((field) => field.name === name);
        return other !== undefined && sameShape(shape, other.shape);
      })
    );
  }
  if (a.kind === "tuple" && b.kind === "tuple") {
    return (
      a.elements.length === b.elements.length &&
      a.elements.every((each, i) => sameShape(each, b.elements[i] ?? each))
    );
  }
  if (a.kind === "array" && b.kind === "array")
    return (
      a.storage === b.storage &&
      sameKeys(a, b) &&
      sameShape(a.element, b.element) &&
      String(a.containers) === String(b.containers)
    );
  if (a.kind !== "maybe" || b.kind !== "maybe") return true;
  if (a.other?.kind !== b.other?.kind) return false;
  return (!holdsFunctions(a) && !holdsFunctions(b)) || sameShape(a.shape, b.shape);
}

/** The keys of two maps are of one kind. */
export function sameKeys(a: ArrayShape, b: ArrayShape): boolean {
  if (a.keeps !== b.keeps) return false;
  return isObjectKey(a.key) && isObjectKey(b.key) ? sameShape(a.key, b.key) : a.key === b.key;
}

/** The region that a value of the type points into. */
export function referenceRegion(type: Type): RegionId | null {
  if (type.kind === "maybe") return referenceRegion(type.type);
  return type.kind === "ref" ? type.region : null;
}

/** The key as a field's name; an index that only the call knows is none. */
export function textOf(key: Key): string {
  return typeof key === "object" ? "" : String(key);
}

/** The shape of a cell; null where the memory has none of this key. */
export function cellShape(shape: MemoryShape, key: Key): Shape | null {
  switch (shape.kind) {
    case "object":
      return shape.fields.find(({ name }) => name === textOf(key))?.shape ?? null;
    case "tuple":
      return typeof key === "object" ? commonElement(shape.elements) : (shape.elements[Number(key)] ?? null);
    case "array":
      return typeof key === "string" && !isKeyed(shape) ? null : shape.element;
  }
}

/** The shape of any element of a tuple; null where they differ. */
export function commonElement([first, ...others]: readonly Shape[]): Shape | null {
  return first !== undefined && others.every((other) => sameShape(first, other)) ? first : null;
}

/** The type of what a cell holds; null where the compiler does not look into it. */
export function cellType(cx: Context, shape: Shape, region: RegionId, key: string): Type | null {
  switch (shape.kind) {
    case "opaque":
      return null;
    case "maybe": {
      const type = cellType(cx, shape.shape, region, key);
      return type === null || type.kind === "maybe" || type.kind === "nothing"
        ? type
        : maybeType(type, shape);
    }
    case "object":
    case "tuple":
    case "array":
    case "knot": {
      const memory = unfolded(shape);
      return { kind: "ref", shape: memory, region: regionOfCell(cx, memory, region, key) };
    }
    default:
      return shape;
  }
}

/** Where a cell leads to. Objects of a named type that lie in each other are in one region, however deep. */
function regionOfCell(cx: Context, shape: MemoryShape, region: RegionId, key: string): RegionId {
  const { regions } = cx.unit;
  const below = regions.child(region, key);
  const name = nameOfShape(shape);
  return name === null ? below : regions.tie(below, name);
}

/** The shape of a cell for a number that is declared as one, or as a member of an enum; null for what is none. */
export function shapeOfNumber(type: Type, declared: ShapeResult): Shape | null {
  if (type.kind !== "int") return null;
  const plain = declared.kind === "maybe" ? declared.shape : declared;
  return plain.kind === "int" ? plain : plain.kind === "real" ? { kind: "real" } : null;
}

/** The shape of a cell made to hold values of the type. */
export function shapeOfType(type: Type): Shape {
  switch (type.kind) {
    case "ref":
      return type.shape;
    case "maybe": {
      const shape = shapeOfType(type.type);
      return shape.kind === "maybe" ? shape : maybeShape(shape, type);
    }
    // A field may be given any number later, unless it is for the members of an enum.
    case "int":
      return type.isEnum === true ? type : { kind: "real" };
    case "nothing":
      return type;
    default:
      return withoutLiterals(type);
  }
}

/** Under a key, names are keys as well. */
function stepIn(shape: MemoryShape, key: Key): Step {
  if (typeof key === "string" && isKeyed(shape)) return { kind: "index", index: stringLiteral(key) };
  return isKeyed(shape) && typeof key === "number" ? { kind: "index", index: number(key) } : stepOf(key);
}

export function stepOf(key: Key): Step {
  if (typeof key === "string") return { kind: "field", name: key };
  return { kind: "index", index: typeof key === "object" ? key : whole(key) };
}

const differsByObject = "not all of the objects that may be meant hold the same kind of value there";

function refuseOpaque(cx: Context, { type: { shape, region } }: RefValue, key: Key, node: ts.Node): Bound {
  if (shape.kind === "object" && isOfDifferentKinds(shape, textOf(key))) {
    const union = shape.named?.name ?? "the union";
    return refuse(cx, "unionField", node, { code: excerpt(node), name: textOf(key), type: union });
  }
  if (typeof key === "string") cx.unit.unknownMembers.push({ region, name: key });
  const name = cx.ts.isPropertyAccessExpression(node) ? node.name : node;
  const symbol = cx.checker.getSymbolAtLocation(name);
  if (symbol !== undefined && isPrivate(symbol, cx)) {
    return refuse(cx, "privateField", name, { name: name.getText() });
  }
  const type = cx.checker.getTypeAtLocation(node);
  const text = cx.checker.typeToString(type);
  if (cx.unit.records.hasRefused) return poison;
  if (isFunctionType(type)) return refuse(cx, "unknownCallee", node, { code: excerpt(node) });
  const why = whyUntold(type, cx.unit.project);
  const isTold = why === ofOtherThings && shapeOf(type, node, cx.unit.project).kind !== "unsupported";
  const reason = isTold ? differsByObject : why;
  return refuse(cx, "unsupportedType", node, { code: excerpt(node), type: text, reason });
}
