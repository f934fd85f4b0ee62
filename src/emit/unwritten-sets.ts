/** What lies under a key of a set is written as the key itself, so the set is not. */
import { isKeyed } from "../ir/shapes.js";
import type { Block, Instr, ValueId } from "../ir/types.js";
import { atomsOf, countUses, forEachInstr } from "../ir/visit.js";

/** The sets that are used for nothing else. */
export function unwrittenSets(body: Block): ReadonlySet<ValueId> {
  const asSets = new Map<ValueId, number>();
  forEachInstr(body, (instr) => {
    if (!isOfSet(instr)) return;
    const [ref] = atomsOf(instr);
    if (ref?.kind === "value") asSets.set(ref.id, (asSets.get(ref.id) ?? 0) + 1);
  });
  const uses = countUses(body);
  return new Set([...asSets].flatMap(([id, count]) => (uses.get(id) === count ? [id] : [])));
}

function isOfSet(instr: Instr): boolean {
  if (instr.kind !== "load" || instr.place.step.kind !== "index") return false;
  const { ref, step } = instr.place;
  const shape = ref.type.kind === "ref" ? ref.type.shape : null;
  return shape !== null && isKeyed(shape) && shape.storage === "Set" && step.asks === undefined;
}
