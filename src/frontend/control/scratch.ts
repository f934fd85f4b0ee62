/**
 * Module-level buffers. The function works on a copy of its own, made afresh at each call: that is the same only where
 * a call reads nothing but what it has written itself before. A buffer that hands numbers from one call to the next is
 * refused.
 */
import { isFoundByKeys } from "../../ir/growth.js";
import { derivedFrom } from "../../ir/derived.js";
import { writtenRef } from "../../ir/places.js";
import { atomsOf, forEachInstr, outsOf, paramsOf, someInstr } from "../../ir/visit.js";
import type { Block, Call, Init, Instr, Loop, Place, RegionId, Value, ValueId } from "../../ir/types.js";
import { type Context, type Unit, poison } from "../context.js";
import { referenceRegion } from "../memory.js";
import type { Bound } from "../scope.js";
import { Coverage, type Range } from "./coverage.js";
import { isEmptiedFirst } from "./emptied.js";
import { Forms } from "./forms.js";
import type { Changes, Changing, ConstantMemory } from "./module-memory.js";
import { closedWrites } from "../leads/later-writes.js";
import { parametersOf } from "../functions/companions.js";
import { type Whole, isMemo } from "./memos.js";
import { WrittenCells } from "./written-cells.js";

const unchanging: Changing = { cells: new Set(), isAny: false, resizes: false, functions: false };

/** Reports constants of modules that are written to and read before that, or that something else outside sees. */
export function reportState(cx: Context, body: Block, whole: Whole): void {
  const { constants, diagnostics } = cx.unit;
  for (const constant of [...constants, ...hiddenIn(cx)]) {
    const { bound, name, use } = constant;
    const root = bound.kind === "value" ? referenceRegion(bound.type) : null;
    if (root === null) continue;
    const isWritten = bound.kind === "value" && isWrittenIn(cx, body, bound, root);
    const changing = constant.changing ?? unchanging;
    // Which cells these are is only known of what has been followed.
    const changes = changing.cells.size > 0 ? "nothing" : constant.changes;
    if (!isWritten && changes === "nothing" && changing.cells.size === 0) continue;
    if (isWritten && isMemo(whole, bound)) continue;
    if (isWritten && constant.isExported)
      diagnostics.report("outerAssignment", use, { name, owner: "", hidden: "" });
    else if (bound.kind === "value" && isEmptiedFirst(cx.unit, body, bound, whole)) continue;
    else if (readsState(cx.unit, body, root, changes, changing, whole))
      diagnostics.report("moduleState", use, { name });
  }
}

/** What only functions that a module has made see, and write to; but for counters, which have rules of their own. */
function hiddenIn(cx: Context): readonly ConstantMemory[] {
  const { constants, counters, environment, made, regions } = cx.unit;
  const known = new Set<RegionId>();
  const below = (bound: Bound): readonly RegionId[] => {
    const root = bound.kind === "value" ? referenceRegion(bound.type) : null;
    return root === null ? [] : [...regions.below(root)];
  };
  for (const { bound } of constants) for (const region of below(bound)) known.add(region);
  for (const { variable } of counters)
    for (const region of below(environment.get(variable) ?? poison)) known.add(region);
  return made.flatMap((each): ConstantMemory[] => {
    const [own = -1, ...others] = below(each.bound);
    if (known.has(own)) return [];
    const changing = each.variable === null ? unchanging : closedWrites(cx, each.variable);
    if (regions.storedIn(own) === null && changing.cells.size === 0) return [];
    for (const region of [own, ...others]) known.add(region);
    return [{ ...each, changes: "nothing", changing, isExported: false }];
  });
}

