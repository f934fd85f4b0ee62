/**
 * An order of which there is a copy, and nothing else, is that copy. Where other numbers than indices may be put into the
 * copy, it has a shadow, which an order has not.
 */
import { blocksOf, countUses, forEachInstr, mapBlocks } from "../ir/visit.js";
import type { Block, Func, Instr, Value, ValueId } from "../ir/types.js";

export function nameOrders(func: Func): Func {
  const uses = countUses(func.body);
  const reads = new Map<ValueId, number>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind !== "load") return;
    const { id } = instr.place.ref;
    reads.set(id, (reads.get(id) ?? 0) + 1);
  });
  const holdsIndices = ({ id, type }: Value): boolean =>
    uses.get(id) === reads.get(id) ||
    (type.kind === "ref" && type.shape.kind === "array" && type.shape.element.kind === "int");
  const isPlain = ({ type }: Value): boolean =>
    type.kind === "ref" && type.shape.kind === "array" && type.shape.storage === "Array";
  return { ...func, body: visit(func.body) };

  function visit(block: Block): Block {
    const copies = new Map<ValueId, Value>();
    for (const instr of block.instrs) {
      const of = copiedWhole(instr);
      if (of === null || instr.kind !== "alloc") continue;
      if (uses.get(of.id) === 1 && isPlain(instr.out) && holdsIndices(instr.out))
        copies.set(of.id, instr.out);
    }
    const named = new Set<ValueId>();
    const instrs = block.instrs.flatMap((instr) => {
      if (instr.kind === "order") {
        const copy = copies.get(instr.out.id);
        if (copy === undefined) return [instr];
        named.add(instr.out.id);
        return [{ ...instr, out: copy }];
      }
      const of = copiedWhole(instr);
      if (of !== null && named.has(of.id)) return [];
      return [blocksOf(instr).length === 0 ? instr : mapBlocks(instr, visit)];
    });
    return { ...block, instrs };
  }
}

/** What the instruction makes a copy of, from the beginning to the end. */
function copiedWhole(instr: Instr): Value | null {
  if (instr.kind !== "alloc" || instr.init.kind !== "slice") return null;
  const { of, from, to } = instr.init;
  return from === null && to === null ? of : null;
}
