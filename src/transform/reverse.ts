/**
 * The reverse sweep over a straight run of instructions and the arms of its `if`s: takes the cotangents of the results
 * in a ledger, emits the backward instructions, and leaves the cotangents of parameters and outer values there.
 */
import type { Activity } from "../analysis/activity.js";
import type { Definitions, Site } from "../analysis/definitions.js";
import { type Builder, type Origin, declared, number, suggested } from "../ir/builder.js";
import type {
  Alloc,
  Apply,
  Atom,
  Block,
  Func,
  Hint,
  If,
  Instr,
  Load,
  Param,
  RegionId,
  Statement,
  Store,
  Type,
  Value,
  ValueId,
} from "../ir/types.js";
import { isFlatZero, partialsOf } from "../ops/partials.js";
import { wordFor } from "../ops/words.js";
import { invariant } from "../support/invariant.js";
import type { AccumulationFacts } from "./accumulation.js";
import type { Adopted } from "./adoption.js";
import { type Cell, cellKey, cellOf, cellSlot } from "./cells.js";
import type { Contained } from "../ir/contained.js";
import { regionOf } from "../ir/places.js";
import { statementOf } from "../ir/statement-of.js";
import { reverseCall } from "./calls.js";
import { reverseForeign } from "./foreign.js";
import { singleTerm } from "./incoming.js";
import { reverseLoop } from "./loops.js";
import { reverseAlloc, reverseLoad, reversePop, reversePush, reverseStore, touchesMemory } from "./memory.js";
import type { Mirrors } from "./mirrors.js";
import { Pullback } from "./pullback.js";
import type { Recovery } from "./recovery.js";
import type { ShadowRegions } from "./shadow-memory.js";
import type { ShadowPlan } from "./shadow-plan.js";
import { Ledger, type Slot } from "./slots.js";
import type { Counters } from "./counters.js";
import type { Fusions } from "./fusion.js";
import type { Tapes } from "./tapes.js";
import { type SpecialPoints, guardCotangent, guardFor } from "./special.js";
import { type Term, collect, fromAtom, isTrivial, multiply, one } from "./terms.js";
import { write } from "./write.js";

/** What all reverse sweeps of one function share. */
export interface Sweep {
  readonly func: Func;
  readonly builder: Builder;
  readonly definitions: Definitions;
  readonly activity: Activity;
  readonly points: SpecialPoints;
  /** Differentiated parameters whose cells are slots. */
  readonly slots: ReadonlySet<Param>;
  readonly lines: ReadonlyMap<string, number>;
  /** The types under which cells are read, by the keys of their slots. */
  readonly cellTypes: ReadonlyMap<string, Type>;
  /** Position of each instruction in the primal. */
  readonly order: ReadonlyMap<Instr, number>;
  readonly shadows: ShadowPlan;
  /** Copies whose shadow is that of the parameter, or of the part of it, that they were made of. */
  readonly adopted: ReadonlyMap<Alloc, Adopted>;
  readonly regions: ShadowRegions;
  readonly tapes: Tapes;
  readonly counters: Counters;
  readonly fusions: Fusions;
  /** Values that matter for the derivative in arms of later `if`s only. */
  readonly guarded: ReadonlySet<ValueId>;
  /** How often each value is read. */
  readonly uses: ReadonlyMap<ValueId, number>;
  /** Loads that are the reading half of `place += e`. */
  readonly updates: ReadonlySet<Load>;
  /** Which memory lies in which. */
  readonly contained: Contained;
  /** Regions of arrays from which something is taken off. */
  readonly shrinking: ReadonlySet<RegionId>;
  /** Stores whose cells are written once. */
  readonly single: ReadonlySet<Store>;
}

/** A reverse sweep standing in one block. */
export interface Frame {
  readonly sweep: Sweep;
  readonly ledger: Ledger;
  readonly recovery: Recovery;
  readonly mirrors: Mirrors;
}

