/** Where the sweeps meet: loops that run both in each iteration, and returns that have nothing to reverse. */
import { endAtoms, outsOf } from "../ir/visit.js";
import type { Atom, Block, Instr } from "../ir/types.js";

/** The loop runs each iteration forward and backward. */
export function isFused(instr: Instr): boolean {
  return instr.kind === "loop" && instr.sweep === "forward" && holdsBackward(instr.body);
}

function holdsBackward(block: Block): boolean {
  return block.instrs.some((instr) => {
    switch (instr.kind) {
      case "store":
      case "push":
      case "foreign":
      case "loop":
      case "call":
        return instr.sweep === "backward";
      case "if":
        return holdsBackward(instr.consequent) || holdsBackward(instr.alternate);
      case "guard":
        // It leaves the loop.
        return false;
      default:
        return instr.out.sweep === "backward";
    }
  });
}

/** Something is reversed before the block returns, or what it returns is more than zeros. */
export function reverses({ instrs, end }: Block): boolean {
  const isZero = (atom: Atom): boolean =>
    atom.kind === "literal" ? atom.value === 0 : instrs.some((instr) => outsOf(instr).includes(atom));
  return (
    !endAtoms(end).slice(1).every(isZero) ||
    instrs.some((instr) =>
      "sweep" in instr
        ? instr.sweep === "backward"
        : instr.kind !== "alloc" && outsOf(instr).some(({ sweep }) => sweep === "backward"),
    )
  );
}
