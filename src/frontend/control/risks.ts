/**
 * Where JavaScript may throw by itself in a `try`: what was read there may be missing, and is used as an object. Such an
 * exception is not followed, so a `try` that can wait for nothing else is refused.
 */
import type { ts } from "ts-morph";
import type { Context } from "../context.js";
import type { CompanionFunction } from "../functions/companions.js";
import type { Catching } from "./catching.js";

/** Notes that what was read at `node` is used as an object, and may be missing. */
export function noteRisk({ catches }: Context, node: ts.Node): void {
  for (let each = catches; each !== null; each = each.outer) each.risks.add(node);
}

export function noteCallIn({ catches }: Context, callee: CompanionFunction): void {
  for (let each = catches; each !== null; each = each.outer) each.calls.add(callee);
}

/** Where JavaScript may throw by itself, in the functions that are called as well. */
export function risksOf({ risks, calls }: Pick<Catching, "risks" | "calls">): readonly ts.Node[] {
  const found = new Set(risks);
  const reached = new Set(calls);
  for (const { raises } of reached) {
    for (const risk of raises?.risks ?? []) found.add(risk);
    for (const call of raises?.calls ?? []) reached.add(call);
  }
  return [...found];
}
