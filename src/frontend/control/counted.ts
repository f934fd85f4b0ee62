/**
 * What becomes of the values of counters (`counters.ts`). Where a counter began is known to nobody, so it must not show:
 * what was counted may be kept, compared with what the same counter has given, be a key among such keys, and have whole
 * numbers added. All else is found here.
 */
import { isKeyed } from "../../ir/shapes.js";
import { isLength, regionOf } from "../../ir/places.js";
import type { Apply, Atom, Block, Init, Instr, RegionId, Step, Value } from "../../ir/types.js";
import { mapKeys, objectKeys } from "../../ops/keys.js";
import type { Unit } from "../context.js";
import { type PendingCall, parametersOf } from "../functions/companions.js";
import { pairsOf } from "../functions/linking.js";
import { returnedBy } from "./absence-flow.js";
import { type Sources, isOfOne, plain, sourcesOfResult } from "./counted-results.js";

interface Body {
  readonly unit: Unit;
  readonly body: Block;
}

/** An instruction, or the end of a block, in which it shows where a counter began. */
export interface Shown {
  readonly counter: number;
  /** Null for what the target returns. */
  readonly instr: Instr | null;
}

export interface Counted {
  /** The regions of the objects that counters lie in, in the unit of the target. */
  readonly counters: readonly RegionId[];
  /** Memory of the caller's, in that unit. */
  readonly outside: ReadonlySet<RegionId>;
}

/** The first place in which it shows where a counter began; null if there is none. The first body is the target's. */
export function findShown(
  bodies: readonly [Body, ...Body[]],
  calls: readonly PendingCall[],
  counted: Counted,
): Shown | null {
  const flow = new CounterFlow(bodies, calls, counted);
  return flow.settle();
}

/** The field of the object that a counter lies in. */
const counterCell = "value";
const keys = "#keys";
const elements = "*";

class CounterFlow {
  readonly #bodies: readonly [Body, ...Body[]];
  readonly #calls: readonly PendingCall[];
  /** The memory that counters lie in, and the caller's, of which it is not known what it holds. */
  readonly #counters: ReadonlyMap<string, number>;
  readonly #outside: Set<string>;
  readonly #sources = new Map<string, Sources>();
  readonly #cells = new Map<string, Set<string>>();
  #changed = true;
  #shown: Shown | null = null;
  #unit: Unit;

  constructor(bodies: readonly [Body, ...Body[]], calls: readonly PendingCall[], counted: Counted) {
    this.#bodies = bodies;
    this.#calls = calls;
    const [{ unit }] = bodies;
    this.#unit = unit;
    this.#counters = new Map(counted.counters.map((region, i) => [this.#memory(unit, region), i]));
    this.#outside = new Set([...counted.outside].map((region) => this.#memory(unit, region)));
  }

  settle(): Shown | null {
    const [target] = this.#bodies;
    while (this.#changed) {
      this.#changed = false;
      this.#shown = null;
      for (const { unit, body } of this.#bodies) {
        this.#unit = unit;
        this.#block(body, []);
      }
      for (const call of this.#calls) this.#call(call);
    }
    this.#unit = target.unit;
    for (const value of returnedBy(target.body)) this.#want(value, null);
    return this.#shown;
  }

  /** `outs`: what the block yields to. */
  #block({ instrs, end }: Block, outs: readonly (Value | null)[]): void {
    for (const instr of instrs) this.#instr(instr);
    if (end.kind !== "yield") return;
    end.values.forEach((value, i) => {
      const out = outs[i] ?? null;
      if (out !== null) this.#put(this.#value(out), this.#of(value));
    });
  }

