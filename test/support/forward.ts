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
    const all = copied(args);
    const given = func.params.map((_, i) => all[i]);
    const tangents = beside(given, replaced(given.map(zeros), path, 1)) as readonly unknown[];
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

/** What belongs to the objects that are keys, or in a set, is found by these. */
function beside(data: unknown, tangent: unknown): unknown {
  if (typeof data !== "object" || typeof tangent !== "object" || data === null || tangent === null)
    return tangent;
  if (ArrayBuffer.isView(data)) return tangent;
  if (data instanceof Map || data instanceof Set) {
    const held = [...(tangent as Map<unknown, unknown> | Set<unknown>).values()];
    if (data instanceof Set && held.every((each) => typeof each !== "object")) return tangent;
    return new Map([...data.entries()].map(([key, value], i) => [key, beside(value, held[i])]));
  }
  const fields = tangent as Record<string, unknown>;
  for (const [key, value] of Object.entries(data)) fields[key] = beside(value, fields[key]);
  return tangent;
}