/** Writing while the constant is made, ahead of the body, is no effect of the function. */
function isWrittenIn(cx: Context, body: Block, constant: Value, root: RegionId): boolean {
  const { regions, program } = cx.unit;
  if (regions.storedIn(root) === null) return false;
  const mayWrite = program.functions.some(
    ({ func, unit }) => func === null || writesToGiven(unit, func.body),
  );
  // New memory of the same kind may be written to.
  const reaching = derivedFrom(constant, body, (region) => regions.canonical(region));
  const below = regions.below(root);
  return someInstr(body, (instr) => {
    if (instr.kind === "call")
      return (
        mayWrite &&
        instr.args.some((arg) => arg.kind === "value" && reaching.has(arg.id)) &&
        instr.writes.some((region) => below.has(regions.canonical(region)))
      );
    const ref = writtenRef(instr);
    return ref !== null && reaching.has(ref.id);
  });
}

/** A function that is called writes to something that it was given or sees from outside, or that lies in that. */
function writesToGiven({ regions }: Unit, body: Block): boolean {
  const bound = new Set<ValueId>();
  const met = new Map<ValueId, Value>();
  forEachInstr(body, (instr) => {
    for (const { id } of [...outsOf(instr), ...paramsOf(instr)]) bound.add(id);
    for (const atom of atomsOf(instr))
      if (atom.kind === "value" && referenceRegion(atom.type) !== null) met.set(atom.id, atom);
  });
  return [...met.values()].some((value) => {
    if (bound.has(value.id)) return false;
    const reaching = derivedFrom(value, body, (region) => regions.canonical(region));
    return someInstr(body, (instr) => reaching.has(writtenRef(instr)?.id ?? -1));
  });
}

/** The function reads what it has not written before. */
export function readsState(
  { regions, entry }: Unit,
  body: Block,
  root: RegionId,
  changes: Changes = "contents",
  changing: Changing = unchanging,
  whole: Whole | null = null,
): boolean {
  const canonical = (region: RegionId): RegionId => regions.canonical(region);
  const forms = new Forms([entry, body.instrs], canonical);
  const cells = new WrittenCells(body, canonical);
  cells.addChanging(root, changing, regions);
  const search = new StateSearch(
    regions.below(root),
    canonical,
    forms,
    lengthsOf(entry, forms, canonical),
    changes,
    changing.resizes,
    changes === "nothing" ? cells : null,
    (region) => regions.below(region),
    whole === null ? () => true : (call, index) => readsCalled(whole, call, index, new Set()),
  );
  search.block(body, new Coverage(forms));
  return search.found;
}

/** The function that is called reads what it has not written itself of the memory that it is handed there. */
function readsCalled(whole: Whole, call: Call, index: number, open: Set<string>): boolean {
  const pending = whole.calls.find((each) => each.call === call);
  const code = whole.all.find(({ unit }) => unit === pending?.callee.unit);
  if (pending === undefined || code === undefined) return true;
  const param = parametersOf(pending.callee)[index];
  const root = param === undefined ? null : referenceRegion(param.value.type);
  if (root === null) return true;
  const { regions, entry } = code.unit;
  // What a function that calls itself reads is looked for once.
  const key = `${String(whole.all.indexOf(code))} ${String(index)}`;
  if (open.has(key)) return false;
  open.add(key);
  const canonical = (region: RegionId): RegionId => regions.canonical(region);
  const forms = new Forms([entry, code.body.instrs], canonical);
  const search = new StateSearch(
    regions.below(root),
    canonical,
    forms,
    new Map(),
    "contents",
    false,
    null,
    (region) => regions.below(region),
    (inner, at) => readsCalled(whole, inner, at, open),
  );
  search.block(code.body, new Coverage(forms));
  return search.found;
}

/** The lengths that the arrays of each region are made with; null where one is not known. */
function lengthsOf(
  entry: readonly Instr[],
  forms: Forms,
  canonical: (region: RegionId) => RegionId,
): ReadonlyMap<RegionId, number | null> {
  const lengths = new Map<RegionId, number | null>();
  for (const instr of entry) {
    const region = instr.kind === "alloc" ? referenceRegion(instr.out.type) : null;
    if (instr.kind !== "alloc" || region === null) continue;
    const found = initialLength(instr.init, forms);
    const before = lengths.get(canonical(region));
    const known = found === null || before === null ? null : Math.max(found, before ?? 0);
    lengths.set(canonical(region), known);
  }
  return lengths;
}

