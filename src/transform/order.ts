/**
 * Whether the iterations of a reversed loop may run in any order: what they share is only added to. Such a loop runs
 * forward, under the head that the user wrote.
 */
import { regionOf } from "../analysis/activity.js";
import { isSamePlace } from "../ir/places.js";
import { countUses, forEachInstr, outsOf } from "../ir/visit.js";
import type { Block, Carried, Instr, Load, Store, Value, ValueId } from "../ir/types.js";
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
  const instrs: Instr[] = [];
  forEachInstr(body, (instr) => {
    instrs.push(instr);
  });
  if (instrs.some(({ kind }) => kind === "push" || kind === "pop")) return false;
  const own = new Set<ValueId>();
  for (const instr of instrs) if (instr.kind === "alloc" && instr.init.kind !== "view") own.add(instr.out.id);
  const stores = instrs.flatMap((instr) =>
    instr.kind === "store" && !own.has(instr.place.ref.id) ? [instr] : [],
  );
  const halves = stores.map((store) => updatedBy(store, instrOf, uses));
  if (halves.includes(null)) return false;
  const added = new Set<Instr | null>(halves);
  const changed = new Set(stores.map(({ place }) => regionOf(place.ref)));
  return instrs.every((instr) => {
    const ref = readBy(instr);
    return ref === null || added.has(instr) || !changed.has(regionOf(ref));
  });
}

/** The memory whose contents the instruction reads. */
function readBy(instr: Instr): Value | null {
  if (instr.kind === "load") return isLength(instr) ? null : instr.place.ref;
  return instr.kind === "alloc" && "of" in instr.init ? instr.init.of : null;
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
