/** Functions in memory: their texts, what they see, and how a record says which of them it stands for. */
import type { ts } from "ts-morph";
import type { Field } from "../../ir/types.js";
import type { ErrorKind, Scope, Static, TypeArguments, Variable } from "../scope.js";

/** What a function sees of its surroundings: a variable, `this`, or an argument that it has been given. */
export type Slot = ts.Symbol | string;

/** What one function is: its text, with the types that it is written out for. */
export interface KeptText {
  readonly index: number;
  /** The text of a function of the user, or what there is one of only. */
  readonly key: object | string;
  /** A function that sees nothing; null for one with a text. */
  readonly plain: Static | null;
  /** It is no function, but an error. */
  readonly error?: ErrorKind;
  readonly types: TypeArguments;
  /** Its own name, if it has one. */
  readonly name: string | null;
  /** What the object is called that it is a member of. */
  readonly owner: string | null;
  /** Of the type that the user has given to functions of its kind. */
  readonly typeName: string | null;
  readonly cells: Map<Slot, Field>;
  /** What it sees that is the same wherever it is: classes, itself, and the object that it is a field of. */
  readonly statics: Map<Slot, Static | "itself" | "owner">;
  /** Variables that there are several of. */
  readonly several: Set<Slot>;
  /** Nothing that it sees is there wherever it is called. */
  isApart: boolean;
  /** It is compared: there has to be one record for each such function. */
  isIdentified: boolean;
}

/** Variables for what the function sees. */
export interface CalledScope {
  readonly scope: Scope;
  readonly variables: ReadonlyMap<string, Variable>;
}

export interface Variation {
  readonly text: KeptText;
  /** What its tag holds; null where there is no other. */
  readonly word: string | null;
  readonly tag: string;
  /** The cells of its record by what they hold. */
  readonly cells: ReadonlyMap<Slot, Field>;
}

/** What type parameters stand for is the same. */
export function sameTypes(a: TypeArguments, b: TypeArguments): boolean {
  return a.size === b.size && [...a].every(([parameter, type]) => b.get(parameter) === type);
}
