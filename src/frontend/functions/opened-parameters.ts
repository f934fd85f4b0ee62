/** Parameters of functions that are lowered already, which turn out to take more than they did at first. */
import type { ts } from "ts-morph";
import { mayBeNull, takesNull } from "../../ir/shapes.js";
import type { Atom, Value } from "../../ir/types.js";

export interface OpenedParameters {
  /** Those that are whole numbers at some call but not at all of them. */
  readonly fractional: Set<ts.Node>;
  /** Those that are `null` at some call, where their types do not say so. */
  readonly nullable: Set<ts.Node>;
}

/** How many there are. */
export function openedIn({ fractional, nullable }: OpenedParameters): number {
  return fractional.size + nullable.size;
}

/** Notes what the parameter is given. */
export function noteGiven(
  { fractional, nullable }: OpenedParameters,
  { value, node }: { readonly value: Value; readonly node: ts.Node | null },
  given: Atom,
): void {
  if (node === null) return;
  if (given.type.kind === "real" && given.kind === "value" && value.type.kind === "int") fractional.add(node);
  if (mayBeNull(given.type) && !takesNull(value.type)) nullable.add(node);
}
