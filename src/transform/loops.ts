/**
 * The reverse of a loop: a loop that runs the iterations backwards. It carries the cotangents of what the loop carries,
 * and of what is defined outside of it and used inside.
 */
import { type Origin, int, number, real, suggested } from "../ir/builder.js";
import type { Again, Atom, Block, Carried, Instr, Literal, Loop, LoopHead, Value } from "../ir/types.js";
import { atomsOf, forEachInstr } from "../ir/visit.js";
import { accumulates } from "./accumulation.js";
import { isOrderFree } from "./order.js";
import { Ledger } from "./slots.js";
import { touchesMemory } from "./memory.js";
import { takenCotangent } from "./incoming.js";
import {
  type Frame,
  type Sweep,
  contribute,
  isActive,
  orderOf,
  reverse,
  siteOf,
  slotOf,
  sumFacts,
  temporaryFor,
} from "./reverse.js";
import { fromAtom } from "./terms.js";
import { type Counted, countdown, indexAt, isWhole, reversedHead, runsByOne, runsThrough } from "./trips.js";

/** A sum that goes round the loop: its cotangent is the same in all iterations. */
interface Sum {
  readonly forward: Carried;
  readonly position: number;
  readonly cotangent: Atom;
}

/** The cotangent of one carried value on its way through the reversed loop. */
interface Flow {
  readonly forward: Carried;
  /** Where its yield stands in the body's end. */
  readonly position: number;
  readonly backward: Carried;
}

export function reverseLoop(frame: Frame, loop: Loop): void {
  const { sweep, ledger } = frame;
  ledger.flush();
  const incoming = loop.carried.map(({ out }) =>
    isActive(sweep, out) ? takenCotangent(frame, out, true) : null,
  );
  if (incoming.every((atom) => atom === null) && !touchesMemory(sweep, loop.body)) return;
  const { builder } = sweep;
  const statement = loop.statement;
  const sums = loop.carried.flatMap((forward, index): Sum[] => {
    const cotangent = incoming[index] ?? null;
    return cotangent !== null && isSum(sweep, loop, index)
      ? [{ forward, position: index + 1, cotangent }]
      : [];
  });
  const flows = loop.carried.flatMap((forward, index): Flow[] => {
    if (!isActive(sweep, forward.param) && !isActive(sweep, forward.out)) return [];
    if (sums.some((sum) => sum.forward === forward)) return [];
    const hint = temporaryFor(forward.param, null) ?? suggested("t");
    const origin: Origin = { hint, statement, sweep: "backward" };
    const backward = {
      init: incoming[index] ?? number(0),
      param: builder.value(real, origin),
      out: builder.value(real, origin),
    };
    return [{ forward, position: index + 1, backward }];
  });
  const reversed = reverseBody(frame, loop, flows, sums);
  for (const instr of reversed.before) builder.emit(instr);
  const carried = [...flows.map((flow) => flow.backward), ...reversed.passages.map((one) => one.carried)];
  builder.loop(reversed.head, carried, reversed.body, statement, "backward", {
    loop: loop.id,
    order: reversed.order,
  });
  for (const { finish } of reversed.passages) finish();
  const order = orderOf(sweep, loop);
  flows.forEach(({ forward, backward }, index) => {
    const initial = initStatement(frame, forward.init) ?? statement;
    contribute(frame, forward.init, fromAtom(backward.out, 3), order + index, initial);
  });
  for (const { forward, position, cotangent } of sums) {
    const initial = initStatement(frame, forward.init) ?? statement;
    contribute(frame, forward.init, fromAtom(cotangent, 3), order + position, initial);
  }
}

/** What is carried is only added to. */
function isSum(sweep: Sweep, { carried, body }: Loop, index: number): boolean {
  const param = carried[index]?.param;
  const yielded = body.end.kind === "yield" ? body.end.values[index + 1] : undefined;
  return param !== undefined && yielded !== undefined && accumulates(sumFacts(sweep), param, yielded);
}

interface Reversed {
  /** Computes the bounds. */
  readonly before: readonly Instr[];
  readonly head: LoopHead;
  readonly body: Block;
  readonly passages: ReturnType<Ledger["passages"]>;
  readonly order: Again["order"];
}

