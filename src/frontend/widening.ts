/**
 * Memory that turns out to hold more than it was made for. What an array holds is not known where it is made, but where
 * it is filled: then all is lowered once more, and the array made for both.
 */
import type { ts } from "ts-morph";
import { isMemory } from "../ir/shapes.js";
import type { MemoryShape, RegionId, Shape, Type } from "../ir/types.js";
import type { Context } from "./context.js";
import { joinShapes } from "./joined-types.js";
import { type Key, sameShape, shapeOfType } from "./memory.js";
import type { RefValue } from "./values.js";

/** The shapes that memory has to have, by the expressions that make it. */
export class Widenings {
  readonly #shapes = new Map<ts.Node, MemoryShape>();

  /** How often anything became wider. */
  changes = 0;

  at(node: ts.Node): MemoryShape | null {
    return this.#shapes.get(node) ?? null;
  }

  add(node: ts.Node, shape: MemoryShape): void {
    const known = this.#shapes.get(node);
    const joined = known === undefined ? shape : joinShapes(known, shape);
    if (joined === null || !isMemory(joined) || (known !== undefined && sameShape(joined, known))) return;
    this.#shapes.set(node, joined);
    this.changes++;
  }
}

/** The shape in which `node` makes memory. */
export function widenedShape<S extends MemoryShape>(cx: Context, node: ts.Node, shape: S): S {
  const wide = cx.unit.widenings.at(node);
  if (wide?.kind !== shape.kind) return shape;
  const joined = joinShapes(shape, wide);
  return joined !== null && sameShape(joined, wide) ? (wide as S) : shape;
}

/** Notes which expression made the memory. */
export function noteMaker(cx: Context, { type: { region } }: RefValue, node: ts.Node): void {
  cx.unit.makers.set(region, node);
}

/** Wants the memory to be made so that the cell may hold the type as well; false where that cannot be. */
export function widen(cx: Context, ref: RefValue, key: Key, type: Type): boolean {
  const wide = withCell(ref.type.shape, key, shapeOfType(type));
  const makers = makersOf(cx, ref.type.region);
  if (wide === null || makers.length === 0) return false;
  for (const node of makers) cx.unit.widenings.add(node, wide);
  return true;
}

function makersOf({ unit: { regions, makers } }: Context, region: RegionId): readonly ts.Node[] {
  const wanted = regions.canonical(region);
  return [...makers].flatMap(([each, node]) => (regions.canonical(each) === wanted ? [node] : []));
}

function withCell(shape: MemoryShape, key: Key, added: Shape): MemoryShape | null {
  const joined = (cell: Shape): Shape | null => {
    const both = joinShapes(cell, added);
    return both === null || isUntold(both) ? null : both;
  };
  switch (shape.kind) {
    case "array": {
      const element = joined(shape.element);
      return element === null || shape.key !== undefined ? null : { ...shape, element };
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
