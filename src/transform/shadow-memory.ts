/** Memory for cotangents: its regions, its shapes, and how it is allocated. */
import { type Builder, type Origin, number, text } from "../ir/builder.js";
import { and, eq, isNullish, isPresent, narrow } from "../ops/scalar.js";
import { typeOf } from "../ops/steering.js";
import type {
  Atom,
  Block,
  Entry,
  Field,
  Init,
  Literal,
  MaybeType,
  MemoryShape,
  ObjectShape,
  Place,
  RefType,
  RegionId,
  Shape,
  Step,
  Type,
  Variant,
  Value,
} from "../ir/types.js";
import { gradientShape, isEndless, tagsOf } from "../ir/gradient-shapes.js";
import { opened } from "../ir/boxes.js";
import { regionOf, shapeOfCell } from "../ir/places.js";
import { isKeyed, isMemory, isMixed, shapeOfType, unfolded, isHoles } from "../ir/shapes.js";
import { invariant } from "../support/invariant.js";

/** The region of the shadows of what lies in a region: one for each. */
export class ShadowRegions {
  readonly #builder: Builder;
  readonly #of = new Map<RegionId, RegionId>();

  constructor(builder: Builder) {
    this.#builder = builder;
  }

  of(region: RegionId): RegionId {
    const known = this.#of.get(region);
    if (known !== undefined) return known;
    const made = this.#builder.region();
    this.#of.set(region, made);
    return made;
  }

  /** The regions, with those of their shadows. */
  withThose(regions: Iterable<RegionId>): readonly RegionId[] {
    return [...regions].flatMap((region) => [region, this.of(region)]);
  }

  /** The regions of the shadows alone. */
  ofThose(regions: Iterable<RegionId>): readonly RegionId[] {
    return [...regions].map((region) => this.of(region));
  }

  /** The type of the shadow of a reference; null where it holds no numbers. */
  type(type: Type): Type | null {
    if (type.kind === "maybe") {
      const inner = this.type(type.type);
      return inner === null || inner.kind === "maybe" ? inner : { ...type, type: inner };
    }
    if (type.kind !== "ref") return null;
    const shape = gradientShape(type.shape);
    if (shape === null || !isMemory(shape)) return null;
    return { kind: "ref", shape: opened(shape), region: this.of(type.region) };
  }
}

/**
 * The shadow of an allocation; `shadowOf` gives what stands in it for an element or a field, `tagOf` what stands for a
 * field that tells the kind of the object.
 */
export function allocateShadow(
  builder: Builder,
  out: Value,
  { shape, region }: RefType,
  init: Init,
  shadowOf: (atom: Atom, cell: Shape | null) => Atom,
  tagOf: (atom: Atom) => Atom,
  origin: Origin,
): Value {
  switch (init.kind) {
    case "object": {
      const kind = kindOf(shape, init.entries);
      const whole = shape.kind === "object" ? shape.fields : init.entries;
      const names = new Set((kind?.test.kind === "tag" ? kind.fields : whole).map(({ name }) => name));
      const tags = shape.kind === "object" && shape.named !== undefined ? tagsOf(shape.named) : noTags;
      const cells = new Map(
        shape.kind === "object" ? shape.fields.map((field) => [field.name, field.shape]) : [],
      );
      const entries = init.entries
        .filter(({ name }) => names.has(name))
        .map(({ name, value }) => ({
          name,
          value: tags.has(name)
            ? tagOf(value)
            : partOf(shape.kind === "array" ? shape.element : cells.get(name), value),
        }));
      // What the object is given later has its place already.
      const later = leftOut(shape, init.entries, shapeOfType(out.type)).map((field) => ({
        name: field.name,
        value: partOf(field.shape, absent),
      }));
      return builder.alloc(shape, { kind: "object", entries: [...entries, ...later] }, origin, region);
    }
    case "elements":
      return builder.alloc(
        shape,
        {
          kind: "elements",
          elements: init.elements.map((atom, i) =>
            holdsNothing(shape, i) ? absent : partOf(elementOf(shape, i), atom),
          ),
        },
        origin,
        region,
      );
    case "filled":
      return builder.alloc(
        shape,
        {
          kind: "filled",
          length: init.length,
          value:
            shape.kind === "array" && isHoles(init.value, shape.element)
              ? absent
              : partOf(shape.kind === "array" ? shape.element : undefined, init.value),
        },
        origin,
        region,
      );
    case "view": {
      const of = shadowOf(init.of, null);
      invariant(of.kind === "value", "shadows", "a view of nothing");
      return builder.alloc(shape, { ...init, of }, origin, region);
    }
    case "slice": {
      if (shape.kind === "array" && isReferenceShape(shape.element)) {
        const of = shadowOf(init.of, null);
        invariant(of.kind === "value", "shadows", "a slice of nothing");
        return builder.alloc(shape, { ...init, of }, origin, region);
      }
      return builder.alloc(shape, { kind: "zeros", like: out }, origin, region);
    }
    default:
      return builder.alloc(shape, { kind: "zeros", like: out }, origin, region);
  }

  function partOf(cell: Shape | undefined, value: Atom): Atom {
    if (cell === undefined) return shadowOf(value, null);
    return standIn(builder, value, cell) ?? keptShadow(builder, shadowOf(value, cell), cell);
  }
}

