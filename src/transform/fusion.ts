/**
 * Fusion: the reverse of a loop that only accumulates runs right behind each iteration, in the same loop.
 *
 * That is possible where the cotangent of what is accumulated is known before the loop: what follows the loop is reversed
 * first, and may need nothing that the loop or the code behind it computes, save what can be computed before it as well.
 * Nothing is recorded then, and the data is passed over once.
 */
import { regionOf, writtenRegions } from "../ir/places.js";
import { type Origin, suggested } from "../ir/builder.js";
import { atomsOf, endAtoms, forEachBlock, forEachInstr, outsOf } from "../ir/visit.js";
import type { Atom, Block, Carried, Func, Instr, Loop, RegionId, Value, ValueId } from "../ir/types.js";
import { accumulates } from "./accumulation.js";
import { singleTerm } from "./incoming.js";
import {
  type Frame,
  type Sweep,
  contribute,
  isActive,
  reverse,
  siteOf,
  slotOf,
  sumFacts,
  temporaryFor,
} from "./reverse.js";
import { Ledger } from "./slots.js";
import { asAtom, collect, fromAtom } from "./terms.js";
import { write } from "./write.js";

/** What becomes of a loop that is fused with its reverse. */
export interface Fused {
  /** Instructions from behind the loop that have to come before it. */
  hoisted: ReadonlySet<Instr>;
  /** The reverse of what follows the loop. */
  early: readonly Instr[];
  /** The reverse of the body, behind the body itself. */
  readonly reversed: readonly Instr[];
  /** Cotangents of what is defined outside, with what an iteration leaves of them. */
  readonly carried: readonly Carried[];
  readonly yields: readonly Atom[];
}

/** All fused loops; read when the reverse sweeps are done. */
export class Fusions {
  readonly #byLoop = new Map<Loop, Fused>();

  of(loop: Loop): Fused | null {
    return this.#byLoop.get(loop) ?? null;
  }

  set(loop: Loop, fused: Fused): void {
    this.#byLoop.set(loop, fused);
  }
}

/** Reverses the instructions of a block that has not been left, in which no early return stands behind a loop. */
export function reverseOpenBlock(frame: Frame, instrs: readonly Instr[]): void {
  const { builder } = frame.sweep;
  let behind: Fused | null = null;
  /** Memory that later fused loops write to. */
  const filled = new Set<RegionId | null>();
  let from = instrs.length;
  for (let at = instrs.length - 1; at >= 0; at--) {
    const loop = instrs[at];
    if (loop?.kind !== "loop" || !onlyAccumulates(frame.sweep, loop)) continue;
    reverse(frame, instrs.slice(at + 1, from).reverse());
    from = at + 1;
    const incoming = incomingOf(frame, loop);
    const between = builder.peek();
    const early: readonly Instr[] = [...(behind?.early ?? []), ...between];
    const atoms = incoming.map(({ atom }) => atom);
    // What a later fused loop adds to shadows is not there yet.
    const isLate = touches(between, filled);
    const hoisted = isLate ? null : findHoisted(frame.sweep, instrs.slice(at), early, atoms);
    if (hoisted === null) {
      // The reversed loop takes them.
      for (const { out, atom } of incoming)
        contribute(frame, out, fromAtom(atom, 3), -1, out.statement, true);
      continue;
    }
    builder.take();
    if (behind !== null) {
      behind.early = [];
      behind.hoisted = new Set();
    }
    behind = fuse(frame, loop, incoming, hoisted, early);
    addWritten(frame.sweep.fusions, loop, filled);
    from = at;
  }
  reverse(frame, instrs.slice(0, from).reverse());
}

/** Memory that the reverse of the loop writes to, and that of the fused loops inside of it. */
function addWritten(fusions: Fusions, loop: Loop, into: Set<RegionId | null>): void {
  const instrs = fusions.of(loop)?.reversed ?? [];
  forEachInstr({ instrs, end: { kind: "yield", values: [] } }, (instr) => {
    for (const region of writtenRegions(instr)) into.add(region);
  });
  forEachInstr(loop.body, (instr) => {
    if (instr.kind === "loop") addWritten(fusions, instr, into);
  });
}

