/** What calls have to know of the functions that are called. */
import type { Atom, Func, Param, Shape, ValueId } from "../ir/types.js";
import { type Code, cast } from "./code.js";
import { shapeOfType } from "../ir/shapes.js";

export interface CalleeParam extends Param {
  readonly shape: Shape;
  /** Its type, where that is one of some numbers or words: what is computed has to be cast to it. */
  readonly literal: string | null;
}

export type Callees = ReadonlyMap<string, readonly CalleeParam[]>;

/** For each function by its name, such types of its parameters. */
export type LiteralTypes = ReadonlyMap<string, readonly (string | null)[]>;

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

/** The argument as one of the values that the parameter may have; `worded` are such themselves. */
export function asLiteral(
  code: Code,
  arg: Atom,
  param: CalleeParam | undefined,
  worded: ReadonlySet<ValueId>,
): Code {
  const isOwn = arg.kind === "value" && worded.has(arg.id);
  if (param === undefined || param.literal === null || arg.kind === "literal" || isOwn) return code;
  return cast(code, param.literal);
}
