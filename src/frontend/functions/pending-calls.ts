/** Calls of functions whose arguments for what these see from outside are found while all of them are lowered. */
import { isAtom } from "../scope.js";
import type { CompanionFunction, PendingCall, Program } from "./companions.js";

/** Hands over what the functions see from outside, as far as that is known: those that are being lowered may see more. */
export function completeCalls({ calls }: Program): void {
  for (let before = -1, after = 0; before !== after;) {
    before = after;
    calls.forEach(complete);
    after = calls.reduce((sum, { callee }) => sum + callee.captured.size, 0);
  }
}

function complete({ unit, callee, call }: PendingCall): void {
  const captured = [...callee.captured.keys()];
  for (const variable of captured.slice(call.args.length - explicitOf(callee))) {
    const bound = unit.environment.get(variable);
    if (bound === undefined || !isAtom(bound)) return;
    call.args.push(bound);
  }
}

function explicitOf({ params, boxes }: CompanionFunction): number {
  return params.length + boxes.size;
}

/** Reports calls that could not be given what the function sees. */
export function reportIncomplete({ calls }: Program): void {
  for (const { unit, callee, node, call } of calls) {
    const missing = [...callee.captured.keys()][call.args.length - explicitOf(callee)];
    if (missing === undefined) continue;
    const reason = `sees \`${missing.name}\`, which cannot be seen where it is called`;
    unit.diagnostics.report("recursion", node, { name: callee.name, reason });
  }
}
