/** What an attempt teaches about arrays. */
import type { Block } from "../../ir/types.js";
import type { Unit } from "../context.js";
import type { Given } from "../project/units.js";
import { learnAppends } from "./appending.js";
import { learnHoles } from "./sparse.js";

export function learnArrays(
  functions: readonly { readonly unit: Unit; readonly body: Block }[],
  { skipping, appending }: Pick<Given, "skipping" | "appending">,
): void {
  learnHoles(functions, skipping);
  learnAppends(functions, appending);
}
