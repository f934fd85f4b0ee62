/** What the module of a generated program declares before its function: helpers and classes, made at random too. */
import type { Kind, Variable } from "./scope.js";

/** A function of the module; it may write to what it is given. */
export interface Helper {
  readonly name: string;
  readonly parameters: readonly Variable[];
  readonly returns: "real" | "list" | "object" | "tuple";
}

/** A field of a class, or a getter with its setter. */
export interface Member {
  readonly name: string;
  readonly kind: Kind;
  /** It can be assigned to. */
  readonly mutable: boolean;
}

export interface Class {
  readonly name: string;
  /** Seen from outside. */
  readonly members: readonly Member[];
  /** Methods from a number to a number. */
  readonly methods: readonly string[];
  /** Methods of a number that return `this`. */
  readonly chains: readonly string[];
  /** A static function from a number to an instance; none where empty. */
  readonly of: string;
  /** Abstract classes: a function of a whole number, a number and a list, which chooses. */
  readonly chosenBy: string | null;
  /** The names of those that it extends. */
  readonly bases: readonly string[];
}

/** A discriminated union, with functions on it. */
export interface Union {
  readonly name: string;
  readonly variants: readonly Variant[];
  /** From a whole number, a number and a list to a value of it. */
  readonly make: string;
  /** From a value and a number to a number. */
  readonly evaluate: string;
  /** Changes a value by a number. */
  readonly change: string;
  /** From a value and a number to another value. */
  readonly map: string;
}

export interface Variant {
  readonly tag: string;
  readonly fields: readonly Member[];
  /** Fields that are of the union itself. */
  readonly nested: "none" | "pair" | "list";
}

/** A function of a depth, a number, a list and more. */
export interface Recursive {
  readonly name: string;
  readonly more: readonly Variable[];
}

export interface World {
  readonly helpers: readonly Helper[];
  /** From a number to a closure. */
  readonly factories: readonly string[];
  /** From a closure and a number to a number. */
  readonly appliers: readonly string[];
  /** Functions of a depth, a number and a list that call themselves. */
  readonly recursive: readonly Recursive[];
  readonly classes: readonly Class[];
  readonly unions: readonly Union[];
  /** From a number and a list to a `Result`. */
  readonly attempts: readonly string[];
  /** From a number to an `Account`. */
  readonly accounts: readonly string[];
  /** Functions of options. */
  readonly configured: readonly string[];
}

export const emptyWorld: World = {
  helpers: [],
  factories: [],
  appliers: [],
  recursive: [],
  classes: [],
  unions: [],
  attempts: [],
  accounts: [],
  configured: [],
};
