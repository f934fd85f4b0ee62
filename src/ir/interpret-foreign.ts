/** Calls of functions that the IR only names: the interpreter is given them, and their derivatives come from the rules. */
import { InternalError } from "../support/invariant.js";
import type { Pair } from "./interpret-frame.js";
import type { ForeignFunction, Rule } from "./types.js";

/** Gives the function that a callee stands for. */
export type External = (callee: ForeignFunction) => (...args: readonly unknown[]) => unknown;

/** For functions that call nothing. */
export function unknownFunction(callee: ForeignFunction): never {
  throw new InternalError("interpreter", `there is no function for \`${callee.text.join("…")}\``);
}

/** The tangent of a call's result, from the rule: one call of it for each number in the result. */
export function pushed(
  { fields, leftOut }: Rule,
  rule: (...args: readonly unknown[]) => unknown,
  args: readonly Pair[],
  result: unknown,
): unknown {
  const primals = [...args.map(({ primal }) => primal), ...new Array<undefined>(leftOut).fill(undefined)];
  return mapNumbers(result, (seed) => {
    const given = rule(...primals, result, seed) as Readonly<Record<string, unknown>>;
    const parts = args.map(({ tangent }, i) => {
      const field = fields[i] ?? null;
      return field === null ? 0 : product(given[field], tangent);
    });
    return parts.reduce((sum, part) => sum + part, 0);
  });
}

/** The same structure with `make` of a copy that is 1 in this place and 0 in all others, in place of each number. */
function mapNumbers(data: unknown, make: (seed: unknown) => number): unknown {
  const at = (inner: unknown, place: (seed: unknown) => unknown): unknown => {
    if (typeof inner === "number") return make(place(1));
    if (typeof inner !== "object" || inner === null) return 0;
    const entries = Object.entries(inner).map(([key, value]) => {
      const own = (seed: unknown): unknown => place(withCell(zeros(inner), key, seed));
      return [key, at(value, own)] as const;
    });
    return Array.isArray(inner) || ArrayBuffer.isView(inner)
      ? entries.map(([, value]) => value)
      : Object.fromEntries(entries);
  };
  return at(data, (seed) => seed);
}

function zeros(data: unknown): unknown {
  if (data instanceof Float64Array || data instanceof Float32Array) return data.map(() => 0);
  if (Array.isArray(data)) return data.map(zeros);
  if (typeof data === "object" && data !== null)
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, zeros(value)]));
  return 0;
}

function withCell(data: unknown, key: string, value: unknown): unknown {
  const copy = data as Record<string, unknown>;
  copy[key] = value;
  return copy;
}

/** The sum of products of the numbers in two structures; what one of them lacks is 0. */
function product(a: unknown, b: unknown): number {
  if (typeof a === "number") return typeof b === "number" && b !== 0 ? a * b : 0;
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return 0;
  const other = b as Readonly<Record<string, unknown>>;
  return Object.entries(a).reduce((sum, [key, value]) => sum + product(value, other[key]), 0);
}
