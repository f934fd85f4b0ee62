/** Arrays whose length is not known from how they were made. */
import { isLength, regionOf } from "../ir/places.js";
import { findGrowing } from "../ir/growth.js";
import { forEachBlock, forEachInstr } from "../ir/visit.js";
import type { Block, Func, Instr, Load, RegionId, Store } from "../ir/types.js";

/** What is done with the arrays of a region. */
interface Uses {
  /** Where they are made, and how long. */
  readonly made: { readonly block: Block; readonly length: number }[];
  readonly stores: { readonly block: Block; readonly instr: Store; readonly order: number }[];
  readonly loads: { readonly instr: Load; readonly order: number }[];
}

/**
 * Regions with an array that grows by stores behind its end, unless it is clear what lies where: it is filled in the block
 * that it is made in, one element after the other, each before it is read, and nothing asks how long it is.
 */
export function findLoose(func: Func): ReadonlySet<RegionId> {
  const growing = findGrowing(func);
  return new Set(
    [...usesOf(func, growing)].filter(([, uses]) => !isFilledInOrder(uses)).map(([region]) => region),
  );
}

function usesOf(func: Func, growing: ReadonlySet<RegionId>): ReadonlyMap<RegionId, Uses> {
  const found = new Map<RegionId, Uses>();
  if (growing.size === 0) return found;
  const orders = new Map<Instr, number>();
  forEachInstr(func.body, (instr) => orders.set(instr, orders.size));
  const at = (region: RegionId | null): Uses | null => {
    if (region === null || !growing.has(region)) return null;
    const uses = found.get(region) ?? { made: [], stores: [], loads: [] };
    found.set(region, uses);
    return uses;
  };
  forEachBlock(func.body, (block) => {
    for (const instr of block.instrs) {
      const order = orders.get(instr) ?? 0;
      if (instr.kind === "alloc") {
        const length = instr.init.kind === "elements" ? instr.init.elements.length : 0;
        at(regionOf(instr.out))?.made.push({ block, length });
      } else if (instr.kind === "store") at(regionOf(instr.place.ref))?.stores.push({ block, instr, order });
      else if (instr.kind === "load") at(regionOf(instr.place.ref))?.loads.push({ instr, order });
    }
  });
  return found;
}

function isFilledInOrder({ made, stores, loads }: Uses): boolean {
  const [only, ...others] = made;
  if (only === undefined || others.length > 0) return false;
  let { length } = only;
  const filled = new Map<number, number>();
  for (const { block, instr, order } of [...stores].sort((a, b) => a.order - b.order)) {
    const index = indexIn(instr);
    if (index === null || index > length) return false;
    if (index < length) continue;
    if (block !== only.block) return false;
    filled.set(index, order);
    length++;
  }
  return loads.every(({ instr, order }) => {
    const index = isLength(instr.place) ? null : indexIn(instr);
    if (index === null || index >= length) return false;
    return order > (filled.get(index) ?? -1);
  });
}

function indexIn({ place: { step } }: Load | Store): number | null {
  if (step.kind !== "index" || step.index.kind !== "literal") return null;
  return typeof step.index.value === "number" ? step.index.value : null;
}