/**
 * What lies in the cell of a shadow where in the primal lies no memory but nothing, or a value of another kind: the same,
 * if the cell can tell; else memory that nobody looks at. Null where the value has a shadow.
 */
export function standIn(builder: Builder, value: Atom, cell: Shape): Atom | null {
  if (regionOf(value) !== null) return null;
  if (value.type.kind === "nothing" && cell.kind === "maybe") return value;
  if (cell.kind === "maybe" && isMemory(unfolded(cell.shape)))
    return cell.other === undefined ? absent : value;
  return isMemory(cell)
    ? allocateEmpty(builder, cell, { statement: value.kind === "value" ? value.statement : null })
    : null;
}

/** The fields that an object is made without; that of a union has those of its kind only. */
function leftOut(shape: MemoryShape, entries: readonly Entry[], primal: Shape): readonly Field[] {
  if (shape.kind !== "object") return [];
  const isUnion = (shape.named?.variants.length ?? 0) > 1;
  const own = isUnion ? (kindOf(shape, entries) ?? oneOfKinds(shape, entries, primal)) : shape;
  return (own?.fields ?? []).filter(({ name }) => valueIn(entries, name) === undefined);
}

/** One of the kinds that the object may be of, going by the fields that it is made with, where all have the same. */
function oneOfKinds(shape: ObjectShape, entries: readonly Entry[], primal: Shape): Variant | undefined {
  const given = primal.kind === "object" ? (primal.named?.variants ?? []) : [];
  const possible = given.filter(
    ({ fields }) =>
      entries.every(({ name }) => fields.some((field) => field.name === name)) &&
      fields.every((field) => field.shape.kind === "maybe" || valueIn(entries, field.name) !== undefined),
  );
  const [first, ...others] = possible.flatMap(({ name }) =>
    (shape.named?.variants ?? []).filter((variant) => variant.name === name),
  );
  const isAlike = ({ fields }: Variant): boolean =>
    fields.length === first?.fields.length &&
    fields.every(({ name }) => first.fields.some((field) => field.name === name));
  return others.every(isAlike) ? first : undefined;
}

/** Of an object of a union, its kind, as far as what it is made with tells. */
function kindOf(shape: MemoryShape, entries: readonly Entry[]): Variant | undefined {
  const variants = shape.kind === "object" ? (shape.named?.variants ?? []) : [];
  if (variants.length < 2) return undefined;
  return variants.find(({ test }) => {
    if (test.kind === "own") return valueIn(entries, test.field) !== undefined;
    const tag = test.kind === "tag" ? valueIn(entries, test.field) : undefined;
    return test.kind === "tag" && tag?.kind === "literal" && test.values.some((each) => each === tag.value);
  });
}

function valueIn(entries: readonly Entry[], name: string): Atom | undefined {
  return entries.find((entry) => entry.name === name)?.value;
}

/** Memory as small as its shape allows. */
function allocateEmpty(builder: Builder, shape: MemoryShape, origin: Origin): Value {
  const empty = (cell: Shape): Atom =>
    isMemory(cell) ? allocateEmpty(builder, cell, origin) : cell.kind === "real" ? number(0) : absent;
  switch (shape.kind) {
    case "object": {
      const entries = shape.fields.map(({ name, shape: cell }) => ({ name, value: empty(cell) }));
      return builder.alloc(shape, { kind: "object", entries }, origin);
    }
    case "tuple":
      return builder.alloc(shape, { kind: "elements", elements: shape.elements.map(empty) }, origin);
    case "array": {
      if (isKeyed(shape)) return builder.alloc(shape, { kind: "object", entries: [] }, origin);
      if (shape.storage === "Array" || shape.storage === "Several")
        return builder.alloc(shape, { kind: "elements", elements: [] }, origin);
      return builder.alloc(shape, { kind: "filled", length: number(0), value: number(0) }, origin);
    }
  }
}

