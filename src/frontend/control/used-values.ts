/** Values that are there because the code behind them would have thrown otherwise. */
import type { Block, Instr, Value, ValueId } from "../../ir/types.js";

/**
 * What the block makes and writes to by way of it, before it may be left: `x` in `x.left = y`, `xs` in `xs.push(y)`.
 * Reading does not tell: `{ ...x }` reads fields, and takes what is missing for an empty object.
 */
export function writtenThrough({ instrs }: Block): ReadonlySet<ValueId> {
  const found = new Set<ValueId>();
  let made = new Set<ValueId>();
  for (const instr of instrs) {
    if (mayLeave(instr)) made = new Set();
    if ("out" in instr && instr.out !== null) made.add(instr.out.id);
    const ref = writtenTo(instr);
    if (ref !== null && made.has(ref.id)) found.add(ref.id);
  }
  return found;
}

function writtenTo(instr: Instr): Value | null {
  if (instr.kind === "store") return instr.place.ref;
  return instr.kind === "push" ? instr.ref : null;
}

/** Behind a loop, which may run for ever, nothing tells of what is before it. */
function mayLeave(instr: Instr): boolean {
  if (instr.kind !== "if") return instr.kind === "guard" || instr.kind === "loop";
  return [instr.consequent, instr.alternate].some(
    ({ instrs, end }) => end.kind !== "yield" || instrs.some(mayLeave),
  );
}
