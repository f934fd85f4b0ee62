/** Turns what the later stages find on the IR into diagnostics. */
import { findIndependent, findLost } from "./analysis/lost.js";
import type { Diagnostics } from "./diagnostics/collector.js";
import type { Apply, Foreign, Func } from "./ir/types.js";

/** Warns where a derivative gets lost, and of parameters that the result does not depend on. */
export function reportLost(func: Func, name: string, diagnostics: Diagnostics): void {
  for (const instr of findLost(func)) {
    const span = instr.out?.span ?? null;
    if (span !== null) diagnostics.report(kindOfLoss(instr), span, { code: diagnostics.excerpt(span) });
  }
  const differentiated = func.params.filter((param) => param.wrt);
  const independent = findIndependent(func);
  if (independent.length === differentiated.length) {
    const span = independent[0]?.value.span ?? null;
    diagnostics.report("resultIndependent", span, { name });
    return;
  }
  for (const param of independent) {
    diagnostics.report("parameterIndependent", param.value.span, { name, wrt: param.name });
  }
}

function kindOfLoss(instr: Apply | Foreign): "roundingLost" | "comparisonLost" {
  return instr.args[0]?.type.kind === "bool" ? "comparisonLost" : "roundingLost";
}
