/**
 * Objects that go round a loop: their cells go round in place of them. Each iteration's object is one of its own, so
 * none that has come into the loop, or is handed on, may change afterwards.
 */
import type { Builder } from "../ir/builder.js";
import { isBox } from "../ir/boxes.js";
import { isWhole } from "../ir/shapes.js";
import type { Atom, Carried, Instr, RegionId, Shape, Type, Value, ValueId } from "../ir/types.js";
import { cellHint, cellOf } from "./cell-of.js";
import type { Heap } from "./heap.js";
import type { Insides } from "./insides.js";
import { ObstacleError, isReference } from "./merge.js";
import { cellKeys, cellShape } from "./shape.js";

/** More variables than these would be harder to read than one object. */
const mostCells = 32;

/** Whether cells can go round in place of what is of this type; a value of several kinds reads better as one. */
export function canGoByCells(type: Type): boolean {
  if (type.kind !== "ref" || type.shape.kind === "array" || isBox(type.shape)) return false;
  return cellCount(type.shape) <= mostCells;
}

/** Of the object and of those in it; arrays go round as they are. */
function cellCount(shape: Shape): number {
  if (shape.kind !== "object" && shape.kind !== "tuple") return 1;
  if (isWhole(shape)) return Infinity;
  return cellKeys(shape).reduce((sum, key) => sum + cellCount(cellShape(shape, key)), 0);
}

interface Tools {
  readonly builder: Builder;
  readonly insides: Insides;
  readonly resolve: (atom: Atom) => Atom;
  readonly isKept: (ref: Value) => boolean;
  /** Objects that must not change any more. */
  readonly frozen: Set<ValueId>;
}

/** A value that goes round, or an object by its cells. */
type Part =
  | { readonly kind: "value"; readonly carried: Carried }
  | {
      readonly kind: "object";
      readonly param: Value;
      readonly out: Value;
      readonly cells: readonly (readonly [string, Part])[];
    };

/** All that one loop carries by itself. */
export class CarriedObjects {
  readonly #tools: Tools;
  readonly #parts: readonly Part[];

  /** Reads the cells that objects from outside have at the start, by instructions in front of the loop. */
  constructor(tools: Tools, carried: readonly Carried[], heap: Heap) {
    this.#tools = tools;
    const loads: Instr[] = [];
    this.#parts = carried.map((one) => this.#enter({ ...one, init: tools.resolve(one.init) }, heap, loads));
    for (const load of loads) tools.builder.emit(load);
  }

  #enter(one: Carried, heap: Heap, loads: Instr[]): Part {
    const { builder, insides, isKept, frozen } = this.#tools;
    const { param, init, out } = one;
    const { type } = param;
    if (!isReference(type) || isKept(param)) return { kind: "value", carried: one };
    if (type.kind !== "ref" || !canGoByCells(type) || init.kind !== "value") throw new ObstacleError(param);
    for (const { id } of [init, param, out]) frozen.add(id);
    const cells = cellKeys(type.shape).map((key): readonly [string, Part] => {
      const cellType = insides.typeOf(type.region, key, cellShape(type.shape, key), builder);
      const make = ({ hint, statement, span }: Value): Value => {
        return builder.value(cellType, { hint: cellHint(hint, key), statement, span });
      };
      const start = cellOf(this.#tools, init, key, cellType, heap, loads);
      return [key, this.#enter({ param: make(param), init: start, out: make(out) }, heap, loads)];
    });
    return { kind: "object", param, out, cells };
  }

  /** What the loop carries now. */
  carried(): readonly Carried[] {
    const list = (part: Part): readonly Carried[] =>
      part.kind === "value" ? [part.carried] : part.cells.flatMap(([, cell]) => list(cell));
    return this.#parts.flatMap(list);
  }

  /** The objects as an iteration finds them. */
  bind(heap: Heap): void {
    for (const part of this.#parts) addObjects(part, heap, "param");
  }

  /** The objects as the loop leaves them. */
  leave(heap: Heap): void {
    for (const part of this.#parts) addObjects(part, heap, "out");
  }

  /** What an iteration hands on; cells of objects from outside are read by `loads`. */
  yields(values: readonly Atom[], heap: Heap, loads: Instr[]): readonly Atom[] {
    const { frozen, resolve } = this.#tools;
    const list = (part: Part, atom: Atom): readonly Atom[] => {
      if (part.kind === "value") return [atom];
      if (atom.kind !== "value") throw new ObstacleError(part.param);
      frozen.add(atom.id);
      return part.cells.flatMap(([key, cell]) =>
        list(cell, cellOf(this.#tools, atom, key, paramOf(cell).type, heap, loads)),
      );
    };
    return this.#parts.flatMap((part, i) => {
      const atom = values[i];
      return atom === undefined ? [] : list(part, resolve(atom));
    });
  }

  /** Refuses objects of a region in which the loop has changed one that was there before: two iterations may share it. */
  checkChanges(changed: ReadonlySet<RegionId>): void {
    const check = (part: Part): void => {
      if (part.kind === "value") return;
      const { type } = part.param;
      if (type.kind === "ref" && changed.has(type.region)) throw new ObstacleError(part.param);
      for (const [, cell] of part.cells) check(cell);
    };
    this.#parts.forEach(check);
  }
}

function paramOf(part: Part): Value {
  return part.kind === "value" ? part.carried.param : part.param;
}

function addObjects(part: Part, heap: Heap, end: "param" | "out"): void {
  if (part.kind === "value") return;
  for (const [, cell] of part.cells) addObjects(cell, heap, end);
  const cells = part.cells.map(([key, cell]) => [key, cell.kind === "value" ? cell.carried[end] : cell[end]]);
  heap.add(part[end], new Map(cells as [string, Value][]));
}
