/**
 * `this` in functions that are called: an arrow function sees that of the place where it is written, which may lie in
 * another function of the emitted file. It is looked up there like any variable from outside.
 */
import { suggested } from "../../ir/builder.js";
import type { Value } from "../../ir/types.js";
import type { Context, Unit } from "../context.js";
import type { Bound, Variable } from "../scope.js";

/** Where the objects are known that `this` stands for. */
export type Selves = Map<Value, { readonly unit: Unit; readonly variable: Variable }>;

/** Code begins, in the function that is being lowered, in which `this` is that. */
export function noteSelf({ unit }: Context, self: Bound | null | undefined): void {
  const value = selfIn(self ?? null);
  const { selves } = unit.program;
  if (value === null || selves.has(value)) return;
  const variable: Variable = { name: "self", hint: suggested("self"), depth: null };
  selves.set(value, { unit, variable });
  unit.environment.declareAt(0, variable, value);
}

/** What `this` of a scope is in the function that is being lowered. */
export function selfHere({ unit }: Context, self: Bound): Bound {
  const value = selfIn(self);
  if (value === null) return self;
  const known = unit.program.selves.get(value);
  return known === undefined || known.unit === unit ? value : (unit.environment.get(known.variable) ?? value);
}

/** The object, unless it is not made yet. */
function selfIn(self: Bound | null): Value | null {
  const made = self?.kind === "draft" ? self.made : self;
  return made?.kind === "value" ? made : null;
}