/** Room for the arguments of one instruction between two orders. */
const argumentsPerInstr = 1000;

/** Where the terms of an instruction's first argument stand among all terms; those of the others follow, one by one. */
export function orderOf({ order }: Sweep, instr: Instr): number {
  return (order.get(instr) ?? 0) * argumentsPerInstr;
}

/** Adds `terms` to the cotangent of `atom`. */
export function contribute(
  frame: Frame,
  atom: Atom,
  term: Term,
  order: number,
  statement: Statement | null,
  seed = false,
): void {
  if (!isActive(frame.sweep, atom)) return;
  frame.ledger.contribute(slotOf(frame, atom), term, order, statement, seed);
}

/** What tells sums in the primal function. */
export function sumFacts({ definitions, uses }: Sweep): AccumulationFacts {
  return { uses, definedBy: (id) => definitions.of.get(id)?.instr ?? null };
}

/** A number that varies and reaches the result. */
export function isActive(sweep: Sweep, atom: Atom): atom is Value {
  return atom.kind === "value" && regionOf(atom) === null && sweep.activity.active.has(atom.id);
}

/** Reverses the instructions, last first. */
export function reverse(frame: Frame, instrs: Iterable<Instr>): void {
  let statement: Statement | null | undefined;
  for (const instr of instrs) {
    const current = statementOf(instr);
    if (statement !== undefined && current?.id !== statement?.id) frame.ledger.flush();
    statement = current;
    reverseInstr(frame, instr);
  }
  frame.ledger.flush();
}

function reverseInstr(frame: Frame, instr: Instr): void {
  switch (instr.kind) {
    case "apply":
      reverseApply(frame, instr);
      return;
    case "load":
      reverseLoad(frame, instr);
      return;
    case "store":
      reverseStore(frame, instr);
      return;
    case "push":
      reversePush(frame, instr);
      return;
    case "pop":
      reversePop(frame, instr);
      return;
    case "alloc":
      reverseAlloc(frame, instr);
      return;
    case "foreign":
      reverseForeign(frame, instr);
      return;
    case "if":
      reverseIf(frame, instr);
      return;
    case "loop":
      reverseLoop(frame, instr);
      return;
    case "call":
      reverseCall(frame, instr);
      return;
    case "lambda":
    case "order":
      return;
    case "guard":
      // Where the code after it runs, it was not taken.
      return;
  }
}

function reverseApply(frame: Frame, instr: Apply): void {
  const { sweep } = frame;
  if (!isActive(sweep, instr.out)) return;
  const incoming = collect(frame.ledger.take(slotOf(frame, instr.out)));
  if (incoming.length === 0) return;
  const statement = instr.out.statement;
  const origin: Origin = { statement, span: instr.out.span, sweep: "backward" };
  const partials = partialsOf(instr, sweep.points.curved) ?? [];
  const flowing = instr.args.flatMap((arg, index) => {
    const partial = partials[index];
    return partial === undefined || isFlatZero(partial) || !isActive(sweep, arg)
      ? []
      : [{ arg, index, partial }];
  });
  if (flowing.length === 0) return;
  const named: Origin = { ...origin, hint: temporaryFor(instr.out, wordFor(instr.op)) };
  const single = singleTerm(frame, incoming, named);
  const guard = guardFor(sweep.points, instr, single);
  const shared = flowing.length > 1 ? shareable(frame, single, named, guard !== "none") : single;
  const result = (): Atom => frame.recovery.value(instr.out);
  const cotangent = guardCotangent(sweep.builder, guard, result, shared, named);
  const pullback = new Pullback(sweep.builder, sweep.definitions, frame.recovery);
  const base = orderOf(sweep, instr);
  for (const { arg, index, partial } of flowing) {
    const term = multiply(pullback.term(partial, instr, origin), cotangent);
    contribute(frame, arg, term, base + index, statement);
  }
}

/**
 * A product that several arguments receive is computed once. A factor 2 or 1/2 waits for its counterpart; masks that
 * have to keep an infinite partial away stay outside.
 */
