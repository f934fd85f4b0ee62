/** A cell that is given what was read from it, while nobody has written to it, stays as it is. */
import { isLength, isSamePlace, regionOf, writtenRegions } from "../ir/places.js";
import { blocksOf, mapBlocks } from "../ir/visit.js";
import type { Block, Func, Instr, Load, RegionId } from "../ir/types.js";

export function dropSelfStores(func: Func): Func {
  return { ...func, body: visit(func.body) };
}

function visit(block: Block): Block {
  const read = new Map<RegionId, Load[]>();
  const instrs = block.instrs.filter((instr) => !isIdle(instr, read));
  return { instrs: instrs.map((instr) => mapBlocks(instr, visit)), end: block.end };
}

/** `read` are the loads so far of what has not been written to since. */
function isIdle(instr: Instr, read: Map<RegionId, Load[]>): boolean {
  if (instr.kind === "load") {
    const region = regionOf(instr.place.ref);
    if (region !== null && !isLength(instr.place)) read.set(region, [...(read.get(region) ?? []), instr]);
    return false;
  }
  if (blocksOf(instr).length > 0) {
    read.clear();
    return false;
  }
  if (instr.kind === "store" && instr.value.kind === "value") {
    const { place, value } = instr;
    const loads = read.get(regionOf(place.ref) ?? -1) ?? [];
    if (loads.some(({ out, place: from }) => out.id === value.id && isSamePlace(from, place))) return true;
  }
  for (const region of writtenRegions(instr)) read.delete(region);
  return false;
}