function touches(instrs: readonly Instr[], regions: ReadonlySet<RegionId | null>): boolean {
  let found = false;
  forEachInstr({ instrs, end: { kind: "yield", values: [] } }, (instr) => {
    if (instr.kind === "load" || instr.kind === "store") found ||= regions.has(regionOf(instr.place.ref));
    if (instr.kind === "push" || instr.kind === "pop") found ||= regions.has(regionOf(instr.ref));
    // What it is given may lead to other memory.
    if (instr.kind === "foreign")
      found ||= regions.size > 0 && instr.args.some((arg) => regionOf(arg) !== null);
    if (instr.kind === "call") found ||= instr.writes.some((region) => regions.has(region));
  });
  return found;
}

interface Incoming {
  readonly out: Value;
  readonly init: Atom;
  readonly position: number;
  readonly atom: Atom;
}

/** The cotangents of what the loop leaves. */
function incomingOf(frame: Frame, loop: Loop): readonly Incoming[] {
  const { sweep, ledger } = frame;
  return loop.carried.flatMap(({ out, init }, index): Incoming[] => {
    if (!isActive(sweep, out)) return [];
    const terms = collect(ledger.take(slotOf(frame, out), true));
    if (terms.length === 0) return [];
    const hint = temporaryFor(out, null) ?? suggested("t");
    const origin: Origin = { statement: out.statement, sweep: "backward", hint };
    const term = singleTerm(frame, terms, origin);
    return [{ out, init, position: index + 1, atom: asAtom(term) ?? write(sweep.builder, [term], origin) }];
  });
}

function fuse(
  frame: Frame,
  loop: Loop,
  incoming: readonly Incoming[],
  hoisted: ReadonlySet<Instr>,
  early: readonly Instr[],
): Fused {
  const { sweep } = frame;
  const { builder } = sweep;
  const site = siteOf(sweep, loop.body);
  const ledger = new Ledger(builder, frame.ledger, site, true);
  const passages: Passage[] = [];
  const block = builder.block(() => {
    const recovery = frame.recovery.inside(site);
    const inner: Frame = { ...frame, ledger, recovery, mirrors: frame.mirrors.nested(recovery) };
    const { end } = loop.body;
    if (end.kind === "yield") {
      for (const { position, atom } of incoming) {
        const yielded = end.values[position];
        if (yielded !== undefined) contribute(inner, yielded, fromAtom(atom, 3), -1, loop.statement, true);
      }
    }
    reverseOpenBlock(inner, loop.body.instrs);
    passages.push(...ledger.passages());
    return { kind: "yield", values: [] };
  });
  // Shadows that the body has asked for.
  const asked = builder.take();
  for (const { finish } of passages) finish();
  for (const { init, atom } of incoming)
    contribute(frame, init, fromAtom(atom, 3), 0, init.kind === "value" ? init.statement : null, true);
  const fused: Fused = {
    hoisted,
    early: [...early, ...asked],
    reversed: block.instrs,
    carried: passages.map((one) => one.carried),
    yields: passages.map((one) => one.yielded),
  };
  sweep.fusions.set(loop, fused);
  return fused;
}

type Passage = ReturnType<Ledger["passages"]>[number];

/** What goes round the loop and is active is only added to; memory that outlives an iteration is left alone. */
function onlyAccumulates(sweep: Sweep, loop: Loop): boolean {
  const { end } = loop.body;
  if (end.kind !== "yield") return false;
  const active = loop.carried.flatMap((carried, index) =>
    isActive(sweep, carried.param) || isActive(sweep, carried.out) ? [{ carried, index }] : [],
  );
  if (active.length === 0) return false;
  const sums = active.every(({ carried, index }) => {
    const yielded = end.values[index + 1];
    return yielded !== undefined && accumulates(sumFacts(sweep), carried.param, yielded);
  });
  return sums && keepsToItself(sweep, loop);
}

