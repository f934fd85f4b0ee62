/** What memory leads to: the regions that references kept in it point into, and those below them. */
import { regionOf } from "./places.js";
import type { Atom, Func, RegionId } from "./types.js";
import { forEachInstr, initAtoms } from "./visit.js";

/** Gives, for a region, itself and all regions that the function reaches from it. */
export function findReach(func: Func): (root: RegionId) => ReadonlySet<RegionId> {
  const below = new Map<RegionId, Set<RegionId>>();
  const link = (outer: Atom, inner: Atom): void => {
    const [from, to] = [regionOf(outer), regionOf(inner)];
    if (from === null || to === null) return;
    const known = below.get(from);
    if (known === undefined) below.set(from, new Set([to]));
    else known.add(to);
  };
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "load") link(instr.place.ref, instr.out);
    if (instr.kind === "store") link(instr.place.ref, instr.value);
    if (instr.kind === "push") link(instr.ref, instr.value);
    if (instr.kind === "pop") link(instr.ref, instr.out);
    if (instr.kind === "alloc") for (const atom of initAtoms(instr.init)) link(instr.out, atom);
  });
  return (root) => {
    const seen = new Set<RegionId>([root]);
    for (const region of seen) for (const inner of below.get(region) ?? []) seen.add(inner);
    return seen;
  };
}
