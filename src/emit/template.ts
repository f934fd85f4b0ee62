/** What a template is made of. */
import type { Atom } from "../ir/types.js";
import type { Code } from "./code.js";

/** Text as it stands there, or a value in its braces. */
export function templatePart(atom: Atom, write: () => Code): string {
  if (atom.kind === "literal" && typeof atom.value === "string")
    return atom.value.replace(/[\\`]|\$(?=\{)/gu, (found) => `\\${found}`).replace(/\r/gu, "\\r");
  return `\${${write().text}}`;
}
