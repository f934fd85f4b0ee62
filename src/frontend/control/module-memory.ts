/** What is known of the memory that modules keep. */
import type { ts } from "ts-morph";
import type { Bound } from "../scope.js";

/** With the lengths of arrays, the contents are meant as well. */
export type Changes = "nothing" | "contents" | "lengths";

/** What others may write to. */
export interface Changing {
  /** Fields that they assign, or in which they change something. */
  readonly cells: ReadonlySet<string>;
  /** Which fields these are is not known. */
  readonly isAny: boolean;
  /** Arrays become longer or shorter. */
  readonly resizes: boolean;
  /** Functions are put there. */
  readonly functions: boolean;
}

export interface ConstantMemory {
  readonly bound: Bound;
  readonly name: string;
  readonly use: ts.Node;
  /** What is overwritten of it somewhere in the project. */
  readonly changes: Changes;
  /** The same of what is not known by its name, or not by the name of the constant. */
  readonly changing?: Changing;
  /** Other modules see its contents. */
  readonly isExported: boolean;
}

/** Memory that the code of a module makes; `variable`: the name that the code has for it. */
export interface MadeMemory extends Pick<ConstantMemory, "bound" | "name" | "use"> {
  readonly variable: ts.Identifier | null;
}
