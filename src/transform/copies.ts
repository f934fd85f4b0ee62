/** The reverse of memory that is made full or as a copy: cotangents of many cells at once. */
import { cellOf as cellName } from "../analysis/cells.js";
import { cellsOf } from "./cells.js";
import { forEachElement, forEachKey } from "./added-keys.js";
import { isNatural } from "../analysis/natural.js";
import { regionOf } from "../ir/places.js";
import { type Builder, type Origin, int, number, real, suggested, whole } from "../ir/builder.js";
import { forEachInstr } from "../ir/visit.js";
import type { Alloc, Atom, Block, Instr, RegionId, Shape, Statement, Step, Value } from "../ir/types.js";
import { add, isNullish, lt, max, narrow, sub } from "../ops/scalar.js";
import { holdsReferences } from "./shadow-memory.js";
import { cellIn, isKeyed, isMemory, namedType, shapeOfType, unfolded } from "../ir/shapes.js";
import { invariant } from "../support/invariant.js";
import { type Frame, type Sweep, contribute, temporaryFor } from "./reverse.js";
import { fromAtom } from "./terms.js";

/** All elements were `value`: their cotangents add up. */
export function receiveFilled(frame: Frame, { out }: Alloc, value: Value, order: number): void {
  const { builder } = frame.sweep;
  const origin: Origin = { statement: out.statement, sweep: "backward" };
  const shadow = frame.mirrors.shadow(out);
  const total = { hint: temporaryFor(value, null) ?? suggested("sum"), sweep: "backward" } as const;
  const carried = { init: number(0), param: builder.value(real, total), out: builder.value(real, total) };
  forEachElement(
    builder,
    shadow,
    origin,
    (index) => {
      const element = builder.load(shadow, { kind: "index", index }, real, origin);
      return [builder.apply(add, [carried.param, element], { ...origin, hint: total.hint })];
    },
    [carried],
  );
  contribute(frame, value, fromAtom(carried.out, 3), order, out.statement);
}

/** `dof[from + i] += dout[i]`. */
export function addSlice(
  frame: Frame,
  { out }: Alloc,
  init: Extract<Alloc["init"], { kind: "slice" }>,
): void {
  const { sweep } = frame;
  const { builder } = sweep;
  // Of whole numbers there is no shadow.
  if (holdsReferences(out) || sweep.regions.type(init.of.type) === null) return;
  const origin: Origin = { statement: out.statement, sweep: "backward" };
  const target = frame.mirrors.shadow(init.of);
  const source = frame.mirrors.shadow(out);
  const from = init.from === null ? null : sliceStart(frame, init, target, source, origin);
  forEachElement(builder, source, origin, (index) => {
    const to =
      from === null
        ? index
        : builder.apply(add, [from, index], origin, from.type.kind === "real" ? real : int);
    addCell(builder, target, { kind: "index", index: to }, source, { kind: "index", index }, origin);
    return [];
  });
}

/** Where a slice begins: a negative number counts from the end, and not beyond the start. */
function sliceStart(
  { recovery, sweep }: Frame,
  { from, to }: Extract<Alloc["init"], { kind: "slice" }>,
  target: Value,
  source: Value,
  origin: Origin,
): Atom {
  const { builder } = sweep;
  const length = (of: Value): Value => builder.load(of, { kind: "field", name: "length" }, int, origin);
  if (from === null) return number(0);
  if (isNatural(from, (id) => sweep.definitions.of.get(id)?.instr)) return recovery.atom(from);
  // What goes on to the end begins as many elements before it.
  if (to === null) return builder.apply(sub, [length(target), length(source)], origin, int);
  const start = recovery.atom(from);
  const block = (fill: () => Atom): Block => builder.block(() => ({ kind: "yield", values: [fill()] }));
  const counted = block(() => {
    const sum = builder.apply(add, [length(target), start], origin);
    return builder.apply(max, [sum, number(0)], origin);
  });
  const out = builder.value(real, origin);
  builder.if(
    builder.apply(lt, [start, number(0)], origin),
    counted,
    block(() => start),
    [out],
    out.statement,
  );
  return out;
}

