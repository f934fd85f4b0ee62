/** Which numbers, in which memory, may change with what is differentiated: found for a target and all that it calls. */
import { regionOf } from "../../ir/places.js";
import type { Atom, Block, Instr, RegionId, Type, Value, ValueId } from "../../ir/types.js";
import { forEachBlock, forEachInstr, handedOn, initAtoms, outsOf } from "../../ir/visit.js";
import type { Unit } from "../context.js";
import { type PendingCall, parametersOf } from "../functions/companions.js";
import { pairsOf } from "../functions/linking.js";

/** A function that has been lowered. */
export interface Code {
  readonly unit: Unit;
  readonly body: Block;
}

/** What is known of one function. */
class Found {
  readonly values = new Set<ValueId>();
  readonly regions = new Set<RegionId>();
  /** Memory that the function, or one that it calls, puts such numbers into. */
  readonly filled = new Set<RegionId>();

  get size(): number {
    return this.values.size + this.regions.size + this.filled.size;
  }
}

export class Varying {
  readonly #found: ReadonlyMap<Unit, Found>;

  /** `given` are the parameters of the target, the first of `all`, that it is differentiated by. */
  constructor(all: readonly Code[], calls: readonly PendingCall[], given: readonly Value[]) {
    this.#found = new Map(all.map(({ unit }) => [unit, new Found()]));
    const [main] = all;
    if (main !== undefined) for (const value of given) this.#addAll(main.unit, value);
    for (let before = -1; before !== this.#size();) {
      before = this.#size();
      for (const { unit, body } of all) forEachInstr(body, (instr) => this.#visit(unit, instr));
      for (const call of calls) this.#link(call, all);
    }
  }

  /** A number in the function that may be such. */
  isVaried(unit: Unit, { id }: Value): boolean {
    return this.#found.get(unit)?.values.has(id) === true;
  }

  /** Memory in the function that such numbers may lie in. */
  holds(unit: Unit, region: RegionId): boolean {
    return this.#found.get(unit)?.regions.has(unit.regions.canonical(region)) === true;
  }

  #size(): number {
    return [...this.#found.values()].reduce((sum, { size }) => sum + size, 0);
  }

  #addAll({ regions }: Unit, value: Value): void {
    const unit = [...this.#found.keys()].find((each) => each.regions === regions);
    const found = unit === undefined ? undefined : this.#found.get(unit);
    const region = regionOf(value);
    if (region === null) found?.values.add(value.id);
    else for (const each of regions.below(region)) found?.regions.add(each);
  }

  #visit(unit: Unit, instr: Instr): void {
    const { regions } = unit;
    const found = this.#found.get(unit) ?? new Found();
    const at = (ref: Value): RegionId | null => {
      const region = regionOf(ref);
      return region === null ? null : regions.canonical(region);
    };
    const varies = (atom: Atom): boolean => atom.kind === "value" && found.values.has(atom.id);
    const holds = (atom: Atom): boolean => {
      const region = atom.kind === "value" ? at(atom) : null;
      return region !== null && [...regions.below(region)].some((each) => found.regions.has(each));
    };
    const add = (value: Value): void => {
      if (isReal(value.type)) found.values.add(value.id);
    };
    const fill = (ref: Value): void => {
      const region = at(ref);
      if (region === null) return;
      found.regions.add(region);
      found.filled.add(region);
    };
    switch (instr.kind) {
      case "apply":
        if (instr.args.some(varies)) add(instr.out);
        return;
      case "load":
        if (found.regions.has(at(instr.place.ref) ?? -1)) add(instr.out);
        return;
      case "pop":
        if (found.regions.has(at(instr.ref) ?? -1)) add(instr.out);
        return;
      case "store":
        if (varies(instr.value)) fill(instr.place.ref);
        return;
      case "push":
        if (varies(instr.value)) fill(instr.ref);
        return;
      case "alloc":
        if (!initAtoms(instr.init).some((atom) => varies(atom) || holds(atom))) return;
        for (const region of regions.below(at(instr.out) ?? -1)) {
          found.regions.add(region);
          found.filled.add(region);
        }
        return;
      case "if":
      case "loop":
        for (const [from, to] of handedOn(instr)) if (varies(from)) add(to);
        return;
      case "foreign":
        if (instr.args.some((atom) => varies(atom) || holds(atom))) outsOf(instr).forEach(add);
        return;
      case "call":
      case "guard":
      case "lambda":
      case "order":
        return;
    }
  }

  /** What goes into a call, and what comes out of it. */
  #link(pending: PendingCall, all: readonly Code[]): void {
    const { unit, callee, call } = pending;
    const [outer, inner] = [this.#found.get(unit), this.#found.get(callee.unit)];
    if (outer === undefined || inner === undefined) return;
    parametersOf(callee).forEach(({ value }, i) => {
      const arg = call.args[i];
      if (arg?.kind === "value" && outer.values.has(arg.id)) inner.values.add(value.id);
    });
    for (const [within, around] of pairsOf(pending)) {
      const [own, others] = [callee.unit.regions.canonical(within), unit.regions.canonical(around)];
      if (outer.regions.has(others)) inner.regions.add(own);
      if (!inner.filled.has(own)) continue;
      outer.regions.add(others);
      outer.filled.add(others);
    }
    const body = all.find((each) => each.unit === callee.unit)?.body;
    if (body === undefined) return;
    forEachBlock(body, ({ end }) => {
      if (end.kind !== "return") return;
      if (end.values.some((atom) => atom.kind === "value" && inner.values.has(atom.id)))
        for (const out of call.outs) if (isReal(out.type)) outer.values.add(out.id);
    });
  }
}

/** A number that may have a derivative, whether there or not. */
function isReal(type: Type): boolean {
  return type.kind === "real" || (type.kind === "maybe" && isReal(type.type));
}