/** Nothing in the loop writes to memory that is there before or after the iteration. */
function keepsToItself({ func }: Sweep, loop: Loop): boolean {
  const inside = new Set<RegionId | null>();
  const own = new Set<ValueId>();
  forEachInstr(loop.body, (instr) => {
    if (instr.kind !== "alloc" || instr.init.kind === "view") return;
    inside.add(regionOf(instr.out));
    own.add(instr.out.id);
  });
  const outside = reachedFromOutside(func, loop);
  let keeps = loop.carried.every(({ param }) => regionOf(param) === null);
  forEachInstr(loop.body, (instr) => {
    const target = instr.kind === "store" ? instr.place.ref : instr.kind === "push" ? instr.ref : null;
    if (target !== null && own.has(target.id)) return;
    for (const region of writtenRegions(instr)) keeps &&= inside.has(region) && !outside.has(region);
  });
  return keeps;
}

/** The memory that values from outside of the loop lead to. */
function reachedFromOutside(func: Func, loop: Loop): ReadonlySet<RegionId> {
  const within = new Set<Instr>();
  forEachInstr(loop.body, (instr) => within.add(instr));
  const outside = new Set<RegionId>();
  const note = (atom: Atom): void => {
    const region = regionOf(atom);
    if (region !== null) outside.add(region);
  };
  for (const { value } of func.params) note(value);
  forEachInstr(func.body, (instr) => {
    if (!within.has(instr)) outsOf(instr).forEach(note);
  });
  // Copies made in the loop that lead to the same as what they were made of.
  const copies = new Set<RegionId | null>();
  const leadsOut = (atom: Atom): boolean => {
    const region = regionOf(atom);
    return region !== null && (outside.has(region) || copies.has(region));
  };
  for (let size = -1; size !== outside.size + copies.size;) {
    size = outside.size + copies.size;
    forEachInstr(loop.body, (instr) => {
      if (instr.kind === "load" && leadsOut(instr.place.ref)) note(instr.out);
      if (instr.kind === "pop" && leadsOut(instr.ref)) note(instr.out);
      if (instr.kind === "call" && instr.args.some(leadsOut)) instr.outs.forEach(note);
      if (instr.kind === "alloc" && instr.init.kind === "slice" && leadsOut(instr.init.of))
        copies.add(regionOf(instr.out));
    });
  }
  return outside;
}

/**
 * The instructions behind the loop (`rest[0]`) that have to be moved before it so that `early` can run there and `atoms`
 * are known; null where that is not possible.
 */
function findHoisted(
  { definitions }: Sweep,
  rest: readonly Instr[],
  early: readonly Instr[],
  atoms: readonly Atom[],
): ReadonlySet<Instr> | null {
  const late = new Map<ValueId, Instr>();
  const written = new Set<RegionId | null>();
  for (const instr of rest) for (const out of outsOf(instr)) late.set(out.id, instr);
  forEachInstr({ instrs: rest, end: { kind: "yield", values: [] } }, (instr) => {
    for (const region of writtenRegions(instr)) written.add(region);
  });
  const made = new Set<ValueId>();
  const read = new Set<ValueId>();
  let fits = true;
  const block: Block = { instrs: early, end: { kind: "yield", values: atoms } };
  forEachInstr(block, (instr) => {
    for (const out of outsOf(instr)) made.add(out.id);
    for (const atom of atomsOf(instr)) if (atom.kind === "value") read.add(atom.id);
    if (instr.kind === "load" && written.has(regionOf(instr.place.ref))) fits = false;
    if (instr.kind === "foreign" && written.size > 0 && instr.args.some((arg) => regionOf(arg) !== null))
      fits = false;
  });
  forEachBlock(block, ({ end }) => {
    for (const atom of endAtoms(end)) if (atom.kind === "value") read.add(atom.id);
  });
  const hoisted = new Set<Instr>();
  const open = [...read];
  for (let id = open.pop(); id !== undefined && fits; id = open.pop()) {
    if (made.has(id)) continue;
    const instr = late.get(id);
    if (instr === undefined) {
      // A backward value that is made elsewhere is made later.
      if (!definitions.of.has(id)) fits = false;
      continue;
    }
    if (hoisted.has(instr)) continue;
    const isLoad = instr.kind === "load" && !written.has(regionOf(instr.place.ref));
    const isCheap = instr.kind === "apply" && instr.op.cheap && !instr.op.impure;
    if (!isLoad && !isCheap) fits = false;
    hoisted.add(instr);
    for (const atom of atomsOf(instr)) if (atom.kind === "value") open.push(atom.id);
  }
  return fits ? hoisted : null;
}
