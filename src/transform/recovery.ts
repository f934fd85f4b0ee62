/**
 * How a value of the forward sweep reaches a place in the reverse sweep. In a block that is still open it is live. A
 * value of a block that has been left (an arm, a loop's body) is what the arm yields, or is computed again where that is
 * cheap and its operands are at hand, or is recorded: on a tape where a loop has been left, else as one more result of
 * the `if`.
 */
import type { Activity } from "../analysis/activity.js";
import { type Definition, type Definitions, type Site, loopsAround } from "../analysis/definitions.js";
import type { Stability } from "../analysis/stability.js";
import { type Builder, type Origin, suggested } from "../ir/builder.js";
import { isLength } from "../ir/places.js";
import type { Formula } from "../ir/op.js";
import type { Apply, Atom, Instr, Load, Loop, Place, Value, ValueId } from "../ir/types.js";
import { isFlatZero, partialsOf } from "../ops/partials.js";
import { copy, narrow, pow } from "../ops/scalar.js";
import { invariant } from "../support/invariant.js";
import type { Counters } from "./counters.js";
import type { Exports } from "./exports.js";
import type { Tapes } from "./tapes.js";
import { isWhole } from "./trips.js";

/** What all recoveries of one function share. */
export interface Recording {
  readonly builder: Builder;
  readonly definitions: Definitions;
  readonly stability: Stability;
  readonly exports: Exports;
  readonly tapes: Tapes;
  readonly counters: Counters;
  /** Values that some pullback reads. */
  readonly pulled: ReadonlySet<ValueId>;
}

/** Recovers values for one block of a reverse sweep. */
export class Recovery {
  readonly #recording: Recording;
  /** The blocks of the forward sweep that enclose the place where the reverse sweep stands. */
  readonly #live: ReadonlySet<Site>;
  readonly #liveLoops: ReadonlySet<Loop>;
  readonly #parent: Recovery | null;
  /** The block of the forward sweep that is being reversed; null at the end of the function. */
  readonly site: Site | null;
  readonly #depth: number;
  readonly #again = new Map<ValueId, Value>();
  readonly #prologue: Instr[] = [];
  /** The number of the iteration, from 0, for reading tapes of a loop that is not counted. */
  readonly iteration: Value | null;

  constructor(
    recording: Recording,
    live: ReadonlySet<Site>,
    parent: Recovery | null = null,
    site: Site | null = null,
    iteration: Value | null = null,
  ) {
    this.#recording = recording;
    this.#live = live;
    this.#liveLoops = new Set([...live].flatMap((each) => (each.loop === null ? [] : [each.loop])));
    this.#parent = parent;
    this.site = site;
    this.iteration = iteration;
    this.#depth = recording.builder.depth;
  }

