/** Calls of functions that the IR only names, and the derivatives that the user has given for them. */
import type { Atom, ObjectShape, Span, Statement, Value } from "./types.js";

/**
 * A call that stays a call: nothing is known of what happens in it but what its callee says. It writes to no memory that
 * the function reads, is never repeated, dropped or moved, and reads all that its arguments refer to.
 */
export interface Foreign {
  readonly kind: "foreign";
  readonly callee: ForeignFunction;
  readonly args: readonly Atom[];
  /** A number, a text, or fresh memory of its own region; null for a statement that is there for its effect. */
  readonly out: Value | null;
  readonly statement: Statement | null;
  readonly span: Span | null;
  readonly sweep: "forward" | "backward";
}

/** The library makes a text, and has no effect. */
export function isOfLibrary({ callee, out }: Foreign): boolean {
  return out !== null && callee.source === null;
}

export interface ForeignFunction {
  /** What is called, for those who run the IR. Null where only the effect matters, and for the library. */
  readonly source: ForeignSource | null;
  /** How the call is written, the arguments in between: `solve(`, `, `, `)`. */
  readonly text: readonly string[];
  /** What the emitted file has to import for it. */
  readonly imports: readonly ImportedName[];
  /** The derivative that the user has given; null for what carries none. */
  readonly rule: Rule | null;
}

export interface ForeignSource {
  /** Where the function, or the object, is declared, and under which name. */
  readonly module: string;
  readonly name: string;
  /** Of an object: what stands before it, and what comes behind it with the arguments in between. */
  readonly before?: string;
  readonly access?: readonly string[];
}

export interface ImportedName {
  /** Specifier in the style of the source file, relative to the emitted file: `./spring`, `./spring.js`. */
  readonly from: string;
  /** Exported name, and the local one where it differs. */
  readonly name: string;
  readonly alias: string | null;
}

/** A derivative by hand: called with the arguments, the result and its cotangent, it gives those of the arguments. */
export interface Rule {
  readonly callee: ForeignFunction;
  /** What it returns. */
  readonly shape: ObjectShape;
  /** For each argument of the call the field with its cotangent; null for one that is constant. */
  readonly fields: readonly (string | null)[];
  /** How many parameters at the end the call leaves to their defaults. */
  readonly leftOut: number;
  /** A name for what it returns. */
  readonly name: string;
}
