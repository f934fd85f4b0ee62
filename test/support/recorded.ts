/** What running a gradient's IR allocates and records, counted rather than measured. */
import { copied } from "./leaves.js";
import { interpret, type Watcher } from "../../src/ir/interpret.js";
import type { Func, Value, ValueId } from "../../src/ir/types.js";

export interface Recorded {
  /** Arrays and objects made, and elements that were pushed to arrays: all that grows on the heap. */
  readonly allocations: number;
  /** Numbers, flags and references written to tapes. */
  readonly onTapes: number;
}

export function countRecorded(gradient: Func, args: readonly unknown[]): Recorded {
  let [allocations, onTapes] = [0, 0];
  const tapes = new Set<ValueId>();
  const record = (ref: Value): void => {
    if (tapes.has(ref.id)) onTapes++;
  };
  const watcher: Watcher = {
    reached: (instr) => {
      if (instr.kind === "alloc") allocations++;
      if (instr.kind === "push") allocations++;
      if (instr.kind === "alloc" && instr.init.kind === "tape") tapes.add(instr.out.id);
      if (instr.kind === "push") record(instr.ref);
      if (instr.kind === "store") record(instr.place.ref);
    },
    bound: () => undefined,
    started: () => undefined,
    entered: () => undefined,
    exited: () => undefined,
    left: () => undefined,
  };
  interpret(gradient, copied(args), watcher);
  return { allocations, onTapes };
}
