/** `stopGradient`: not in the table, since its derivative is not that of its value. */
import type { Op } from "../ir/op.js";
import { variadic } from "./op.js";

export const stopped: Op = variadic("stopGradient", 1, (x) => x, {
  spelling: { kind: "identity" },
  result: "same",
  partials: () => [0],
  cheap: true,
});
