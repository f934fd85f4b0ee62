/** Object and array literals: allocations. */
import type { ts } from "ts-morph";
import { addComputed } from "./computed-properties.js";
import { fieldShape, untilGiven, widened } from "./field-shapes.js";
import { excerpt } from "../../diagnostics/collector.js";
import { suggested } from "../../ir/builder.js";
import type {
  Atom,
  Entry,
  Field,
  Hint,
  InstanceOf,
  MemoryShape,
  ObjectShape,
  Shape,
  Type,
  Value,
  Variant,
} from "../../ir/types.js";
import { type KeyedShape, isKeyed, nameOfShape } from "../../ir/shapes.js";
import { mayBeAbsent } from "./mixed.js";
import { meantType } from "../types/concrete-types.js";
import { meantShapes } from "../types/meant-shapes.js";
import { asListOf } from "../arrays/tuples-as-lists.js";
import { asUsed, boxed } from "./boxes.js";
import { isKeptIn, misfits } from "./kept-members.js";
import { type Context, origin, poison, refuse, refuseExpression } from "../context.js";
import { closureOf, lowerExpression } from "./expressions.js";
import { type LiteralOf, literalOf, refusesLiteral } from "../classes/literal-instances.js";
import { lowerRecordLiteral } from "../records/record-literals.js";
import { hasCells, joinShapes } from "../types/joined-types.js";
import { isGetter } from "./getters.js";
import { cellShape, holds, referenceRegion, shapeOfType } from "../memory.js";
import { knownKey, lowerSymbol, symbolOf, undefinedLiteral } from "../names.js";
import { type Bound, type Closure, type Static, isAtom } from "../scope.js";
import { heldShapeOf, shapeOf } from "../types/shapes.js";
import { type UnionSpread, addVariant, lowerSpread } from "../records/object-spread.js";
import { eachVariant } from "../types/variant-arms.js";
import { noteHeld } from "../records/inherited-presence.js";
import { makeExactly } from "../records/exact-objects.js";
import type { Presence } from "../records/presence.js";
import { anyMember, noteMaker, widen, widenedShape } from "../types/widening.js";
import { atomOf, isRef, narrowed, trusted, withAbsenceOf } from "../values.js";
import { holderOf, isSatisfying } from "../syntax.js";
import { asCellsOf } from "../types/variant-cells.js";

/** `{ x: 1, y, ...p }`. */
export function lowerObjectLiteral(cx: Context, node: ts.ObjectLiteralExpression, hint: Hint | null): Bound {
  const record = lowerRecordLiteral(cx, node, hint);
  if (record !== null) return record;
  const parts = { cells: new Map(), absent: new Map(), setters: new Map(), like: null };
  return lowerProperties(cx, node, node.properties, parts, hint);
}

/** What a literal is made of. */
interface Parts {
  readonly cells: Map<string, Bound>;
  readonly absent: Map<string, Presence>;
  readonly setters: Map<string, Closure>;
  /** The union of which it copies an object. */
  readonly like: ObjectShape | null;
}

/** Adds the properties to what is there; behind a spread of one of several kinds of objects, for each kind apart. */
function lowerProperties(
  cx: Context,
  node: ts.ObjectLiteralExpression,
  properties: readonly ts.ObjectLiteralElementLike[],
  parts: Parts,
  hint: Hint | null,
): Bound {
  const { cells, absent, setters, like } = parts;
  let failed = false;
  for (const [i, property] of properties.entries()) {
    if (cx.ts.isSpreadAssignment(property)) {
      const spread = lowerSpread(cx, property.expression, cells, absent);
      if (typeof spread === "object")
        return failed ? poison : lowerForEach(cx, node, spread, properties.slice(i + 1), parts, hint);
      failed ||= !spread;
    } else if (cx.ts.isSetAccessor(property)) addSetter(cx, property, cells, setters);
    else if (!lowerProperty(cx, property, cells, absent, hint)) failed = true;
  }
  if (failed || [...cells.values()].includes(poison)) return poison;
  addMissing(cx, node, cells, absent);
  const make = (left: ReadonlySet<string>): Bound => allocateObject(cx, node, cells, hint, like, left);
  const made = makeExactly(cx, node, cells, absent, make);
  if (isAtom(made) && made.kind === "value") cx.unit.setters.set(made.id, setters);
  return made;
}

