/** What functions see from outside and never read: in the emitted file it is not handed to them. */
import { number } from "../ir/builder.js";
import type { Atom, Block, Call, Func, Instr } from "../ir/types.js";
import {
  atomsOf,
  endAtoms,
  forEachBlock,
  forEachInstr,
  mapBlocks,
  mapCallees,
  withCallees,
} from "../ir/visit.js";
import { removeDeadCode } from "./dce.js";

/** A parameter, by the function and its position. */
export function slotOf(name: string, index: number): string {
  return `${name} ${String(index)}`;
}

/** Without arguments for what functions see from outside and never read, but perhaps hand on. */
export function withoutIdle(program: Func): Func {
  const functions = withCallees(program);
  const read = readParameters(functions);
  const params = new Map(functions.map((each) => [each.name, each.params]));
  const withoutArguments = (call: Call): Call => {
    const name = call.callee.kind === "function" ? call.callee.name : null;
    if (name === null || !params.has(name)) return call;
    return {
      ...call,
      args: call.args.map((atom, index) => (read.has(slotOf(name, index)) ? atom : number(0))),
    };
  };
  const slim = (func: Func): Func => ({
    ...func,
    params: func.params.map((param, index) =>
      func === program || read.has(slotOf(func.name, index)) ? param : { ...param, isLeftOut: true },
    ),
    body: mapCalls(func.body, withoutArguments),
  });
  return removeDeadCode(mapCallees(slim(program), slim));
}

/** The parameters of the user, and those that are read by more than calls which hand them on to where nobody does. */
function readParameters(functions: readonly Func[]): ReadonlySet<string> {
  const read = new Set<string>();
  for (const { name, params } of functions)
    params.forEach(({ isSeen }, index) => {
      if (isSeen !== true) read.add(slotOf(name, index));
    });
  for (let before = -1; before !== read.size;) {
    before = read.size;
    for (const func of functions) markRead(func, read);
  }
  return read;
}

function markRead(func: Func, read: Set<string>): void {
  const own = new Map(func.params.map(({ value }, index) => [value.id, slotOf(func.name, index)]));
  const mark = (atom: Atom): void => {
    const slot = atom.kind === "value" ? own.get(atom.id) : undefined;
    if (slot !== undefined) read.add(slot);
  };
  forEachBlock(func.body, ({ end }) => {
    endAtoms(end).forEach(mark);
  });
  forEachInstr(func.body, (instr) => {
    const name = instr.kind === "call" && instr.callee.kind === "function" ? instr.callee.name : null;
    atomsOf(instr).forEach((atom, index) => {
      if (name === null || read.has(slotOf(name, index))) mark(atom);
    });
  });
}

function mapCalls({ instrs, end }: Block, map: (call: Call) => Call): Block {
  const mapInstr = (instr: Instr): Instr =>
    instr.kind === "call" ? map(instr) : mapBlocks(instr, (block) => mapCalls(block, map));
  return { instrs: instrs.map(mapInstr), end };
}
