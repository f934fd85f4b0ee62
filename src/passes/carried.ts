/** Loops carry only what changes: a value that every iteration hands on as it got it is what it was before the loop. */
import { mapBlocks, substituteAtoms, substituteEnd } from "../ir/visit.js";
import type { Atom, Block, Func, Instr, Loop, ValueId } from "../ir/types.js";

export function dropUnchanged(func: Func): Func {
  const known = new Map<ValueId, Atom>();
  const resolve = (atom: Atom): Atom => {
    let at = atom;
    for (;;) {
      const next = at.kind === "value" ? known.get(at.id) : undefined;
      if (next === undefined) return at;
      at = next;
    }
  };
  // The loops inside first, so that what they only hand on is seen as such outside.
  const trimmed = trimBlock(func.body);
  return { ...func, body: substituteBlock(trimmed) };

  function trimBlock(block: Block): Block {
    return { instrs: block.instrs.map((instr) => trimInstr(mapBlocks(instr, trimBlock))), end: block.end };
  }

  function trimInstr(instr: Instr): Instr {
    if (instr.kind === "if") {
      const { consequent, alternate } = instr;
      instr.outs.forEach((out, index) => {
        const a = consequent.end.kind === "yield" ? consequent.end.values[index] : undefined;
        const b = alternate.end.kind === "yield" ? alternate.end.values[index] : undefined;
        if (a === undefined || b === undefined) return;
        const [left, right] = [resolve(a), resolve(b)];
        if (left.kind === "value" && left === right) known.set(out.id, left);
      });
      return instr;
    }
    return instr.kind === "loop" ? trimLoop(instr) : instr;
  }

  function trimLoop(loop: Loop): Loop {
    const { end } = loop.body;
    if (end.kind !== "yield") return loop;
    const keep = loop.carried.map(({ param, init, out }, index) => {
      const yielded = end.values[index + 1];
      const same = yielded !== undefined && isSame(resolve(yielded), param, init);
      if (same) {
        known.set(param.id, init);
        known.set(out.id, init);
      }
      return !same;
    });
    return {
      ...loop,
      carried: loop.carried.filter((_, index) => keep[index] === true),
      body: {
        ...loop.body,
        end: {
          kind: "yield",
          values: end.values.filter((_, index) => index === 0 || keep[index - 1] === true),
        },
      },
    };
  }

  function isSame(yielded: Atom, param: Atom, init: Atom): boolean {
    if (yielded === param) return true;
    if (yielded.kind === "value" || init.kind === "value") return yielded === resolve(init);
    return Object.is(yielded.value, init.value) && yielded.type.kind === init.type.kind;
  }

  function substituteBlock(block: Block): Block {
    return {
      instrs: block.instrs.map((instr) => mapBlocks(substituteAtoms(instr, resolve), substituteBlock)),
      end: substituteEnd(block.end, resolve),
    };
  }
}