  /** For the reversed block `site`; made inside of it. */
  nested(site: Site, iteration: Value | null = null): Recovery {
    return new Recovery(this.#recording, this.#live, this, site, iteration);
  }

  /** For the end of an iteration of a fused loop: its body has not been left. */
  inside(site: Site): Recovery {
    return new Recovery(this.#recording, new Set([...this.#live, site]), this, site);
  }

  /** What has to come first in the reversed block: reads of tapes. */
  prologue(): readonly Instr[] {
    return this.#prologue;
  }

  /** `again` is the forward value in this block of the reverse sweep. */
  know(value: Value, again: Value): void {
    this.#again.set(value.id, again);
  }

  isLive(site: Site): boolean {
    return this.#live.has(site);
  }

  /** The recovery of the reversed block that mirrors `site`, around this one; the outermost for what is live. */
  at(site: Site): Recovery {
    if (this.site === site || this.#parent === null) return this;
    return this.#parent.at(site);
  }

  /** Emits in this block, before what is being made inside of it. */
  emit<T>(fill: () => T): T {
    return this.#recording.builder.within(this.#depth, fill);
  }

  atom(atom: Atom): Atom {
    return atom.kind === "value" ? this.value(atom) : atom;
  }

  /** The place, its reference and index recovered. */
  place({ ref, step }: Place): Place {
    return {
      ref: this.value(ref),
      step: step.kind === "index" ? { ...step, index: this.atom(step.index) } : step,
    };
  }

  value(value: Value): Value {
    const { counters, definitions, exports, tapes } = this.#recording;
    const definition = definitions.of.get(value.id);
    const site = definition?.site ?? exports.siteOf(value.id) ?? counters.siteOf(value.id);
    if (site === null || this.#live.has(site)) return value;
    const again = this.#recomputed(value.id);
    if (again !== null) return again;
    const yielded = yieldedAs(value, site);
    if (yielded !== null) return this.at(site).#present(value, this.value(yielded));
    if (definition !== undefined && this.#isCheap(definition)) return this.at(site).#recompute(definition);
    const isReference = value.type.kind === "ref" || value.type.kind === "maybe";
    if (!this.#leavesLoop(site) && !isReference)
      return this.value(exports.request(this.#recording.builder, value, site));
    const read = tapes.request(value, site, this.#live);
    return this.at(site).#recall(value, (origin) => read(origin, this.at(site)));
  }

  /** A tape that tells how often the loop with this body has run; null where there is none. */
  listOf(loop: Loop, body: Site): Value | null {
    return this.#recording.tapes.listOf(loop, body, this.#live);
  }

  /** A tape with one value for each iteration of the loop, by its index; null where there is none. */
  recordOf(loop: Loop, body: Site): Value | null {
    return this.#recording.tapes.recordOf(loop, body, this.#live);
  }

  /** A load may be repeated here, as far as memory is concerned. */
  isStable(load: Load): boolean {
    return this.#recording.stability.isStable(load, this.#liveLoops);
  }

  /** In its own arm, what the `if` may have left out is there. */
  #present(value: Value, yielded: Value): Value {
    if (yielded.type.kind !== "maybe" || value.type.kind === "maybe") return yielded;
    const { builder } = this.#recording;
    const again = this.emit(() => builder.apply(narrow, [yielded], { sweep: "backward" }, value.type));
    this.#again.set(value.id, again);
    return again;
  }

  #recomputed(id: ValueId): Value | null {
    const again = this.#again.get(id);
    if (again !== undefined) return again;
    return this.#parent === null ? null : this.#parent.#recomputed(id);
  }

  /** A loop lies between the block and the reverse sweep. */
  #leavesLoop(site: Site): boolean {
    for (let at: Site | null = site; at !== null && !this.#live.has(at); at = at.parent)
      if (at.loop !== null) return true;
    return false;
  }

  /** A few cheap operations on values that are at hand, or will be. */
  #isCheap(definition: Definition): boolean {
    return this.#affords(definition, { left: mostWork, met: new Set() });
  }

  #affords({ instr, site, value }: Definition, budget: Budget): boolean {
    if (instr === null || (instr.kind !== "load" && instr.kind !== "apply")) return false;
    if (budget.met.has(value.id)) return true;
    budget.met.add(value.id);
    budget.left -= workOf(instr);
    if (budget.left < 0) return false;
    if (instr.kind === "load") {
      const { ref, step } = instr.place;
      if (!this.isStable(instr)) return false;
      const length = this.#madeLength(instr);
      if (!this.#isWithinReach(ref, site, budget))
        return length !== null && this.#isWithinReach(length, site, budget);
      return step.kind === "field" || this.#isWithinReach(step.index, site, budget);
    }
    if (instr.op.impure) return false;
    // What a pullback reads anyway will be at hand, if only by a tape.
    const isTaped = this.#leavesLoop(site);
    const within = (arg: Atom): boolean =>
      (isTaped && arg.kind === "value" && this.#recording.pulled.has(arg.id)) ||
      this.#isWithinReach(arg, site, budget);
    const isArithmetic =
      instr.op.cheap || ((isTaped || isConstant(instr)) && instr.op.spelling.kind === "binary");
    return (isArithmetic || (isTaped && needsArguments(instr))) && instr.args.every(within);
  }

  /** For the length of an array that never changes it: the number that the array was made with. */
  #madeLength(load: Load): Atom | null {
    const { definitions, stability } = this.#recording;
    const { ref } = load.place;
    if (!isLength(load.place) || ref.type.kind !== "ref") return null;
    const made = definitions.of.get(ref.id)?.instr;
    if (made?.kind !== "alloc" || made.init.kind !== "filled") return null;
    const { length } = made.init;
    // A typed array rounds what it is made with.
    return stability.isResized(ref.type.region) || !isWhole(length) ? null : length;
  }

  /** For something of `site`. What an outer loop has made is recorded less often, if it has to be. */
  #isWithinReach(atom: Atom, site: Site, budget: Budget): boolean {
    if (this.#isAtHand(atom)) return true;
    const definition = atom.kind === "value" ? this.#recording.definitions.of.get(atom.id) : undefined;
    if (definition === undefined) return false;
    return this.#affords(definition, budget) || this.#isOuter(definition.site, site);
  }

  #isOuter(site: Site, inner: Site): boolean {
    return loopsLeft(site, this.#live).length < loopsLeft(inner, this.#live).length;
  }

  #isAtHand(atom: Atom): boolean {
    if (atom.kind !== "value") return true;
    const site = this.#recording.definitions.of.get(atom.id)?.site;
    if (site === undefined || this.#live.has(site) || this.#recomputed(atom.id) !== null) return true;
    if (this.#leavesLoop(site) && this.#recording.tapes.has(atom)) return true;
    const yielded = yieldedAs(atom, site);
    return yielded !== null && this.#isAtHand(yielded);
  }

  #recompute(definition: Definition): Value {
    const { builder } = this.#recording;
    const instr = definition.instr as Apply | Load;
    const { value } = definition;
    const origin = originOf(value);
    const length = instr.kind === "load" ? this.#madeLength(instr) : null;
    if (instr.kind === "load" && length !== null && !this.#isAtHand(instr.place.ref)) {
      const known = this.atom(length);
      const again = this.emit(() => builder.apply(copy, [known], origin, value.type));
      this.#again.set(value.id, again);
      return again;
    }
    const again = this.emit(() => {
      if (instr.kind === "load") {
        const { ref, step } = this.place(instr.place);
        return builder.load(ref, step, value.type, origin);
      }
      const args = instr.args.map((arg) => this.atom(arg));
      return builder.apply(instr.op, args, origin, value.type);
    });
    this.#again.set(value.id, again);
    return again;
  }

  #recall(value: Value, read: (origin: Origin) => Value): Value {
    const found: Value[] = [];
    const instrs = this.#recording.builder.detached(() => {
      found.push(read(originOf(value)));
    });
    const [again] = found;
    invariant(again, "reverse", "a tape gave nothing");
    this.#prologue.push(...instrs);
    this.#again.set(value.id, again);
    return again;
  }
}

/** The work that recomputing may cost, in operations on numbers. */
const mostWork = 8;

interface Budget {
  left: number;
  /** What has been paid for. */
  readonly met: Set<ValueId>;
}

/** A load costs less than what it would take to record the value, and so does what an index is made of. */
function workOf(instr: Load | Apply): number {
  if (instr.kind === "load" || instr.out.type.kind === "int") return 0.25;
  const [, exponent] = instr.args;
  const isSquare = instr.op === pow && exponent?.kind === "literal" && exponent.value === 2;
  return instr.op.cheap || isSquare ? 1 : 4;
}

/** `24389 / 27`. */
function isConstant({ args }: Apply): boolean {
  return args.every(({ kind }) => kind === "literal");
}

function originOf(value: Value): Origin {
  const hint = value.hint === null ? null : suggested(value.hint.text);
  return { hint, statement: value.statement, span: value.span, sweep: "backward", again: value.id };
}

/** The result of the `if` that holds this value when its arm has run. */
function yieldedAs(value: Value, site: Site): Value | null {
  if (site.arm === null || site.block.end.kind !== "yield") return null;
  const index = site.block.end.values.findIndex((atom) => atom.kind === "value" && atom.id === value.id);
  return site.arm.owner.outs[index] ?? null;
}

/** The slope is no cheaper than the value, and is made of the arguments: `sin`. */
function needsArguments(instr: Apply): boolean {
  const partials = partialsOf(instr);
  return partials !== null && partials.length === 1 && partials.some((formula) => isCostly(formula));
}

function isCostly(formula: Formula): boolean {
  return formula.kind === "apply" && (!formula.op.cheap || formula.args.some(isCostly));
}

/** The values that the pullbacks of active operations read. */
export function findPulled(instrs: Iterable<Instr>, activity: Activity): ReadonlySet<ValueId> {
  const pulled = new Set<ValueId>();
  for (const instr of instrs) {
    if (instr.kind !== "apply" || !activity.active.has(instr.out.id)) continue;
    const partials = partialsOf(instr) ?? [];
    instr.args.forEach((arg, index) => {
      const partial = partials[index];
      if (partial === undefined || isFlatZero(partial)) return;
      if (arg.kind === "value" && activity.active.has(arg.id)) addReads(partial, instr, pulled);
    });
  }
  return pulled;
}

function addReads(formula: Formula, instr: Apply, into: Set<ValueId>): void {
  switch (formula.kind) {
    case "literal":
      return;
    case "result":
      into.add(instr.out.id);
      return;
    case "arg": {
      const atom = instr.args[formula.index];
      if (atom?.kind === "value") into.add(atom.id);
      return;
    }
    case "apply":
      for (const part of formula.args) addReads(part, instr, into);
  }
}

/** The loops between a block and the live blocks around it, outermost first. */
export function loopsLeft(site: Site, live: ReadonlySet<Site>): readonly Loop[] {
  const kept = new Set([...live].flatMap((each) => (each.loop === null ? [] : [each.loop])));
  return loopsAround(site).filter((loop) => !kept.has(loop));
}
