/**
 * Where folded values end up, and which of them may not be written there: a read behind a write to the same memory, or
 * work that was done once and would be done in every iteration of a loop.
 */
import { atomsOf, blocksOf, endAtoms, outsOf } from "../ir/visit.js";
import { memoryOf, regionOf, writesOf } from "../ir/places.js";
import { findGrowing } from "../ir/growth.js";
import type { Atom, Block, Func, If, Instr, Loop, Order, RegionId, Value, ValueId } from "../ir/types.js";
import { isExcluded, literalFacts, type LiteralFact } from "./literal-facts.js";

interface Candidates {
  readonly instrOf: ReadonlyMap<ValueId, Instr>;
  readonly folded: ReadonlySet<ValueId>;
  readonly conditionals: ReadonlySet<If>;
}

/** What runs more than once. */
type Repeated = Loop | Order;

/** A place in the text: its position, and the loops around it. */
interface Point {
  readonly at: number;
  readonly loops: readonly Repeated[];
  /** What runs later, if it is in there. */
  readonly lambda: Instr | null;
  /** What the tests around it have shown. */
  readonly facts: readonly LiteralFact[];
  /** In the head of a counted loop; `again`: where it is read before each iteration. */
  readonly head?: "first" | "again";
}

/** The folded values that need a line of their own after all. */
export function findMisplaced(func: Func, candidates: Candidates): ReadonlySet<ValueId> {
  return new Placement(func, candidates).run();
}

class Placement {
  readonly #func: Func;
  readonly #candidates: Candidates;
  readonly #definedAt = new Map<ValueId, Point>();
  readonly #points = new Map<ValueId, Point[]>();
  readonly #writes = new Map<string, Point[]>();
  readonly #growing: ReadonlySet<RegionId>;
  readonly #misplaced = new Set<ValueId>();
  #position = 0;

  constructor(func: Func, candidates: Candidates) {
    this.#func = func;
    this.#candidates = candidates;
    this.#growing = findGrowing(func);
  }

  run(): ReadonlySet<ValueId> {
    this.#number(this.#func.body, { loops: [], lambda: null, facts: [] });
    this.#place(this.#func.body, []);
    return this.#misplaced;
  }

  /** Numbers all instructions, and notes where memory is written. */
  #number(block: Block, around: Omit<Point, "at">): void {
    let now = around;
    for (const instr of block.instrs) {
      const point = { ...now, at: this.#position++ };
      for (const out of outsOf(instr)) this.#definedAt.set(out.id, point);
      this.#positions.set(instr, point);
      for (const memory of writesOf(instr, this.#growing)) {
        const writes = this.#writes.get(memory);
        if (writes === undefined) this.#writes.set(memory, [point]);
        else writes.push(point);
      }
      this.#numberInner(instr, now);
      if (instr.kind === "guard") now = this.#behind(now, instr.test, false);
      // What an `if` or a loop leaves is there when it has run.
      const behind = { ...now, at: this.#position++ };
      if (blocksOf(instr).length > 0) for (const out of outsOf(instr)) this.#definedAt.set(out.id, behind);
    }
    this.#ends.set(block, { ...now, at: this.#position++ });
  }

  #numberInner(instr: Instr, around: Omit<Point, "at">): void {
    if (instr.kind === "if") {
      this.#number(instr.consequent, this.#behind(around, instr.test, true));
      this.#number(instr.alternate, this.#behind(around, instr.test, false));
      return;
    }
    if (instr.kind === "guard") {
      this.#number(instr.body, this.#behind(around, instr.test, true));
      return;
    }
    const repeats = instr.kind === "loop" || instr.kind === "order";
    const loops = repeats ? [...around.loops, instr] : around.loops;
    const lambda = instr.kind === "lambda" ? instr : around.lambda;
    for (const each of blocksOf(instr)) this.#number(each, { ...around, loops, lambda });
  }

  #behind<P extends Omit<Point, "at">>(point: P, test: Atom, outcome: boolean): P {
    const facts = literalFacts(test, outcome, this.#candidates.instrOf);
    return facts.length === 0 ? point : { ...point, facts: [...point.facts, ...facts] };
  }

  readonly #positions = new Map<Instr, Point>();
  readonly #ends = new Map<Block, Point>();

  /** Uses before definitions, so that where a value ends up is known when its operands are met. */
  #place(block: Block, loops: readonly Repeated[]): void {
    const end = this.#ends.get(block);
    if (end !== undefined) for (const atom of endAtoms(block.end)) this.#use(atom, [end]);
    for (let i = block.instrs.length - 1; i >= 0; i--) {
      const instr = block.instrs[i];
      if (instr !== undefined) this.#placeInstr(instr, loops);
    }
  }

