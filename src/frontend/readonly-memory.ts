/**
 * Which memory the emitted code has to treat as `readonly`: what comes from where the user's own text says so, and all
 * that flows together with it. What the function has made itself is not, whatever its variable was declared as.
 */
import { forEachInstr, outsOf } from "../ir/visit.js";
import { isMemory, nameOfShape, unfolded } from "../ir/shapes.js";
import type { Func, RegionId, Shape, Type } from "../ir/types.js";
import type { Regions } from "./regions.js";

export class ReadonlyMemory {
  readonly #regions: Regions;
  readonly #found = new Set<RegionId>();
  /** What has been looked at, for what is given and for what is not. */
  readonly #seen = { given: new Map<RegionId, Set<Shape>>(), made: new Map<RegionId, Set<Shape>>() };

  constructor(func: Func, regions: Regions) {
    this.#regions = regions;
    for (const { value } of func.params) this.#collect(value.type, true);
    forEachInstr(func.body, (instr) => {
      const isGiven = instr.kind === "foreign" || instr.kind === "call";
      for (const { type } of outsOf(instr)) this.#collect(type, isGiven);
    });
  }

  /** The shape of what lies in the region, `readonly` where the emitted code may only read it. */
  shape<S extends Shape>(shape: S, region: RegionId): S {
    return this.#access(shape, region) as S;
  }

  /** `isGiven`: the type of the value is in the user's words. Types that have names always are. */
  #collect(type: Type, isGiven: boolean): void {
    const inner = type.kind === "maybe" ? type.type : type;
    if (inner.kind === "ref") this.#collectIn(inner.shape, inner.region, isGiven);
  }

  #collectIn(whole: Shape, at: RegionId, isGiven: boolean): void {
    const shape = whole.kind === "maybe" ? whole.shape : unfolded(whole);
    if (!isMemory(shape) || (!isGiven && !holdsNamed(shape))) return;
    const region = this.#regions.canonical(at);
    const known = this.#seen[isGiven ? "given" : "made"];
    const seen = known.get(region) ?? new Set();
    if (seen.has(shape)) return;
    known.set(region, seen.add(shape));
    const isReadonly = shape.kind !== "object" && shape.isReadonly === true;
    if (isGiven && isReadonly && this.#regions.writtenAt(region) === null) this.#found.add(region);
    const isNamed = nameOfShape(shape) !== null;
    for (const [cell, inner] of cellsOf(shape)) {
      const below = this.#below(region, cell);
      if (below !== null) this.#collectIn(inner, below, isGiven || isNamed);
    }
  }

  #access(shape: Shape, region: RegionId): Shape {
    switch (shape.kind) {
      case "maybe": {
        const inner = this.#access(shape.shape, region);
        return inner === shape.shape || inner.kind === "maybe" ? shape : { ...shape, shape: inner };
      }
      case "array": {
        const element = this.#accessBelow(shape.element, region, "*");
        const { isReadonly, ...rest } = shape;
        const isFound = this.#isFound(region);
        if (element === shape.element && isFound === (isReadonly ?? false)) return shape;
        return { ...rest, element, ...(isFound ? { isReadonly: true } : {}) };
      }
      case "tuple": {
        const elements = shape.elements.map((element, i) => this.#accessBelow(element, region, String(i)));
        const isFound = this.#isFound(region);
        const isSame = elements.every((element, i) => element === shape.elements[i]);
        if (isSame && isFound === (shape.isReadonly ?? false)) return shape;
        return { kind: "tuple", elements, ...(isFound ? { isReadonly: true } : {}) };
      }
      case "object": {
        // The text of a type that has a name is the user's.
        if (shape.named !== undefined) return shape;
        const fields = shape.fields.map((field) => {
          const inner = this.#accessBelow(field.shape, region, field.name);
          return inner === field.shape ? field : { ...field, shape: inner };
        });
        return fields.every((field, i) => field === shape.fields[i]) ? shape : { ...shape, fields };
      }
      default:
        return shape;
    }
  }

  #accessBelow(shape: Shape, region: RegionId, cell: string): Shape {
    const below = this.#below(region, cell);
    return below === null ? shape : this.#access(shape, below);
  }

  #isFound(region: RegionId): boolean {
    return this.#found.has(this.#regions.canonical(region));
  }

  /** Where the references in a cell point to; null where none was ever looked at. */
  #below(region: RegionId, cell: string): RegionId | null {
    return this.#regions.cellsOf(region).includes(cell) ? this.#regions.child(region, cell) : null;
  }
}

function cellsOf(shape: Shape): readonly (readonly [cell: string, shape: Shape])[] {
  switch (shape.kind) {
    case "array":
      return [["*", shape.element]];
    case "tuple":
      return shape.elements.map((element, index) => [String(index), element]);
    case "object":
      return shape.fields.map((field) => [field.name, field.shape]);
    default:
      return [];
  }
}

function holdsNamed(shape: Shape): boolean {
  if (nameOfShape(shape) !== null) return true;
  if (shape.kind === "maybe") return holdsNamed(shape.shape);
  return cellsOf(shape).some(([, inner]) => holdsNamed(inner));
}