/** `dof += dout` for memory of one shape, all the way down. */
export function addClone(frame: Frame, of: Value, out: Value, statement: Statement | null): void {
  const { sweep, mirrors } = frame;
  const regions = { target: regionOf(of), source: regionOf(out) };
  addMemory(sweep, mirrors.shadow(of), mirrors.shadow(out), regions, shapeOf(sweep, out), statement);
}

/** It makes memory as a copy of other memory that refers to further memory, which is copied too. */
export function copiesReferences(instr: Instr): boolean {
  if (instr.kind !== "alloc" || instr.init.kind !== "clone") return false;
  const shape = shapeOfType(instr.out.type);
  const whole = unfolded(shape.kind === "maybe" ? shape.shape : shape);
  if (!isMemory(whole)) return false;
  const cells = whole.kind === "array" ? [whole.element] : cellsOf(whole).map(([, cell]) => cell);
  return cells.some((cell) => isMemory(unfolded(cell.kind === "maybe" ? cell.shape : cell)));
}

/** `dref += made`, where `made` is of this shape and holds what a derivative by hand has given. */
export function addResult(
  frame: Frame,
  ref: Value,
  made: Value,
  shape: Shape,
  statement: Statement | null,
): void {
  const { sweep, mirrors } = frame;
  const target = { memory: mirrors.shadow(ref), region: regionOf(ref), shape: shapeOf(sweep, ref) };
  addMade(sweep, target, { memory: made, shape }, statement);
}

interface Target {
  readonly memory: Value;
  /** That of the primal memory. */
  readonly region: RegionId | null;
  readonly shape: Shape | null;
}

function addMade(
  sweep: Sweep,
  { memory, region, shape }: Target,
  made: { readonly memory: Value; readonly shape: Shape },
  statement: Statement | null,
): void {
  const { builder } = sweep;
  const origin: Origin = { statement, sweep: "backward" };
  const addAt = (step: Step, cell: string, inner: Shape, from: Shape | null): void => {
    if (from === null) return;
    if (inner.kind === "real") addCell(builder, memory, step, made.memory, step, origin);
    if (!isMemory(inner) || !isMemory(from)) return;
    const below = childOf(sweep, region, cell);
    const shadow = sweep.regions.of(below ?? -1);
    const name = memory.hint === null ? null : suggested(partName(memory.hint.text, step));
    const target = builder.load(
      memory,
      step,
      { kind: "ref", shape: inner, region: shadow },
      { ...origin, hint: name },
    );
    const type = { kind: "ref", shape: from, region: builder.region() } as const;
    const part = builder.load(made.memory, step, type, { ...origin, hint: suggested("part") });
    addMade(sweep, { memory: target, region: below, shape: inner }, { memory: part, shape: from }, statement);
  };
  if (shape?.kind === "object") {
    for (const { name, shape: inner } of shape.fields)
      addAt({ kind: "field", name }, name, inner, cellIn(made.shape, name));
  } else if (shape?.kind === "tuple") {
    shape.elements.forEach((inner, i) => {
      addAt({ kind: "index", index: whole(i) }, "*", inner, cellIn(made.shape, String(i)));
    });
  } else if (shape?.kind === "array") {
    const { element } = shape;
    forEachElement(builder, memory, origin, (index) => {
      addAt({ kind: "index", index }, "*", element, cellIn(made.shape, "0"));
      return [];
    });
  }
}

/** `dA[i]` is `dAi`, `dspring.rest` is `dspring_rest`. */
function partName(name: string, step: Step): string {
  if (step.kind === "field") return `${name}_${step.name}`;
  return name.length <= 3 ? `${name}i` : `${name}_i`;
}

/** The regions of the primal memory whose shadows are added. */
interface Pair {
  readonly target: RegionId | null;
  readonly source: RegionId | null;
}

