/**
 * Memory that turns out to hold more than it was made for. What an array holds is not known where it is made, but where
 * it is filled: then all is lowered once more, and the array made for both.
 */
import type { ts } from "ts-morph";
import { isKeyed, isMemory, nameOfShape } from "../ir/shapes.js";
import type { ArrayShape, MemoryShape, RegionId, Shape, Type } from "../ir/types.js";
import type { Context } from "./context.js";
import { joinShapes } from "./joined-types.js";
import { isOneOfTuples } from "./tuple-shapes.js";
import { type Key, cellShape, sameShape, shapeOfType } from "./memory.js";
import type { RefValue } from "./values.js";

/** The shapes that memory has to have, by the expressions that make it. */
export class Widenings {
  readonly #shapes = new Map<ts.Node, MemoryShape>();
  /** Expressions that make an array of what is put into it, whatever that is: `[]` without a type. */
  readonly #untold = new Set<ts.Node>();

  /** How often anything became wider. */
  changes = 0;

  at(node: ts.Node): MemoryShape | null {
    return this.#shapes.get(node) ?? null;
  }

  /** Instances have become of other shapes. */
  forget(): void {
    this.#shapes.clear();
  }

  add(node: ts.Node, shape: MemoryShape): void {
    const known = this.#shapes.get(node);
    const joined = known === undefined ? shape : joinShapes(known, shape);
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

/** The shape in which `node` makes memory. */
export function widenedShape<S extends MemoryShape>(cx: Context, node: ts.Node, shape: S): S {
  const wide = cx.unit.widenings.at(node);
  if (wide?.kind !== shape.kind) return shape;
  const joined = joinShapes(shape, wide);
  return joined !== null && sameShape(joined, wide) ? (wide as S) : shape;
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
  for (const maker of makersOf(cx, region)) {
    if (maker.shape.kind === "object" && cellShape(maker.shape, key) === null)
      cx.unit.widenings.add(maker.node, shape);
  }
}

/** Wants the memory to be made so that the cell may hold the type as well, and what is put there so that it fits. */
export function widen(cx: Context, ref: RefValue, key: Key, type: Type): void {
  const own = cellOf(ref.type.shape, key);
  if (type.kind === "ref" && own?.kind === "object" && isOneOfTuples(type.shape, own)) {
    addAll(cx, type.region, own);
    return;
  }
  const held = type.kind === "maybe" ? type.type : type;
  tell(cx, ref, key, type, held);
  const wide = withCell(ref.type.shape, key, shapeOfType(type));
  if (wide === null) return;
  addAll(cx, ref.type.region, wide);
  const whole = cellOf(wide, key);
  if (held.kind === "ref" && whole !== null && isMemory(whole)) addAll(cx, held.region, whole);
}

/** What is put into an array of unknown elements tells what they are; and where such an array is put, what its own are. */
function tell(cx: Context, ref: RefValue, key: Key, type: Type, held: Type): void {
  const { shape, region } = ref.type;
  if (shape.kind === "array") addUntold(cx, region, { ...shape, element: shapeOfType(type) });
  const whole = cellOf(shape, key);
  if (held.kind === "ref" && whole?.kind === "array") addUntold(cx, held.region, whole);
}

/** What is in a cell, where there is something. */
function cellOf(shape: MemoryShape, key: Key): Shape | null {
  const cell = shape.kind === "array" ? shape.element : cellShape(shape, key);
  return cell?.kind === "maybe" ? cell.shape : cell;
}

function addUntold(cx: Context, region: RegionId, shape: ArrayShape): void {
  const { widenings } = cx.unit;
  for (const { node } of makersOf(cx, region)) if (widenings.isUntold(node)) widenings.add(node, shape);
}

function addAll(cx: Context, region: RegionId, shape: MemoryShape): void {
  for (const { node } of makersOf(cx, region)) cx.unit.widenings.add(node, shape);
}

function makersOf({ unit: { regions, makers } }: Context, region: RegionId): readonly Maker[] {
  const wanted = regions.canonical(region);
  return [...makers].flatMap(([each, maker]) => (regions.canonical(each) === wanted ? [maker] : []));
}

function withCell(shape: MemoryShape, key: Key, added: Shape): MemoryShape | null {
  const joined = (cell: Shape): Shape | null => {
    const both = joinShapes(cell, added);
    return both === null || isUntold(both) ? null : both;
  };
  switch (shape.kind) {
    case "array": {
      // There may be nothing under a key, but nothing that is `undefined`.
      if (isKeyed(shape) && (added.kind === "maybe" || added.kind === "nothing")) return null;
      const element = joined(shape.element);
      if (element === null) return null;
      return { ...shape, element };
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

/** What is one thing here and another there cannot be looked into. */
function isUntold(shape: Shape): boolean {
  switch (shape.kind) {
    case "opaque":
      return true;
    case "maybe":
      return isUntold(shape.shape);
    case "array":
      return isUntold(shape.element);
    case "tuple":
      return shape.elements.some(isUntold);
    case "object":
      return shape.fields.some((field) => isUntold(field.shape));
    default:
      return false;
  }
}
