/** `x!`, and `x as number`: what TypeScript has to be told of a value, unless the tests around tell it already. */
import { isMixed } from "../ir/shapes.js";
import type { Apply } from "../ir/types.js";
import { narrow } from "../ops/scalar.js";
import { type Code, cast, suffixed } from "./code.js";
import type { ExpressionContext } from "./expression-context.js";
import { isTyped } from "./closed-records.js";
import { type Known, type Narrowing, toldOf } from "./narrowing.js";

interface Place {
  readonly known: Known;
  readonly narrowing: Narrowing;
  readonly context: ExpressionContext;
}

export function writeNarrowed(source: Code, instr: Apply | null, place: Place): Code {
  const { known, narrowing, context } = place;
  const [arg] = instr?.args ?? [];
  if (instr === null || arg === undefined) return suffixed(source, "!");
  const isTold =
    arg.kind === "value" &&
    toldOf(known, instr.op, instr.out).has(arg.id) &&
    narrowing.isFollowed(arg, known);
  if (isMixed(arg.type)) return isTold ? source : cast(source, context.types.value(instr.out.type));
  return (isTold && instr.op === narrow) || isTyped(arg, context) ? source : suffixed(source, "!");
}
