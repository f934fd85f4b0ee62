/**
 * Early returns into `if … else`, where there are so many that repeating the reverse sweep at each of them would copy
 * too much code.
 */
import { Builder } from "../ir/builder.js";
import { endAtoms, forEachBlock, lastId, lastRegion } from "../ir/visit.js";
import type { Block, Func, Guard, Instr, Type, Value } from "../ir/types.js";

/** Instructions that the reverse sweeps may repeat in all, beyond three times the function itself. */
const allowance = 100;

export function joinReturns(func: Func, isTarget: boolean): Func {
  const total = size(func.body);
  if (repeated(func.body, isTarget) <= total + allowance) return func;
  return { ...func, body: join(func.body, new Builder(lastId(func) + 1, lastRegion(func) + 1)) };
}

/** How many instructions precede the early returns, summed over them. */
function repeated(block: Block, isTarget: boolean): number {
  let before = 0;
  let sum = 0;
  for (const instr of block.instrs) {
    // At a constant there is nothing to reverse.
    const isFree =
      isTarget && isReturn(instr) && endAtoms(instr.body.end).every(({ kind }) => kind === "literal");
    if (isReturn(instr) && !isFree) sum += before;
    before += 1 + innerSize(instr);
  }
  return sum;
}

function join(block: Block, builder: Builder): Block {
  const at = block.instrs.findIndex(isReturn);
  const guard = block.instrs[at];
  if (guard?.kind !== "guard" || guard.body.end.kind !== "return" || block.end.kind !== "return")
    return block;
  const rest = join({ instrs: block.instrs.slice(at + 1), end: block.end }, builder);
  if (rest.end.kind !== "return") return block;
  const [result] = guard.body.end.values;
  const [other] = rest.end.values;
  const type = result === undefined || other === undefined ? null : joined(result.type, other.type);
  if (result === undefined || other === undefined || type === null) return block;
  const out: Value = builder.value(type, { statement: guard.statement });
  return {
    instrs: [
      ...block.instrs.slice(0, at),
      {
        kind: "if",
        test: guard.test,
        consequent: { instrs: guard.body.instrs, end: { kind: "yield", values: [result] } },
        alternate: { instrs: rest.instrs, end: { kind: "yield", values: [other] } },
        outs: [out],
        statement: guard.statement,
      },
    ],
    end: { ...rest.end, values: [out] },
  };
}

/** What holds either of two results: a number, or memory that both lie in. */
function joined(one: Type, other: Type): Type | null {
  if (isNumber(one) && isNumber(other)) return { kind: "real" };
  const isMemory = one.kind === "ref" && other.kind === "ref" && one.region === other.region;
  return isMemory && one.lambda === undefined && other.lambda === undefined ? one : null;
}

function isNumber({ kind }: Type): boolean {
  return kind === "real" || kind === "int";
}

/** An early return with no further early exit inside it. */
function isReturn(instr: Instr): instr is Guard {
  return instr.kind === "guard" && instr.body.end.kind === "return";
}

function size(block: Block): number {
  let count = 0;
  forEachBlock(block, (inner) => (count += inner.instrs.length));
  return count;
}

function innerSize(instr: Instr): number {
  if (instr.kind === "guard") return size(instr.body);
  return instr.kind === "if" ? size(instr.consequent) + size(instr.alternate) : 0;
}
