/** Templates: `` `${a} of ${b}` ``. */
import type { Apply, Atom } from "../ir/types.js";
import type { Code } from "./code.js";
import type { Folding } from "./fold.js";

/** A text that is folded into another one is written as part of it. */
export function templateText(instr: Apply | null, folding: Folding, write: (atom: Atom) => Code): string {
  return `\`${partsOf(instr, folding, write)}\``;
}

function partsOf(instr: Apply | null, folding: Folding, write: (atom: Atom) => Code): string {
  const parts = (instr?.args ?? []).map((arg) => {
    const inner =
      arg.kind === "value" && folding.folded.has(arg.id) ? folding.instrOf.get(arg.id) : undefined;
    return inner?.kind === "apply" && inner.op === instr?.op
      ? partsOf(inner, folding, write)
      : templatePart(arg, () => write(arg));
  });
  return parts.join("");
}

/** Text as it stands there, or a value in its braces. */
function templatePart(atom: Atom, write: () => Code): string {
  if (atom.kind === "literal" && typeof atom.value === "string")
    return atom.value.replace(/[\\`]|\$(?=\{)/gu, (found) => `\\${found}`).replace(/\r/gu, "\\r");
  return `\${${write().text}}`;
}