function initialLength(init: Init, forms: Forms): number | null {
  if (init.kind === "elements") return init.elements.length;
  return init.kind === "filled" ? forms.literal(init.length) : null;
}

/** Goes through the function in its order. */
class StateSearch {
  found = false;
  readonly #regions: ReadonlySet<RegionId>;
  readonly #canonical: (region: RegionId) => RegionId;
  readonly #forms: Forms;
  readonly #lengths: ReadonlyMap<RegionId, number | null>;
  /** Arrays become longer or shorter. */
  readonly #resizes: boolean;
  /** All that changes; null where others may change it as well. */
  readonly #cells: WrittenCells | null;
  readonly #below: (region: RegionId) => ReadonlySet<RegionId>;
  /** Whether what is called reads anything of its argument that it has not written. */
  readonly #readsIn: (call: Call, index: number) => boolean;
  /** Of the loops around what is looked at. */
  #ranges: readonly Range[] = [];

  constructor(
    regions: ReadonlySet<RegionId>,
    canonical: (region: RegionId) => RegionId,
    forms: Forms,
    lengths: ReadonlyMap<RegionId, number | null>,
    changes: Changes,
    resizes: boolean,
    cells: WrittenCells | null,
    below: (region: RegionId) => ReadonlySet<RegionId>,
    readsIn: (call: Call, index: number) => boolean,
  ) {
    this.#readsIn = readsIn;
    this.#cells = cells;
    this.#below = below;
    this.#regions = regions;
    this.#canonical = canonical;
    this.#forms = forms;
    this.#lengths = lengths;
    this.#resizes = resizes || changes === "lengths";
  }

  block(block: Block, written: Coverage): void {
    for (const instr of block.instrs) this.#instr(instr, written);
  }

