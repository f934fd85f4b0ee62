/** Errors of classes that the emitted file does not know: errors of the library with the same name, message and fields. */
import { type Context, unset } from "../context.js";
import type { Kept, KeptText } from "../functions/kept-text.js";
import { isUnknownThere } from "../functions/names-in-text.js";
import { stringLiteral } from "../names.js";
import { type Bound, type ErrorValue, isAtom } from "../scope.js";

/** The text that makes such an error; null for one of a class that can be imported, or that holds something else. */
export function madeError(cx: Context, { class: own, library, cells }: ErrorValue): Kept | null {
  if (own !== null && (own.name === undefined || !isUnknownThere(cx, own.name))) return null;
  const given = new Map<string, Bound>();
  for (const [name, variable] of cells) {
    const bound = cx.unit.environment.get(variable) ?? unset;
    if (bound !== unset) given.set(name, bound);
  }
  const message = given.get("message") ?? stringLiteral("");
  const isOwnName = given.get("name");
  given.delete("message");
  if (isOwnName?.kind === "literal" && isOwnName.value === library) given.delete("name");
  const fields = [...given];
  if (!isAtom(message) || !fields.every(([, bound]) => isAtom(bound))) return null;
  const text: KeptText = [`new ${library}(`, message, ")"];
  if (fields.length === 0) return { text, imports: [] };
  text.unshift("Object.assign(");
  fields.forEach(([name, bound], i) => {
    text.push(`${i === 0 ? ", { " : ", "}${JSON.stringify(name)}: `);
    if (isAtom(bound)) text.push(bound);
  });
  text.push(" })");
  return { text, imports: [] };
}
