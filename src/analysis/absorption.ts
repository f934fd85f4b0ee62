/**
 * Which values may be infinite while the function's result is finite: those that reach it through a denominator, a
 * `max`, a saturating function or a branch. Only for these can a cotangent of exactly 0 meet an infinite partial.
 */
import type { Atom, Block, Func, Instr, ValueId } from "../ir/types.js";
import { absorbsAt } from "../ops/singularity.js";
import type { Definitions } from "./definitions.js";

export function findAbsorbed(func: Func, definitions: Definitions): ReadonlySet<ValueId> {
  const absorbed = new Set<ValueId>();
  visit(func.body, 0);
  return absorbed;

  /** Uses before definitions, so that what follows a value is known when the value itself is met. */
  function visit(block: Block, depth: number): void {
    if (block.end.kind === "return") block.end.values.forEach((atom) => meet(atom, depth, false));
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
          meet(arg, depth, absorbsAt(instr, index) || absorbed.has(instr.out.id));
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
              meet(atom, depth + 1, out !== undefined && absorbed.has(out.id));
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

  /** A value that is used in an arm only is discarded by the other one. */
  function meet(atom: Atom, depth: number, absorbs: boolean): void {
    if (atom.kind !== "value") return;
    const home = definitions.of.get(atom.id)?.site.depth ?? 0;
    if (absorbs || home < depth) absorbed.add(atom.id);
  }
}
