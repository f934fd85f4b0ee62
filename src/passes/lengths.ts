/** Once the reverse sweep is there, nothing asks for the sum of squares beside `Math.hypot(...xs)` any more. */
import { mapBlocks } from "../ir/visit.js";
import type { Block, Func, Instr } from "../ir/types.js";
import { copy } from "../ops/scalar.js";
import { hypotOver } from "../ops/spread.js";

export function dropSquares(func: Func): Func {
  return { ...func, body: inBlock(func.body) };
}

function inBlock(block: Block): Block {
  return {
    ...block,
    instrs: block.instrs.map((instr): Instr => {
      if (instr.kind !== "apply" || instr.op !== hypotOver) return mapBlocks(instr, inBlock);
      return { ...instr, op: copy, args: instr.args.slice(0, 1) };
    }),
  };
}
