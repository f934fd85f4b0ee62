/**
 * What the emitted types of memory have to say because the user's own text says so, and of all that flows together with
 * it: that it is `readonly`, and that a cell holds certain words or numbers only. What the function has made itself is
 * free of that, whatever its variable was declared as, and so is what it writes through.
 */
import { forEachInstr, outsOf } from "../../ir/visit.js";
import { tagsOf } from "../../ir/gradient-shapes.js";
import { isMemory, nameOfShape, namedType, unfolded, withoutLiterals } from "../../ir/shapes.js";
import type { Alloc, Func, RegionId, Shape, Type, ValueId } from "../../ir/types.js";
import { type PendingCall, parametersOf } from "../functions/companions.js";
import { eitherLiteral } from "./joined-types.js";
import { pairsOf } from "../functions/linking.js";
import type { Regions } from "./regions.js";
import { type DeclaredResult, type Writable, writableIn } from "../targets/writable.js";

const noTags: ReadonlySet<string> = new Set();

export class DeclaredMemory {
  readonly #regions: Regions;
  readonly #writable: Writable;
  readonly #found = new Set<RegionId>();
  /** The values that cells may hold; undefined where that is any value. */
  readonly #literals = new Map<RegionId, Map<string, string | undefined>>();
  /** What has been looked at, for what is given and for what is not. */
  readonly #seen = {
    given: new Map<RegionId, Set<Shape>>(),
    made: new Map<RegionId, Set<Shape>>(),
    mixed: new Map<RegionId, Set<Shape>>(),
  };

  constructor(
    { params, body }: Pick<Func, "params" | "body">,
    regions: Regions,
    calls: readonly PendingCall[],
    result: DeclaredResult | null = null,
  ) {
    this.#regions = regions;
    this.#writable = writableIn(body, regions, calls, result);
    if (result !== null) this.#takeWords(result.type);
    for (const { value } of params) this.#collect(value.type, true);
    for (const call of calls) if (call.unit.regions === regions) this.#takeFrom(call);
    const made = new Map<RegionId, number>();
    forEachInstr(body, (instr) => {
      const region = instr.kind === "alloc" ? this.#regionOf(instr) : null;
      if (region !== null) made.set(region, (made.get(region) ?? 0) + 1);
    });
    forEachInstr(body, (instr) => {
      const isGiven = instr.kind === "foreign" || instr.kind === "call";
      if (instr.kind === "alloc" && this.#hasWords(instr, made)) this.#takeWords(instr.out.type);
      for (const { type } of outsOf(instr)) {
        this.#collect(type, isGiven);
        this.#takeOthers(type);
      }
    });
  }

  /** The shape of what lies in the region, as the emitted code has to declare it for a value. */
  shape<S extends Shape>(shape: S, region: RegionId, id: ValueId): S {
    return this.#access(shape, region, this.#writable.value(id)) as S;
  }

  #regionOf({ out }: Alloc): RegionId | null {
    return out.type.kind === "ref" ? this.#regions.canonical(out.type.region) : null;
  }

  /** A copy, or a list of keys that nothing else is put into, holds what the original does. */
  #hasWords(alloc: Alloc, made: ReadonlyMap<RegionId, number>): boolean {
    if (alloc.init.kind === "clone") return true;
    const region = this.#regionOf(alloc);
    const isAlone = region !== null && made.get(region) === 1 && this.#regions.writtenAt(region) === null;
    return alloc.init.kind === "listing" && isAlone;
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
    if (isGiven && isReadonly) this.#found.add(region);
    const isNamed = nameOfShape(shape) !== null;
    const named = namedType(shape);
    // What tells the kinds of a union apart is written with each kind.
    const tags = named === null ? noTags : tagsOf(named);
    for (const [cell, inner] of cellsOf(shape)) {
      if ((isGiven || isNamed) && !tags.has(cell)) this.#noteLiterals(region, cell, inner);
      const below = this.#below(region, cell);
      if (below !== null) this.#collectIn(inner, below, isGiven || isNamed);
    }
  }

  #noteLiterals(region: RegionId, cell: string, whole: Shape): void {
    const shape = whole.kind === "maybe" ? whole.shape : whole;
    if (isWorded(shape)) this.#note(region, cell, shape.literals);
    if (whole.kind === "maybe" && whole.other !== undefined && isWorded(whole.other))
      this.#note(region, otherIn(cell), whole.other.literals);
  }

  #note(region: RegionId, cell: string, literals: string | undefined): void {
    const cells = this.#literals.get(region) ?? new Map<string, string | undefined>();
    this.#literals.set(region, cells);
    cells.set(cell, cells.has(cell) ? eitherLiteral(cells.get(cell), literals) : literals);
  }

  /** TypeScript gives a copy the type of the original, but for `readonly`. */
  #takeWords(type: Type): void {
    const inner = type.kind === "maybe" ? type.type : type;
    if (inner.kind !== "ref") return;
    const open: (readonly [Shape, RegionId])[] = [[inner.shape, inner.region]];
    for (const [whole, region] of open) {
      const shape = whole.kind === "maybe" ? whole.shape : whole;
      for (const [cell, below] of cellsOf(shape)) {
        this.#noteLiterals(this.#regions.canonical(region), cell, below);
        const child = this.#below(region, cell);
        if (child !== null) open.push([below, child]);
      }
    }
  }

  /** A number or a word: it is told by the words that there may be, whoever has made the memory. */
  #takeOthers(type: Type): void {
    const inner = type.kind === "maybe" ? type.type : type;
    if (inner.kind !== "ref") return;
    const open: (readonly [Shape, RegionId])[] = [[inner.shape, inner.region]];
    for (const [whole, at] of open) {
      const region = this.#regions.canonical(at);
      const shape = whole.kind === "maybe" ? whole.shape : whole;
      const seen = this.#seen.mixed.get(region) ?? new Set();
      if (!isMemory(shape) || seen.has(shape)) continue;
      this.#seen.mixed.set(region, seen.add(shape));
      for (const [cell, below] of cellsOf(shape)) {
        // What may be an object is told by that.
        const isMixed = below.kind === "maybe" && !isMemory(unfolded(below.shape));
        if (isMixed && below.other !== undefined && isWorded(below.other))
          this.#note(region, otherIn(cell), below.other.literals);
        const child = this.#below(region, cell);
        if (child !== null) open.push([below, child]);
      }
    }
  }

  /** What is handed to a function is what its parameters are declared to hold. */
  #takeFrom(call: PendingCall): void {
    const { unit } = call.callee;
    const params = parametersOf(call.callee).map((param) => ({ ...param, wrt: false }));
    const body = { instrs: [], end: { kind: "yield", values: [] } } as const;
    const own = new DeclaredMemory({ params, body }, unit.regions, []);
    for (const [inner, outer] of pairsOf(call)) {
      const cells = own.#literals.get(inner) ?? [];
      for (const [cell, literals] of cells) this.#note(this.#regions.canonical(outer), cell, literals);
    }
  }

  #access(shape: Shape, region: RegionId, isWritable: boolean): Shape {
    switch (shape.kind) {
      case "maybe": {
        const inner = this.#access(shape.shape, region, isWritable);
        return inner === shape.shape || inner.kind === "maybe" ? shape : { ...shape, shape: inner };
      }
      case "array": {
        const element = this.#accessBelow(shape.element, region, "*");
        const { isReadonly, ...rest } = shape;
        const isFound = this.#isReadonly(region, isWritable);
        if (element === shape.element && isFound === (isReadonly ?? false)) return shape;
        return { ...rest, element, ...(isFound ? { isReadonly: true } : {}) };
      }
      case "tuple": {
        const elements = shape.elements.map((element, i) => this.#accessBelow(element, region, String(i)));
        const isFound = this.#isReadonly(region, isWritable);
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
    if (shape.kind === "maybe") {
      const inner = this.#accessBelow(shape.shape, region, cell);
      const { other } = shape;
      const words = other === undefined ? other : this.#accessBelow(other, region, otherIn(cell));
      const isSame = inner === shape.shape && other === words;
      return isSame || inner.kind === "maybe"
        ? shape
        : { ...shape, shape: inner, other: words as typeof other };
    }
    if (isWorded(shape))
      return withLiterals(shape, this.#literals.get(this.#regions.canonical(region))?.get(cell));
    const below = this.#below(region, cell);
    return below === null ? shape : this.#access(shape, below, this.#writable.cell(region, cell));
  }

  /** What nothing is written to is the same for all that lead there. */
  #isReadonly(region: RegionId, isWritable: boolean): boolean {
    if (!this.#found.has(this.#regions.canonical(region))) return false;
    return !isWritable || this.#regions.writtenAt(region) === null;
  }

  /** Where the references in a cell point to; null where none was ever looked at. */
  #below(region: RegionId, cell: string): RegionId | null {
    return this.#regions.cellsOf(region).includes(cell) ? this.#regions.child(region, cell) : null;
  }
}

/** A shape that may say which values it holds. */
type Worded = Extract<Shape, { readonly literals?: string }>;

/** The values of another kind that the cell may hold as well. */
function otherIn(cell: string): string {
  return `${cell} other`;
}

function isWorded(shape: Shape): shape is Worded {
  return ["real", "int", "bool", "string"].includes(shape.kind);
}

function withLiterals(shape: Worded, literals: string | undefined): Worded {
  if (shape.literals === literals) return shape;
  return literals === undefined ? withoutLiterals(shape) : { ...shape, literals };
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
