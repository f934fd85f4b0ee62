/** Results that are declared to be one of some words or numbers: TypeScript takes most variables for any word. */
import type { Atom, ValueId } from "../ir/types.js";
import { select } from "../ops/scalar.js";
import type { BodyContext } from "./body.js";
import { type Code, cast } from "./code.js";
import type { LiteralType, WordKind } from "./callees.js";
import type { CalleeHead } from "./program.js";
import { isWorded } from "./tags.js";

/** What is known of the type of a function's result. */
export interface ResultWords {
  readonly text: string;
  readonly kind: WordKind;
  /** The functions whose result is declared in the same way. */
  readonly functions: ReadonlySet<string>;
  /** The types of the function's own parameters, where these are such types. */
  readonly parameters: readonly (LiteralType | null)[];
}

/** Null for a result that may be anything; `results` are the declared types of those of all functions. */
export function wordsOfResult(
  head: CalleeHead,
  results: ReadonlyMap<string, string | null>,
): ResultWords | null {
  const { literals, result, resultWords } = head;
  if (resultWords === null || result === null) return null;
  const functions = [...results].flatMap(([name, text]) => (text === result ? [name] : []));
  return { text: result, kind: resultWords, functions: new Set(functions), parameters: literals };
}

/** The returned atom as one of the values that the result may have. */
export function asResult(
  code: Code,
  atom: Atom,
  { resultWords: words, func, folding, variables }: BodyContext,
): Code {
  if (words === null || atom.type.kind === "nothing") return code;
  const { text, kind, functions, parameters } = words;
  return isKnown(atom) ? code : cast(code, text);

  function isKnown(value: Atom): boolean {
    if (isWorded(value, folding, kind)) return true;
    if (value.kind === "literal" || isReassigned(value.id)) return false;
    const at = func.params.findIndex((param) => param.value.id === value.id);
    if (at >= 0) return parameters[at]?.text === text;
    const instr = folding.instrOf.get(value.id);
    switch (instr?.kind) {
      case "call":
        return instr.callee.kind === "function" && functions.has(instr.callee.name);
      case "load":
        return isWorded(value, { ...folding, folded: new Set([value.id]) }, kind);
      case "apply": {
        if (instr.op === select) return folding.folded.has(value.id) && instr.args.slice(1).every(isKnown);
        const [source] = instr.op.spelling.kind === "identity" ? instr.args : [];
        return source?.kind === "value" && isKnown(source);
      }
      case "if":
        return (
          folding.folded.has(value.id) &&
          [instr.consequent, instr.alternate].every(
            ({ end }) => end.kind === "yield" && end.values.every(isKnown),
          )
        );
      default:
        return false;
    }
  }

  function isReassigned(id: ValueId): boolean {
    return variables.isReassigned(variables.of(id));
  }
}
