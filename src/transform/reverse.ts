/**
 * The reverse sweep over a straight run of instructions and the arms of its `if`s: takes the cotangents of the results
 * in a ledger, emits the backward instructions, and leaves the cotangents of parameters and outer values there.
 */
import { isVaried } from "../analysis/activity.js";
import type { Definitions } from "../analysis/definitions.js";
import { type Builder, type Origin, declared, number, suggested } from "../ir/builder.js";
import type {
  Apply,
  Atom,
  Block,
  Func,
  Hint,
  If,
  Instr,
  Load,
  Statement,
  Value,
  ValueId,
} from "../ir/types.js";
import { isFlatZero, partialsOf } from "../ops/partials.js";
import { add } from "../ops/scalar.js";
import { wordFor } from "../ops/words.js";
import { InternalError } from "../support/invariant.js";
import { type Cell, cellKey, cellOf, cellSlot } from "./cells.js";
import { Pullback } from "./pullback.js";
import type { Recovery } from "./recovery.js";
import type { Shadows } from "./shadows.js";
import { Ledger, type Slot } from "./slots.js";
import { type SpecialPoints, guardCotangent, guardFor } from "./special.js";
import { type Term, collect, fromAtom, isTrivial, multiply, one } from "./terms.js";
import { write } from "./write.js";

/** What all reverse sweeps of one function share. */
export interface Sweep {
  readonly func: Func;
  readonly builder: Builder;
  readonly definitions: Definitions;
  readonly varied: ReadonlySet<ValueId>;
  readonly points: SpecialPoints;
  readonly lines: ReadonlyMap<string, number>;
  /** Position of each instruction in the primal. */
  readonly order: ReadonlyMap<Instr, number>;
}

/** A reverse sweep standing in one block. */
export interface Frame {
  readonly sweep: Sweep;
  readonly ledger: Ledger;
  readonly recovery: Recovery;
  readonly shadows: Shadows;
}

/** Room for the arguments of one instruction between two orders. */
const argumentsPerInstr = 1000;

/** Adds `terms` to the cotangent of `atom`. */
export function contribute(
  frame: Frame,
  atom: Atom,
  term: Term,
  order: number,
  statement: Statement | null,
  seed = false,
): void {
  if (atom.kind !== "value" || !isVaried(atom, frame.sweep.varied)) return;
  const cell = unnamedCell(frame, atom);
  if (cell !== null && frame.shadows.has(cell)) {
    addToShadow(frame, cell, term, statement);
    return;
  }
  frame.ledger.contribute(slotOf(frame, atom), term, order, statement, seed);
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
    case "if":
      reverseIf(frame, instr);
      return;
    case "guard":
      // Where the code after it runs, it was not taken.
      return;
    case "alloc":
    case "store":
      throw new InternalError(
        "reverse",
        `an instruction of kind \`${instr.kind}\` reached the reverse sweep`,
      );
  }
}

