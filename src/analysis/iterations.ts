/**
 * Memory that belongs to one iteration of a loop: it is made there, and no later iteration comes to it. What is kept in
 * memory from outside of the loop, or goes round it, may be met again: `cells.push(c)`, and then `cells[0]`.
 */
import { atomsOf, forEachInstr, outsOf } from "../ir/visit.js";
import type { Func, Instr, Loop, RegionId, ValueId } from "../ir/types.js";
import { regionOf } from "../ir/places.js";
import { type Definitions, loopsAround } from "./definitions.js";

/** One way to come to memory of a region. */
interface Way {
  readonly loops: readonly Loop[];
  /** The memory that it was read from; null for what comes otherwise. */
  readonly from: RegionId | null;
  /** It goes round this loop. */
  readonly round: Loop | null;
}

/** True where memory of the region, of which all is made in the loop, is always that of the iteration. */
export type IsOwn = (region: RegionId, loop: Loop) => boolean;

/** `born`: the loops around all that makes memory of a region. */
export function findIterations(
  func: Func,
  definitions: Definitions,
  born: ReadonlyMap<RegionId, readonly Loop[]>,
): IsOwn {
  let ways: ReadonlyMap<RegionId, readonly Way[]> | null = null;
  const known = new Map<Loop, ReadonlySet<RegionId>>();
  return (region, loop) => {
    if (born.get(region)?.includes(loop) !== true) return false;
    const own = known.get(loop) ?? ownOf(loop);
    known.set(loop, own);
    return own.has(region);
  };

  /** What contains its like is own until it is found not to be. */
  function ownOf(loop: Loop): ReadonlySet<RegionId> {
    ways ??= waysIn(func, definitions);
    const own = new Set([...born].filter(([, loops]) => loops.includes(loop)).map(([region]) => region));
    for (let before = -1; own.size !== before;) {
      before = own.size;
      for (const region of [...own]) {
        const all = (ways.get(region) ?? []).filter((way) => way.loops.includes(loop));
        if (!all.every((way) => isWithin(way, loop, own))) own.delete(region);
      }
    }
    return own;
  }
}

function isWithin({ from, round }: Way, loop: Loop, own: ReadonlySet<RegionId>): boolean {
  return round === null ? from !== null && own.has(from) : round !== loop;
}

function waysIn(func: Func, definitions: Definitions): ReadonlyMap<RegionId, readonly Way[]> {
  const ways = new Map<RegionId, Way[]>();
  const around = (instr: Instr): readonly Loop[] => {
    const site = definitions.homeOf.get(instr);
    return site === undefined ? [] : loopsAround(site);
  };
  const note = (region: RegionId | null, way: Way): void => {
    if (region === null) return;
    const found = ways.get(region);
    if (found === undefined) ways.set(region, [way]);
    else found.push(way);
  };
  const loopsOf = (id: ValueId): readonly Loop[] => {
    const site = definitions.of.get(id)?.site;
    return site === undefined ? [] : loopsAround(site);
  };
  forEachInstr(func.body, (instr) => {
    const loops = around(instr);
    for (const atom of atomsOf(instr)) {
      const region = atom.kind === "value" ? regionOf(atom) : null;
      if (atom.kind !== "value" || region === null) continue;
      // It was there before the loop began.
      const outside = loops.filter((loop) => !loopsOf(atom.id).includes(loop));
      if (outside.length > 0) note(region, { loops: outside, from: null, round: null });
    }
    switch (instr.kind) {
      case "load":
        note(regionOf(instr.out), { loops, from: regionOf(instr.place.ref), round: null });
        return;
      case "pop":
        note(regionOf(instr.out), { loops, from: regionOf(instr.ref), round: null });
        return;
      case "call":
      case "foreign":
        for (const out of outsOf(instr)) note(regionOf(out), { loops, from: null, round: null });
        return;
      case "loop":
        for (const { param } of instr.carried)
          note(regionOf(param), { loops: [...loops, instr], from: null, round: instr });
        return;
      default:
        return;
    }
  });
  return ways;
}
