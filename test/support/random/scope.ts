/** The variables that a generated program has in scope. */
import type { Class, Union, World } from "./world.js";

/**
 * `list` is `number[]`, `floats` is `Float64Array`, `singles` is `Float32Array`, `object` is `{ a, b }`, `box` is
 * `{ u: number[], v: number[] }`, `deep` has all of these inside. A `stack` is pushed to and popped from, a `grown` list
 * is only pushed to. `closure` is a function of one number that sees the variables around it. An `instance` is of a
 * class of the program, `instances` an array of them; a `union` is of a discriminated union of the program, `unions` an
 * array of them. A `map` is `Map<string, number>`, a `record` `Record<string, number>`, `groups` `Map<string, number[]>`.
 * `options` have fields that may be missing. `closures` are an array of them.
 */
export type Kind =
  | "real"
  | "int"
  | "list"
  | "floats"
  | "singles"
  | "rows"
  | "tuple"
  | "object"
  | "objects"
  | "box"
  | "stack"
  | "grown"
  | "closure"
  | "deep"
  | "instance"
  | "instances"
  | "union"
  | "unions"
  | "map"
  | "record"
  | "groups"
  | "options"
  | "closures";

/** How each is declared; what is of a class is declared by its value. */
export const types: Readonly<Record<Kind, string>> = {
  real: "number",
  int: "number",
  list: "number[]",
  floats: "Float64Array",
  singles: "Float32Array",
  rows: "number[][]",
  tuple: "[number, number]",
  object: "Pair",
  objects: "Pair[]",
  box: "Box",
  stack: "number[]",
  grown: "number[]",
  closure: "(v: number) => number",
  deep: "Deep",
  instance: "never",
  instances: "never",
  union: "never",
  unions: "never",
  map: "Map<string, number>",
  record: "Record<string, number>",
  groups: "Map<string, number[]>",
  options: "Options",
  closures: "((v: number) => number)[]",
};

/** How a variable is declared. */
export function typeOf({ kind, of, union }: Variable): string {
  const name = of?.name ?? union?.name;
  if (name === undefined) return types[kind];
  return kind === "instances" || kind === "unions" ? `${name}[]` : name;
}

/** Arrays of numbers of any length. */
export const arrays = ["list", "floats", "singles", "grown"] as const;

export interface Variable {
  readonly name: string;
  readonly kind: Kind;
  readonly mutable: boolean;
  /** Arrays: at least as long, always. */
  readonly minLength: number;
  /** Whole numbers: the array (never reassigned) of which it is a valid index. */
  readonly indexOf: string | null;
  /** Of instances. */
  readonly of: Class | null;
  /** Of unions. */
  readonly union: Union | null;
}

/** Where code is generated: what it sees and how it may leave. */
export interface Scope {
  readonly variables: readonly Variable[];
  /** How many loops are around. */
  readonly loops: number;
  /** `break` and `continue` are possible. */
  readonly inLoop: boolean;
  /** `return` is possible. */
  readonly canReturn: boolean;
  readonly depth: number;
  readonly world: World;
}

export function variable(name: string, kind: Kind, given: Partial<Variable> = {}): Variable {
  return { mutable: false, minLength: 1, indexOf: null, of: null, union: null, ...given, name, kind };
}

export function extend(scope: Scope, added: readonly Variable[]): Scope {
  return { ...scope, variables: [...scope.variables, ...added] };
}

export function ofKind(scope: Scope, ...kinds: readonly Kind[]): readonly Variable[] {
  return scope.variables.filter(({ kind }) => kinds.includes(kind));
}

/** Those that can be assigned to. */
export function assignable(scope: Scope, ...kinds: readonly Kind[]): readonly Variable[] {
  return ofKind(scope, ...kinds).filter(({ mutable }) => mutable);
}

/** Many variables at once: what is behind a name with parts. */
export function partsOf(name: string, kind: "deep", mutable: boolean): readonly Variable[] {
  return [
    variable(name, kind, { mutable }),
    variable(`${name}.p`, "object", { mutable: true }),
    variable(`${name}.q.k`, "real", { mutable: true }),
    variable(`${name}.q.xs`, "list", { mutable: true }),
    variable(`${name}.w`, "tuple", { mutable: true }),
  ];
}

/** An instance, and what of it can be seen. */
export function membersOf(name: string, of: Class, mutable: boolean): readonly Variable[] {
  return [
    variable(name, "instance", { mutable, of }),
    ...of.members.map((member) =>
      variable(`${name}.${member.name}`, member.kind, { mutable: member.mutable }),
    ),
    ...of.methods.map((method) => variable(`${name}.${method}`, "closure")),
  ];
}