  #instr(instr: Instr): void {
    switch (instr.kind) {
      case "apply":
        this.#put(this.#value(instr.out), this.#applied(instr));
        return;
      case "load":
        this.#load(instr);
        return;
      case "store":
        this.#step(instr.place.ref, instr.place.step, instr);
        this.#putCell(instr.place.ref, this.#cellAt(instr.place.ref, instr.place.step), instr.value);
        return;
      case "push":
        this.#putCell(instr.ref, elements, instr.value);
        return;
      case "pop":
        this.#put(this.#value(instr.out), this.#ofCell(instr.ref, elements));
        return;
      case "alloc":
        this.#init(instr.out, instr.init, instr);
        return;
      case "if":
        this.#block(instr.consequent, instr.outs);
        this.#block(instr.alternate, instr.outs);
        return;
      case "guard":
        this.#block(instr.body, []);
        return;
      case "loop": {
        const { head } = instr;
        if (head.kind === "counted") {
          for (const bound of [head.from, head.to]) this.#want(bound, instr);
          this.#put(this.#value(head.index), plain);
        }
        for (const { param, init, out } of instr.carried) {
          this.#put(this.#value(param), this.#of(init));
          this.#put(this.#value(out), this.#of(param));
        }
        if (head.kind === "while") this.#block(head.test, []);
        this.#block(instr.body, [null, ...instr.carried.map(({ param }) => param)]);
        return;
      }
      case "foreign":
        for (const arg of instr.args) this.#want(arg, instr);
        if (instr.out !== null) this.#foreign(instr.out);
        return;
      case "call":
        return;
      case "order":
        for (const param of instr.params) this.#put(this.#value(param), plain);
        this.#block(instr.body, [null]);
        if (instr.body.end.kind === "yield") for (const atom of instr.body.end.values) this.#want(atom, null);
        return;
      case "lambda":
        this.#block(instr.body, []);
    }
  }

  #foreign(out: Value): void {
    this.#put(this.#value(out), plain);
    const region = regionOf(out);
    for (const each of region === null ? [] : this.#unit.regions.below(region))
      this.#outside.add(this.#memory(this.#unit, each));
  }

  #applied(instr: Apply): Sources {
    const { op, args } = instr;
    const found = sourcesOfResult(
      op,
      args,
      args.map((arg) => this.#of(arg)),
    );
    if (found === null) for (const arg of args) this.#want(arg, instr);
    return found ?? plain;
  }

  #load({ place, out }: Extract<Instr, { kind: "load" }>): void {
    const { ref, step } = place;
    this.#step(ref, step, { kind: "load", place, out });
    if (isLength(place) || (step.kind === "index" && step.asks !== undefined)) {
      this.#put(this.#value(out), plain);
      return;
    }
    const isTuple = ref.type.kind === "ref" && ref.type.shape.kind === "tuple";
    const cell = this.#cellAt(ref, step);
    const cells = !isTuple ? [cell] : cell === elements ? this.#cellsOf(ref) : [cell, elements];
    for (const each of cells) this.#put(this.#value(out), this.#ofCell(ref, each));
  }

  /** An index among elements must not be counted, and counted keys must be alone. */
  #step(ref: Value, step: Step, instr: Instr): void {
    if (step.kind !== "index") return;
    const isOfKeys = ref.type.kind === "ref" && isKeyed(ref.type.shape);
    if (!isOfKeys) this.#want(step.index, instr);
    else {
      this.#put(this.#cell(ref, keys), this.#of(step.index));
      const all = this.#ofCell(ref, keys);
      if (all !== plain && !isOfOne(all)) this.#show(all, instr);
    }
  }

  #init(out: Value, init: Init, instr: Instr): void {
    const isOfKeys = out.type.kind === "ref" && isKeyed(out.type.shape);
    switch (init.kind) {
      case "object":
        if (this.#begin(out)) return;
        for (const { name, value } of init.entries) {
          if (isOfKeys) this.#put(this.#cell(out, keys), plain);
          this.#putCell(out, entryCell(out, name), value);
        }
        return;
      case "elements":
        init.elements.forEach((value, i) => {
          this.#putCell(out, entryCell(out, String(i)), value);
        });
        return;
      case "filled":
        this.#want(init.length, instr);
        this.#putCell(out, elements, init.value);
        return;
      case "slice":
      case "view":
        for (const bound of [init.from, init.to]) if (bound !== null) this.#want(bound, instr);
        this.#copyCells(regionOf(out), regionOf(init.of), new Set());
        return;
      case "clone":
      case "closed":
        this.#copyCells(regionOf(out), regionOf(init.of), new Set());
        return;
      case "listing": {
        const [of] = init.args;
        const lists = init.op === mapKeys || init.op === objectKeys;
        if (lists && of?.kind === "value") this.#put(this.#cell(out, elements), this.#ofCell(of, keys));
        else {
          for (const arg of init.args) this.#want(arg, instr);
          this.#put(this.#cell(out, elements), plain);
        }
        return;
      }
      case "zeros":
      case "tape":
        return;
    }
  }

  /** A counter is where it is, whatever its declaration says. */
  #begin(out: Value): boolean {
    const counter = this.#counters.get(this.#memory(this.#unit, regionOf(out) ?? -1));
    if (counter !== undefined) this.#put(this.#cell(out, counterCell), 2 << counter);
    return counter !== undefined;
  }

  #copyCells(to: RegionId | null, from: RegionId | null, met: Set<string>): void {
    if (to === null || from === null || met.has(`${String(to)} ${String(from)}`)) return;
    met.add(`${String(to)} ${String(from)}`);
    const { regions } = this.#unit;
    const source = this.#memory(this.#unit, from);
    this.#spreadOutside(this.#memory(this.#unit, to), source);
    for (const cell of this.#cells.get(source) ?? [])
      this.#put(this.#cellIn(this.#unit, to, cell), this.#readCell(this.#unit, from, cell));
    for (const cell of regions.cellsOf(from))
      this.#copyCells(regions.child(to, cell), regions.child(from, cell), met);
  }

  /** Arguments go to parameters, what is returned to the results, and memory is the same on both sides. */
  #call(pending: PendingCall): void {
    const { unit, callee, call } = pending;
    parametersOf(callee).forEach(({ value }, i) => {
      const arg = call.args[i];
      if (arg === undefined) return;
      this.#unit = unit;
      const given = this.#of(arg);
      this.#unit = callee.unit;
      this.#put(this.#value(value), given);
    });
    const body = this.#bodies.find((each) => each.unit === callee.unit)?.body;
    const [out] = call.outs;
    for (const value of out === undefined || body === undefined ? [] : returnedBy(body)) {
      this.#unit = callee.unit;
      const given = this.#of(value);
      this.#unit = unit;
      if (out !== undefined) this.#put(this.#value(out), given);
    }
    for (const [inner, outer] of pairsOf(pending)) {
      const both = [this.#memory(callee.unit, inner), this.#memory(unit, outer)] as const;
      this.#spreadOutside(both[0], both[1]);
      this.#spreadOutside(both[1], both[0]);
      for (const cell of new Set(both.flatMap((each) => [...(this.#cells.get(each) ?? [])]))) {
        const [there, here] = [this.#cellIn(callee.unit, inner, cell), this.#cellIn(unit, outer, cell)];
        this.#put(there, this.#read(here));
        this.#put(here, this.#read(there));
      }
    }
  }

  /** The value has to be no counter's. */
  #want(atom: Atom, instr: Instr | null): void {
    this.#show(this.#of(atom), instr);
  }

  #show(sources: Sources, instr: Instr | null): void {
    if (sources > plain) this.#shown ??= { counter: 30 - Math.clz32(sources), instr };
  }

  #of(atom: Atom): Sources {
    if (atom.kind === "literal") return atom.value === undefined || atom.value === null ? 0 : plain;
    return this.#read(this.#value(atom));
  }

  #read(name: string): Sources {
    return this.#sources.get(name) ?? 0;
  }

  #put(name: string, sources: Sources): void {
    const before = this.#read(name);
    if ((before | sources) === before) return;
    this.#sources.set(name, before | sources);
    this.#changed = true;
  }

  #putCell(ref: Value, cell: string, value: Atom): void {
    if (regionOf(ref) !== null) this.#put(this.#cell(ref, cell), this.#of(value));
  }

  #ofCell(ref: Value, cell: string): Sources {
    return this.#readCell(this.#unit, regionOf(ref) ?? -1, cell);
  }

  #readCell(unit: Unit, region: RegionId, cell: string): Sources {
    const isOutside = this.#outside.has(this.#memory(unit, region));
    return this.#read(this.#cellIn(unit, region, cell)) | (isOutside ? plain : 0);
  }

  /** What is not known of the one memory is not known of the other. */
  #spreadOutside(to: string, from: string): void {
    if (!this.#outside.has(from) || this.#outside.has(to)) return;
    this.#outside.add(to);
    this.#changed = true;
  }

  #cellsOf(ref: Value): readonly string[] {
    return [...(this.#cells.get(this.#memory(this.#unit, regionOf(ref) ?? -1)) ?? [])];
  }

  #value({ id }: Value): string {
    return `${String(this.#number(this.#unit))} ${String(id)}`;
  }

  #cell(ref: Value, cell: string): string {
    return this.#cellIn(this.#unit, regionOf(ref) ?? -1, cell);
  }

  #cellIn(unit: Unit, region: RegionId, cell: string): string {
    const memory = this.#memory(unit, region);
    const known = this.#cells.get(memory);
    if (known === undefined) this.#cells.set(memory, new Set([cell]));
    else known.add(cell);
    return `${memory}.${cell}`;
  }

  #memory(unit: Unit, region: RegionId): string {
    return `${String(this.#number(unit))}:${String(unit.regions.canonical(region))}`;
  }

  #number(unit: Unit): number {
    return this.#bodies.findIndex((each) => each.unit === unit);
  }

  #cellAt(ref: Value, step: Step): string {
    if (step.kind === "field") return step.name;
    return step.index.kind === "literal" ? entryCell(ref, String(step.index.value)) : elements;
  }
}

function entryCell({ type }: Value, name: string): string {
  return type.kind === "ref" && type.shape.kind === "array" ? elements : name;
}
