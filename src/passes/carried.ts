/** Loops carry only what changes: a value that every iteration hands on as it got it is what it was before the loop. */
import { forEachInstr, mapBlocks, substituteAtoms, substituteEnd } from "../ir/visit.js";
import type { Atom, Block, Func, Instr, Loop, ValueId } from "../ir/types.js";
import { copy } from "../ops/scalar.js";
import { onNothing } from "./known-values.js";

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
  const copied = findCopied(func);
  /** Through copies as well: a value under another name is still the same. */
  const origin = (atom: Atom): Atom => {
    let at = resolve(atom);
    for (;;) {
      const source = at.kind === "value" ? copied.get(at.id) : undefined;
      if (source === undefined) return at;
      at = resolve(source);
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
        const [left, right] = [origin(a), origin(b)];
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
      const same = yielded !== undefined && isSame(origin(yielded), param, init);
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
    if (yielded.kind === "value" || init.kind === "value") return yielded === origin(init);
    return Object.is(yielded.value, init.value) && yielded.type.kind === init.type.kind;
  }

  function substituteBlock(block: Block): Block {
    const instrs = block.instrs.flatMap((original) => {
      const instr = substituteAtoms(original, resolve);
      const decided = instr.kind === "apply" ? onNothing(instr) : null;
      if (decided === null || instr.kind !== "apply") return [mapBlocks(instr, substituteBlock)];
      known.set(instr.out.id, decided);
      return [];
    });
    return { instrs, end: substituteEnd(block.end, resolve) };
  }
}

/** What each copy is a copy of. */
function findCopied(func: Func): ReadonlyMap<ValueId, Atom> {
  const copied = new Map<ValueId, Atom>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind !== "apply" || instr.op !== copy) return;
    const [source] = instr.args;
    if (source !== undefined) copied.set(instr.out.id, source);
  });
  return copied;
}
