/** The gradient of a parameter, put together in the parameter's own shape. */
import { hasBox, isBox, kindOfCell } from "../ir/boxes.js";
import { boolean, declared, number, suggested } from "../ir/builder.js";
import { cellIn, isMemory, isWhole, maybeType, typeOfShape } from "../ir/shapes.js";
import { regionOf } from "../ir/places.js";
import { forEachInstr } from "../ir/visit.js";
import type {
  Atom,
  Entry,
  Field,
  MemoryShape,
  ObjectShape,
  Param,
  Shape,
  Step,
  Type,
  Value,
} from "../ir/types.js";
import { isDefined, isNullish, narrow } from "../ops/scalar.js";
import { cellSlot, cellsOf } from "./cells.js";
import type { Frame } from "./reverse.js";
import { absent, memoryType } from "./shadow-memory.js";

/** One part of the parameter, at a path from it down. */
interface Part {
  readonly param: Param;
  readonly path: readonly string[];
  /** The part itself, where what lies in it says of which kind it is. */
  readonly primal: () => Value;
}

export function collectGradient(frame: Frame, param: Param, shape: Shape): Atom {
  return collect(frame, { param, path: [], primal: () => param.value }, shape);
}

function collect(frame: Frame, part: Part, shape: Shape): Atom {
  const { builder } = frame.sweep;
  const { param, path } = part;
  const shadow = frame.mirrors.param(param, path);
  if (shadow !== null) return closed(frame, part, shadow, shape);
  if (shape.kind === "nothing") return absent;
  if (!isMemory(shape))
    return frame.ledger.settle(cellSlot(param, path, 1).key, { sweep: "backward" }) ?? number(0);
  if (isBox(shape))
    return ofKind(frame, part, shape, (field) => collect(frame, below(frame, part, field.name), field.shape));
  const cells = cellsOf(shape).map(([name, inner]): Entry => ({
    name,
    value: collect(frame, below(frame, part, name), inner),
  }));
  const plain = cells.every((cell) => cell.value.kind === "literal");
  const hint = path.length > 0 || plain ? suggested(`d${param.name}`) : declared(`d${param.name}`);
  return builder.alloc(shape, initOf(shape, cells), { hint, sweep: "backward" });
}

function initOf(shape: Shape, cells: readonly Entry[]) {
  return shape.kind === "object"
    ? ({ kind: "object", entries: cells } as const)
    : ({ kind: "elements", elements: cells.map((cell) => cell.value) } as const);
}

/**
 * What stands in a shadow in objects of its own is what the user has: a number, or an object. Cells of objects and tuples
 * are read one by one, so that they can be split into scalars.
 */
function closed(frame: Frame, part: Part, shadow: Value, shape: Shape): Atom {
  if (!hasBox(shape)) return shadow;
  const { builder } = frame.sweep;
  if (shadow.type.kind !== "ref" || !isMemory(shape) || isWhole(shape)) {
    const hint = suggested([`d${part.param.name}`, ...part.path].join("_"));
    const out = builder.value(typeOfShape(shape, builder), { hint, sweep: "backward" });
    builder.emit({ kind: "alloc", out, init: { kind: "closed", of: shadow, like: part.primal() } });
    return out;
  }
  const { shape: whole } = shadow.type;
  const inside = (name: string, inner: Shape): Atom => {
    const own = cellsOf(whole).find(([key]) => key === name)?.[1] ?? inner;
    const step = stepTo(whole, name);
    const value = builder.load(shadow, step, cellType(frame, shadow, name, own), { sweep: "backward" });
    return closed(frame, below(frame, part, name), value, inner);
  };
  if (isBox(shape)) {
    return ofKind(frame, part, shape, (field) => {
      const held = inside(field.name, field.shape);
      return held.kind === "value" ? there(frame, held) : held;
    });
  }
  const cells = cellsOf(shape).map(([name, inner]): Entry => ({ name, value: inside(name, inner) }));
  return builder.alloc(shape, initOf(shape, cells), { sweep: "backward" });
}

/**
 * The type of what lies in a cell of a shadow. It is where the sweep has added to it: in the region that the function's
 * own references lead to.
 */
function cellType({ sweep }: Frame, { type }: Value, cell: string, shape: Shape): Type {
  const { builder, regions } = sweep;
  const found: (Type | null)[] = [];
  forEachInstr(sweep.func.body, (instr) => {
    if (instr.kind !== "load" || type.kind !== "ref") return;
    const { ref, step } = instr.place;
    const [from, to] = [regionOf(ref), regionOf(instr.out)];
    if (from === null || to === null || regions.of(from) !== type.region) return;
    const key = step.kind === "field" ? step.name : step.index.kind === "literal" ? step.index.value : null;
    if (key === null || String(key) === cell) found.push(memoryType(shape, regions.of(to)));
  });
  const last = found.at(-1) ?? null;
  if (last === null) return typeOfShape(shape, builder);
  return shape.kind === "maybe" && last.kind === "ref" ? maybeType(last, shape) : last;
}

