/**
 * Whether the iterations of a reversed loop may run in any order: what they share is only added to. Such a loop runs
 * forward, under the head that the user wrote.
 */
import { regionOf } from "../analysis/activity.js";
import { isSamePlace } from "../ir/places.js";
import { countUses, forEachInstr, outsOf } from "../ir/visit.js";
import type { Block, Carried, Instr, Load, RegionId, Store, Value, ValueId } from "../ir/types.js";
import { add, sub } from "../ops/scalar.js";
import { accumulates } from "./accumulation.js";

export function isOrderFree(body: Block, carried: readonly Carried[]): boolean {
  const { end } = body;
  if (end.kind !== "yield") return false;
  const uses = countUses(body);
  const instrOf = new Map<ValueId, Instr>();
  forEachInstr(body, (instr) => {
    for (const out of outsOf(instr)) instrOf.set(out.id, instr);
  });
  const facts = { uses, definedBy: (id: ValueId) => instrOf.get(id) ?? null };
  const areSums = carried.every(({ param }, index) => {
    const yielded = end.values[index + 1];
    return yielded !== undefined && accumulates(facts, param, yielded);
  });
  return areSums && sharesOnlySums(body, instrOf, uses);
}

/** Memory from outside of the body is added to and not read, or read and not written. */
function sharesOnlySums(
  body: Block,
  instrOf: ReadonlyMap<ValueId, Instr>,
  uses: ReadonlyMap<ValueId, number>,
): boolean {
  const own = new Set<RegionId>();
  const changed = new Set<RegionId>();
  const halves = new Set<Load>();
  const reads: (readonly [Instr, Value])[] = [];
  let isPlain = true;
  forEachInstr(body, (instr) => {
    if (instr.kind === "push" || instr.kind === "pop") isPlain = false;
    if (instr.kind === "alloc" && instr.init.kind !== "view") own.add(regionOf(instr.out) ?? -1);
  });
  if (!isPlain) return false;
  forEachInstr(body, (instr) => {
    if (instr.kind === "store" && !own.has(regionOf(instr.place.ref) ?? -1)) {
      const half = updatedBy(instr, instrOf, uses);
      if (half === null) isPlain = false;
      else halves.add(half);
      changed.add(regionOf(instr.place.ref) ?? -1);
    }
    if (instr.kind === "load") reads.push([instr, instr.place.ref]);
    if (instr.kind === "alloc" && "of" in instr.init) reads.push([instr, instr.init.of]);
  });
  return (
    isPlain &&
    reads.every(
      ([instr, ref]) =>
        !changed.has(regionOf(ref) ?? -1) ||
        (instr.kind === "load" && (halves.has(instr) || isLength(instr))),
    )
  );
}

/** The reading half of `place += e`; null for any other store. */
function updatedBy(
  { place, value }: Store,
  instrOf: ReadonlyMap<ValueId, Instr>,
  uses: ReadonlyMap<ValueId, number>,
): Load | null {
  const sum = value.kind === "value" ? instrOf.get(value.id) : undefined;
  if (sum?.kind !== "apply" || (sum.op !== add && sum.op !== sub)) return null;
  const [first] = sum.args;
  const load = first?.kind === "value" ? instrOf.get(first.id) : undefined;
  if (load?.kind !== "load" || uses.get(load.out.id) !== 1 || uses.get(sum.out.id) !== 1) return null;
  return isSamePlace(load.place, place) ? load : null;
}

function isLength({ place }: Load): boolean {
  return place.step.kind === "field" && place.step.name === "length";
}
