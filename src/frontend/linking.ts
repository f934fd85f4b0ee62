/**
 * Memory across calls. The regions of a function are its own; a call says which of them are which of its caller's. Where
 * two of the one side are one on the other, they become one; what the function writes to, its caller writes to.
 */
import { findGrowing } from "../ir/growth.js";
import { regionOf, writtenRegions } from "../ir/places.js";
import type { Block, Func, Instr, Param, RegionId } from "../ir/types.js";
import { forEachInstr } from "../ir/visit.js";
import type { Unit } from "./context.js";
import type { CompanionFunction, PendingCall, Program } from "./companions.js";
import { canonicalRegions } from "./region-names.js";
import { referenceRegion } from "./memory.js";

/** A region of the function that is called, with the one of its caller. */
type Pair = readonly [callee: RegionId, caller: RegionId];

/** Makes one region of those that are the same on the other side of a call; gives a call where that has no end. */
export function linkRegions({ calls }: Program): PendingCall | null {
  for (let changed = calls.length > 0; changed;) {
    changed = false;
    for (const call of calls) {
      const outcome = linkCall(call);
      if (outcome === "endless") return call;
      if (outcome) changed = true;
    }
  }
  return null;
}

/** Memory in memory in memory, deeper than this, is taken to have no end: then its parts have no names. */
const mostPairs = 300;

function linkCall(pending: PendingCall): boolean | "endless" {
  const [inner, outer] = [pending.callee.unit.regions, pending.unit.regions];
  let changed = false;
  const pairs = walk(pending, (met, [callee, caller]) => {
    for (const [otherCallee, otherCaller] of met) {
      const isSameCallee = inner.canonical(otherCallee) === inner.canonical(callee);
      const isSameCaller = outer.canonical(otherCaller) === outer.canonical(caller);
      if (isSameCallee === isSameCaller) continue;
      if (isSameCallee) outer.merge(otherCaller, caller);
      else inner.merge(otherCallee, callee);
      changed = true;
    }
    const written = inner.writtenAt(callee);
    if (written === null || outer.writtenAt(caller) !== null) return;
    outer.markStored(outer.canonical(caller), written, false);
    changed = true;
  });
  return pairs.length > mostPairs ? "endless" : changed;
}

/** What corresponds to what in a call, arguments and result, and all that is reached from there. */
function pairsOf(pending: PendingCall): readonly Pair[] {
  return walk(pending, () => undefined);
}

/** Goes through what corresponds; `meet` is called for each pair, with those before it. */
function walk(
  { unit, callee, call }: PendingCall,
  meet: (met: readonly Pair[], pair: Pair) => void,
): readonly Pair[] {
  const [inner, outer] = [callee.unit.regions, unit.regions];
  const open: Pair[] = [];
  const note = (from: RegionId | null, to: RegionId | null): void => {
    if (from !== null && to !== null) open.push([from, to]);
  };
  valuesOf(callee).forEach((value, index) => {
    const arg = call.args[index];
    if (arg !== undefined) note(referenceRegion(value.type), regionOf(arg));
  });
  const [out] = call.outs;
  if (out !== undefined && callee.result !== null) note(referenceRegion(callee.result), regionOf(out));
  const met: Pair[] = [];
  for (let pair = open.pop(); pair !== undefined && met.length <= mostPairs; pair = open.pop()) {
    const [from, to] = [inner.canonical(pair[0]), outer.canonical(pair[1])];
    if (met.some(([a, b]) => inner.canonical(a) === from && outer.canonical(b) === to)) continue;
    meet(met, [from, to]);
    met.push([inner.canonical(from), outer.canonical(to)]);
    const cells = new Set([...inner.cellsOf(from), ...outer.cellsOf(to)]);
    for (const cell of cells) open.push([inner.child(from, cell), outer.child(to, cell)]);
  }
  return met.map(([a, b]) => [inner.canonical(a), outer.canonical(b)]);
}

function valuesOf({
  params,
  boxes,
  captured,
}: CompanionFunction): readonly { type: Param["value"]["type"] }[] {
  return [...params.map(({ value }) => value), ...boxes.values(), ...captured.values()];
}

/** The functions that are called, with what each call writes to; `main` is the body of the target, with its unit. */
export function finishCompanions(
  { functions, calls }: Program,
  main: { readonly unit: Unit; readonly body: Block },
): ReadonlyMap<string, Func> {
  const effects = new Map<Unit, Effects>();
  effects.set(main.unit, effectsOf(main.body, main.unit));
  for (const { func, unit } of functions) if (func !== null) effects.set(unit, effectsOf(func.body, unit));
  const pairs = new Map(calls.map((pending) => [pending, pairsOf(pending)] as const));
  for (let changed = calls.length > 0; changed;) {
    changed = false;
    for (const [pending, corresponding] of pairs) if (spread(pending, corresponding, effects)) changed = true;
  }
  return new Map(
    functions.flatMap((each): (readonly [string, Func])[] => {
      if (each.func === null) return [];
      const captured = [...each.captured].map(([{ name }, value]): Param => ({ value, name, wrt: false }));
      const boxes = [...each.boxes.values()].map((value): Param => ({
        value,
        name: value.hint?.text ?? "box",
        wrt: false,
      }));
      const whole = { ...each.func, params: [...each.func.params, ...boxes, ...captured] };
      return [[each.name, canonicalRegions(named(whole), each.unit.regions)]];
    }),
  );
}

/** Parameters with names of their own: what is captured may be called like one. */
function named(func: Func): Func {
  const taken = new Set<string>();
  return {
    ...func,
    params: func.params.map((param) => {
      let name = param.name;
      for (let version = 2; taken.has(name); version++) name = `${param.name}${String(version)}`;
      taken.add(name);
      return { ...param, name };
    }),
  };
}

interface Effects {
  readonly writes: Set<RegionId>;
  readonly resizes: Set<RegionId>;
}

function effectsOf(body: Block, { regions }: Unit): Effects {
  const writes = new Set<RegionId>();
  const resizes = new Set<RegionId>();
  const whole: Func = { name: "", params: [], results: [], body };
  const visit = (instr: Instr): void => {
    for (const region of writtenRegions(instr)) writes.add(regions.canonical(region));
    if (instr.kind === "push" || instr.kind === "pop") {
      const region = regionOf(instr.ref);
      if (region !== null) resizes.add(regions.canonical(region));
    }
  };
  forEachInstr(body, visit);
  for (const region of findGrowing(whole)) resizes.add(regions.canonical(region));
  return { writes, resizes };
}

/** Hands the effects of the function on to the call, and to the caller; true if there were new ones. */
function spread(pending: PendingCall, pairs: readonly Pair[], effects: ReadonlyMap<Unit, Effects>): boolean {
  const [from, to] = [effects.get(pending.callee.unit), effects.get(pending.unit)];
  if (from === undefined || to === undefined) return false;
  let changed = false;
  const note = (region: RegionId, list: RegionId[], set: Set<RegionId>): void => {
    if (list.includes(region)) return;
    list.push(region);
    set.add(region);
    changed = true;
  };
  for (const [callee, caller] of pairs) {
    if (from.writes.has(callee)) note(caller, pending.call.writes, to.writes);
    if (from.resizes.has(callee)) note(caller, pending.call.resizes, to.resizes);
  }
  return changed;
}
