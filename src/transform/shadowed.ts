/** Memory that has shadows. */
import { regionOf } from "../ir/places.js";
import { changedUnseen, mayHold } from "../ir/contained.js";
import { forEachInstr, initAtoms } from "../ir/visit.js";
import { gradientShape } from "../ir/gradient-shapes.js";
import type { Atom, RegionId } from "../ir/types.js";
import { holdsReferences } from "./shadow-memory.js";
import type { Facts } from "./shadow-plan.js";

/**
 * A region is shadowed if it has active cells, or refers to one that is. A function that is called takes all memory that it
 * is given for active, so all of that is shadowed, or nothing.
 */
export function findShadowed({ func, activity }: Pick<Facts, "func" | "activity">): (ref: Atom) => boolean {
  const unseen = changedUnseen(func);
  const handed: RegionId[] = [];
  const below = new Map<RegionId, Set<RegionId>>();
  // But for what a function that is called may have put there.
  const seen = new Map<RegionId, Set<RegionId>>();
  const linkIn = (map: Map<RegionId, Set<RegionId>>, from: RegionId | null, to: RegionId | null): void => {
    if (from === null || to === null || from === to) return;
    map.set(from, (map.get(from) ?? new Set()).add(to));
  };
  const link = (from: RegionId | null, to: RegionId | null): void => {
    linkIn(below, from, to);
    linkIn(seen, from, to);
  };
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "load") link(regionOf(instr.place.ref), regionOf(instr.out));
    if (instr.kind === "store") link(regionOf(instr.place.ref), regionOf(instr.value));
    if (instr.kind === "push") link(regionOf(instr.ref), regionOf(instr.value));
    if (instr.kind === "pop") link(regionOf(instr.ref), regionOf(instr.out));
    if (instr.kind === "call") {
      handed.push(...instr.args.flatMap((arg) => regionOf(arg) ?? []));
      for (const from of [...instr.args, ...instr.outs])
        for (const to of instr.args) if (mayHold(from, to)) linkIn(below, regionOf(from), regionOf(to));
      for (const from of instr.args)
        for (const region of unseen(instr)) linkIn(below, regionOf(from), region);
    }
    if (instr.kind === "alloc") {
      const { init } = instr;
      const isCopy = init.kind === "slice" || init.kind === "clone" || init.kind === "zeros";
      // Copies of lists of rows refer to the same rows.
      if (init.kind === "slice" && holdsReferences(instr.out)) {
        link(regionOf(init.of), regionOf(instr.out));
        link(regionOf(instr.out), regionOf(init.of));
      }
      if (!isCopy) for (const atom of initAtoms(init)) link(regionOf(instr.out), regionOf(atom));
    }
  });
  // Memory may lead back to itself.
  const known = new Map<RegionId, boolean>();
  const reaches = (start: RegionId): boolean => {
    const met = new Set<RegionId>();
    const open = [start];
    for (let region = open.pop(); region !== undefined; region = open.pop()) {
      if (known.get(region) ?? activity.isActiveRegion(region)) return true;
      if (met.has(region) || known.has(region)) continue;
      met.add(region);
      open.push(...(below.get(region) ?? []));
    }
    return false;
  };
  const open = handed.filter(reaches);
  for (let region = open.pop(); region !== undefined; region = open.pop()) {
    if (known.get(region) === true) continue;
    known.set(region, true);
    open.push(...(seen.get(region) ?? []));
  }
  return (ref) => {
    const region = regionOf(ref);
    if (region === null || !holdsNumbers(ref)) return false;
    const found = known.get(region) ?? reaches(region);
    known.set(region, found);
    return found;
  };
}

/** Lists of names, flags and the like have no shadows, whatever happens to them. */
function holdsNumbers({ type }: Atom): boolean {
  const bare = type.kind === "maybe" ? type.type : type;
  return bare.kind === "ref" && gradientShape(bare.shape) !== null;
}
