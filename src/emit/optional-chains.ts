/** Fields of fields, where the first may be missing. */
import { testedForAbsence } from "../ops/absence.js";
import { narrow } from "../ops/scalar.js";
import type { Atom } from "../ir/types.js";
import type { Folding } from "./fold.js";

/** What a chain of fields and elements starts from, where that is known to be there; null for any other expression. */
export function chainRoot(folding: Folding, atom: Atom): Atom | null {
  const instr =
    atom.kind === "value" && folding.folded.has(atom.id) ? folding.instrOf.get(atom.id) : undefined;
  switch (instr?.kind) {
    case "load":
      return chainRoot(folding, instr.place.ref);
    case "apply": {
      const [source] = instr.args;
      if (source === undefined) return null;
      if (instr.op === narrow) return source;
      return instr.op.spelling.kind === "member" ? chainRoot(folding, source) : null;
    }
    case "if": {
      const { test } = instr;
      const tested =
        test.kind === "value" && folding.folded.has(test.id) ? folding.instrOf.get(test.id) : undefined;
      const source = tested?.kind === "apply" ? testedForAbsence(tested) : undefined;
      return source === undefined ? null : chainRoot(folding, source);
    }
    default:
      return null;
  }
}