function addMemory(
  sweep: Sweep,
  target: Value,
  source: Value,
  regions: Pair,
  shape: Shape | null,
  statement: Statement | null,
): void {
  const { builder } = sweep;
  const origin: Origin = { statement, sweep: "backward" };
  const addAt = (step: Step, cell: string, inner: Shape): void => {
    if (inner.kind === "real") addCell(builder, target, step, source, step, origin);
    const whole = unfolded(inner);
    const isKnown = whole.kind !== "maybe" && !isKeyed(whole) && namedType(whole) === null;
    invariant(isKnown, "reverse", "a copy with parts of unknown form");
    if (!isMemory(whole)) return;
    const below: Pair = {
      target: childOf(sweep, regions.target, cell),
      source: childOf(sweep, regions.source, cell),
    };
    const load = (ref: Value, region: RegionId | null): Value => {
      const type = { kind: "ref", shape: whole, region: sweep.regions.of(region ?? -1) } as const;
      return builder.load(ref, step, type, origin);
    };
    const [a, b] = [load(target, below.target), load(source, below.source)];
    addMemory(sweep, a, b, below, whole, statement);
  };
  if (shape?.kind === "object") {
    for (const { name, shape: inner } of shape.fields) addAt({ kind: "field", name }, name, inner);
  } else if (shape?.kind === "tuple") {
    shape.elements.forEach((inner, i) => {
      addAt({ kind: "index", index: whole(i) }, "*", inner);
    });
  } else if (shape?.kind === "array" && isKeyed(shape)) {
    const { element } = shape;
    forEachKey(builder, { target, source }, shape, origin, (step) => {
      addAt(step, "*", element);
    });
  } else if (shape?.kind === "array") {
    const { element } = shape;
    // What the copy has been given in addition belongs to nothing of the original.
    forEachElement(builder, target, origin, (index) => {
      addAt({ kind: "index", index }, "*", element);
      return [];
    });
  }
}

/** The region that references in a cell lead to, as far as the function ever follows them. */
function childOf(sweep: Sweep, region: RegionId | null, cell: string): RegionId | null {
  if (region === null) return null;
  let found: RegionId | null = null;
  const meet = (ref: Value, key: string, atom: Atom): void => {
    if (regionOf(ref) === region && key === cell) found = regionOf(atom) ?? found;
  };
  forEachInstr(sweep.func.body, (instr) => {
    if (instr.kind === "load") meet(instr.place.ref, cellName(instr.place.ref, instr.place.step), instr.out);
    if (instr.kind === "store")
      meet(instr.place.ref, cellName(instr.place.ref, instr.place.step), instr.value);
    if (instr.kind === "push") meet(instr.ref, "*", instr.value);
    if (instr.kind !== "alloc") return;
    const { init, out } = instr;
    if (init.kind === "object") for (const { name, value } of init.entries) meet(out, name, value);
    if (init.kind === "elements") for (const value of init.elements) meet(out, "*", value);
    if (init.kind === "filled") meet(out, "*", init.value);
  });
  return found;
}

function addCell(builder: Builder, target: Value, to: Step, source: Value, from: Step, origin: Origin): void {
  const before = builder.load(target, to, real, origin);
  const more = builder.load(source, from, real, origin);
  builder.store({ ref: target, step: to }, builder.apply(add, [before, more], origin), origin);
}

function shapeOf(sweep: Sweep, ref: Value): Shape | null {
  const type = sweep.regions.type(ref.type);
  const bare = type?.kind === "maybe" ? type.type : type;
  return bare?.kind === "ref" ? bare.shape : null;
}

/** The length of an array; 0 of one that is missing. */
export function lengthOf(builder: Builder, of: Value): Value {
  const origin: Origin = { sweep: "backward" };
  const length = (array: Value): Value => builder.load(array, { kind: "field", name: "length" }, int, origin);
  const { type } = of;
  if (type.kind !== "maybe") return length(of);
  const isMissing = builder.apply(isNullish, [of], origin);
  const none = builder.block(() => ({ kind: "yield", values: [number(0)] }));
  const some = builder.block(() => ({
    kind: "yield",
    values: [length(builder.apply(narrow, [of], origin, type.type))],
  }));
  const out = builder.value(int, origin);
  builder.if(isMissing, none, some, [out], null);
  return out;
}