const noTags: ReadonlySet<string> = new Set();

/** What stands in a shadow where the primal has no number. */
export const absent: Literal = {
  kind: "literal",
  type: { kind: "nothing" },
  value: undefined,
  spelling: "undefined",
};

function elementOf(shape: MemoryShape, index: number): Shape | undefined {
  if (shape.kind === "tuple") return shape.elements[index];
  return shape.kind === "array" ? shape.element : undefined;
}

function holdsNothing(shape: MemoryShape, index: number): boolean {
  return shape.kind === "tuple" && shape.elements[index]?.kind === "nothing";
}

/** Memory for the cotangents of what `like` refers to. */
export function allocateZeros(builder: Builder, regions: ShadowRegions, like: Value, origin: Origin): Value {
  const type = regions.type(like.type.kind === "maybe" ? like.type.type : like.type);
  invariant(type?.kind === "ref", "shadows", "a shadow of what holds no numbers");
  if (like.type.kind === "maybe" && isEndless(type.shape))
    return allocateOptional(builder, like, like.type, type, origin);
  return builder.alloc(type.shape, { kind: "zeros", like }, origin, type.region);
}

/** Where the original is missing, so is its shadow; where it is a word, that stands in the shadow as well. */
function allocateOptional(
  builder: Builder,
  like: Value,
  whole: MaybeType,
  type: RefType,
  origin: Origin,
): Value {
  const { type: inner, none } = whole;
  const unnamed: Origin = { ...origin, hint: null };
  const missing: Block = { instrs: [], end: { kind: "yield", values: [like] } };
  const made = builder.block(() => {
    const present = builder.apply(narrow, [like], unnamed, inner);
    const zeros = { kind: "zeros", like: present } as const;
    return { kind: "yield", values: [builder.alloc(type.shape, zeros, unnamed, type.region)] };
  });
  if (isMixed(whole)) {
    const out = builder.value({ ...whole, type }, origin);
    const isObject = builder.apply(eq, [builder.apply(typeOf, [like], unnamed), text("object")], unnamed);
    const isThere = builder.apply(isPresent, [like], unnamed);
    const test = none === "never" ? isObject : builder.apply(and, [isThere, isObject], unnamed);
    builder.if(test, made, missing, [out], null);
    return out;
  }
  const out = builder.value({ kind: "maybe", type, none }, origin);
  builder.if(builder.apply(isNullish, [like], unnamed), missing, made, [out], null);
  return out;
}

/** Elements that refer to memory. */
function isReferenceShape(shape: Shape): boolean {
  const bare = unfolded(shape.kind === "maybe" ? shape.shape : shape);
  return isMemory(bare);
}

/** An array of references: a copy of it shares what they refer to. */
export function holdsReferences({ type }: Value): boolean {
  return type.kind === "ref" && type.shape.kind === "array" && isReferenceShape(type.shape.element);
}

/** The cell refers to memory, where anything is there. */
export function isReferenceCell({ ref, step }: Place): boolean {
  const cell = shapeOfCell(ref, step);
  return cell !== null && isReferenceShape(cell);
}

/** The type of a cell of a shadow: there is always memory where the primal's may be missing. */
export function shadowCellType(ref: Value, step: Step, type: Type): Type {
  if (type.kind !== "maybe") return type;
  const cell = shapeOfCell(ref, step);
  return cell !== null && cell.kind !== "maybe" ? type.type : type;
}

/** Where nothing lies in the primal, a shadow that nothing is ever added to takes the place of one that is there. */
export function keptShadow(builder: Builder, shadow: Atom, cell: Shape): Atom {
  const isOpen = shadow.type.kind === "maybe" && cell.kind !== "maybe";
  return isOpen ? builder.apply(narrow, [shadow], {}, shadow.type.type) : shadow;
}

/** The type of what lies in a cell of a shadow, in that region; null for numbers. */
export function memoryType(cell: Shape, region: RegionId): Type | null {
  const shape = unfolded(cell.kind === "maybe" ? cell.shape : cell);
  return isMemory(shape) ? { kind: "ref", shape, region } : null;
}
