/** The variables that a generated program has in scope. */

/**
 * `list` is `number[]`, `floats` is `Float64Array`, `singles` is `Float32Array`, `object` is `{ a, b }`, `box` is
 * `{ u: number[], v: number[] }`. A `stack` is pushed to and popped from, a `grown` list is only pushed to. `closure` is
 * a function of one number that sees the variables around it.
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
  | "closure";

/** How each is declared. */
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
};

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
}

export function variable(name: string, kind: Kind, given: Partial<Variable> = {}): Variable {
  return { mutable: false, minLength: 1, indexOf: null, ...given, name, kind };
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
