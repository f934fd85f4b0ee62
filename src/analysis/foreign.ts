/** Which arguments of a call get a derivative from the rule that the user has given. */
import type { Atom, Foreign } from "../ir/types.js";

export interface RuledArgument {
  readonly arg: Atom;
  /** The field of what the rule returns. */
  readonly field: string;
}

/** The arguments that the rule has a cotangent for. */
export function ruledArguments({ callee, args }: Foreign): readonly RuledArgument[] {
  return args.flatMap((arg, index) => {
    const field = callee.rule?.fields[index] ?? null;
    return field === null ? [] : [{ arg, field }];
  });
}
