/** What the parts of the writer of statements ask of each other. */
import type { Atom, Block, End, If, Instr, Value } from "../ir/types.js";
import type { BodyContext } from "./body.js";
import type { Expressions } from "./expressions.js";
import type { Origin } from "./line.js";
import type { Markers } from "./markers.js";

/** What is written is the body of a function: one that runs when all has, or one that runs right here. */
export type FunctionKind = "later" | "here";

type Sweep = "forward" | "backward" | null;

/** What the writer of blocks does for those of loops, conditionals and memory. */
export interface Host {
  readonly context: BodyContext;
  readonly expressions: Expressions;
  readonly markers: Markers;
  /** Writes the line that gives the value its name. */
  readonly bind: (out: Value, instr: Instr) => void;
  readonly sweep: () => Sweep;
  readonly setSweep: (sweep: Sweep) => void;
  /** After a block: unlike `setSweep`, what is quiet stays so. */
  readonly restoreSweep: (sweep: Sweep) => void;
  readonly heading: (sweep: "forward" | "backward") => void;
  readonly line: (text: string, origin?: Origin) => void;
  readonly scope: (write: () => void, inside?: FunctionKind) => void;
  readonly instr: (instr: Instr) => void;
  readonly instrs: (instrs: readonly Instr[]) => void;
  readonly block: (block: Block) => void;
  readonly end: (end: End) => void;
  /** Assigns what an arm of an `if` yields, except for one result. */
  readonly yields: (instr: If, values: readonly Atom[], except: number) => void;
  readonly declare: (value: Value) => string;
  /** A name of the user's may come again where it is not in sight. */
  readonly declareIndex: (value: Value) => string;
  readonly temporary: (name: string) => string;
  /** A name for a variable that stands for no value. */
  readonly made: (name: string) => string;
  readonly nameOf: (value: Value) => string;
  readonly isDeclared: (value: Value) => boolean;
  readonly isFolded: (value: Value) => boolean;
  readonly isWrittenInPlace: (instr: Instr) => boolean;
  readonly isSame: (atom: Atom, to: Value) => boolean;
  /** `x = e`, or `x += e`. */
  readonly assignment: (to: Value, atom: Atom) => { readonly text: string; readonly origin: Origin };
}
