/** Two forward facts that decide where special points need a guard: what is linear, and what may be infinite. */
import { forEachInstr } from "../ir/visit.js";
import type { Func, Loop, ValueId } from "../ir/types.js";
import { partialsOf } from "../ops/partials.js";
import { absorbsAt, singularityOf } from "../ops/singularity.js";
import type { CallPoints, PointsOfCalls } from "./call-points.js";
import { isVaried } from "./cells.js";
import { regionOf } from "../ir/places.js";

/** Varied values whose gradient is not constant: below a root, it may vanish together with the root. */
export function findCurved(func: Func, varied: ReadonlySet<ValueId>): ReadonlySet<ValueId> {
  const curved = new Set<ValueId>();
  const written = new Set<number | null>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "store") written.add(regionOf(instr.place.ref));
    if (instr.kind === "call") for (const region of instr.writes) written.add(region);
    if (instr.kind === "alloc" || instr.kind === "push")
      written.add(regionOf(instr.kind === "alloc" ? instr.out : instr.ref));
  });
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "if") for (const out of instr.outs) curved.add(out.id);
    if (instr.kind === "loop") for (const { param, out } of instr.carried) curved.add(param.id).add(out.id);
    if (instr.kind === "pop") curved.add(instr.out.id);
    if (instr.kind === "call") for (const out of instr.outs) curved.add(out.id);
    if (instr.kind === "load" && written.has(regionOf(instr.place.ref))) curved.add(instr.out.id);
    if (instr.kind !== "apply" || !varied.has(instr.out.id)) return;
    const partials = partialsOf(instr);
    const bends = instr.args.some((arg, index) => {
      if (!isVaried(arg, varied)) return false;
      return partials?.[index]?.kind !== "literal" || (arg.kind === "value" && curved.has(arg.id));
    });
    if (bends) curved.add(instr.out.id);
  });
  return curved;
}

/** Values that come from an operation with a pole, through operations that hand infinity on. */
export function findUnbounded(
  func: Func,
  calls: PointsOfCalls = new Map(),
  own: CallPoints | null = null,
): ReadonlySet<ValueId> {
  const unbounded = new Set<ValueId>();
  func.params.forEach(({ value }, index) => {
    if (own?.unboundedParams.has(index) === true) unbounded.add(value.id);
  });
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "loop") meetLoop(instr);
    if (instr.kind === "call" && instr.callee.kind === "function") {
      const known = calls.get(instr.callee.name);
      if (known?.unboundedResult !== false) for (const out of instr.outs) unbounded.add(out.id);
    }
    if (instr.kind !== "apply") return;
    const handedOn = instr.args.some(
      (arg, index) => arg.kind === "value" && unbounded.has(arg.id) && !absorbsAt(instr, index),
    );
    if (handedOn || singularityOf(instr) === "infinite") unbounded.add(instr.out.id);
  });
  return unbounded;

  function meetLoop({ carried }: Loop): void {
    for (const { init, param, out } of carried) {
      if (init.kind === "value" && unbounded.has(init.id)) unbounded.add(param.id).add(out.id);
    }
  }
}
