/** Memory without a derivative that goes to functions which take a shadow with it. */
import type { Definitions, Site } from "../analysis/definitions.js";
import { findContained, reachedFrom } from "../ir/contained.js";
import { writtenRegions } from "../ir/places.js";
import { forEachInstr } from "../ir/visit.js";
import type { Atom, Loop, Value } from "../ir/types.js";
import type { Facts } from "./shadow-plan.js";

/**
 * The arguments of calls in the loop that lead to no active number, and that are the same in all of its iterations: one
 * shadow is enough for all of these, as nothing reads it.
 */
export function idleArguments(
  loop: Loop,
  { func, definitions, companionOf }: Facts,
  isShadowed: (ref: Atom) => boolean,
): readonly Value[] {
  const found = new Set<Value>();
  const written = new Set<number>();
  forEachInstr(loop.body, (instr) => {
    for (const region of writtenRegions(instr)) written.add(region);
    if (instr.kind !== "call") return;
    const companion = companionOf(instr, isShadowed);
    for (const index of companion?.shadowed ?? []) {
      const arg = instr.args[index];
      if (arg?.kind === "value" && !isShadowed(arg) && isOutside(arg, loop, definitions)) found.add(arg);
    }
  });
  if (found.size === 0) return [];
  const contained = findContained(func);
  return [...found].filter(
    (arg) => ![...reachedFrom(contained, [arg])].some((region) => written.has(region)),
  );
}

function isOutside({ id }: Value, loop: Loop, { of }: Definitions): boolean {
  const home = of.get(id)?.site;
  if (home === undefined) return false;
  for (let site: Site | null = home; site !== null; site = site.parent) if (site.owner === loop) return false;
  return true;
}
