/**
 * Recognises gates: combinations of operations whose derivative as a whole is better than that of the parts. The
 * sigmoid `1 / (1 + Math.exp(u))` is one, in either order of its sum.
 */
import { blocksOf, countUses, mapBlocks } from "../ir/visit.js";
import type { Apply, Atom, Block, Func, Instr, ValueId } from "../ir/types.js";
import { add, div, exp, sigmoid } from "../ops/scalar.js";

export function recogniseGates(func: Func): Func {
  const uses = countUses(func.body);
  const definitions = new Map<ValueId, Apply>();
  return { ...func, body: visit(func.body) };

  function visit(block: Block): Block {
    return { instrs: block.instrs.map(rewrite), end: block.end };
  }

  function rewrite(instr: Instr): Instr {
    if (instr.kind !== "apply") return blocksOf(instr).length > 0 ? mapBlocks(instr, visit) : instr;
    definitions.set(instr.out.id, instr);
    return asSigmoid(instr) ?? instr;
  }

  function asSigmoid(instr: Apply): Apply | null {
    const [numerator, denominator] = instr.args;
    if (instr.op !== div || numerator === undefined || denominator === undefined) return null;
    if (numerator.kind !== "literal") return null;
    const sum = inner(denominator, add);
    const [one, exponential] = sum?.args[0]?.kind === "literal" ? sum.args : [...(sum?.args ?? [])].reverse();
    if (one?.kind !== "literal" || one.value !== 1 || exponential === undefined) return null;
    const [u] = inner(exponential, exp)?.args ?? [];
    return u === undefined ? null : { ...instr, op: sigmoid, args: [numerator, one, u] };
  }

  /** The operation that makes this value, if it is unnamed and has no other use. */
  function inner(atom: Atom, op: Apply["op"]): Apply | null {
    if (atom.kind !== "value" || uses.get(atom.id) !== 1) return null;
    const instr = definitions.get(atom.id);
    return instr?.op === op && instr.out.hint?.declared !== true ? instr : null;
  }
}
