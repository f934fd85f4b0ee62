/** Names of fields, and keys, as TypeScript writes them. */
import { isIndexName } from "../support/index-names.js";
import type { Field, Presence, Value } from "../ir/types.js";
import { propertyOf } from "../ir/variant-cells.js";
import { type Code, binary, call, suffixed } from "./code.js";

export function keyText(cell: string): string {
  const name = propertyOf(cell);
  return isIdentifier(name) || isIndexName(name) ? name : JSON.stringify(name);
}

export function accessText(object: string, cell: string, isOptional = false): string {
  const name = propertyOf(cell);
  if (isIdentifier(name)) return `${object}${isOptional ? "?" : ""}.${name}`;
  if (isIndexName(name)) return `${object}${isOptional ? "?." : ""}[${name}]`;
  return `${object}${isOptional ? "?." : ""}[${JSON.stringify(name)}]`;
}

/** A field of an object, with what its shape says of it. */
export function fieldText(
  object: string,
  { name, isPrivate }: Pick<Field, "name" | "isPrivate">,
  isOptional = false,
): string {
  return isPrivate === true
    ? `${object}${isOptional ? "?." : ""}[${JSON.stringify(propertyOf(name))}]`
    : accessText(object, name, isOptional);
}

/** The same for a field of what a reference points to. */
export function memberText(object: string, { type }: Value, name: string): string {
  const bare = type.kind === "maybe" ? type.type : type;
  const shape = bare.kind === "ref" ? bare.shape : null;
  const field = shape?.kind === "object" ? shape.fields.find((each) => each.name === name) : undefined;
  return fieldText(object, field ?? { name });
}

/** Whether there is anything under a key. */
export function writePresence(object: Code, asks: Presence, key: Code): Code {
  switch (asks) {
    case "has":
      return suffixed(object, `.has(${key.text})`);
    case "in":
      return binary("in", key, object);
    case "own":
      return call("Object.hasOwn", [object, key]);
  }
}

function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}
