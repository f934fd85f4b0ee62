/**
 * The text that makes an error of which only the cells are at hand. One of a class that the emitted file knows is made by
 * its constructor, any other is an error of the library with the same name, message and fields.
 */
import { errorParameters } from "../classes/error-constructors.js";
import { type Context, unset } from "../context.js";
import type { Kept, KeptText } from "../functions/kept-text.js";
import { exportedValue, isUnknownThere } from "../functions/names-in-text.js";
import { stringLiteral } from "../names.js";
import type { Atom } from "../../ir/types.js";
import { type ErrorValue, isAtom } from "../scope.js";

/** The text; null where the constructor does more than to set fields, or where something else is held. */
export function madeError(cx: Context, error: ErrorValue): Kept | null {
  const { class: own, cells } = error;
  if (cells.size === 0) return null;
  const given = new Map<string, Atom>();
  if (error.name !== undefined) given.set("name", stringLiteral(error.name));
  for (const [name, variable] of cells) {
    const bound = cx.unit.environment.get(variable) ?? unset;
    if (bound === unset) continue;
    if (!isAtom(bound)) return null;
    given.set(name, bound);
  }
  return own?.name !== undefined && !isUnknownThere(cx, own.name)
    ? byConstructor(cx, own, given)
    : ofLibrary(error, given);
}

/** `new SolveError(message, residual)`. */
function byConstructor(
  cx: Context,
  own: NonNullable<ErrorValue["class"]>,
  given: ReadonlyMap<string, Atom>,
): Kept | null {
  const parameters = errorParameters(cx, own);
  const value = own.name === undefined ? null : exportedValue(cx, own.name);
  if (parameters === null || value === null) return null;
  const args = parameters.map((field) => given.get(field) ?? null);
  while (args.at(-1) === null) args.pop();
  const text: KeptText = [`new ${value.text}(`];
  args.forEach((arg, i) => {
    text.push(i === 0 ? "" : ", ", arg ?? "undefined");
  });
  text.push(")");
  return { text, imports: value.imports };
}

function ofLibrary({ library }: ErrorValue, given: ReadonlyMap<string, Atom>): Kept {
  const message = given.get("message") ?? stringLiteral("");
  const isOwnName = given.get("name");
  const isUsual = isOwnName?.kind === "literal" && isOwnName.value === library;
  const fields = [...given].filter(([name]) => name !== "message" && !(isUsual && name === "name"));
  const text: KeptText = [`new ${library}(`, message, ")"];
  if (fields.length === 0) return { text, imports: [] };
  text.unshift("Object.assign(");
  fields.forEach(([name, atom], i) => {
    text.push(`${i === 0 ? ", { " : ", "}${JSON.stringify(name)}: `, atom);
  });
  text.push(" })");
  return { text, imports: [] };
}
