/** What the writer of expressions is given. */
import type { Param, Value, ValueId } from "../ir/types.js";
import type { Callees } from "./callees.js";
import type { Folding } from "./fold.js";
import type { KeyWords } from "./key-words.js";
import type { TypeTexts } from "./types.js";

export interface ExpressionContext {
  readonly folding: Folding;
  readonly params: readonly Param[];
  /** Parameters that are declared to have some words or numbers only. */
  readonly worded: ReadonlySet<ValueId>;
  readonly words: KeyWords;
  /** The parameters of the functions that are called. */
  readonly callees: Callees;
  /** The name of a bound value's variable. */
  readonly nameOf: (value: Value) => string;
  /** The value's variable is given another one somewhere: TypeScript does not follow it into functions. */
  readonly isReassigned: (id: ValueId) => boolean;
  /** Element reads need `!` in this project. */
  readonly uncheckedIndexedAccess: boolean;
  readonly types: TypeTexts;
  /** The variable that counts what is on a tape made at once; null for other memory. */
  readonly topOf: (ref: Value) => string | null;
}
