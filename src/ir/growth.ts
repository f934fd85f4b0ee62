/** Plain arrays that a store by index may make longer, and what is written to by keys. */
import type { Func, Instr, RegionId, Value, ValueId } from "./types.js";
import { isLength, regionOf } from "./places.js";
import { isKeyed } from "./shapes.js";
import { forEachInstr } from "./visit.js";

type Store = Extract<Instr, { kind: "store" }>;

/**
 * Regions with an array that is made element by element and stored to by an index that only the call knows, or behind what
 * it was made of, or right behind its end; and those with records, maps and sets that are stored to.
 */
export function findGrowing(func: Func): ReadonlySet<RegionId> {
  const elementwise = findElementwise(func);
  const lengths = new Map<ValueId, RegionId>();
  const fixed = new Set<ValueId>();
  const stores: Store[] = [];
  const growing = new Set<RegionId>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "alloc" && instr.init.kind !== "elements") fixed.add(instr.out.id);
    if (instr.kind === "load" && isLength(instr.place)) {
      const region = regionOf(instr.place.ref);
      if (region !== null) lengths.set(instr.out.id, region);
    }
    if (instr.kind === "store" && isPlainArray(instr.place.ref)) stores.push(instr);
    if (instr.kind === "store" && isFoundByKeys(instr.place.ref)) add(growing, instr.place.ref);
  });
  for (const { place } of stores) {
    const region = regionOf(place.ref);
    if (region === null || place.step.kind !== "index") continue;
    const { index } = place.step;
    const least = fixed.has(place.ref.id) ? undefined : elementwise.get(region);
    const isBehind = least !== undefined && (index.kind === "value" || Number(index.value) >= least);
    if (isBehind || (index.kind === "value" && lengths.get(index.id) === region)) growing.add(region);
  }
  return growing;
}

/** Regions with an array that is made element by element, here or by others, and of how many at least. */
export function findElementwise({
  body,
  extendable,
}: Pick<Func, "body" | "extendable">): Map<RegionId, number> {
  const found = new Map(extendable);
  forEachInstr(body, (instr) => {
    if (instr.kind !== "alloc" || instr.init.kind !== "elements" || !isPlainArray(instr.out)) return;
    const region = regionOf(instr.out);
    if (region === null) return;
    found.set(region, Math.min(found.get(region) ?? Infinity, instr.init.elements.length));
  });
  return found;
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
