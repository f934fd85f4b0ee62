/**
 * The arithmetic of what the gradient counts itself, trips and indices: `(n - 1) - 1` is `n - 2`, and a length needs no
 * `Math.max(0, …)`. Whole numbers only, so that nothing is rounded.
 */
import { whole } from "../ir/builder.js";
import { isNatural } from "../analysis/natural.js";
import { mapBlocks, substituteAtoms, substituteEnd } from "../ir/visit.js";
import type { Apply, Atom, Block, Func, Instr, LoopHead, Value, ValueId } from "../ir/types.js";
import { add, copy, max, sub } from "../ops/scalar.js";

export function simplifyCounts(func: Func): Func {
  const made = new Map<ValueId, Instr>();
  const known = new Map<ValueId, Atom>();
  const resolve = (atom: Atom): Atom => (atom.kind === "value" ? (known.get(atom.id) ?? atom) : atom);
  return { ...func, body: visit(func.body) };

  function visit(block: Block): Block {
    const instrs = block.instrs.flatMap((original): readonly Instr[] => {
      const instr = substituteAtoms(original, resolve);
      if (instr.kind === "load") made.set(instr.out.id, instr);
      if (instr.kind === "loop" && instr.sweep === "backward")
        return [mapBlocks({ ...instr, head: openBound(instr.head) }, visit)];
      if (instr.kind !== "apply") return [mapBlocks(instr, visit)];
      const simple = isCount(instr) ? simplify(instr) : instr;
      made.set(simple.out.id, simple);
      const [same] = simple.op === copy ? simple.args : [];
      if (simple === instr || same === undefined) return [simple];
      known.set(simple.out.id, same);
      return [];
    });
    return { instrs, end: substituteEnd(block.end, resolve) };
  }

  /** Up to `n - 1` inclusive is below `n`. */
  function openBound(head: LoopHead): LoopHead {
    if (head.kind !== "counted" || head.comparison !== "<=" || head.to.kind !== "value") return head;
    const sum = offsetOf(head.to);
    return sum?.offset === -1 ? { ...head, comparison: "<", to: sum.base } : head;
  }

  function simplify(instr: Apply): Apply {
    const [a, b] = instr.args;
    if (a === undefined || b === undefined) return instr;
    if (instr.op === max && isZero(a) && isNatural(b, (id) => made.get(id)))
      return { ...instr, op: copy, args: [b] };
    if (instr.op !== add && instr.op !== sub) return instr;
    const sum = offsetOf(instr.out, instr);
    if (sum === null || sum.base === a) return instr;
    const { base, offset } = sum;
    if (offset === 0) return { ...instr, op: copy, args: [base] };
    return { ...instr, op: offset < 0 ? sub : add, args: [base, whole(Math.abs(offset))] };
  }

  /** `n - 1 - 1` as `n` and -2. */
  function offsetOf(atom: Value, instr = made.get(atom.id)): { base: Value; offset: number } | null {
    const isSum = instr?.kind === "apply" && (instr.op === add || instr.op === sub);
    if (!isSum || !isWhole(instr.out)) return null;
    const [a, b] = instr.args;
    if (a?.kind !== "value" || !isWhole(a) || b?.kind !== "literal" || typeof b.value !== "number")
      return null;
    const own = instr.op === sub ? -b.value : b.value;
    const inner = a.hint?.declared === true ? null : offsetOf(a);
    return inner === null ? { base: a, offset: own } : { base: inner.base, offset: inner.offset + own };
  }
}

/** A whole number that no line of the user's computes. */
function isCount({ out }: Apply): boolean {
  return out.statement === null && isWhole(out);
}

function isWhole({ type }: Value): boolean {
  return type.kind === "int";
}

function isZero(atom: Atom): boolean {
  return atom.kind === "literal" && atom.value === 0;
}
