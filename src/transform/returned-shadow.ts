/** The shadow of what a companion returns. */
import type { Atom, Type, Value } from "../ir/types.js";
import { regionOf } from "../ir/places.js";
import { bareShadow } from "./bare-shadows.js";
import { shadowShape } from "./companions.js";
import type { Sweep } from "./reverse.js";
import { allocateZeros, memoryType } from "./shadow-memory.js";

export function returnedShadow(sweep: Sweep, value: Atom): Atom {
  // Nothing: so is its shadow.
  if (value.kind === "literal" || value.type.kind === "nothing") return value;
  const { builder, regions, shadows } = sweep;
  const made = shadows.made.get(value.id);
  if (made !== undefined) return made;
  const isBare = regions.type(value.type) === null;
  const bare = isBare ? bareShadow(builder, value, wantedType(sweep, value), {}) : null;
  return bare ?? allocateZeros(builder, regions, value, {});
}

/** The type of the shadow that the function returns. */
function wantedType({ func, regions }: Sweep, value: Value): Type | null {
  const [result] = func.results;
  const region = regionOf(value);
  const whole = result === undefined ? null : shadowShape(result.shape);
  return whole === null || region === null ? null : memoryType(whole, regions.of(region));
}