/** The copy is one of the same union, if it has all that it needs for that. */
function lowerForEach(
  cx: Context,
  node: ts.ObjectLiteralExpression,
  spread: UnionSpread,
  rest: readonly ts.ObjectLiteralElementLike[],
  { cells, absent, setters }: Parts,
  hint: Hint | null,
): Bound {
  const { ref, variants } = spread;
  const like = ref.type.shape.kind === "object" && variants.length > 1 ? ref.type.shape : null;
  const give = (variant: Variant): Bound => {
    const own = { cells: new Map(cells), absent: new Map(absent), setters: new Map(setters), like };
    if (!addVariant(cx, spread, variant, own.cells, own.absent)) return poison;
    return lowerProperties(cx, node, rest, own, null);
  };
  return eachVariant(cx, ref, variants, spread.node, give, hint);
}

/** With a getter, it is one property of two functions. */
function addSetter(
  cx: Context,
  node: ts.SetAccessorDeclaration,
  cells: Map<string, Bound>,
  setters: Map<string, Closure>,
): void {
  const name = propertyName(cx, node.name);
  const getter = name === null ? undefined : cells.get(name);
  const isPair = getter?.kind === "closure" && isGetter(cx, getter) && getter.node.parent === node.parent;
  if (name === null || (getter !== undefined && !isPair)) refuseExpression(cx, node, "setter");
  else setters.set(name, closureOf(cx, node, name));
}

/** Fields that an object has, but is not made with. */
const nothingLeft: ReadonlySet<string> = new Set();

/** Allocates an object; fields that hold functions are known while compiling only. */
export function allocateObject(
  cx: Context,
  node: ts.Expression | ts.BindingName,
  cells: ReadonlyMap<string, Bound>,
  hint: Hint | null,
  like: ObjectShape | null = null,
  left: ReadonlySet<string> = nothingLeft,
): Bound {
  const literal = literalOf(cx, node);
  if (literal === "refused") return poison;
  const shapeFor = (name: string, first: Type): Shape => fieldShape(cx, node, name, first);
  return allocateCells(cx, node, cells, hint, shapeFor, like, null, literal, left);
}

function allocateCells(
  cx: Context,
  node: ts.Node,
  cells: ReadonlyMap<string, Bound>,
  hint: Hint | null,
  shapeFor: (name: string, first: Type) => Shape,
  family: ObjectShape | null = null,
  instance: InstanceOf | null = null,
  literal: LiteralOf | null = null,
  left: ReadonlySet<string> = nothingLeft,
): Value {
  const types = [literal?.shape ?? null, ...meantShapes(cx, node, family)].filter((each) => each !== null);
  const entries: { name: string; value: Atom }[] = [];
  const members = new Map<string, Static>();
  const fields: Field[] = [];
  for (const [name, whole] of new Map([...(literal?.tag ?? []), ...cells])) {
    const isKept = literal?.shape != null || isKeptIn(cx, node, name, types);
    const bound = isKept ? atomOf(cx, whole, node) : whole;
    // No literal of the kind has a function there.
    if (
      literal?.shape != null &&
      isAtom(bound) &&
      bound.type.kind === "nothing" &&
      cellShape(literal.shape, name)?.kind === "opaque"
    )
      continue;
    if (bound === poison && whole !== poison) {
      // What it will be is not known before all is lowered once more.
      fields.push({ name, shape: { kind: "opaque" } });
    } else if (isAtom(bound)) {
      const shape = shapeFor(name, bound.type);
      const declared = types.map((each) => cellShape(each, name));
      const value = asListOf(cx, boxed(cx, bound, shape, node), declared, node);
      if (!left.has(name)) entries.push({ name, value });
      fields.push({ name, shape: value === bound ? shape : shapeFor(name, value.type) });
    } else {
      members.set(name, bound);
      fields.push({ name, shape: { kind: "opaque" } });
    }
  }
  const keyed = keyedShape(cx, node);
  if (keyed !== null && members.size === 0) return allocateKeyed(cx, keyed, entries, node, hint);
  const meant = types.flatMap((whole) => {
    const own = asCellsOf({ kind: "object", fields }, whole, variantOf(whole, entries));
    const isOff = misfits(cx, whole, entries, node);
    // Functions that are known while compiling are in no cell.
    const seen = own.filter(({ name, shape }) => shape.kind !== "opaque" && !isOff.has(name));
    const made: ObjectShape = { kind: "object", fields: seen };
    // An instance is told by its class, and need not show it in its fields.
    const fits = instance === null ? joinShapes(whole, made) === whole : hasCells(whole, made);
    return fits ? [{ whole, own, isOff }] : [];
  })[0];
  const held = entries.filter(({ name }) => meant?.isOff.has(name) !== true);
  const named = held.map((entry) => {
    const at = fields.findIndex(({ name }) => name === entry.name);
    return { ...entry, name: meant?.own[at]?.name ?? entry.name };
  });
  const shape: ObjectShape = meant?.whole ?? { kind: "object", fields };
  for (const { name, value } of named)
    if (refusesLiteral(cx, value, cellShape(shape, name) ?? { kind: "opaque" }, node)) break;
  const out = allocate(cx, shape, named, node, hint, instance);
  if (members.size > 0) cx.unit.members.set(out.id, members);
  if (literal !== null) cx.unit.literals.set(out.id, literal.kind);
  if (literal?.shape != null) cx.unit.classes.set(out.id, literal.kind);
  return out;
}

