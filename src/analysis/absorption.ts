/**
 * Which values may be infinite while the function's result is finite: those that reach it through a denominator, a
 * `max`, a saturating function or a branch. Only for these can a cotangent of exactly 0 meet an infinite partial.
 */
import type { Apply, Atom, Block, Func, Instr, ValueId } from "../ir/types.js";
import { partialsOf } from "../ops/partials.js";
import { absorbsAt, picksAt } from "../ops/singularity.js";
import type { Definitions } from "./definitions.js";

/** How: a branch or a `max` does not take the value at all, or what is computed with it saturates. */
export type Absorption = "discarded" | "saturated";

export function findAbsorbed(func: Func, definitions: Definitions): ReadonlyMap<ValueId, Absorption> {
  const absorbed = new Map<ValueId, Absorption>();
  visit(func.body, 0);
  return absorbed;

  /** Uses before definitions, so that what follows a value is known when the value itself is met. */
  function visit(block: Block, depth: number): void {
    if (block.end.kind === "return") block.end.values.forEach((atom) => meet(atom, depth, null));
    for (let i = block.instrs.length - 1; i >= 0; i--) {
      const instr = block.instrs[i];
      if (instr !== undefined) visitInstr(instr, depth);
    }
  }

  function visitInstr(instr: Instr, depth: number): void {
    switch (instr.kind) {
      case "apply":
        // Where no derivative flows back, there is no cotangent to be 0.
        if (instr.op.partials === null) return;
        instr.args.forEach((arg, index) => {
          meet(arg, depth, absorptionOf(instr, index));
        });
        return;
      case "load":
      case "alloc":
      case "store":
        return;
      case "if":
        for (const arm of [instr.consequent, instr.alternate]) {
          const { end } = arm;
          if (end.kind === "yield") {
            end.values.forEach((atom, index) => {
              const out = instr.outs[index];
              meet(atom, depth + 1, out === undefined ? null : (absorbed.get(out.id) ?? null));
            });
          }
          visit(arm, depth + 1);
        }
        return;
      case "guard":
        visit(instr.body, depth);
        return;
    }
  }

  /** How an argument is absorbed by the operation, or by what becomes of its result. */
  function absorptionOf(instr: Apply, index: number): Absorption | null {
    if (picksAt(instr, index)) return "discarded";
    const later = absorbed.get(instr.out.id) ?? null;
    const isLinear = partialsOf(instr)?.[index]?.kind === "literal";
    if (later !== null) return isLinear ? later : "saturated";
    return absorbsAt(instr, index) ? "saturated" : null;
  }

  /** A value that is used in an arm only is discarded by the other one. */
  function meet(atom: Atom, depth: number, absorption: Absorption | null): void {
    if (atom.kind !== "value") return;
    const home = definitions.of.get(atom.id)?.site.depth ?? 0;
    const found = home < depth ? "discarded" : absorption;
    if (found !== null && absorbed.get(atom.id) !== "discarded") absorbed.set(atom.id, found);
  }
}
