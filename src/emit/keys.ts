/** Names of fields, and keys, as TypeScript writes them. */
import type { Presence } from "../ir/types.js";
import { type Code, binary, call, suffixed } from "./code.js";

export function keyText(name: string): string {
  return isIdentifier(name) ? name : JSON.stringify(name);
}

export function accessText(object: string, name: string, isOptional = false): string {
  const mark = isOptional ? "?" : "";
  if (isIdentifier(name)) return `${object}${mark}.${name}`;
  return `${object}${isOptional ? "?." : ""}[${JSON.stringify(name)}]`;
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