/** The kind of object that its tag tells; undefined where it has none that is known. */
function variantOf({ named }: ObjectShape, entries: readonly Entry[]): Variant | undefined {
  return named?.variants.find(({ test }) => {
    if (test.kind !== "tag") return false;
    const values: readonly unknown[] = test.values;
    const tag = entries.find(({ name }) => name === test.field)?.value;
    return tag?.kind === "literal" && values.includes(tag.value);
  });
}

/** The shape of a record, where the literal is meant to be one. */
export function keyedShape(cx: Context, node: ts.Node): KeyedShape | null {
  if (!cx.ts.isObjectLiteralExpression(node)) return null;
  // That of a spread record, where nothing else says what it is for. What satisfies a type is not meant to be of it.
  const meant = isSatisfying(cx.ts, node) ? undefined : cx.checker.getContextualType(node);
  const type = meant ?? cx.checker.getTypeAtLocation(node);
  // Of functions whose names are written out it is known which they are.
  const isEmpty = node.properties.length === 0 || cx.unit.records.isKeptMember(node, anyMember);
  const find = isEmpty ? heldShapeOf : shapeOf;
  const shape = find(cx.checker.getNonNullableType(type), node, cx.unit.project);
  if (shape.kind !== "unsupported" && isKeyed(shape)) return shape;
  const other = isEmpty ? defaultedBy(cx, node) : null;
  const like = other === null ? null : find(cx.checker.getNonNullableType(other), node, cx.unit.project);
  return like !== null && like.kind !== "unsupported" && isKeyed(like) ? like : null;
}

/** The type of `record` in `record ?? {}` and in `({ record = {} } = options)`. */
function defaultedBy(cx: Context, node: ts.ObjectLiteralExpression): ts.Type | null {
  const whole = holderOf(cx.ts, node);
  if (cx.ts.isShorthandPropertyAssignment(whole)) {
    const variable = cx.checker.getShorthandAssignmentValueSymbol(whole);
    return variable === undefined ? null : cx.checker.getTypeOfSymbol(variable);
  }
  const { QuestionQuestionToken, BarBarToken } = cx.ts.SyntaxKind;
  if (!cx.ts.isBinaryExpression(whole)) return null;
  const { left, operatorToken } = whole;
  const isDefault = operatorToken.kind === QuestionQuestionToken || operatorToken.kind === BarBarToken;
  return isDefault ? cx.checker.getTypeAtLocation(left) : null;
}

/** Allocates a record or a map. */
export function allocateKeyed(
  cx: Context,
  shape: KeyedShape,
  entries: readonly { readonly name: string; readonly value: Atom }[],
  node: ts.Node,
  hint: Hint | null,
): Value {
  const whole = widenedShape(cx, node, shape);
  const init = { kind: "object", entries } as const;
  const out = cx.unit.builder.alloc(whole, init, origin(cx, node, hint));
  if (isRef(out)) {
    noteMaker(cx, out, node);
    const missed = entries.filter(({ value }) => value !== poison && !holds(whole.element, value.type));
    for (const { name, value } of missed) widen(cx, out, name, value.type);
  }
  const region = referenceRegion(out.type);
  for (const { value } of entries) {
    const target = referenceRegion(value.type);
    if (target !== null && region !== null) cx.unit.regions.put(region, "*", target);
  }
  return out;
}

/** The same for an instance of a class, whose fields have declared types; `family` is the shape of all of its like. */
export function allocateInstance(
  cx: Context,
  node: ts.NewExpression,
  cells: ReadonlyMap<string, Bound>,
  types: ReadonlyMap<string, ts.Type>,
  family: ObjectShape | null,
  hint: Hint | null,
  instance: InstanceOf | null,
): Atom {
  const shapeFor = (name: string, first: Type): Shape => {
    const type = types.get(name);
    return type === undefined ? shapeOfType(first) : widened(cx, node, first, type);
  };
  const made = allocateCells(cx, node, cells, hint, shapeFor, family, instance);
  noteHeld(cx, made, cells);
  return made;
}

