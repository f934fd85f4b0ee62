/** Removes what nobody reads, from the end backwards: instructions, results of `if`s, whole `if`s and empty guards. */
import { atomsOf, endAtoms } from "../ir/visit.js";
import type { Atom, Block, End, Func, If, Instr, ValueId } from "../ir/types.js";

export function removeDeadCode(func: Func): Func {
  return { ...func, body: sweepBlock(func.body, new Set()) };
}

function sweepBlock(block: Block, used: Set<ValueId>): Block {
  use(endAtoms(block.end), used);
  const kept: Instr[] = [];
  for (let i = block.instrs.length - 1; i >= 0; i--) {
    const instr = block.instrs[i];
    const swept = instr === undefined ? null : sweepInstr(instr, used);
    if (swept === null) continue;
    use(atomsOf(swept), used);
    kept.push(swept);
  }
  return { instrs: kept.reverse(), end: block.end };
}

function sweepInstr(instr: Instr, used: Set<ValueId>): Instr | null {
  switch (instr.kind) {
    case "apply":
      return used.has(instr.out.id) || instr.op.impure ? instr : null;
    case "load":
    case "alloc":
      return used.has(instr.out.id) ? instr : null;
    case "store":
      return instr;
    case "if":
      return sweepIf(instr, used);
    case "guard":
      return { ...instr, body: sweepBlock(instr.body, used) };
  }
}

function sweepIf(instr: If, used: Set<ValueId>): Instr | null {
  const keep = instr.outs.map((out) => used.has(out.id));
  const pick = <T>(items: readonly T[]): readonly T[] => items.filter((_, index) => keep[index] === true);
  const arm = (block: Block): Block => {
    const end: End =
      block.end.kind === "yield" ? { kind: "yield", values: pick(block.end.values) } : block.end;
    return sweepBlock({ ...block, end }, used);
  };
  const swept: If = {
    ...instr,
    consequent: arm(instr.consequent),
    alternate: arm(instr.alternate),
    outs: pick(instr.outs),
  };
  const idle = [swept.consequent, swept.alternate].every(
    (block) => block.end.kind === "yield" && block.instrs.length === 0,
  );
  return swept.outs.length === 0 && idle ? null : swept;
}

function use(atoms: readonly Atom[], used: Set<ValueId>): void {
  for (const atom of atoms) if (atom.kind === "value") used.add(atom.id);
}
