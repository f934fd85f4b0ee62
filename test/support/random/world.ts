/** What the module of a generated program declares before its function: helpers and classes, made at random too. */
import type { Kind } from "./scope.js";

/** A function of the module; it may write to what it is given. */
export interface Helper {
  readonly name: string;
  readonly parameters: readonly Kind[];
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
  /** A static function from a number to an instance. */
  readonly of: string;
}

export interface World {
  readonly helpers: readonly Helper[];
  /** From a number to a closure. */
  readonly factories: readonly string[];
  /** From a closure and a number to a number. */
  readonly appliers: readonly string[];
  /** Functions of a depth, a number and a list that call themselves. */
  readonly recursive: readonly string[];
  readonly classes: readonly Class[];
}

export const emptyWorld: World = { helpers: [], factories: [], appliers: [], recursive: [], classes: [] };
