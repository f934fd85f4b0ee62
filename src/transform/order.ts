/**
 * Whether the iterations of a reversed loop may run in any order: what they share is only added to. Such a loop runs
 * forward, under the head that the user wrote.
 */
import { countUses, forEachInstr, outsOf } from "../ir/visit.js";
import { updateOf } from "../analysis/updates.js";
import { isLength, regionOf } from "../ir/places.js";
import type { Atom, Block, Carried, Instr, Load, Store, ValueId } from "../ir/types.js";
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
  if (instrs.some(({ kind }) => kind === "push" || kind === "pop" || kind === "call")) return false;
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
    return added.has(instr) || readBy(instr).every((ref) => !changed.has(regionOf(ref)));
  });
}

/** The memory whose contents the instruction reads. */
function readBy(instr: Instr): readonly Atom[] {
  if (instr.kind === "load") return isLength(instr.place) ? [] : [instr.place.ref];
  if (instr.kind === "foreign") return instr.args.filter((arg) => regionOf(arg) !== null);
  if (instr.kind !== "alloc") return [];
  if (instr.init.kind === "listing") return instr.init.args;
  return "of" in instr.init ? [instr.init.of] : [];
}

/** The reading half of `place += e`, where nothing else sees what was there; null for any other store. */
function updatedBy(
  store: Store,
  instrOf: ReadonlyMap<ValueId, Instr>,
  uses: ReadonlyMap<ValueId, number>,
): Load | null {
  const update = updateOf(store, (id) => instrOf.get(id));
  if (update === null) return null;
  const { load, sum } = update;
  return uses.get(load.out.id) === 1 && uses.get(sum.out.id) === 1 ? load : null;
}