/** Allocates memory, and notes where the references in it point to. */
export function allocate(
  cx: Context,
  shape: MemoryShape,
  entries: readonly { readonly name: string; readonly value: Atom }[],
  node: ts.Node,
  hint: Hint | null,
  instance: InstanceOf | null = null,
): Value {
  const whole = widenedShape(cx, node, shape);
  const held = entries.map(({ name, value }) => {
    const cell = cellShape(whole, whole.kind === "object" ? name : Number(name));
    // What has a name has the fields that are declared.
    const isTold = cell !== null && cell.kind !== "maybe" && nameOfShape(whole) !== null;
    if (isTold && value.type.kind === "nothing") return { name, value: untilGiven(cx, name, cell, node) };
    if (isTold && mayBeAbsent(value.type)) return { name, value: trusted(cx, value, node) };
    if (whole !== shape && cell?.kind === "array") return { name, value: asListOf(cx, value, [cell], node) };
    return { name, value: cell === null ? value : withAbsenceOf(cx, value, cell, node) };
  });
  const init =
    shape.kind === "object"
      ? ({ kind: "object", entries: held, ...(instance === null ? {} : { instance }) } as const)
      : ({ kind: "elements", elements: held.map(({ value }) => value) } as const);
  const out = cx.unit.builder.alloc(whole, init, origin(cx, node, hint));
  if (isRef(out)) noteMaker(cx, out, node);
  const region = referenceRegion(out.type);
  for (const { name, value } of held) {
    const target = referenceRegion(value.type);
    if (target === null || region === null) continue;
    cx.unit.regions.put(region, shape.kind === "array" ? "*" : name, target);
  }
  return out;
}

/** Adds what one property of the literal says; false where it is refused. */
function lowerProperty(
  cx: Context,
  property: Exclude<ts.ObjectLiteralElementLike, ts.SetAccessorDeclaration | ts.SpreadAssignment>,
  cells: Map<string, Bound>,
  absent: Map<string, Presence>,
  hint: Hint | null,
): boolean {
  const name = propertyName(cx, property.name);
  if (name === null) {
    if (addComputed(cx, property, cells, absent)) return true;
    refuse(cx, "dynamicAccess", property.name, { code: excerpt(property) });
    return false;
  }
  absent.delete(name);
  if (cx.ts.isShorthandPropertyAssignment(property)) {
    const symbol = symbolOf(cx, property.name);
    const bound = symbol === null ? poison : lowerSymbol(cx, symbol, property.name);
    cells.set(name, asUsed(cx, property.name, narrowed(cx, bound, property.name), null));
    return true;
  }
  if (cx.ts.isPropertyAssignment(property)) {
    const inner = hint === null ? null : suggested(`${hint.text}_${name}`);
    cells.set(name, lowerExpression(cx, property.initializer, inner));
    return true;
  }
  // What a getter gives is computed where it is read.
  cells.set(name, closureOf(cx, property, name));
  return true;
}

/** The name that is written or computed from literals; null where it is not known. */
export function propertyName(cx: Context, name: ts.PropertyName): string | null {
  if (cx.ts.isIdentifier(name) || cx.ts.isStringLiteralLike(name)) return name.text;
  if (cx.ts.isNumericLiteral(name)) return String(Number(name.text));
  if (!cx.ts.isComputedPropertyName(name)) return null;
  const key = knownKey(cx, lowerExpression(cx, name.expression));
  return key === null ? null : String(key);
}

/** Fields that the declared type has and the literal leaves out may be assigned later; of `{} as Point`, all. */
export function addMissing(
  cx: Context,
  node: ts.ObjectLiteralExpression | ts.CallExpression,
  cells: Map<string, Bound>,
  absent: Map<string, Presence>,
): void {
  const contextual = meantType(cx, node);
  if (contextual === undefined) return;
  const type = cx.checker.getNonNullableType(contextual);
  const whole = shapeOf(type, node, cx.unit.project);
  if (type.isUnion() || (whole.kind !== "unsupported" && isKeyed(whole))) return;
  const isAsserted = cx.ts.isAssertionExpression(holderOf(cx.ts, node));
  for (const property of cx.checker.getPropertiesOfType(type)) {
    const optional = (property.flags & cx.ts.SymbolFlags.Optional) !== 0;
    if ((!optional && !isAsserted) || cells.has(property.name)) continue;
    const type = cx.checker.getTypeOfSymbolAtLocation(property, node);
    if (!optional && shapeOf(type, node, cx.unit.project).kind === "unsupported") continue;
    cells.set(property.name, undefinedLiteral);
    absent.set(property.name, "never");
  }
}
