/** What an interpretation knows as it goes. */
import { invariant } from "../support/invariant.js";
import type { Atom, Callees, Func, Instr, Loop, Value, ValueId } from "./types.js";

/** Sees an interpretation as it goes. */
export interface Watcher {
  /** The instruction is about to run. */
  readonly reached: (instr: Instr) => void;
  /** The value is bound, once more where it lies in a loop. */
  readonly bound: (value: Value, primal: unknown) => void;
  /** An iteration starts, numbered from 0. */
  readonly started: (loop: Loop, iteration: number) => void;
  /** A function begins, or what it has left to run later; until `exited`, all is about this activation. */
  readonly entered: (activation: object, func: Func) => void;
  readonly exited: () => void;
  /** The loop has ended after so many runs of its body. */
  readonly left: (loop: Loop, trips: number) => void;
}

/** A value in two copies: memory has a shadow of the same structure, made by the same operations. */
export interface Pair {
  readonly primal: unknown;
  readonly tangent: unknown;
}

export interface Frame {
  readonly env: Map<ValueId, Pair>;
  readonly dual: boolean;
  readonly watcher: Watcher | null;
  readonly callees: Callees;
  readonly func: Func;
}

export function read(atom: Atom, frame: Frame): Pair {
  if (atom.kind === "literal") return { primal: atom.value, tangent: 0 };
  const pair = frame.env.get(atom.id);
  invariant(pair, "interpreter", `%${String(atom.id)} has no value`);
  return pair;
}

export function bind(value: Value, pair: Pair, frame: Frame): void {
  frame.env.set(value.id, pair);
  frame.watcher?.bound(value, pair.primal);
}
