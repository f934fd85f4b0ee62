/** Stores of the form `place += e`. */
import { isSamePlace } from "../ir/places.js";
import type { Apply, Instr, Load, Store, ValueId } from "../ir/types.js";
import { add, sub } from "../ops/scalar.js";

/** The reading and the adding of such a store; null for any other one. `definedBy` gives what defines a value. */
export function updateOf(
  { place, value }: Store,
  definedBy: (id: ValueId) => Instr | undefined,
): { readonly load: Load; readonly sum: Apply } | null {
  const sum = value.kind === "value" ? definedBy(value.id) : undefined;
  if (sum?.kind !== "apply" || (sum.op !== add && sum.op !== sub)) return null;
  const [first] = sum.args;
  const load = first?.kind === "value" ? definedBy(first.id) : undefined;
  return load?.kind === "load" && isSamePlace(load.place, place) ? { load, sum } : null;
}
