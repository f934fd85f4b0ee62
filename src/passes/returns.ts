/**
 * A `return` inside of a loop. Lowering takes it as a jump behind the loop, where a guard returns what the loop carries
 * out; here it becomes a guard in the loop again, as it was written: where it gives a constant, of which there is nothing
 * to reverse, and where the iterations before it have left nothing behind that varies.
 */
import { Builder } from "../ir/builder.js";
import { regionOf } from "../ir/places.js";
import type { Atom, Block, End, Func, If, Instr, Loop, RegionId, Type, ValueId } from "../ir/types.js";
import {
  atomsOf,
  endAtoms,
  forEachBlock,
  forEachInstr,
  lastId,
  lastRegion,
  outsOf,
  paramsOf,
  someInstr,
  substitute,
} from "../ir/visit.js";
import { copy, not } from "../ops/scalar.js";
import { isLiteral, through } from "./steady.js";

/** Instructions that reverse sweeps may repeat, where a loop has more than one return. */
const allowance = 40;

export function returnInLoops(func: Func, isTarget: boolean): Func {
  const leaving = someInstr(func.body, (instr) => instr.kind === "loop") ? new Returns(func, isTarget) : null;
  return leaving === null ? func : { ...func, body: leaving.block(func.body, 0) };
}

/** A loop, and the return behind it that it was left for by a flag. */
interface Exit {
  readonly loop: Loop;
  readonly end: Extract<End, { kind: "return" }>;
  readonly values: readonly Atom[];
  /** Which of what the loop carries is the flag; null where it is left by returns only. */
  readonly flag: number | null;
  /** Any return may move, not only that of a constant. */
  readonly isIdle: boolean;
}

/** What the loop yields on the way to a place: `again`, then what it carries. Null: not known there. */
type Yields = readonly (Atom | null)[];

class Returns {
  readonly #builder: Builder;
  readonly #isTarget: boolean;
  /** The value that each value is a copy of, or is one of. */
  readonly #sources = new Map<ValueId, readonly Atom[]>();

  constructor(func: Func, isTarget: boolean) {
    this.#builder = new Builder(lastId(func) + 1, lastRegion(func) + 1);
    this.#isTarget = isTarget;
    forEachInstr(func.body, (instr) => {
      this.#note(instr);
    });
  }

