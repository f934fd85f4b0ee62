/**
 * Conditionals in a row: where an arm is one more `if` and nothing else, that one decides what the whole leaves, so that
 * both are written as one chain of `else if`. An arm that always throws ends there.
 */
import { Builder } from "../ir/builder.js";
import { lastId, lastRegion, mapBlocks } from "../ir/visit.js";
import type { Atom, Block, Func, If, Instr } from "../ir/types.js";

export function chainConditionals(func: Func): Func {
  const builder = new Builder(lastId(func) + 1, lastRegion(func) + 1);
  return { ...func, body: chainWithin(func.body, builder) };
}

function chainWithin(block: Block, builder: Builder): Block {
  const instrs: Instr[] = [];
  for (const instr of block.instrs) {
    if (instr.kind === "guard" && isTrue(instr.test) && instr.body.end.kind === "throw")
      return { instrs: [...instrs, ...instr.body.instrs], end: instr.body.end };
    const whole = instr.kind === "if" ? chained(instr, builder) : instr;
    instrs.push(mapBlocks(whole, (each) => chainWithin(each, builder)));
  }
  return { instrs, end: block.end };
}

function isTrue(atom: Atom): boolean {
  return atom.kind === "literal" && atom.value === true;
}

/** The inner `if` yields what the arm yields. */
function chained(whole: If, builder: Builder): If {
  const { instrs, end } = whole.alternate;
  const [inner, ...more] = instrs;
  if (inner?.kind !== "if" || more.length > 0 || end.kind !== "yield" || whole.outs.length === 0)
    return whole;
  const from = end.values.map((atom) => inner.outs.findIndex((out) => out === atom));
  // One that the arm does not yield, or yields twice, is a value of its own.
  if (new Set(from).size < from.length && from.some((at, i) => at >= 0 && from.indexOf(at) !== i))
    return whole;
  if (inner.outs.some((_, at) => !from.includes(at))) return whole;
  const outs = whole.outs.map((out, i) => inner.outs[from[i] ?? -1] ?? builder.value(out.type, out));
  const arm = (block: Block): Block => {
    if (block.end.kind !== "yield") return block;
    const { values } = block.end;
    return {
      ...block,
      end: { kind: "yield", values: end.values.map((atom, i) => values[from[i] ?? -1] ?? atom) },
    };
  };
  const next: If = { ...inner, outs, consequent: arm(inner.consequent), alternate: arm(inner.alternate) };
  return { ...whole, alternate: { instrs: [next], end: { kind: "yield", values: outs } } };
}
