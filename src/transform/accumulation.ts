/** Sums that go round a loop: their cotangent is the same in each iteration. */
import type { Atom, Instr, Value, ValueId } from "../ir/types.js";
import { add, sub } from "../ops/scalar.js";

export interface AccumulationFacts {
  /** What defines a value; null for parameters. */
  readonly definedBy: (id: ValueId) => Instr | null;
  /** How often each value is read. */
  readonly uses: ReadonlyMap<ValueId, number>;
}

/** `atom` is `sum`, or `sum` with something added to it; what is in between is used for nothing else. */
export function accumulates(facts: AccumulationFacts, sum: Value, atom: Atom): boolean {
  if (atom.kind !== "value") return false;
  const uses = countReads(facts, sum, atom);
  return uses !== null && uses === (facts.uses.get(sum.id) ?? 0);
}

/** How often `sum` is read on the way to `atom`; null where `atom` is no sum. */
function countReads(facts: AccumulationFacts, sum: Value, atom: Atom | undefined): number | null {
  if (atom?.kind !== "value") return null;
  if (atom.id === sum.id) return 1;
  if (facts.uses.get(atom.id) !== 1) return null;
  const instr = facts.definedBy(atom.id);
  switch (instr?.kind) {
    case "apply": {
      const [first, second] = instr.args;
      if (instr.op === add) return countReads(facts, sum, first) ?? countReads(facts, sum, second);
      return instr.op === sub ? countReads(facts, sum, first) : null;
    }
    case "if": {
      const index = instr.outs.findIndex(({ id }) => id === atom.id);
      let total = 0;
      for (const { end } of [instr.consequent, instr.alternate]) {
        if (end.kind !== "yield") continue;
        const count = countReads(facts, sum, end.values[index]);
        if (count === null) return null;
        total += count;
      }
      return total;
    }
    case "loop": {
      const index = instr.carried.findIndex(({ out }) => out.id === atom.id);
      const carried = instr.carried[index];
      const { end } = instr.body;
      if (carried === undefined || end.kind !== "yield") return null;
      const yielded = end.values[index + 1];
      if (yielded === undefined || !accumulates(facts, carried.param, yielded)) return null;
      return countReads(facts, sum, carried.init);
    }
    default:
      return null;
  }
}