function reverseBody(frame: Frame, loop: Loop, flows: readonly Flow[], sums: readonly Sum[]): Reversed {
  const { sweep } = frame;
  const { builder } = sweep;
  const site = siteOf(sweep, loop.body);
  const ledger = new Ledger(builder, frame.ledger, site);
  const { head } = loop;
  const isDirect = head.kind === "counted" && runsByOne(loop) && runsThrough(loop);
  const hint = isDirect ? head.index.hint : suggested("k");
  const origin: Origin = { hint, statement: loop.statement, sweep: "backward" };
  const iteration = builder.value(int, isDirect ? { ...origin, again: head.index.id } : origin);
  const passages: Reversed["passages"][number][] = [];
  const prologue: Instr[] = [];
  const indexing: Instr[] = [];
  const indexes: Value[] = [];
  const body = builder.block(() => {
    const recovery = frame.recovery.nested(site, isDirect ? null : iteration);
    const inner: Frame = { ...frame, ledger, recovery, mirrors: frame.mirrors.nested(recovery) };
    if (head.kind === "counted") {
      const from = frame.recovery.atom(head.from);
      // First of all, since tapes are read by it.
      indexing.push(
        ...builder.detached(() => {
          const origin: Origin = { hint: head.index.hint, sweep: "backward", again: head.index.id };
          const index = isDirect ? iteration : indexAt(builder, from, head.step, iteration, origin);
          recovery.know(head.index, index);
          indexes.push(index);
        }),
      );
    }
    const { end } = loop.body;
    const order = orderOf(sweep, loop);
    if (end.kind === "yield") {
      for (const { position, backward } of flows) {
        const atom = end.values[position];
        if (atom !== undefined)
          contribute(inner, atom, fromAtom(backward.param, 3), order - 1, loop.statement, true);
      }
      for (const { position, cotangent } of sums) {
        const atom = end.values[position];
        if (atom !== undefined)
          contribute(inner, atom, fromAtom(cotangent, 3), order - 1, loop.statement, true);
      }
    }
    reverse(inner, [...loop.body.instrs].reverse());
    // What a sum was before the iteration has the same cotangent: it is handed on below.
    for (const { forward } of sums) ledger.take(slotOf(inner, forward.param));
    const settled = flows.map(({ forward }) => {
      if (!isActive(sweep, forward.param)) return number(0);
      return ledger.settle(slotOf(inner, forward.param).key, { statement: loop.statement }) ?? number(0);
    });
    passages.push(...ledger.passages());
    prologue.push(...recovery.prologue());
    return { kind: "yield", values: [always, ...settled, ...passages.map((one) => one.yielded)] };
  });
  const instrs = [...prologue, ...body.instrs];
  const carried = [...flows.map(({ backward }) => backward), ...passages.map((passage) => passage.carried)];
  const [index] = indexes;
  if (head.kind === "counted" && index !== undefined && (isDirect || !reads(instrs, iteration))) {
    const block: Block = { instrs, end: body.end };
    const isFree = runsThrough(loop) && isOrderFree(block, carried);
    // Where nothing asks for the index, counting up is as good as counting down.
    if (isFree || (runsThrough(loop) && isDirect && !reads(instrs, iteration))) {
      const { recovery } = frame;
      const bounds = { from: recovery.atom(head.from), to: recovery.atom(head.to) };
      const order = isFree ? "forward" : "backward";
      // Unless the order is free, it only counts, and is not what it was in the iteration.
      const counter = isFree ? index : builder.value(int, origin);
      return { before: [], head: { ...head, ...bounds, index: counter }, body: block, passages, order };
    }
  }
  instrs.unshift(...indexing);
  const made: LoopHead[] = [];
  const before = builder.detached(() => {
    made.push(headOf(frame, loop, iteration, isDirect));
  });
  const [reversedTo] = made;
  return {
    ...{ before, head: reversedTo ?? { kind: "do" }, body: { instrs, end: body.end } },
    ...{ passages, order: "backward" },
  };
}

function headOf(frame: Frame, loop: Loop, iteration: Value, isDirect: boolean): LoopHead {
  const { sweep, recovery } = frame;
  const { builder } = sweep;
  const origin: Origin = { statement: null, sweep: "backward" };
  const length = (list: Value): Value => builder.load(list, { kind: "field", name: "length" }, int, origin);
  const indexed = isDirect ? recovery.recordOf(loop, siteOf(sweep, loop.body)) : null;
  if (indexed !== null && loop.head.kind === "counted" && countsUp(loop.head)) {
    return countdown(builder, iteration, length(indexed), origin);
  }
  if (isDirect && loop.head.kind === "counted") {
    const bounds = { from: recovery.atom(loop.head.from), to: recovery.atom(loop.head.to) };
    return reversedHead(builder, loop.head, bounds, iteration, origin);
  }
  const list = recovery.listOf(loop, siteOf(sweep, loop.body));
  const trips =
    list === null
      ? recovery.value(sweep.counters.request(loop, sweep.definitions.homeOf.get(loop) ?? null))
      : length(list);
  return countdown(builder, iteration, trips, origin);
}

/** From 0, to a bound that need not be a whole number. */
function countsUp({ from, to, step }: Counted): boolean {
  return from.kind === "literal" && from.value === 0 && step === 1 && !isWhole(to);
}

function reads(instrs: readonly Instr[], value: Value): boolean {
  let found = false;
  const block: Block = { instrs, end: { kind: "yield", values: [] } };
  forEachInstr(block, (instr) => {
    found ||= atomsOf(instr).some((atom) => atom.kind === "value" && atom.id === value.id);
  });
  return found;
}

function initStatement(frame: Frame, init: Atom): Flow["forward"]["param"]["statement"] {
  return init.kind === "value" ? init.statement : null;
}

const always: Literal = { kind: "literal", type: { kind: "bool" }, value: true, spelling: "true" };
