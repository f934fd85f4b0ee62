/** Which class an object is an instance of. */
import type { ImportedName } from "../ir/types.js";
import type { OpEntry } from "./entry.js";
import { predicate } from "./op.js";

/**
 * `object instanceof Ball`, for a class that the emitted file calls `text` and comes by through `imports`; `name` is what
 * the class calls itself.
 */
export function instanceOf(name: string, text: string, imports: readonly ImportedName[]): OpEntry {
  const op = predicate(`instanceof ${text}`, 1, (object) => isInstance(object, name), {
    spelling: { kind: "binary", operator: "instanceof", right: text },
  });
  return { ...op, imports };
}

/** By the name: who runs the operation need not have the class. */
function isInstance(object: unknown, name: string): boolean {
  for (
    let prototype: unknown = typeof object === "object" ? prototypeOf(object) : null;
    prototype !== null;
    prototype = prototypeOf(prototype)
  ) {
    if ((prototype as { readonly constructor?: { readonly name?: string } }).constructor?.name === name)
      return true;
  }
  return false;
}

function prototypeOf(object: unknown): unknown {
  return object === null ? null : Object.getPrototypeOf(object);
}