  #note(instr: Instr): void {
    if (instr.kind === "apply" && instr.op === copy) this.#sources.set(instr.out.id, instr.args);
    if (instr.kind === "if")
      instr.outs.forEach((out, index) => {
        const given = [instr.consequent, instr.alternate].flatMap(({ end }) =>
          end.kind === "yield" ? (end.values[index] ?? []) : [],
        );
        this.#sources.set(out.id, given);
      });
    if (instr.kind === "loop")
      instr.carried.forEach(({ init, param, out }, index) => {
        const { end } = instr.body;
        const next = end.kind === "yield" ? (end.values[index + 1] ?? init) : init;
        this.#sources.set(out.id, [param]);
        this.#sources.set(param.id, [init, next]);
      });
  }

  /** `before`: how many instructions have run when the block is reached. */
  block({ instrs, end }: Block, before: number): Block {
    const made: Instr[] = [];
    for (let at = 0; at < instrs.length; at++) {
      const instr = instrs[at];
      if (instr?.kind !== "loop") {
        if (instr !== undefined) made.push(instr);
        continue;
      }
      const next = instrs[at + 1];
      const exit = next === undefined ? endOf(instr, end) : exitOf(instr, next);
      const moved = exit === null ? null : this.#moved(exit, before + at);
      const loop = moved?.loop ?? instr;
      made.push({ ...loop, body: this.block(loop.body, before + at) });
      if (moved?.isWhole === true && next !== undefined) at++;
    }
    return { instrs: made, end };
  }

  /** The loop with the returns in it, and whether these are all; null where none can move. */
  #moved(exit: Exit, before: number): { readonly loop: Loop; readonly isWhole: boolean } | null {
    const { loop } = exit;
    if (loop.body.end.kind !== "yield") return null;
    const left = this.#leave(loop.body, loop.body.end.values, exit);
    // Behind a loop without an end, one way out of it leads to the end of the function.
    if (left.moved === 0 || (exit.flag === null && left.kept === 0)) return null;
    if (left.reversed > 1 && (left.reversed - 1) * before > allowance) return null;
    return { loop: { ...loop, body: left.block }, isWhole: left.kept === 0 };
  }

  /** The block with guards in place of the ways out of the loop. */
  #leave(block: Block, yields: Yields, exit: Exit): Left {
    const flag = yields[placeOf(exit).index] ?? null;
    const stays: Left = { block, moved: 0, reversed: 0, kept: isStill(exit, flag) ? 0 : 1 };
    const at = block.instrs.findIndex(
      (instr) => instr.kind === "if" && instr.outs.some((out) => out === flag),
    );
    const chosen = block.instrs[at];
    if (chosen?.kind !== "if" || block.end.kind !== "yield") return stays;
    const [before, after] = [block.instrs.slice(0, at), block.instrs.slice(at + 1)];
    const late = new Set<Atom>(after.flatMap(outsOf));
    const here = yields.map((atom) => (atom !== null && late.has(atom) ? null : atom));
    const consequent = this.#arm(chosen.consequent, chosen, here, exit);
    const alternate = this.#arm(chosen.alternate, chosen, here, exit);
    if (consequent.returns === null && alternate.returns === null) {
      const instr: If = { ...chosen, consequent: consequent.block, alternate: alternate.block };
      return { ...sum(consequent, alternate), block: { ...block, instrs: [...before, instr, ...after] } };
    }
    const [leaving, other] = consequent.returns === null ? [alternate, consequent] : [consequent, alternate];
    if (leaving.returns === null || other.returns !== null) return stays;
    const { instrs, end } = substituted({ instrs: after, end: block.end }, chosen, other.block);
    const guard = this.#guard(chosen, leaving.returns, leaving === alternate);
    return {
      ...sum(consequent, alternate),
      block: { instrs: [...before, ...guard, ...other.block.instrs, ...instrs], end },
    };
  }

  #arm(arm: Block, chosen: If, yields: Yields, exit: Exit): Arm {
    const here = yields.map((atom) => (atom === null ? null : through(chosen, arm, atom)));
    const { index: place, when } = placeOf(exit);
    const [again, flag] = [here[0], here[place]];
    const given = exit.values.map((value) => {
      const index = exit.loop.carried.findIndex(({ out }) => out === value);
      return index < 0 ? value : (here[index + 1] ?? null);
    });
    const values = given.flatMap((value) => value ?? []);
    const isKnown = values.length === given.length && again != null && isLiteral(again, false);
    if (flag == null || !isLiteral(flag, when) || !isKnown)
      return { ...this.#leave(arm, here, exit), returns: null };
    const isConstant = this.#isTarget && values.every((value) => this.#isConstant(value, new Set()));
    if (!isConstant && !exit.isIdle) return { block: arm, moved: 0, reversed: 0, kept: 1, returns: null };
    const body: Block = { instrs: arm.instrs, end: { ...exit.end, values } };
    return { block: arm, moved: 1, reversed: isConstant ? 0 : 1, kept: 0, returns: body };
  }

  #guard({ test, statement }: If, body: Block, isNegated: boolean): readonly Instr[] {
    const tests: Atom[] = [test];
    const instrs = isNegated
      ? this.#builder.detached(() => {
          tests.unshift(this.#builder.apply(not, [test], { statement }));
        })
      : [];
    return [...instrs, { kind: "guard", test: tests[0] ?? test, body, statement }];
  }

  #isConstant(atom: Atom, seen: Set<ValueId>): boolean {
    if (atom.kind === "literal" || atom.type.kind === "int" || seen.has(atom.id)) return true;
    seen.add(atom.id);
    const sources = this.#sources.get(atom.id);
    return sources?.every((source) => this.#isConstant(source, seen)) === true;
  }
}

