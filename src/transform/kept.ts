/**
 * What a derivative by hand is given when the reverse sweep calls it: the arguments and the result as they were. Memory
 * that is written to behind the call, or in a later iteration, is copied there.
 */
import { findActivity } from "../analysis/activity.js";
import { type Definitions, findDefinitions, loopsAround } from "../analysis/definitions.js";
import { Builder, type Origin, suggested } from "../ir/builder.js";
import { regionOf } from "../ir/places.js";
import { type Contained, findContained, reachedFrom } from "../ir/contained.js";
import type { Atom, Block, Foreign, Func, Instr, Loop, RegionId, Value } from "../ir/types.js";
import { forEachInstr, lastId, lastRegion, mapBlocks, mapCallees, outsOf } from "../ir/visit.js";

/** The function, and those that it calls, with copies where calls with a derivative need them. */
export function keepArguments(func: Func): Func {
  return mapCallees(keepWithin(func, func.callees !== undefined), (callee) => keepWithin(callee, true));
}

/** `isOpen`: what other functions write to, and what flows into them, is not known here. */
function keepWithin(func: Func, isOpen: boolean): Func {
  const ruled: Instr[] = [];
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "foreign" && instr.callee.rule !== null) ruled.push(instr);
  });
  return ruled.length > 0 ? { ...func, body: new Keeper(func, isOpen).block(func.body) } : func;
}

interface Write {
  readonly region: RegionId;
  readonly order: number;
  readonly loops: readonly Loop[];
}

class Keeper {
  readonly #builder: Builder;
  readonly #definitions: Definitions;
  readonly #contained: Contained;
  readonly #isOpen: boolean;
  readonly #isActive: (out: Value) => boolean;
  readonly #writes: Write[] = [];
  readonly #order = new Map<Instr, number>();
  /** The loops around all places where memory of the region is made. */
  readonly #born = new Map<RegionId, readonly Loop[]>();

  constructor(func: Func, isOpen: boolean) {
    this.#isOpen = isOpen;
    const last = Math.max(lastId(func), lastRegion(func));
    this.#builder = new Builder(last + 1, last + 1);
    this.#definitions = findDefinitions(func);
    this.#contained = findContained(func);
    const activity = findActivity(func);
    this.#isActive = (out) => {
      if (regionOf(out) === null) return isOpen || activity.active.has(out.id);
      return isOpen || [...reachedFrom(this.#contained, [out])].some((each) => activity.isActiveRegion(each));
    };
    for (const { value } of func.params) this.#bear(value, []);
    forEachInstr(func.body, (instr) => {
      this.#meet(instr);
    });
  }

  block(block: Block): Block {
    return {
      instrs: block.instrs.flatMap((instr) =>
        instr.kind === "foreign" ? this.#call(instr) : [mapBlocks(instr, (inner) => this.block(inner))],
      ),
      end: block.end,
    };
  }

  #meet(instr: Instr): void {
    this.#order.set(instr, this.#order.size);
    const loops = this.#around(instr);
    if (instr.kind === "alloc" || instr.kind === "foreign")
      for (const out of outsOf(instr)) this.#bear(out, loops);
    const ref =
      instr.kind === "store"
        ? instr.place.ref
        : instr.kind === "push" || instr.kind === "pop"
          ? instr.ref
          : null;
    const region = ref === null ? null : regionOf(ref);
    if (region !== null) this.#writes.push({ region, order: this.#order.get(instr) ?? 0, loops });
  }

  #bear(value: Value, loops: readonly Loop[]): void {
    const region = regionOf(value);
    if (region === null) return;
    const known = this.#born.get(region);
    this.#born.set(region, known === undefined ? loops : known.filter((loop) => loops.includes(loop)));
  }

  #call(call: Foreign): readonly Instr[] {
    const { args, out } = call;
    if (out === null || call.callee.rule === null || !this.#isActive(out)) return [call];
    const before: Instr[] = [];
    const kept = args.map((arg): Atom => {
      if (arg.kind !== "value" || !this.#changes(arg, call)) return arg;
      const [copy, instrs] = this.#copied(arg, call);
      before.push(...instrs);
      return copy;
    });
    if (!this.#changes(out, call)) return [...before, { ...call, args: kept }];
    // What the function goes on with is a copy; the result itself stays as it was.
    const type = out.type.kind === "ref" ? { ...out.type, region: this.#builder.region() } : out.type;
    const result = this.#builder.value(type, { ...out, hint: nameOf(out, "result") });
    const copy: Instr = { kind: "alloc", out, init: { kind: "clone", of: result } };
    return [...before, { ...call, args: kept, out: result }, copy];
  }

  #copied(arg: Value, { statement, span }: Foreign): readonly [Value, readonly Instr[]] {
    const origin: Origin = { hint: nameOf(arg, "given"), statement, span };
    const made: Value[] = [];
    const instrs = this.#builder.detached(() => {
      made.push(this.#builder.clone(arg, undefined, origin));
    });
    return [made[0] ?? arg, instrs];
  }

  /** Something that the reference leads to is written to when the call has been made. */
  #changes(ref: Value, call: Foreign): boolean {
    if (regionOf(ref) === null || this.#isOpen) return regionOf(ref) !== null;
    const at = this.#order.get(call) ?? 0;
    const reached = reachedFrom(this.#contained, [ref]);
    return this.#writes.some(({ region, order, loops }) => {
      if (!reached.has(region)) return false;
      const born = this.#born.get(region) ?? [];
      const again = this.#around(call).filter((loop) => !born.includes(loop));
      return order > at || loops.some((loop) => again.includes(loop));
    });
  }

  #around(instr: Instr): readonly Loop[] {
    const site = this.#definitions.homeOf.get(instr);
    return site === undefined ? [] : loopsAround(site);
  }
}

function nameOf({ hint }: Value, word: string): Value["hint"] {
  return suggested(hint === null ? word : `${hint.text}_${word}`);
}
