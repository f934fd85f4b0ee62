/** Memory that has shadows. */
import { regionOf } from "../ir/places.js";
import { changedUnseen, mayHold, reachedFrom } from "../ir/contained.js";
import { forEachInstr, initAtoms } from "../ir/visit.js";
import { gradientShape } from "../ir/gradient-shapes.js";
import type { Atom, RegionId } from "../ir/types.js";
import { holdsReferences } from "./shadow-memory.js";
import type { Facts } from "./shadow-plan.js";

/** A region is shadowed if it has active cells, or refers to one that is. */
export function findShadowed({ func, activity }: Pick<Facts, "func" | "activity">): (ref: Atom) => boolean {
  const unseen = changedUnseen(func);
  const below = new Map<RegionId, Set<RegionId>>();
  const link = (from: RegionId | null, to: RegionId | null): void => {
    if (from === null || to === null || from === to) return;
    const known = below.get(from);
    if (known === undefined) below.set(from, new Set([to]));
    else known.add(to);
  };
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "load") link(regionOf(instr.place.ref), regionOf(instr.out));
    if (instr.kind === "store") link(regionOf(instr.place.ref), regionOf(instr.value));
    if (instr.kind === "push") link(regionOf(instr.ref), regionOf(instr.value));
    if (instr.kind === "pop") link(regionOf(instr.ref), regionOf(instr.out));
    if (instr.kind === "alloc") {
      const { init } = instr;
      const isCopy = init.kind === "slice" || init.kind === "clone" || init.kind === "zeros";
      // Copies of lists of rows refer to the same rows.
      if (init.kind === "slice" && holdsReferences(instr.out)) link(regionOf(init.of), regionOf(instr.out));
      if (!isCopy) for (const atom of initAtoms(init)) link(regionOf(instr.out), regionOf(atom));
    }
  });
  const direct = new Map([...below].map(([from, to]) => [from, new Set(to)]));
  forEachInstr(func.body, (instr) => {
    if (instr.kind !== "call") return;
    for (const from of [...instr.args, ...instr.outs])
      for (const to of instr.args) if (mayHold(from, to)) link(regionOf(from), regionOf(to));
    for (const from of instr.args) for (const region of unseen(instr)) link(regionOf(from), region);
  });
  const whole = new Set<RegionId>();
  // Memory may lead back to itself.
  const known = new Map<RegionId, boolean>();
  const reaches = (start: RegionId): boolean => {
    const seen = new Set<RegionId>();
    const open = [start];
    for (let region = open.pop(); region !== undefined; region = open.pop()) {
      if (known.get(region) ?? (whole.has(region) || activity.isActiveRegion(region))) return true;
      if (seen.has(region) || known.has(region)) continue;
      seen.add(region);
      open.push(...(below.get(region) ?? []));
    }
    return false;
  };
  // What a function is called with is one thing to it: cotangents may be added to any part.
  forEachInstr(func.body, (instr) => {
    if (instr.kind !== "call") return;
    for (const arg of instr.args) {
      const region = regionOf(arg);
      if (region !== null && reaches(region)) for (const each of reachedFrom(direct, [arg])) whole.add(each);
    }
  });
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
