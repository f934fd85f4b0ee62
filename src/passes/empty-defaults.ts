/**
 * `groups.get(key) ?? []` and its shadow, chosen in one `if`, are chosen one by one: each of them is then a `??` or a
 * conditional on one line.
 */
import { isKeyed } from "../ir/shapes.js";
import type { Atom, Block, Func, If, Instr, ValueId } from "../ir/types.js";
import { atomsOf, mapBlocks } from "../ir/visit.js";
import { isNullish, narrow } from "../ops/scalar.js";

export function splitEmptyDefaults(func: Func): Func {
  const asked = new Set<ValueId>();
  return { ...func, body: visit(func.body) };

  function visit(block: Block): Block {
    const instrs = block.instrs.flatMap((original): readonly Instr[] => {
      const instr = mapBlocks(original, visit);
      if (instr.kind === "apply" && instr.op === isNullish) asked.add(instr.out.id);
      return instr.kind === "if" && isDefault(instr) ? oneByOne(instr) : [instr];
    });
    return { ...block, instrs };
  }

  function isDefault({ test, consequent, alternate, outs }: If): boolean {
    return (
      test.kind === "value" &&
      asked.has(test.id) &&
      outs.length > 1 &&
      consequent.instrs.length === outs.length &&
      consequent.instrs.every(isEmpty) &&
      alternate.instrs.every(isLook)
    );
  }
}

/** An `if` for each result; the whole where something in it is for more than one of them. */
function oneByOne(instr: If): readonly If[] {
  const parts = instr.outs.map((out, index) => ({
    ...instr,
    outs: [out],
    consequent: partFor(instr.consequent, index),
    alternate: partFor(instr.alternate, index),
  }));
  const count = ({ consequent, alternate }: If): number => consequent.instrs.length + alternate.instrs.length;
  const isApart = parts.reduce((sum, part) => sum + count(part), 0) === count(instr);
  return isApart ? parts : [instr];
}

/** What the arm does for one of its results. */
function partFor(arm: Block, index: number): Block {
  const { end } = arm;
  const value = end.kind === "yield" ? end.values[index] : undefined;
  if (end.kind !== "yield" || value === undefined) return arm;
  const wanted = new Set<Atom>([value]);
  const instrs = arm.instrs.toReversed().filter((instr) => {
    const isWanted = "out" in instr && instr.out !== null && wanted.has(instr.out);
    if (isWanted) for (const atom of atomsOf(instr)) wanted.add(atom);
    return isWanted;
  });
  return { instrs: instrs.toReversed(), end: { ...end, values: [value] } };
}

/** `[]`, `new Map()`. */
function isEmpty(instr: Instr): boolean {
  if (instr.kind !== "alloc" || instr.out.type.kind !== "ref") return false;
  const { init } = instr;
  if (init.kind === "elements") return init.elements.length === 0;
  return init.kind === "object" && init.entries.length === 0 && isKeyed(instr.out.type.shape);
}

/** It only looks at what is there. */
function isLook(instr: Instr): boolean {
  return instr.kind === "load" || (instr.kind === "apply" && instr.op === narrow);
}
