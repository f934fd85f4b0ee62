/** Plain arrays that a store by index may make longer, and what is written to by keys. */
import type { Block, Func, Instr, Place, RegionId, Value, ValueId } from "./types.js";
import { isLength, regionOf } from "./places.js";
import { isKeyed } from "./shapes.js";
import { forEachInstr } from "./visit.js";

type Store = Extract<Instr, { kind: "store" }>;

/**
 * Regions with an array that is made element by element and stored to by an index that only the call knows, or that is
 * beyond its elements, or stored to right behind its end; and those with records, maps and sets that are stored to.
 */
export function findGrowing(func: Func): ReadonlySet<RegionId> {
  const literal = new Set(func.extendable);
  const lengths = new Map<ValueId, RegionId>();
  const fixed = new Set<ValueId>();
  const stores: Store[] = [];
  for (const region of findElementwise(func.body)) literal.add(region);
  const growing = new Set<RegionId>();
  const counts = countsAtFirst(func);
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
    if (region !== null && isBeyond(place, counts)) growing.add(region);
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

/** A record, a map or a set. */
export function isFoundByKeys({ type }: Value): boolean {
  const bare = type.kind === "maybe" ? type.type : type;
  return bare.kind === "ref" && isKeyed(bare.shape);
}

function add(set: Set<RegionId>, ref: Value): void {
  const region = regionOf(ref);
  if (region !== null) set.add(region);
}

/** How many elements arrays have when they are made, by their memory. */
export function countsAtFirst(func: Func): ReadonlyMap<RegionId, number> {
  const counts = new Map<RegionId, number>();
  forEachInstr(func.body, (instr) => {
    const region = instr.kind === "alloc" ? regionOf(instr.out) : null;
    if (instr.kind !== "alloc" || instr.init.kind !== "elements" || region === null) return;
    const { length } = instr.init.elements;
    counts.set(region, Math.min(length, counts.get(region) ?? length));
  });
  return counts;
}

/** `slots[0] = x` may make an array longer that was made without any. */
export function isBeyond({ ref, step }: Place, counts: ReadonlyMap<RegionId, number>): boolean {
  const count = counts.get(regionOf(ref) ?? -1);
  return (
    step.kind === "index" && step.index.kind === "literal" && Number(step.index.value) >= (count ?? Infinity)
  );
}