export function shareable(frame: Frame, whole: Term, origin: Origin, keepsMasks = false): Term {
  if (keepsMasks && whole.masks.length > 0) {
    return { ...shareable(frame, { ...whole, masks: [] }, origin), masks: whole.masks };
  }
  const term = whole;
  const light = term.divisors.length === 0 && term.masks.length === 0 && term.factors.length <= 1;
  if (light || isTrivial(term)) return term;
  const waits = term.coefficient === 2 || term.coefficient === 0.5;
  const shared = waits ? { ...term, coefficient: 1 } : term;
  const atom = write(frame.sweep.builder, [shared], waits ? { ...origin, hint: suggested("s") } : origin);
  return { ...fromAtom(atom, 3), coefficient: waits ? term.coefficient : 1 };
}

function reverseIf(frame: Frame, instr: If): void {
  const { sweep } = frame;
  frame.ledger.flush();
  const cotangents = instr.outs.map((out) => {
    if (!isActive(sweep, out)) return null;
    const terms = collect(frame.ledger.take(slotOf(frame, out)));
    if (terms.length === 0) return null;
    const origin: Origin = { statement: out.statement, sweep: "backward", hint: temporaryFor(out, null) };
    const single = singleTerm(frame, terms, origin);
    const receivers = [instr.consequent, instr.alternate].filter((arm) =>
      yieldsVaried(sweep, arm, out, instr),
    );
    return receivers.length > 1 ? shareable(frame, single, origin) : single;
  });
  const touches = [instr.consequent, instr.alternate].some((arm) => touchesMemory(sweep, arm));
  if (cotangents.every((term) => term === null) && !touches) return;
  const test = frame.recovery.atom(instr.test);
  const consequent = reverseArm(frame, instr, instr.consequent, cotangents);
  const alternate = reverseArm(frame, instr, instr.alternate, cotangents);
  mergeArms(frame, instr, test, consequent, alternate);
}

function yieldsVaried(sweep: Sweep, arm: Block, out: Value, instr: If): boolean {
  if (arm.end.kind !== "yield") return false;
  const atom = arm.end.values[instr.outs.indexOf(out)];
  return atom !== undefined && isActive(sweep, atom);
}

interface ReversedArm {
  readonly ledger: Ledger;
  readonly block: Block;
  readonly slots: ReadonlyMap<string, Slot>;
  readonly results: ReadonlyMap<string, Atom>;
}

function reverseArm(frame: Frame, instr: If, arm: Block, cotangents: readonly (Term | null)[]): ReversedArm {
  const { sweep } = frame;
  const ledger = new Ledger(sweep.builder, frame.ledger);
  const results = new Map<string, Atom>();
  const slots = new Map<string, Slot>();
  const site = siteOf(sweep, arm);
  const prologue: Instr[] = [];
  const block = sweep.builder.block(() => {
    const recovery = frame.recovery.nested(site);
    const inner: Frame = { ...frame, ledger, recovery, mirrors: frame.mirrors.nested(recovery) };
    const { end } = arm;
    if (end.kind === "yield") {
      const order = orderOf(sweep, instr);
      end.values.forEach((atom, index) => {
        const term = cotangents[index] ?? null;
        if (term !== null) contribute(inner, atom, term, order + index, instr.statement, true);
      });
    }
    ledger.flush();
    if (end.kind === "yield") reverse(inner, [...arm.instrs].reverse());
    for (const slot of ledger.open()) {
      const atom = ledger.settle(slot.key, { statement: instr.statement });
      if (atom === null) continue;
      slots.set(slot.key, slot);
      results.set(slot.key, atom);
    }
    prologue.push(...recovery.prologue());
    return { kind: "yield", values: [] };
  });
  return { ledger, block: { ...block, instrs: [...prologue, ...block.instrs] }, slots, results };
}

