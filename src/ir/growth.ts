/** Plain arrays that a store by index may make longer, and what is written to by keys. */
import type { Func, Instr, RegionId, Value, ValueId } from "./types.js";
import { isLength, regionOf } from "./places.js";
import { isKeyed } from "./shapes.js";
import { forEachInstr } from "./visit.js";

type Store = Extract<Instr, { kind: "store" }>;

/**
 * Regions with an array that is made element by element and stored to by an index that only the call knows, or stored to
 * right behind its end; and those with records, maps and sets that are stored to.
 */
export function findGrowing(func: Func): ReadonlySet<RegionId> {
  const literal = new Set<RegionId>();
  const lengths = new Map<ValueId, RegionId>();
  const stores: Store[] = [];
  const growing = new Set<RegionId>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "alloc" && instr.init.kind === "elements") add(literal, instr.out);
    if (instr.kind === "load" && isLength(instr.place)) {
      const region = regionOf(instr.place.ref);
      if (region !== null) lengths.set(instr.out.id, region);
    }
    if (instr.kind === "store" && isPlainArray(instr.place.ref)) stores.push(instr);
    if (instr.kind === "store" && isFoundByKeys(instr.place.ref)) add(growing, instr.place.ref);
  });
  for (const { place } of stores) {
    const region = regionOf(place.ref);
    if (region === null || place.step.kind !== "index" || place.step.index.kind !== "value") continue;
    if (literal.has(region) || lengths.get(place.step.index.id) === region) growing.add(region);
  }
  return growing;
}

function isPlainArray(ref: Value): boolean {
  const type = ref.type.kind === "maybe" ? ref.type.type : ref.type;
  return type.kind === "ref" && type.shape.kind === "array" && type.shape.storage === "Array";
}

/** A record, a map or a set. */
export function isFoundByKeys({ type }: Value): boolean {
  const bare = type.kind === "maybe" ? type.type : type;
  return bare.kind === "ref" && isKeyed(bare.shape);
}

function add(set: Set<RegionId>, ref: Value): void {
  const region = regionOf(ref);
  if (region !== null) set.add(region);
}
