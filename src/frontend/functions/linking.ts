/**
 * Memory across calls. The regions of a function are its own; a call says which of them are which of its caller's. Where
 * two of the one side are one on the other, they become one; what the function writes to, its caller writes to.
 */
import { isMemory, nameOfShape, unfolded, cellIn } from "../../ir/shapes.js";
import type { RegionId, Shape, Type } from "../../ir/types.js";
import { type PendingCall, type Program, parametersOf } from "./companions.js";
import type { Regions } from "../types/regions.js";

/** A region of the function that is called, with the one of its caller. */
export type Pair = readonly [callee: RegionId, caller: RegionId];

/** A region, and what the one side knows of the memory there. */
interface Memory {
  readonly region: RegionId;
  readonly shape: Shape | null;
}

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
  const before = inner.merges + outer.merges;
  let marks = 0;
  const pairs = walk(pending, (met, [callee, caller]) => {
    for (const [otherCallee, otherCaller] of met) {
      const isSameCallee = inner.canonical(otherCallee) === inner.canonical(callee);
      const isSameCaller = outer.canonical(otherCaller) === outer.canonical(caller);
      if (isSameCallee === isSameCaller) continue;
      if (isSameCallee) outer.merge(otherCaller, caller);
      else inner.merge(otherCallee, callee);
    }
    // What the function writes only where it has made the memory itself, it does not do to what it is given.
    for (const isFresh of [true, false]) {
      const written = inner.writtenAt(callee, isFresh);
      if (written === null || outer.writtenAt(caller, isFresh) !== null) continue;
      outer.markStored(outer.canonical(caller), written, isFresh);
      marks++;
    }
  });
  if (pairs.length > mostPairs) return "endless";
  return marks + inner.merges + outer.merges > before;
}

/** What corresponds to what in a call, arguments and result, and all that is reached from there. */
export function pairsOf(pending: PendingCall): readonly Pair[] {
  return walk(pending, () => undefined);
}

/** The same without what is reached from the result alone: that the function has made itself. */
export function pairsOfArguments(pending: PendingCall): readonly Pair[] {
  return walk({ ...pending, call: { ...pending.call, outs: [] } }, () => undefined);
}

/** Goes through what corresponds; `meet` is called for each pair, with those before it. */
function walk(
  { unit, callee, call }: PendingCall,
  meet: (met: readonly Pair[], pair: Pair) => void,
): readonly Pair[] {
  const [inner, outer] = [callee.unit.regions, unit.regions];
  const open: (readonly [callee: Memory, caller: Memory])[] = [];
  const note = (from: Memory | null, to: Memory | null): void => {
    if (from !== null && to !== null) open.push([from, to]);
  };
  parametersOf(callee).forEach(({ value }, index) => {
    const arg = call.args[index];
    if (arg !== undefined) note(memoryOf(value.type), memoryOf(arg.type));
  });
  const [out] = call.outs;
  if (out !== undefined && callee.result !== null) note(memoryOf(callee.result), memoryOf(out.type));
  const met: Pair[] = [];
  for (let pair = open.pop(); pair !== undefined && met.length <= mostPairs; pair = open.pop()) {
    const [{ shape }, { shape: given }] = pair;
    const [from, to] = [inner.canonical(pair[0].region), outer.canonical(pair[1].region)];
    if (met.some(([a, b]) => inner.canonical(a) === from && outer.canonical(b) === to)) continue;
    meet(met, [from, to]);
    met.push([inner.canonical(from), outer.canonical(to)]);
    const cells = new Set([...inner.cellsOf(from), ...outer.cellsOf(to)]);
    for (const cell of cells) open.push([below(inner, from, shape, cell), below(outer, to, given, cell)]);
  }
  return met.map(([a, b]) => [inner.canonical(a), outer.canonical(b)]);
}

function memoryOf(type: Type): Memory | null {
  if (type.kind === "maybe") return memoryOf(type.type);
  return type.kind === "ref" ? { region: type.region, shape: type.shape } : null;
}

/** Where a cell leads to. Objects of a type that has a name lie in one region, however deep: so there is an end. */
function below(regions: Regions, region: RegionId, shape: Shape | null, cell: string): Memory {
  const memory = shape === null ? null : unfolded(shape.kind === "maybe" ? shape.shape : shape);
  const found = memory !== null && isMemory(memory) ? cellIn(memory, cell) : null;
  const name = found === null ? null : nameOfShape(found.kind === "maybe" ? found.shape : found);
  const child = regions.child(region, cell);
  return { region: name === null ? child : regions.tie(child, name), shape: found };
}
