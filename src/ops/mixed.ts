/** Values of several kinds, `number | "auto"`: what tells the kinds apart, and what takes one of them. */
import type { OpEntry } from "./entry.js";
import { predicate, prefix, variadic } from "./op.js";

/** `typeof x`. */
export const typeOf: OpEntry = predicate("typeof", 1, (x) => typeof x, {
  spelling: prefix("typeof "),
  result: "string",
});

export const isArray: OpEntry = predicate("Array.isArray", 1, (x) => Array.isArray(x));

export const isView: OpEntry = predicate("ArrayBuffer.isView", 1, (x) => ArrayBuffer.isView(x));

/** The value as what its type has beside the one kind that `narrow` takes. */
export const otherwise: OpEntry = variadic("otherwise", 1, (x) => x, {
  spelling: { kind: "nonNull" },
  result: "same",
  partials: () => [1],
  cheap: true,
});
