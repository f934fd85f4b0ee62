/**
 * What holds for memory on both sides of calls, once all functions are lowered: what a call writes to and which arrays it
 * resizes, and which arrays may be made longer by others than their makers.
 */
import { findElementwise, findGrowing } from "../../ir/growth.js";
import { regionOf, writtenRegions } from "../../ir/places.js";
import type { Block, Func, Param, RegionId } from "../../ir/types.js";
import { forEachInstr } from "../../ir/visit.js";
import { type PendingCall, type Program, parametersOf } from "./companions.js";
import type { Unit } from "../context.js";
import { type Pair, pairsOf, pairsOfArguments } from "./linking.js";
import { returnsInstances } from "../targets/instance-types.js";
import { canonicalRegions } from "../types/region-names.js";

/** The functions that are called, and what the target itself has to know of their memory. */
export interface Finished {
  readonly callees: ReadonlyMap<string, Func>;
  readonly extendable: ReadonlyMap<RegionId, number>;
}

/** Says of each call what it writes to; `main` is the body of the target, with its unit. */
export function finishCompanions(
  { functions, calls }: Program,
  main: { readonly unit: Unit; readonly body: Block },
): Finished {
  const pairs = calls.map((pending) => [pending, pairsOf(pending)] as const);
  const lowered = functions.flatMap(({ func, unit }) => (func === null ? [] : [{ unit, body: func.body }]));
  const extendable = new Map<Unit, Map<RegionId, number>>();
  for (const { unit, body } of [main, ...lowered]) extendable.set(unit, elementwiseIn(body, unit));
  untilSettled(pairs, (pending, pair) => spreadExtendable(pending, pair, extendable));
  const effects = new Map<Unit, Effects>();
  for (const { unit, body } of [main, ...lowered])
    effects.set(unit, effectsOf(body, unit, extendable.get(unit)));
  const given = calls.map((pending) => [pending, pairsOfArguments(pending)] as const);
  untilSettled(given, (pending, pair) => spreadEffects(pending, pair, effects));
  const callees = functions.flatMap((each): (readonly [string, Func])[] => {
    if (each.func === null) return [];
    const taken = each.params.length + each.boxes.size;
    const params = parametersOf(each).map((param, index): Param => ({
      ...param,
      wrt: false,
      ...(index < taken ? {} : { isSeen: true }),
    }));
    const whole: Func = { ...each.func, params, extendable: extendable.get(each.unit) ?? new Map() };
    const result = each.result && { type: each.result, isSpelled: returnsInstances(each) };
    return [[each.name, canonicalRegions(whole, each.unit.regions, calls, result)]];
  });
  return { callees: new Map(callees), extendable: extendable.get(main.unit) ?? new Map() };
}

/** Calls back for all that corresponds in all calls until it says everywhere that nothing has changed. */
function untilSettled(
  calls: readonly (readonly [PendingCall, readonly Pair[]])[],
  spread: (pending: PendingCall, pair: Pair) => boolean,
): void {
  for (let changed = true; changed;) {
    changed = false;
    for (const [pending, pairs] of calls) for (const pair of pairs) if (spread(pending, pair)) changed = true;
  }
}

function elementwiseIn(body: Block, { regions }: Unit): Map<RegionId, number> {
  const found = new Map<RegionId, number>();
  for (const [region, least] of findElementwise({ body })) {
    const canonical = regions.canonical(region);
    found.set(canonical, Math.min(found.get(canonical) ?? Infinity, least));
  }
  return found;
}

/** What one side has made element by element, the other may make longer; true if that was not known. */
function spreadExtendable(
  { callee, unit }: PendingCall,
  [inner, outer]: Pair,
  extendable: ReadonlyMap<Unit, Map<RegionId, number>>,
): boolean {
  const [within, around] = [extendable.get(callee.unit), extendable.get(unit)];
  if (within === undefined || around === undefined) return false;
  const [own, other] = [within.get(inner), around.get(outer)];
  if (own === other) return false;
  const least = Math.min(own ?? Infinity, other ?? Infinity);
  within.set(inner, least);
  around.set(outer, least);
  return true;
}

/** What a function does to memory; grows by what those do that it calls. */
interface Effects {
  readonly writes: Set<RegionId>;
  readonly resizes: Set<RegionId>;
}

function effectsOf(
  body: Block,
  { regions }: Unit,
  extendable: ReadonlyMap<RegionId, number> = new Map(),
): Effects {
  const writes = new Set<RegionId>();
  const resizes = new Set<RegionId>();
  const whole = canonicalRegions({ name: "", params: [], results: [], body, extendable }, regions);
  forEachInstr(whole.body, (instr) => {
    for (const region of writtenRegions(instr)) writes.add(region);
    if (instr.kind !== "push" && instr.kind !== "pop") return;
    const region = regionOf(instr.ref);
    if (region !== null) resizes.add(region);
  });
  for (const region of findGrowing(whole)) resizes.add(region);
  return { writes, resizes };
}

/** Hands the effects of the function on to the call, and to the caller; true if there were new ones. */
function spreadEffects(
  { callee, unit, call }: PendingCall,
  [inner, outer]: Pair,
  effects: ReadonlyMap<Unit, Effects>,
): boolean {
  const [from, to] = [effects.get(callee.unit), effects.get(unit)];
  if (from === undefined || to === undefined) return false;
  let changed = false;
  const note = (list: RegionId[], set: Set<RegionId>): void => {
    if (list.includes(outer)) return;
    list.push(outer);
    set.add(outer);
    changed = true;
  };
  if (from.writes.has(inner)) note(call.writes, to.writes);
  if (from.resizes.has(inner)) note(call.resizes, to.resizes);
  return changed;
}
