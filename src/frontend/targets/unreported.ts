/**
 * The last word on what was refused. A value that lowering waits for in vain, as when functions that return functions
 * call each other, leaves `poison` behind; a place where it is used is as good as that where it comes from.
 */
import type { Diagnostics } from "../../diagnostics/collector.js";
import { statementOf } from "../../ir/statement-of.js";
import type { Block, Span } from "../../ir/types.js";
import { atomsOf, blocksOf, endAtoms } from "../../ir/visit.js";
import { poison } from "../context.js";

/** Reports the first use of such a value, if there is one. */
export function reportUnreported(
  functions: readonly { readonly body: Block }[],
  whole: Span,
  diagnostics: Diagnostics,
): void {
  for (const { body } of functions) {
    const found = useOfPoison(body, whole);
    if (found === null) continue;
    const what = "value that is found only by way of itself";
    diagnostics.report("unsupportedExpression", found, { code: diagnostics.excerpt(found), what });
    return;
  }
}

function useOfPoison({ instrs, end }: Block, around: Span): Span | null {
  for (const instr of instrs) {
    const here = statementOf(instr)?.span ?? around;
    if (atomsOf(instr).includes(poison)) return here;
    for (const block of blocksOf(instr)) {
      const inner = useOfPoison(block, here);
      if (inner !== null) return inner;
    }
  }
  return endAtoms(end).includes(poison) ? around : null;
}
