/**
 * Memory that turns out to hold more than it was made for. What an array holds is not known where it is made, but where
 * it is filled: then all is lowered once more, and the array made for both.
 */
import type { ts } from "ts-morph";
import type { Bound } from "../scope.js";
import { isKeyed, isMemory, nameOfShape } from "../../ir/shapes.js";
import { ownFunction } from "../functions/callable-objects.js";
import type {
  ArrayShape,
  Atom,
  Field,
  MemoryShape,
  ObjectShape,
  RefType,
  RegionId,
  Shape,
  Type,
} from "../../ir/types.js";
import type { FunctionRecords } from "../functions/function-records.js";
import type { LiteralNode } from "../classes/class-index.js";
import type { Context, Unit } from "../context.js";
import { wantRecordShape } from "./dictionaries.js";
import { holdsFunctions, isUntold, keptShape } from "./function-shapes.js";
import { computedFields, getterIn, isMadeEmpty, withGetters } from "./kept-getters.js";
import { joinLists } from "../arrays/tuples-as-lists.js";
import { orNothing } from "./joined-types.js";
import { pairsOf } from "../functions/linking.js";
import { isOneOfTuples } from "./tuple-shapes.js";
import { type Key, cellShape, sameShape, shapeOfType } from "../memory.js";
import type { RefValue } from "../values.js";

/** The shapes that memory has to have, by the expressions that make it. */
export class Widenings {
  readonly #shapes = new Map<ts.Node, MemoryShape>();
  /** Expressions that make an array of what is put into it, whatever that is: `[]` without a type. */
  readonly #untold = new Set<ts.Node>();

  /** Object literals that lie among instances, though nothing declares them to be of their kind. */
  readonly #literals = new Map<ts.Node, LiteralNode>();

  readonly #records: FunctionRecords;

  /** How often anything became wider. */
  changes = 0;

  constructor(records: FunctionRecords) {
    this.#records = records;
  }

  literalAt(node: ts.Node): LiteralNode | null {
    return this.#literals.get(node) ?? null;
  }