/** What a block is without its returns. */
interface Left {
  readonly block: Block;
  /** How many returns have become guards, and how many of these something has to be reversed at. */
  readonly moved: number;
  readonly reversed: number;
  /** How many are still taken by the flag. */
  readonly kept: number;
}

interface Arm extends Left {
  /** The arm as the body of a guard, where it leaves the function. */
  readonly returns: Block | null;
}

function sum(a: Left, b: Left): Omit<Left, "block"> {
  return { moved: a.moved + b.moved, reversed: a.reversed + b.reversed, kept: a.kept + b.kept };
}

/** The block with what an arm of the `if` yields in place of what the `if` gives. */
function substituted(block: Block, { outs }: If, { end }: Block): Block {
  const given = new Map<Atom, Atom | undefined>(
    outs.map((out, index) => [out, end.kind === "yield" ? end.values[index] : undefined]),
  );
  return substitute(block, (atom) => given.get(atom) ?? atom);
}

function exitOf(loop: Loop, guard: Instr): Exit | null {
  if (guard.kind !== "guard" || guard.body.end.kind !== "return" || guard.body.instrs.length > 0) return null;
  const flag = loop.carried.findIndex(({ out, init }) => out === guard.test && isLiteral(init, false));
  const { end } = guard.body;
  return flag < 0 ? null : { loop, end, values: end.values, flag, isIdle: isIdle(loop) };
}

/** A loop that does not end by itself, at the end of the function: each way out of it returns. */
function endOf(loop: Loop, end: End): Exit | null {
  if (end.kind !== "return" || loop.head.kind !== "do") return null;
  return { loop, end, values: end.values, flag: null, isIdle: isIdle(loop) };
}

/** Where the loop is left for a return, among what it yields. */
function placeOf({ flag }: Exit): { readonly index: number; readonly when: boolean } {
  return flag === null ? { index: 0, when: false } : { index: flag + 1, when: true };
}

/** The flag is not set. */
function isStill(exit: Exit, atom: Atom | null): boolean {
  if (atom === null) return false;
  const { index, when } = placeOf(exit);
  return isLiteral(atom, !when) || atom === exit.loop.carried[index - 1]?.param;
}

/** No iteration leaves anything behind that may vary: what it carries is for the way out only. */
function isIdle(loop: Loop): boolean {
  const own = ownRegions(loop);
  const read = new Set<Atom>();
  forEachInstr(loop.body, (instr) => {
    for (const atom of atomsOf(instr)) read.add(atom);
  });
  forEachBlock(loop.body, ({ end }) => {
    for (const atom of endAtoms(end)) read.add(atom);
  });
  const carriesNothing = ({ carried }: Loop): boolean =>
    carried.every(({ param }) => isWithoutDerivative(param.type) || !read.has(param));
  return (
    carriesNothing(loop) &&
    !someInstr(loop.body, (instr) => {
      switch (instr.kind) {
        case "store":
          return !own.has(regionOf(instr.place.ref));
        case "push":
        case "pop":
          return !own.has(regionOf(instr.ref));
        case "call":
          return instr.writes.some((region) => !own.has(region));
        case "loop":
          return !carriesNothing(instr);
        default:
          return false;
      }
    })
  );
}

/** Memory of one iteration: all references to it come from where it is made. */
function ownRegions(loop: Loop): ReadonlySet<RegionId | null> {
  const own = new Set<RegionId | null>();
  const others = new Set<RegionId | null>([null, ...paramsOf(loop).map(regionOf)]);
  forEachInstr(loop.body, (instr) => {
    const isMade = instr.kind === "alloc" || (instr.kind === "apply" && instr.op === copy);
    for (const out of [...outsOf(instr), ...paramsOf(instr)]) (isMade ? own : others).add(regionOf(out));
  });
  for (const region of others) own.delete(region);
  return own;
}

function isWithoutDerivative({ kind }: Type): boolean {
  return kind === "int" || kind === "bool" || kind === "string";
}
