/** What calls have to know of the functions that are called. */
import type { Atom, Func, Param, Shape, ValueId } from "../ir/types.js";
import { type Code, cast } from "./code.js";
import type { Folding } from "./fold.js";
import { isWorded } from "./tags.js";
import { shapeOfType } from "../ir/shapes.js";

export interface CalleeParam extends Param {
  readonly shape: Shape;
  /** Its type, where that is one of some numbers or words: what is computed has to be cast to it. */
  readonly literal: LiteralType | null;
}

export type Callees = ReadonlyMap<string, readonly CalleeParam[]>;

/** Literals are of the type, or it is an enum, of which they are none. */
export type WordKind = "literal" | "enum";

/** A type of some numbers or words, as text. */
export interface LiteralType {
  readonly text: string;
  /** Without `null` and `undefined`. */
  readonly present: string;
  readonly kind: WordKind;
}

/** For each function by its name, such types of its parameters. */
export type LiteralTypes = ReadonlyMap<string, readonly (LiteralType | null)[]>;

export function calleesOf(functions: readonly Func[], literals: LiteralTypes): Callees {
  return new Map(
    functions.map(({ name, params }) => {
      const types = literals.get(name) ?? [];
      return [
        name,
        params.map((param, index) => ({
          ...param,
          shape: shapeOfType(param.value.type),
          literal: types[index] ?? null,
        })),
      ] as const;
    }),
  );
}

/** The parameters of a function that may be declared to have some values only; those of a target all are what the user says. */
export function wordedParams(
  { name, params }: Func,
  isTarget: boolean,
  callees: Callees,
): ReadonlySet<ValueId> {
  const own = isTarget ? params : (callees.get(name) ?? []).filter(({ literal }) => literal !== null);
  return new Set(own.map(({ value }) => value.id));
}

/** The argument as one of the values that the parameter may have; the parameters `worded` are such themselves. */
export function asLiteral(
  code: Code,
  arg: Atom,
  param: CalleeParam | undefined,
  { worded, folding }: { readonly worded: ReadonlySet<ValueId>; readonly folding: Folding },
): Code {
  if (param === undefined || param.literal === null || arg.type.kind === "nothing") return code;
  const { text, present, kind } = param.literal;
  const isOne = arg.kind === "value" ? worded.has(arg.id) : kind === "literal";
  if (isOne || (kind === "enum" && isWorded(arg, folding, kind))) return code;
  return cast(code, arg.type.kind === "maybe" ? text : present);
}
