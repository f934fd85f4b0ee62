/** Plain arrays that a store by index may make longer. */
import type { Block, Func, Instr, RegionId, Value, ValueId } from "./types.js";
import { isLength, regionOf } from "./places.js";
import { forEachInstr } from "./visit.js";

type Store = Extract<Instr, { kind: "store" }>;

/**
 * Regions with an array that is made element by element and stored to by an index that only the call knows, or stored to
 * right behind its end.
 */
export function findGrowing(func: Func): ReadonlySet<RegionId> {
  const literal = new Set(func.extendable);
  const lengths = new Map<ValueId, RegionId>();
  const fixed = new Set<ValueId>();
  const stores: Store[] = [];
  for (const region of findElementwise(func.body)) literal.add(region);
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "alloc" && instr.init.kind !== "elements") fixed.add(instr.out.id);
    if (instr.kind === "load" && isLength(instr.place)) {
      const region = regionOf(instr.place.ref);
      if (region !== null) lengths.set(instr.out.id, region);
    }
    if (instr.kind === "store" && isPlainArray(instr.place.ref)) stores.push(instr);
  });
  const growing = new Set<RegionId>();
  for (const { place } of stores) {
    const region = regionOf(place.ref);
    if (region === null || place.step.kind !== "index" || place.step.index.kind !== "value") continue;
    const isLoose = literal.has(region) && !fixed.has(place.ref.id);
    if (isLoose || lengths.get(place.step.index.id) === region) growing.add(region);
  }
  return growing;
}

/** Regions with an array that the block makes element by element. */
export function findElementwise(block: Block): ReadonlySet<RegionId> {
  const found = new Set<RegionId>();
  forEachInstr(block, (instr) => {
    if (instr.kind !== "alloc" || instr.init.kind !== "elements" || !isPlainArray(instr.out)) return;
    const region = regionOf(instr.out);
    if (region !== null) found.add(region);
  });
  return found;
}

function isPlainArray(ref: Value): boolean {
  const type = ref.type.kind === "maybe" ? ref.type.type : ref.type;
  return type.kind === "ref" && type.shape.kind === "array" && type.shape.storage === "Array";
}
