/** Forward mode over the primal IR: derivatives that share nothing with the transform. */
import type { External } from "../../src/ir/interpret-foreign.js";
import { interpretDual } from "../../src/ir/interpret.js";
import type { Func } from "../../src/ir/types.js";
import type { Forward } from "./subject.js";
import { copied, leaves, replaced } from "./leaves.js";

/**
 * The derivative of a lowered function in the direction of one number in its arguments. That of a call with a derivative
 * by hand is taken from its rule, so that only differences check the rule itself.
 */
export function forwardOf(func: Func, external?: External): Forward {
  return (args, path) => {
    const given = func.params.map((_, i) => copied(args[i]));
    const tangents = replaced(given.map(zeros), path, 1) as readonly unknown[];
    const tangent = interpretDual(func, given, tangents, external).tangents[0];
    return typeof tangent === "number" ? tangent : NaN;
  };
}

/** The same structure, 0 for every leaf. */
function zeros(data: unknown): unknown {
  let result = data;
  for (const { path } of leaves(data)) result = replaced(result, path, 0);
  return result;
}