function reverseApply(frame: Frame, instr: Apply): void {
  const { sweep } = frame;
  if (!isVaried(instr.out, sweep.varied)) return;
  const incoming = collect(frame.ledger.take(slotOf(frame, instr.out)));
  if (incoming.length === 0) return;
  const statement = instr.out.statement;
  const origin: Origin = { statement, span: instr.out.span, sweep: "backward" };
  const partials = partialsOf(instr) ?? [];
  const flowing = instr.args.flatMap((arg, index) => {
    const partial = partials[index];
    return partial === undefined || isFlatZero(partial) || !isVaried(arg, sweep.varied)
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
  const base = (sweep.order.get(instr) ?? 0) * argumentsPerInstr;
  for (const { arg, index, partial } of flowing) {
    const term = multiply(pullback.term(partial, instr, origin), cotangent);
    contribute(frame, arg, term, base + index, statement);
  }
}

/** A sum of several contributions gets written down before it is multiplied by anything. */
function singleTerm(frame: Frame, terms: readonly Term[], origin: Origin): Term {
  const [first, ...more] = terms;
  if (first !== undefined && more.length === 0) return first;
  return fromAtom(write(frame.sweep.builder, terms, origin), 3);
}

/**
 * A product that several arguments receive is computed once. A factor 2 or 1/2 waits for its counterpart; masks that
 * have to keep an infinite partial away stay outside.
 */
function shareable(frame: Frame, whole: Term, origin: Origin, keepsMasks = false): Term {
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

function reverseLoad(frame: Frame, instr: Load): void {
  const { out } = instr;
  if (!isVaried(out, frame.sweep.varied) || out.hint?.declared !== true) return;
  const terms = collect(frame.ledger.take(slotOf(frame, out)));
  const cell = cellOf(frame.sweep.func, frame.sweep.definitions, instr);
  if (cell === null) throw new InternalError("reverse", "a load from memory that belongs to no parameter");
  const order = (frame.sweep.order.get(instr) ?? 0) * argumentsPerInstr;
  for (const term of terms) {
    if (frame.shadows.has(cell)) addToShadow(frame, cell, term, out.statement);
    else frame.ledger.contribute(slotOfCell(frame, cell), term, order, out.statement);
  }
}

function reverseIf(frame: Frame, instr: If): void {
  const { sweep } = frame;
  frame.ledger.flush();
  const cotangents = instr.outs.map((out) => {
    if (!isVaried(out, sweep.varied)) return null;
    const terms = collect(frame.ledger.take(slotOf(frame, out)));
    if (terms.length === 0) return null;
    const origin: Origin = { statement: out.statement, sweep: "backward", hint: temporaryFor(out, null) };
    const single = singleTerm(frame, terms, origin);
    const receivers = [instr.consequent, instr.alternate].filter((arm) =>
      yieldsVaried(sweep, arm, out, instr),
    );
    return receivers.length > 1 ? shareable(frame, single, origin) : single;
  });
  if (cotangents.every((term) => term === null)) return;
  const test = frame.recovery.atom(instr.test);
  const consequent = reverseArm(frame, instr, instr.consequent, cotangents);
  const alternate = reverseArm(frame, instr, instr.alternate, cotangents);
  mergeArms(frame, instr, test, consequent, alternate);
}

function yieldsVaried(sweep: Sweep, arm: Block, out: Value, instr: If): boolean {
  if (arm.end.kind !== "yield") return false;
  const atom = arm.end.values[instr.outs.indexOf(out)];
  return atom !== undefined && isVaried(atom, sweep.varied);
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
  const inner: Frame = { ...frame, ledger, recovery: frame.recovery.nested() };
  const results = new Map<string, Atom>();
  const slots = new Map<string, Slot>();
  const block = sweep.builder.block(() => {
    const { end } = arm;
    if (end.kind === "yield") {
      const order = (sweep.order.get(instr) ?? 0) * argumentsPerInstr;
      end.values.forEach((atom, index) => {
        const term = cotangents[index] ?? null;
        if (term !== null) contribute(inner, atom, term, order + index, instr.statement);
      });
    }
    ledger.flush();
    reverse(inner, [...arm.instrs].reverse());
    for (const slot of ledger.open()) {
      const atom = ledger.settle(slot.key, { statement: instr.statement });
      if (atom === null) continue;
      slots.set(slot.key, slot);
      results.set(slot.key, atom);
    }
    return { kind: "yield", values: [] };
  });
  return { ledger, block, slots, results };
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
  const before = [...slots.keys()].map((key) => frame.ledger.current(key) ?? number(0));
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

function addToShadow(frame: Frame, cell: Cell, term: Term, statement: Statement | null): void {
  const { builder } = frame.sweep;
  const origin: Origin = { statement, sweep: "backward" };
  const { ref, step } = frame.shadows.place(cell, origin);
  const before = builder.load(ref, step, { kind: "real" }, origin);
  const sum = builder.apply(add, [before, write(builder, [term], origin)], origin);
  builder.store({ ref, step }, sum, origin);
}

function slotOf(frame: Frame, value: Value): Slot {
  const cell = unnamedCell(frame, value);
  if (cell !== null) return slotOfCell(frame, cell);
  const param = frame.sweep.func.params.find((candidate) => candidate.value.id === value.id);
  if (param !== undefined) return cellSlot(param, [], 1);
  const { hint } = value;
  const isNamed = hint !== null && (hint.declared || isCostly(frame, value));
  return { key: `v${String(value.id)}`, hint: isNamed ? declared(`d${hint.text}`) : null };
}

/** The result of a helper that takes more than one cheap operation is worth a name in both sweeps. */
function isCostly(frame: Frame, value: Value): boolean {
  const instr = frame.sweep.definitions.of.get(value.id)?.instr;
  return instr?.kind === "apply" && !instr.op.cheap;
}

/** The cell that an unnamed load reads: its cotangent is the cell's. */
function unnamedCell(frame: Frame, value: Value): Cell | null {
  if (value.hint?.declared === true) return null;
  const instr = frame.sweep.definitions.of.get(value.id)?.instr;
  return instr?.kind === "load" ? cellOf(frame.sweep.func, frame.sweep.definitions, instr) : null;
}

function slotOfCell(frame: Frame, cell: Cell): Slot {
  return cellSlot(cell.param, cell.path, frame.sweep.lines.get(cellKey(cell.param, cell.path)) ?? 1);
}

function temporaryFor(value: Value, word: string | null): Hint | null {
  const text = value.hint?.text ?? word;
  return text === null ? null : suggested(`d${text}`);
}

function statementOf(instr: Instr): Statement | null {
  switch (instr.kind) {
    case "apply":
    case "load":
    case "alloc":
      return instr.out.statement;
    case "store":
    case "if":
    case "guard":
      return instr.statement;
  }
}

/** The seed: the cotangent of the function's result is 1. */
export function seed(frame: Frame, atom: Atom, statement: Statement | null): void {
  contribute(frame, atom, one, Number.MAX_SAFE_INTEGER, statement, true);
}
