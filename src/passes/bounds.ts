/**
 * Tests of indices whose outcome is known: `i >= 0` where a loop counts `i` up from 0, `n - 1 < n`, `i < n` in a loop up
 * to `n`. What they decide is decided.
 */
import { isNatural } from "../analysis/natural.js";
import { boolean } from "../ir/builder.js";
import { mapBlocks, outsOf, paramsOf, substituteAtoms, substituteEnd } from "../ir/visit.js";
import type { Apply, Atom, Block, Func, If, Instr, ValueId } from "../ir/types.js";
import { and, ge, gt, le, lt, sub } from "../ops/scalar.js";

export function decideBounds(func: Func): Func {
  const made = new Map<ValueId, Instr>();
  const known = new Map<ValueId, Atom>();
  const definedBy = (id: ValueId): Instr | undefined => made.get(id);
  const resolve = (atom: Atom): Atom => (atom.kind === "value" ? (known.get(atom.id) ?? atom) : atom);
  return { ...func, body: visit(func.body) };

  function visit(block: Block): Block {
    return { instrs: block.instrs.flatMap(visitInstr), end: substituteEnd(block.end, resolve) };
  }

  function visitInstr(original: Instr): readonly Instr[] {
    const instr = substituteAtoms(original, resolve);
    for (const { id } of [...outsOf(instr), ...paramsOf(instr)]) made.set(id, instr);
    const outcome = instr.kind === "apply" && instr.out.hint?.declared !== true ? decide(instr) : null;
    if (instr.kind === "apply" && outcome !== null) {
      known.set(instr.out.id, outcome);
      return [];
    }
    const arm = instr.kind === "if" ? armTaken(instr) : null;
    return instr.kind === "if" && arm !== null ? take(instr, arm) : [mapBlocks(instr, visit)];
  }

  function decide({ op, args: [a, b] }: Apply): Atom | null {
    if (a === undefined || b === undefined) return null;
    if (op === ge && isZero(b) && isNatural(a, definedBy)) return boolean(true);
    if (op === le && isZero(a) && isNatural(b, definedBy)) return boolean(true);
    if (op === lt && isBelow(a, b)) return boolean(true);
    if (op === gt && isBelow(b, a)) return boolean(true);
    if (op !== and) return null;
    if (isTrue(a)) return b;
    return isTrue(b) ? a : null;
  }

  /** `n - 1 < n`, and the index of a loop below its bound. */
  function isBelow(low: Atom, high: Atom): boolean {
    if (low.kind !== "value" || high.kind !== "value" || high.type.kind !== "int") return false;
    const instr = made.get(low.id);
    if (instr?.kind === "apply" && instr.op === sub) {
      const [from, by] = instr.args;
      return from?.kind === "value" && from.id === high.id && by?.kind === "literal" && Number(by.value) > 0;
    }
    if (instr?.kind !== "loop" || instr.head.kind !== "counted") return false;
    const { index, comparison, to } = instr.head;
    return index.id === low.id && comparison === "<" && to.kind === "value" && to.id === high.id;
  }

  function take(instr: If, arm: Block): readonly Instr[] {
    const instrs = arm.instrs.flatMap(visitInstr);
    if (arm.end.kind === "yield") {
      const { values } = arm.end;
      instr.outs.forEach((out, i) => {
        const value = values[i];
        if (value !== undefined) known.set(out.id, resolve(value));
      });
    }
    return instrs;
  }
}

/** The arm that is run, where that is certain and it comes to its end. */
function armTaken({ test, consequent, alternate }: If): Block | null {
  if (test.kind !== "literal") return null;
  const arm = test.value === true ? consequent : alternate;
  return arm.end.kind === "yield" ? arm : null;
}

function isZero(atom: Atom): boolean {
  return atom.kind === "literal" && atom.value === 0;
}

function isTrue(atom: Atom): boolean {
  return atom.kind === "literal" && atom.value === true;
}