/** What either arm adds to a cotangent of the code around becomes a result of the reversed `if`. */
function mergeArms(
  frame: Frame,
  instr: If,
  test: Atom,
  consequent: ReversedArm,
  alternate: ReversedArm,
): void {
  const { builder } = frame.sweep;
  const slots = new Map([...consequent.slots, ...alternate.slots]);
  const before = [...slots.values()].map((slot) => frame.ledger.current(slot) ?? number(0));
  const finish = (arm: ReversedArm): Block => ({
    instrs: arm.block.instrs,
    end: {
      kind: "yield",
      values: [...slots.values()].map((slot, index) => {
        const zero = slot.hint === null ? number(0) : before[index];
        return arm.results.get(slot.key) ?? zero ?? number(0);
      }),
    },
  });
  const outs = [...slots.values()].map((slot) =>
    builder.value({ kind: "real" }, { hint: slot.hint, statement: instr.statement, sweep: "backward" }),
  );
  const blocks = [finish(consequent), finish(alternate)] as const;
  const stores = blocks.some((block) => block.instrs.some((inner) => inner.kind !== "apply"));
  if (outs.length === 0 && !stores) return;
  builder.if(test, blocks[0], blocks[1], outs, instr.statement);
  [...slots.values()].forEach((slot, index) => {
    const out = outs[index];
    if (out === undefined) return;
    if (slot.hint !== null) frame.ledger.rebind(slot, out);
    else frame.ledger.contribute(slot, fromAtom(out, 3), 0, instr.statement);
  });
}

/** Where the cotangent of a value gathers. */
export function slotOf(frame: Frame, value: Value): Slot {
  const { sweep } = frame;
  const cell = unnamedCell(sweep, value);
  if (cell !== null) return slotOfCell(sweep, cell);
  const param = sweep.func.params.find((candidate) => candidate.value.id === value.id);
  if (param !== undefined) return cellSlot(param, [], 1);
  const { hint } = value;
  const isNamed = hint !== null && (hint.declared || isCostly(frame, value));
  return {
    key: `v${String(value.id)}`,
    hint: isNamed ? declared(`d${hint.text}`) : null,
    temporary: temporaryFor(value, null),
    home: sweep.definitions.of.get(value.id)?.site ?? null,
  };
}

/** The result of a helper that takes more than one cheap operation is worth a name in both sweeps. */
function isCostly(frame: Frame, value: Value): boolean {
  const instr = frame.sweep.definitions.of.get(value.id)?.instr;
  return instr?.kind === "apply" && !instr.op.cheap;
}

/** The cell that an unnamed load reads: its cotangent is the cell's. */
function unnamedCell(sweep: Sweep, value: Value): Cell | null {
  if (value.hint?.declared === true) return null;
  const instr = sweep.definitions.of.get(value.id)?.instr;
  return instr?.kind === "load" ? cellOf(sweep.slots, sweep.definitions, instr) : null;
}

/** Where the cotangent of a parameter's cell gathers. */
export function slotOfCell(sweep: Sweep, cell: Cell): Slot {
  return cellSlot(cell.param, cell.path, sweep.lines.get(cellKey(cell.param, cell.path)) ?? 1);
}

/** A name for the cotangent of a value that has none of the user's. */
export function temporaryFor(value: Value, word: string | null): Hint | null {
  const text = value.hint?.text ?? word;
  return text === null ? null : suggested(`d${text}`);
}

/** The block of the forward sweep. */
export function siteOf(sweep: Sweep, block: Block): Site {
  const site = sweep.definitions.siteOf.get(block);
  invariant(site, "reverse", "a block that is not of the function");
  return site;
}

/** The seed: the cotangent of the function's result is 1, or what a companion is given. */
export function seed(
  frame: Frame,
  atom: Atom,
  statement: Statement | null,
  cotangent: Atom | null = null,
): void {
  const term = cotangent === null ? one : fromAtom(cotangent, 3);
  contribute(frame, atom, term, Number.MAX_SAFE_INTEGER, statement, true);
}
