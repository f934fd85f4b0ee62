/** What is tested: a function, its gradient, and what is known of them; and what a test finds. */
import type { External } from "../../src/ir/interpret-foreign.js";
import type { Func } from "../../src/ir/types.js";
import type { Path } from "./leaves.js";

/** A function with its types forgotten. */
export type Call = (...args: readonly unknown[]) => unknown;

/** A default value: its number, where it is one. */
export interface Default {
  readonly value: number | undefined;
}

/** What a target's declaration says. */
export interface TargetInfo {
  readonly name: string;
  /** Parameter names; null for a destructured one. */
  readonly parameters: readonly (string | null)[];
  /** Which parameters have a default value, and that value where it is a number as such. */
  readonly defaults: readonly (Default | null)[];
  /** What `@grad wrt` names; null where the tag names nothing. */
  readonly wrt: readonly string[] | null;
  /** Its last parameter takes all arguments that are left. */
  readonly hasRest?: boolean;
  /** Where it is found, for a method. */
  readonly method?: { readonly class: string; readonly name: string; readonly isStatic: boolean };
}

/** The derivative in the direction of one number in the arguments, by another method than differences. */
export type Forward = (args: readonly unknown[], path: Path) => number;

export interface Subject {
  readonly info: TargetInfo;
  readonly original: Call;
  readonly gradient: Call;
  readonly forward: Forward | null;
  /** The gradient's IR, before and after its passes. */
  readonly gradients: readonly Func[];
  /** What the IR calls by name; left out where it calls nothing. */
  readonly external?: External;
}

export interface Outcome {
  readonly problems: readonly string[];
  readonly compared: number;
}
