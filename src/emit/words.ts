/** Names for values that have none of the user's. */
import type { Apply, If, Load, Value } from "../ir/types.js";
import { wordFor as wordForOp } from "../ops/words.js";
import type { BodyContext } from "./body.js";
import { propertyOf } from "../ir/variant-cells.js";

/**
 * What the value is computed by, or the field that it is read from. For what one arm of an `if` computes by a call, and
 * the others leave at a literal, that call. Null where there is no good word.
 */
export function wordFor(context: BodyContext, value: Value): string | null {
  const instr = context.folding.instrOf.get(value.id);
  switch (instr?.kind) {
    case "apply":
      return wordForOp(instr.op);
    case "load":
      return instr.out.sweep === "forward" ? fieldWord(context, instr) : null;
    case "if": {
      const made = onlyMade(context, instr, value);
      return made?.op.spelling.kind === "call" ? wordForOp(made.op) : null;
    }
    default:
      return null;
  }
}

function fieldWord({ func: { params } }: BodyContext, { place: { ref, step } }: Load): string | null {
  const name = step.kind === "field" ? propertyOf(step.name) : "";
  if (!/^[a-z]\w*$/iu.test(name)) return null;
  const owner = params.find(({ value }) => value === ref)?.name;
  const isShadow = params.some((param) => `d${param.name}` === owner);
  return isShadow ? `d${name}` : name;
}

function onlyMade(context: BodyContext, instr: If, out: Value): Apply | null {
  const at = instr.outs.indexOf(out);
  const made = [instr.consequent, instr.alternate].flatMap(({ end }) => {
    const atom = end.kind === "yield" ? end.values[at] : undefined;
    return atom?.kind === "value" ? [{ atom, instr: context.folding.instrOf.get(atom.id) }] : [];
  });
  const [only, ...more] = made;
  if (only === undefined || more.length > 0) return null;
  if (only.instr?.kind === "if") return onlyMade(context, only.instr, only.atom);
  return only.instr?.kind === "apply" ? only.instr : null;
}