  #instr(instr: Instr, written: Coverage): void {
    switch (instr.kind) {
      case "load":
        this.#touch(instr.place.ref);
        this.#load(instr.place, instr.out, written);
        return;
      case "store":
        // A reference that is kept would outlive the call.
        if (this.#regionOf(instr.place.ref) !== null && instr.value.type.kind === "ref") this.found = true;
        this.#touch(instr.place.ref);
        this.#store(instr.place, written);
        return;
      case "push":
      case "pop":
        if (this.#regionOf(instr.ref) !== null) this.found = true;
        return;
      case "alloc": {
        const { init } = instr;
        if (init.kind === "listing") for (const arg of init.args) if (arg.kind === "value") this.#touch(arg);
        const isCopy = init.kind === "slice" || init.kind === "clone";
        if (isCopy && !this.#isKnown(init.of, written)) this.found = true;
        // What is made by the call is its own.
        if (init.kind !== "view" && this.#regionOf(instr.out) !== null) written.writeAll(instr.out);
        return;
      }
      case "if": {
        const [a, b] = [written.copy(), written.copy()];
        this.block(instr.consequent, a);
        this.block(instr.alternate, b);
        if (instr.consequent.end.kind !== "yield") written.addCommon(b, b);
        else if (instr.alternate.end.kind !== "yield") written.addCommon(a, a);
        else written.addCommon(a, b);
        return;
      }
      case "guard":
      case "order":
        this.block(instr.body, written.copy());
        return;
      case "call":
        // What is made longer by one call is longer for the next.
        if (instr.resizes.some((region) => this.#regions.has(this.#canonical(region)))) this.found = true;
        instr.args.forEach((arg, index) => {
          const isKnown = arg.kind !== "value" || this.#isKnown(arg, written);
          if (!isKnown && this.#readsIn(instr, index)) this.found = true;
        });
        return;
      case "loop":
        this.#loop(instr, written);
        return;
      case "foreign":
        for (const arg of instr.args)
          if (arg.kind === "value" && !this.#isKnown(arg, written)) this.found = true;
        return;
      case "apply":
      case "lambda":
        return;
    }
  }

  #loop(loop: Loop, written: Coverage): void {
    const range = this.#forms.rangeOf(loop);
    const inner = written.copy();
    if (loop.head.kind === "while") this.block(loop.head.test, inner);
    const around = this.#ranges;
    if (range !== null) {
      this.#ranges = [...around, range];
      inner.enter(loop, range);
    }
    this.block(loop.body, inner);
    this.#ranges = around;
    written.leave(loop, range, inner);
  }

  /** Which keys a record, a map or a set has is handed from one call to the next. */
  #touch(ref: Value): void {
    const region = this.#regionOf(ref);
    if (isFoundByKeys(ref) && region !== null && this.#changesIn(region)) this.found = true;
  }

  #load({ ref, step }: Place, out: Value, written: Coverage): void {
    const region = this.#regionOf(ref);
    if (region === null || referenceRegion(out.type) !== null) return;
    if (this.#cells?.has(region, step) === false) return;
    if (step.kind === "field" && step.name === "length") {
      if (this.#resizes) this.found = true;
      return;
    }
    if (!written.has({ ref, step }, this.#ranges) && !this.#isAnyWritten({ ref, step }, written))
      this.found = true;
  }

  #store(place: Place, written: Coverage): void {
    if (this.#regionOf(place.ref) !== null) written.write(place);
  }

  /** Wherever the reference leads, what the place may be has been written. */
  #isAnyWritten({ ref, step }: Place, written: Coverage): boolean {
    const length = this.#lengthOf(ref);
    return this.#pathsOf(ref).every((path) =>
      step.kind === "field"
        ? written.hasText(`${path}.${step.name}`, this.#ranges)
        : this.#forms.literal(step.index) === null
          ? written.hasAll(path, length, this.#ranges)
          : written.hasAll(path, length, this.#ranges) ||
            written.hasText(`${path}[${this.#forms.text(step.index)}]`, this.#ranges),
    );
  }

  /** What is read of it is what the module made, or what the call has written. */
  #isKnown(ref: Value, written: Coverage): boolean {
    const region = this.#regionOf(ref);
    if (region === null || !this.#changesIn(region)) return true;
    // What is made empty is written to in order to hold something.
    if (this.#lengthOf(ref) === 0) return false;
    return this.#pathsOf(ref).every((path) => written.hasAll(path, this.#lengthOf(ref), this.#ranges));
  }

  #changesIn(region: RegionId): boolean {
    return this.#cells?.hasAny(this.#below(region)) ?? true;
  }

  /** The texts of all that a reference may be, with each index that only the call knows. */
  #pathsOf(ref: Value): readonly string[] {
    const place = this.#forms.placeOf(ref);
    if (place === null || this.#regionOf(place.ref) === null) return [this.#forms.text(ref)];
    const { step } = place;
    const outer = this.#pathsOf(place.ref);
    if (step.kind === "field") return outer.map((path) => `${path}.${step.name}`);
    const length = this.#lengthOf(place.ref);
    if (this.#forms.literal(step.index) !== null || length === null || length * outer.length > 256)
      return [this.#forms.text(ref)];
    return outer.flatMap((path) => Array.from({ length }, (_, i) => `${path}[${String(i)}]`));
  }

  #lengthOf(ref: Value): number | null {
    const region = this.#regionOf(ref);
    return region === null ? null : (this.#lengths.get(region) ?? null);
  }

  /** The region, if it is one of those looked at. */
  #regionOf(ref: Value): RegionId | null {
    const region = referenceRegion(ref.type);
    if (region === null) return null;
    const canonical = this.#canonical(region);
    return this.#regions.has(canonical) ? canonical : null;
  }
}