  #placeInstr(instr: Instr, loops: readonly Repeated[]): void {
    const own = this.#positions.get(instr);
    if (own === undefined) return;
    if (instr.kind === "if" && this.#candidates.conditionals.has(instr)) {
      this.#placeConditional(instr, own, loops);
      return;
    }
    if (instr.kind === "loop") {
      const inside = [...loops, instr];
      if (instr.head.kind === "counted") {
        const first = { ...own, head: "first" } as const;
        const at = this.#ends.get(instr.body)?.at ?? own.at;
        const again = { ...own, at, loops: inside, head: "again" } as const;
        this.#use(instr.head.from, [first]);
        this.#use(instr.head.to, [first, again]);
      }
      for (const { init } of instr.carried) this.#use(init, [own]);
      for (const inner of blocksOf(instr)) this.#place(inner, inside);
      return;
    }
    for (const inner of blocksOf(instr))
      this.#place(inner, instr.kind === "order" ? [...loops, instr] : loops);
    const [out] = outsOf(instr);
    const points = out !== undefined && this.#isFolded(out, instr) ? (this.#points.get(out.id) ?? []) : [own];
    for (const atom of atomsOf(instr)) this.#use(atom, points);
  }

  /** All that is in the arms is written where the conditional expression is. */
  #placeConditional(instr: If, own: Point, loops: readonly Repeated[]): void {
    const [out] = instr.outs;
    const points = out !== undefined && this.#isFolded(out, instr) ? (this.#points.get(out.id) ?? []) : [own];
    this.#use(instr.test, points);
    for (const arm of [instr.consequent, instr.alternate]) {
      const within = points.map((point) => this.#behind(point, instr.test, arm === instr.consequent));
      for (const atom of endAtoms(arm.end)) this.#use(atom, within);
      for (let i = arm.instrs.length - 1; i >= 0; i--) {
        const inner = arm.instrs[i];
        if (inner !== undefined) this.#placeInstr(inner, loops);
      }
    }
  }

  /** The value of `instr` is written at its uses, and that is all right. */
  #isFolded(out: Value, instr: Instr): boolean {
    if (!this.#candidates.folded.has(out.id)) return false;
    const home = this.#definedAt.get(out.id);
    const points = this.#points.get(out.id) ?? [];
    if (home !== undefined && points.every((point) => this.#mayMove(instr, home, point))) return true;
    this.#misplaced.add(out.id);
    return false;
  }

  #use(atom: Atom, points: readonly Point[]): void {
    if (atom.kind === "literal") return;
    const known = this.#points.get(atom.id);
    if (known === undefined) this.#points.set(atom.id, [...points]);
    else if (known.length < mostPoints) known.push(...points);
    else this.#misplaced.add(atom.id);
  }

  #mayMove(instr: Instr, home: Point, to: Point): boolean {
    const isFolded = (atom: Atom): boolean =>
      atom.kind === "value" &&
      this.#candidates.instrOf.get(atom.id)?.kind === "apply" &&
      this.#candidates.folded.has(atom.id);
    const deeper = to.loops.filter((loop) => !home.loops.includes(loop));
    switch (instr.kind) {
      case "load":
        if (deeper.length > 0 && instr.place.step.kind === "index") return false;
        if (to.lambda !== home.lambda && this.#isUnsettled(instr.place.ref)) return false;
        return !this.#isWritten(memoryOf(instr.place), home, to, deeper);
      case "apply":
        if (isExcluded(instr, to.facts) && !isExcluded(instr, home.facts)) return false;
        if (deeper.length === 0) return true;
        if (!instr.op.cheap) return false;
        if (instr.out.type.kind === "int") return to.head !== undefined || !instr.args.some(isFolded);
        return to.head === "again" && deeper.length === 1;
      case "alloc": {
        const { init } = instr;
        if (deeper.length > 0) return false;
        if (init.kind === "listing")
          return !init.args.some((arg) => this.#isWritten(String(regionOf(arg)), home, to, deeper));
        // It reads all that lies in both.
        if (init.kind === "closed")
          return ![...this.#writes.keys()].some((each) => this.#isWritten(each, home, to, deeper));
        const isCopy = init.kind === "slice" || init.kind === "view" || init.kind === "clone";
        return !isCopy || !this.#isWritten(String(regionOf(init.of)), home, to, deeper);
      }
      default:
        return deeper.length === 0;
    }
  }

  #isUnsettled(ref: Value): boolean {
    const region = regionOf(ref);
    return region !== null && this.#func.unsettled?.has(region) === true;
  }

  #isWritten(memory: string, home: Point, to: Point, deeper: readonly Repeated[]): boolean {
    const writes = this.#writes.get(memory) ?? [];
    return writes.some(
      ({ at, loops }) => (at > home.at && at < to.at) || deeper.some((loop) => loops.includes(loop)),
    );
  }
}

/** A value that is written in more places than this gets a line of its own. */
const mostPoints = 64;