  addLiteral(node: ts.Node, kind: LiteralNode): void {
    if (this.#literals.has(node)) return;
    this.#literals.set(node, kind);
    this.changes++;
  }

  at(node: ts.Node): MemoryShape | null {
    return this.#shapes.get(node) ?? null;
  }

  /** Instances have become of other shapes. */
  forget(): void {
    this.#shapes.clear();
  }

  add(node: ts.Node, shape: MemoryShape): void {
    const noted = this.#shapes.get(node);
    const known = noted === undefined ? undefined : this.#records.current(noted);
    // Which functions there are is not what it was when that was noted.
    if (known !== undefined && this.#records.meet(known, shape)) return;
    const joined = known === undefined ? shape : wideShape(known, shape);
    if (joined === null || !isMemory(joined) || (known !== undefined && sameShape(joined, known))) return;
    this.#shapes.set(node, joined);
    this.changes++;
  }

  /** The shape of an array that nothing tells the elements of: what was put into it, or `fallback`. */
  untold(node: ts.Node, fallback: ArrayShape): ArrayShape {
    this.#untold.add(node);
    const told = this.#shapes.get(node);
    return told?.kind === "array" ? told : fallback;
  }

  isUntold(node: ts.Node): boolean {
    return this.#untold.has(node) && !this.#shapes.has(node);
  }
}

/** The shape of memory of either shape. What holds a tuple here and an array there holds an array: a copy of the tuple. */
function wideShape(a: Shape, b: Shape): Shape | null {
  if (a.kind !== "object" || b.kind !== "object" || !isPlain(a) || !isPlain(b)) return keptShape(a, b);
  const lists = new Map(
    a.fields.flatMap(({ name, shape }) => {
      const list = listFor(shape, cellShape(b, name));
      return list === null ? [] : [[name, list] as const];
    }),
  );
  const asLists = (whole: ObjectShape): ObjectShape => ({
    ...whole,
    fields: whole.fields.map((field) => ({ ...field, shape: lists.get(field.name) ?? field.shape })),
  });
  return lists.size === 0 ? keptShape(a, b) : keptShape(asLists(a), asLists(b));
}

function isPlain({ named, functions }: ObjectShape): boolean {
  return named === undefined && functions === undefined;
}

/** The array for what is a tuple in one of the two only. */
function listFor(a: Shape, b: Shape | null): Shape | null {
  return b === null || (a.kind === "tuple") === (b.kind === "tuple") ? null : joinLists(a, b);
}

/** The shape in which `node` makes memory. */
export function widenedShape<S extends MemoryShape>(cx: Context, node: ts.Node, shape: S): S {
  const noted = cx.unit.widenings.at(node);
  if (noted?.kind !== shape.kind) return shape;
  const wide = cx.unit.records.current(noted);
  const joined = wideShape(shape, wide) ?? (isMadeEmpty(cx, node) ? withGettersIn(cx, shape, wide) : null);
  return joined !== null && sameShape(joined, wide) ? (wide as S) : shape;
}

/** The same for what lies in it, where that has getters. */
function withGettersIn(cx: Context, shape: MemoryShape, wide: Shape): MemoryShape | null {
  if (shape.kind !== "array" || wide.kind !== "array") return null;
  const element = withGetters(cx, shape.element, wide.element);
  return element === null ? null : { ...shape, element };
}

/** An expression that makes memory, and as what. */
export interface Maker {
  readonly node: ts.Node;
  readonly shape: MemoryShape;
}

/** Notes which expression made the memory. */
export function noteMaker(cx: Context, { type: { region, shape } }: RefValue, node: ts.Node): void {
  cx.unit.makers.set(region, { node, shape });
}

/** Wants what is given a field later to be made with it. */
export function widenForField(cx: Context, { type: { region, shape } }: RefValue, key: Key): void {
  if (shape.kind !== "object" || nameOfShape(shape) !== null) return;
  for (const maker of makersOf(cx.unit, region)) {
    if (maker.shape.kind === "object" && cellShape(maker.shape, key) === null)
      cx.unit.widenings.add(maker.node, shape);
  }
}

/** Wants the memory to be made so that the cell may hold the type as well, and what is put there so that it fits. */
export function widen(cx: Context, ref: RefValue, key: Key, type: Type): void {
  const added = shapeOfType(type);
  const before = cellOf(ref.type.shape, key);
  if (before !== null && cx.unit.records.meet(before, added)) return;
  const own = before?.kind === "maybe" ? before.shape : before;
  if (type.kind === "ref" && own?.kind === "object" && isOneOfTuples(type.shape, own)) {
    addAll(cx, type.region, own);
    return;
  }
  const held = type.kind === "maybe" ? type.type : type;
  // `Object.fromEntries(…) as Row`.
  if (held.kind === "ref" && own?.kind === "object" && isKeyed(held.shape) && held.shape.storage === "Record")
    wantRecordShape(cx.unit, own);
  const name = nameOfShape(ref.type.shape);
  if (name !== null) {
    if (typeof key !== "object") cx.unit.records.fields.learn(name, String(key), added);
    if (held.kind === "ref" && own !== null && isMemory(own)) addAll(cx, held.region, own);
    return;
  }
  tell(cx, ref, key, type, held);
  if (held.kind === "ref" && own?.kind === "object") keepOptional(cx, own, held);
  if (held.kind === "ref" && own?.kind === "object") keepGetters(cx, own, held);
  const wide = withCell(cx, ref.type.shape, key, added);
  if (wide === null) return;
  addAll(cx, ref.type.region, wide);
  const cell = cellOf(wide, key);
  const whole = cell?.kind === "maybe" ? cell.shape : cell;
  if (held.kind === "ref" && whole !== null && isMemory(whole)) addAll(cx, held.region, whole);
}

/** What is computed where a plain value is declared is so in memory. */
function keepGetters(cx: Context, whole: ObjectShape, { shape, region }: RefType): void {
  if (shape.kind !== "object") return;
  const names = computedFields(whole, shape);
  if (names.length === 0) return;
  for (const { node } of makersOf(cx.unit, region))
    for (const name of names) if (getterIn(cx, node, name) !== null) cx.unit.records.keepMember(node, name);
}

/** Of a function that one object has and another lacks, only the memory can tell whether it is there. */
function keepOptional({ unit }: Context, whole: ObjectShape, { shape, region }: RefType): void {
  if (shape.kind !== "object" || nameOfShape(shape) !== null) return;
  const isLacking = ({ name, shape: cell }: Field): boolean =>
    cell.kind === "nothing" && whole.fields.some((each) => each.name === name && isUntold(each.shape));
  if (!shape.fields.some(isLacking)) return;
  for (const { node } of makersOf(unit, region))
    for (const { name, shape: cell } of shape.fields)
      if (cell.kind === "opaque") unit.records.keepMember(node, name);
}

/** What is put into an array of unknown elements tells what they are; and where such an array is put, what its own are. */
function tell(cx: Context, ref: RefValue, key: Key, type: Type, held: Type): void {
  const { shape, region } = ref.type;
  if (shape.kind === "array") addUntold(cx, region, { ...shape, element: shapeOfType(type) });
  const cell = cellOf(shape, key);
  const whole = cell?.kind === "maybe" ? cell.shape : cell;
  if (held.kind === "ref" && whole?.kind === "array") addUntold(cx, held.region, whole);
}

/** Where one of two arrays may be: `[]` without a type is of the elements of the other, and so is one of functions. */
export function tellEach(cx: Context, a: Type, b: Type): void {
  const [one, other] = [a, b].map((type) => (type.kind === "maybe" ? type.type : type));
  if (one?.kind !== "ref" || other?.kind !== "ref") return;
  const tellOne = ({ region, shape }: RefType, told: MemoryShape): void => {
    if (told.kind !== "array") return;
    if (holdsFunctions(told) && isUntold(shape)) addAll(cx, region, told);
    else addUntold(cx, region, told);
  };
  tellOne(one, other.shape);
  tellOne(other, one.shape);
}

/** The shape of a cell; all elements of an array are one. */
function cellOf(shape: MemoryShape, key: Key): Shape | null {
  return shape.kind === "array" ? shape.element : cellShape(shape, key);
}

function addUntold({ unit }: Context, region: RegionId, shape: ArrayShape): void {
  const { widenings } = unit;
  for (const { node } of makersOf(unit, region)) if (widenings.isUntold(node)) widenings.add(node, shape);
}

/** Wants the memory that the value refers to to be made of the shape; false where that is nothing new. */
export function widenTo(cx: Context, value: RefValue, shape: Shape): boolean {
  const whole = shape.kind === "maybe" ? shape.shape : shape;
  const { changes } = cx.unit.widenings;
  if (isMemory(whole)) addAll(cx, value.type.region, whole);
  return cx.unit.widenings.changes > changes;
}

/** Wants the object literals that the value may be to be made as what lies among instances; false where none is known. */
export function makeLiterals({ unit }: Context, { type: { region } }: RefValue, kind: LiteralNode): boolean {
  const makers = makersOf(unit, region);
  for (const { node } of makers) unit.widenings.addLiteral(node, kind);
  return makers.length > 0;
}

/** One of the functions in the fields of an object, by a name that only the call knows; or any element of a list. */
export const anyMember = "*";

/**
 * Functions in fields of objects are known while compiling as long as the objects are. Of those that turn out to be read
 * where the object is one of many, the objects are made with what stands for functions in memory.
 */
export function keepMembers(units: readonly Unit[]): void {
  for (const unit of units) {
    for (const { region, name } of unit.unknownMembers) {
      for (const { node, shape } of makersAnywhere(unit, region)) {
        if (shape.kind !== "object") continue;
        const isMeant = (field: string): boolean => field === name || name === anyMember;
        const names = shape.fields.flatMap((field) =>
          isMeant(field.name) && isOpaque(field.shape) ? [field.name] : [],
        );
        if (name === anyMember && names.length > 0) unit.records.keepMember(node, anyMember);
        for (const each of names) keepField(unit, node, shape, each);
      }
    }
  }
}

/** From the next attempt on, the array that the list was made of lies in memory. */
export function keepList({ unit }: Context, bound: Bound): void {
  if (bound.kind === "list" && bound.node !== undefined) unit.records.keepMember(bound.node, anyMember);
}

/** A function that is known while compiling only, or none. */
function isOpaque(shape: Shape): boolean {
  return shape.kind === "opaque" || (shape.kind === "maybe" && shape.shape.kind === "opaque");
}

function keepField({ records }: Unit, node: ts.Node, shape: ObjectShape, name: string): void {
  const type = nameOfShape(shape);
  if (type === null) records.keepMember(node, name);
  else records.fields.want(type, name);
}

/** What is put where nothing is known of what it holds: a function with fields is made with what stands for it in memory. */
export function keepInside({ unit }: Context, { type }: Atom): void {
  if (type.kind !== "ref" || type.shape.kind !== "object" || nameOfShape(type.shape) !== null) return;
  for (const { node, shape } of makersOf(unit, type.region))
    if (cellShape(shape, ownFunction)?.kind === "opaque") unit.records.keepMember(node, ownFunction);
}

/** The same for memory that was made on the other side of a call. */
export function widenElsewhere(units: readonly Unit[]): void {
  for (const unit of units) {
    for (const { region, shape } of unit.unmade)
      for (const maker of makersAnywhere(unit, region)) add(unit, maker, shape);
  }
}

/** What made the memory, in functions that are called and in those that call them too. */
function makersAnywhere(unit: Unit, region: RegionId): readonly Maker[] {
  return regionsAnywhere(unit, region).flatMap(([here, at]) => makersOf(here, at));
}

/** What the memory is in functions that are called and in those that call them too. */
export function regionsAnywhere(unit: Unit, region: RegionId): readonly (readonly [Unit, RegionId])[] {
  const met: (readonly [Unit, RegionId])[] = [];
  const visit = (here: Unit, at: RegionId): void => {
    const own = here.regions.canonical(at);
    if (met.some(([other, seen]) => other === here && other.regions.canonical(seen) === own)) return;
    met.push([here, own]);
    for (const call of here.program.calls) {
      if (call.unit !== here && call.callee.unit !== here) continue;
      for (const [callee, caller] of pairsOf(call)) {
        if (call.unit === here && here.regions.canonical(caller) === own) visit(call.callee.unit, callee);
        if (call.callee.unit === here && here.regions.canonical(callee) === own) visit(call.unit, caller);
      }
    }
  };
  visit(unit, region);
  return met;
}

function addAll(cx: Context, region: RegionId, shape: MemoryShape): void {
  const { unit } = cx;
  const makers = makersOf(unit, region);
  for (const maker of makers) add(unit, maker, shape);
  if (makers.length > 0) return;
  for (const { maker, cell } of holdersOf(unit, region)) {
    const wide = withCell(cx, maker.shape, cell, shape);
    if (wide !== null) add(unit, maker, wide);
  }
  unit.unmade.push({ region, shape });
}

/** What was made to hold the memory, where nothing is known yet to be put there: as what lies in an empty map. */
function holdersOf({ regions, makers }: Unit, region: RegionId): { maker: Maker; cell: string }[] {
  const wanted = regions.canonical(region);
  return [...makers].flatMap(([each, maker]) =>
    regions
      .cellsOf(each)
      .flatMap((cell) => (regions.canonical(regions.child(each, cell)) === wanted ? [{ maker, cell }] : [])),
  );
}

function add({ widenings, records }: Unit, { node, shape: made }: Maker, shape: MemoryShape): void {
  widenings.add(node, shape);
  if (shape.kind !== "object") return;
  for (const { name, shape: cell } of shape.fields)
    if (holdsFunctions(cell) && cellShape(made, name)?.kind === "opaque") records.keepMember(node, name);
}

export function makersOf({ regions, makers }: Unit, region: RegionId): readonly Maker[] {
  const wanted = regions.canonical(region);
  return [...makers].flatMap(([each, maker]) => (regions.canonical(each) === wanted ? [maker] : []));
}

/** Among objects that had to have some functions, there are such that have more; or there were none at first. */
function hasMoreFields(shape: Shape, before: Shape): boolean {
  if (before.kind === "nothing") return shape.kind === "maybe" && shape.shape.kind === "object";
  return shape.kind === "object" && before.kind === "object" && shape.fields.length > before.fields.length;
}

function withCell(cx: Context, shape: MemoryShape, key: Key, added: Shape): MemoryShape | null {
  const joined = (cell: Shape): Shape | null => {
    const both = wideShape(cell, added) ?? withGetters(cx, cell, added);
    const isNew = both !== null && (!isUntold(both) || holdsFunctions(both) || hasMoreFields(both, cell));
    return isNew ? both : null;
  };
  switch (shape.kind) {
    case "array": {
      // There may be nothing under a key, but nothing that is `undefined`.
      if (isKeyed(shape) && (added.kind === "nothing" || (added.kind === "maybe" && added.none !== "never")))
        return null;
      const element = joined(shape.element);
      if (element === null) return null;
      const mayMiss = isKeyed(shape) && shape.keeps !== "keys";
      return { ...shape, element: mayMiss ? orNothing(element, "undefined") : element };
    }
    case "object": {
      if (shape.named !== undefined) return null;
      const fields = shape.fields.map(({ name, shape: cell }) => {
        const whole = name === key ? joined(cell) : cell;
        return whole === null ? null : { name, shape: whole };
      });
      return fields.includes(null) ? null : { ...shape, fields: fields.filter((each) => each !== null) };
    }
    case "tuple":
      return null;
  }
}
