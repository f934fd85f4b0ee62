/** Whether the size of a loop's variable matters, or only what it counts, indexes and compares. */
import { atomsOf, endAtoms, forEachBlock, forEachInstr } from "../ir/visit.js";
import type { Instr, Loop, Value, ValueId } from "../ir/types.js";

/** True if a number that may be differentiated is computed from `start` in the loop, or kept for later. */
export function isObserved(loop: Loop, start: Value): boolean {
  const tainted = new Set<ValueId>([start.id]);
  let observed = false;
  // Definitions come before uses, and what goes round a loop is observed.
  forEachInstr(loop.body, (instr) => {
    if (!atomsOf(instr).some((atom) => atom.kind === "value" && tainted.has(atom.id))) return;
    if (instr.kind === "apply") {
      if (instr.out.type.kind !== "bool" && instr.out.type.kind !== "int") tainted.add(instr.out.id);
    } else {
      observed ||= keeps(instr, tainted);
    }
  });
  forEachBlock(loop.body, (block) => {
    // The loop's own step is all that may be handed on.
    const own = block === loop.body ? loop.carried.findIndex(({ param }) => param === start) + 1 : 0;
    observed ||= endAtoms(block.end).some(
      (atom, at) => atom.kind === "value" && tainted.has(atom.id) && !(own > 0 && at === own),
    );
  });
  return observed;
}

function keeps(instr: Instr, tainted: ReadonlySet<ValueId>): boolean {
  switch (instr.kind) {
    case "store":
    case "push":
      return instr.value.kind === "value" && tainted.has(instr.value.id);
    case "loop":
      return instr.carried.some(({ init }) => init.kind === "value" && tainted.has(init.id));
    case "alloc":
      return instr.init.kind === "elements" || instr.init.kind === "object" || instr.init.kind === "filled";
    default:
      return false;
  }
}

/** True if it is the index of some element, as it is: a whole number, then. */
export function indexes(loop: Loop, { id }: Value): boolean {
  let found = false;
  forEachInstr(loop.body, (instr) => {
    if (instr.kind !== "load" && instr.kind !== "store") return;
    const { step } = instr.place;
    found ||= step.kind === "index" && step.index.kind === "value" && step.index.id === id;
  });
  return found;
}