/** The gradient of the kind that the value is. */
function ofKind(frame: Frame, part: Part, shape: ObjectShape, partOf: (field: Field) => Atom): Value {
  const { builder } = frame.sweep;
  const make = (field: Field): Value => {
    const entries = [{ name: field.name, value: partOf(field) }];
    return builder.alloc(shape, { kind: "object", entries }, { sweep: "backward" });
  };
  // What lies in an object is looked at only where there is one.
  const choose = (fields: readonly Field[]): Value => {
    const [first, ...others] = fields;
    if (first === undefined)
      return builder.alloc(shape, { kind: "object", entries: [] }, { sweep: "backward" });
    if (others.length === 0) return make(first);
    const test = isIn(frame, part.primal(), first.name);
    const [a, b] = [() => make(first), () => choose(others)].map((give) =>
      builder.block(() => ({ kind: "yield", values: [give()] })),
    );
    const out = builder.value(
      { kind: "ref", shape, region: builder.region() },
      { hint: suggested([`d${part.param.name}`, ...part.path].join("_")), sweep: "backward" },
    );
    if (a !== undefined && b !== undefined) builder.if(test, a, b, [out], null);
    return out;
  };
  return choose(shape.fields);
}

function isIn(frame: Frame, primal: Value, name: string): Atom {
  const { builder } = frame.sweep;
  const box = there(frame, primal);
  const shape = box.type.kind === "ref" ? shapeIn(box.type.shape, name) : null;
  if (shape === null) return boolean(true);
  const cell = builder.load(box, { kind: "field", name }, typeOfShape(shape, builder), { sweep: "backward" });
  return builder.apply(isDefined, [cell], { sweep: "backward" });
}

/** Without `undefined`: of what is missing, nothing is read in the end. */
function there({ sweep: { builder } }: Frame, value: Value): Value {
  const { type } = value;
  return type.kind === "maybe" ? builder.apply(narrow, [value], { sweep: "backward" }, type.type) : value;
}

function shapeIn(shape: MemoryShape, name: string): Shape | null {
  return cellsOf(shape).find(([key]) => key === name)?.[1] ?? null;
}

function below(frame: Frame, part: Part, name: string): Part {
  const step = (shape: MemoryShape): Step | null =>
    shapeIn(shape, name) === null ? null : stepTo(shape, name);
  return { param: part.param, path: [...part.path, name], primal: () => loadPart(frame, part, step) };
}

/** What lies in a cell of the part; the part itself where it has none. Of what is missing, so is the cell. */
function loadPart(frame: Frame, { primal, path }: Part, stepIn: (shape: MemoryShape) => Step | null): Value {
  const { builder } = frame.sweep;
  const whole = primal();
  // What is in a box is looked at only where it is there.
  const isInBox = kindOfCell(path.at(-1) ?? "") !== null;
  if (whole.type.kind !== "maybe" || isInBox) return loadCell(frame, there(frame, whole), stepIn);
  const isMissing = builder.apply(isNullish, [whole], { sweep: "backward" });
  const nothing = builder.block(() => ({ kind: "yield", values: [absent] }));
  const types: Type[] = [];
  const cell = builder.block(() => {
    const value = loadCell(frame, there(frame, whole), stepIn);
    types.push(value.type);
    return { kind: "yield", values: [value] };
  });
  const [type = whole.type] = types;
  const out = builder.value(type.kind === "maybe" ? type : maybeType(type, {}), { sweep: "backward" });
  builder.if(isMissing, nothing, cell, [out], null);
  return out;
}

function loadCell(frame: Frame, whole: Value, stepIn: (shape: MemoryShape) => Step | null): Value {
  const { builder } = frame.sweep;
  const step = whole.type.kind === "ref" ? stepIn(whole.type.shape) : null;
  const shape = whole.type.kind === "ref" ? whole.type.shape : null;
  const name = step?.kind === "index" && step.index.kind === "literal" ? String(step.index.value) : "0";
  const cell =
    step === null || shape === null ? null : cellIn(shape, step.kind === "field" ? step.name : name);
  if (step === null || cell === null) return whole;
  return builder.load(whole, step, typeOfShape(cell, builder), { sweep: "backward" });
}

function stepTo(shape: Shape, name: string): Step {
  return shape.kind === "object" ? { kind: "field", name } : { kind: "index", index: number(Number(name)) };
}
