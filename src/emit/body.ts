/** What the writers of a function's body are given. */
import { outsOf, paramsOf } from "../ir/visit.js";
import type { Func, RegionId, Value, ValueId } from "../ir/types.js";
import type { Compared } from "./compared.js";
import type { Callees } from "./callees.js";
import type { Folding } from "./fold.js";
import type { ForeignMemory } from "./foreign-memory.js";
import type { KeyWords } from "./key-words.js";
import type { ResultWords } from "./result-words.js";
import type { TypeTexts } from "./types.js";
import type { Variables } from "./variables.js";

export interface BodyContext {
  readonly func: Func;
  readonly folding: Folding;
  readonly variables: Variables;
  readonly wantedName: (value: Value) => string | null;
  /** Names that may not be used for variables: imported values, the function's own name. */
  readonly outerNames: Iterable<string>;
  readonly types: TypeTexts;
  readonly uncheckedIndexedAccess: boolean;
  /** There is one stack whose top has to be counted, and it needs no name of its own. */
  readonly hasOneStack: boolean;
  readonly compared: Compared;
  readonly words: KeyWords;
  /** Null where the result is of any other type. */
  readonly resultWords: ResultWords | null;
  /** See `findLiteralHolders`. */
  readonly literalHolders: ReadonlySet<ValueId>;
  /** See `findLiteralElements`. */
  readonly literalElements: ReadonlySet<RegionId>;
  readonly foreign: ForeignMemory;
  /** What parameters that may be of several classes are declared as, where that is one of them only. */
  readonly declaredAs: ReadonlyMap<ValueId, string>;
  /** The parameters of the functions that are called. */
  readonly callees: Callees;
  /** Only a gradient says where its sweeps begin; a plain function returns its one result itself, not an object. */
  readonly role: "gradient" | "companion" | "plain";
}

/** Names of variables that the user declared, which come first. */
export function usersNames({ func, folding }: BodyContext): ReadonlySet<string> {
  const names = new Set(func.params.map((param) => param.name));
  for (const instr of folding.instrOf.values()) {
    const outs = [...outsOf(instr), ...paramsOf(instr)];
    for (const out of outs) {
      if (out.sweep === "forward" && out.hint?.declared === true) names.add(out.hint.text);
    }
  }
  return names;
}
