/**
 * A cell of a shadow that is cleared and then added to is stored once: after `dx[i] = 0`, `dx[i] += e` is `dx[i] = e`,
 * where nothing in between may touch that cell.
 */
import { number } from "../ir/builder.js";
import { blocksOf, mapBlocks, substitute } from "../ir/visit.js";
import { isLength, isSamePlace, regionOf } from "../ir/places.js";
import type { Atom, Block, Func, Instr, Place, RegionId, ValueId } from "../ir/types.js";

interface Cleared {
  readonly place: Place;
  /** Where the store stands in its block. */
  readonly position: number;
}

export function mergeClearing(func: Func): Func {
  const zeros = new Set<ValueId>();
  const body = visit(func.body);
  const to = (atom: Atom): Atom => (atom.kind === "value" && zeros.has(atom.id) ? number(0) : atom);
  return zeros.size === 0 ? func : { ...func, body: substitute(body, to) };

  function visit(block: Block): Block {
    const cleared = new Map<RegionId, Cleared>();
    const dropped = new Set<number>();
    block.instrs.forEach((instr, position) => {
      if (blocksOf(instr).length > 0) cleared.clear();
      else meet(instr, position, cleared, dropped);
    });
    const kept = block.instrs.filter((_, position) => !dropped.has(position));
    return { instrs: kept.map((instr) => mapBlocks(instr, visit)), end: block.end };
  }

  function meet(instr: Instr, position: number, cleared: Map<RegionId, Cleared>, dropped: Set<number>): void {
    const place = instr.kind === "store" || instr.kind === "load" ? instr.place : null;
    if (place === null || isLength(place)) {
      for (const region of touchedBy(instr)) cleared.delete(region);
      return;
    }
    const region = regionOf(place.ref) ?? -1;
    const before = cleared.get(region);
    const isSame = before !== undefined && isSamePlace(before.place, place);
    if (instr.kind === "load") {
      if (isSame && instr.out.type.kind === "real" && instr.out.hint?.declared !== true) {
        zeros.add(instr.out.id);
        dropped.add(position);
      } else cleared.delete(region);
      return;
    }
    if (instr.kind !== "store") return;
    if (isSame) dropped.add(before.position);
    cleared.delete(region);
    if (instr.sweep === "backward" && instr.value.kind === "literal" && instr.value.value === 0)
      cleared.set(region, { place, position });
  }
}

function touchedBy(instr: Instr): readonly RegionId[] {
  if (instr.kind === "call") return [...instr.writes, ...instr.args.flatMap((arg) => regionOf(arg) ?? [])];
  const ref =
    instr.kind === "push" || instr.kind === "pop"
      ? instr.ref
      : instr.kind === "alloc" && "of" in instr.init
        ? instr.init.of
        : instr.kind === "alloc" && "like" in instr.init
          ? instr.init.like
          : null;
  const region = ref === null ? null : regionOf(ref);
  return region === null ? [] : [region];
}
