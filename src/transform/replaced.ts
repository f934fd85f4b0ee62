/** What a shadow's cell refers to before a store of a reference. */
import { asked, regionOf, shapeOfCell } from "../ir/places.js";
import { bool } from "../ir/builder.js";
import { isFoundByKeys } from "../ir/growth.js";
import type { Store, Type, Value } from "../ir/types.js";
import type { Facts, Replaced } from "./shadow-plan.js";

/** Reads it from the shadow `ref`; null where the store puts no reference there. */
export function readReplaced(
  { builder, regions }: Facts,
  ref: Value,
  { place, value }: Store,
): Replaced | null {
  const type = regions.type(value.type);
  const bare = type?.kind === "maybe" ? type.type : type;
  if (regionOf(value) === null || bare?.kind !== "ref") return null;
  const cell = shapeOfCell(ref, place.step);
  const found: Type = cell?.kind === "maybe" ? { kind: "maybe", type: bare, none: cell.none } : bare;
  const wasThere = isFoundByKeys(ref) ? builder.load(ref, asked(ref, place.step), bool) : null;
  return { before: builder.load(ref, place.step, found), wasThere };
}
