/**
 * Which values may be infinite while the function's result is finite: those that reach it through a denominator, a
 * `max`, a saturating function or a branch. Only for these can a cotangent of exactly 0 meet an infinite partial.
 */
import { findContained, reachedFrom } from "../ir/contained.js";
import { endAtoms, forEachBlock, forEachInstr, initAtoms } from "../ir/visit.js";
import type { Apply, Atom, Block, Func, Instr, Loop, RegionId, Value, ValueId } from "../ir/types.js";
import { partialsOf } from "../ops/partials.js";
import { absorbsAt, picksAt } from "../ops/singularity.js";
import { cellOf } from "./cells.js";
import { regionOf } from "../ir/places.js";
import type { CallPoints, PointsOfCalls } from "./call-points.js";
import type { Definitions } from "./definitions.js";

/** How: a branch or a `max` does not take the value at all, or what is computed with it saturates. */
export type Absorption = "discarded" | "saturated";

/** `calls` is known of the functions that are called, `own` of the function itself, where it is one of them. */
export function findAbsorbed(
  func: Func,
  definitions: Definitions,
  calls: PointsOfCalls = new Map(),
  own: CallPoints | null = null,
): ReadonlyMap<ValueId, Absorption> {
  const handed = findHanded(func, own !== null);
  const absorbed = new Map<ValueId, Absorption>();
  /** What becomes of numbers that are kept in a cell of memory. */
  const cells = new Map<string, Absorption>();
  // What goes round a loop, or through memory, is known from the second time on.
  const rounds = hasLoops(func) ? 2 : 1;
  for (let round = 0; round < rounds; round++) visit(func.body, 0);
  return absorbed;

  /** Uses before definitions, so that what follows a value is known when the value itself is met. */
  function visit(block: Block, depth: number): void {
    if (block.end.kind === "return")
      block.end.values.forEach((atom) => meet(atom, depth, own?.result ?? null));
    for (let i = block.instrs.length - 1; i >= 0; i--) {
      const instr = block.instrs[i];
      if (instr !== undefined) visitInstr(instr, depth);
    }
  }

  function visitInstr(instr: Instr, depth: number): void {
    switch (instr.kind) {
      case "call":
        instr.args.forEach((atom, index) => {
          const known = instr.callee.kind === "function" ? calls.get(instr.callee.name) : undefined;
          meet(atom, depth, known === undefined ? "discarded" : (known.params[index] ?? null));
        });
        return;
      case "lambda":
      case "order":
        return;
      case "apply":
        // Where no derivative flows back, there is no cotangent to be 0.
        if (instr.op.partials === null) return;
        instr.args.forEach((arg, index) => {
          meet(arg, depth, absorptionOf(instr, index));
        });
        return;
      case "load":
        meetCell(instr.place.ref, cellOf(instr.place.ref, instr.place.step), instr.out.id);
        return;
      case "store":
        meet(instr.value, depth, ofCell(instr.place.ref, cellOf(instr.place.ref, instr.place.step)));
        return;
      case "foreign":
        // What is done with the arguments is not known.
        if (instr.callee.rule !== null) for (const arg of instr.args) meet(arg, depth, "saturated");
        return;
      case "push":
        meet(instr.value, depth, ofCell(instr.ref, "*"));
        return;
      case "pop":
        meetCell(instr.ref, "*", instr.out.id);
        return;
      case "alloc":
        for (const atom of initAtoms(instr.init)) meet(atom, depth, ofCell(instr.out, "*"));
        return;
      case "loop":
        visitLoop(instr, depth);
        return;
      case "if":
        for (const arm of [instr.consequent, instr.alternate]) {
          const { end } = arm;
          if (end.kind === "yield") {
            end.values.forEach((atom, index) => {
              const out = instr.outs[index];
              meet(atom, depth + 1, out === undefined ? null : (absorbed.get(out.id) ?? null));
            });
          }
          visit(arm, depth + 1);
        }
        return;
      case "guard":
        visit(instr.body, depth);
        return;
    }
  }

  function visitLoop({ carried, body }: Loop, depth: number): void {
    const { end } = body;
    carried.forEach(({ param, out }, index) => {
      const yielded = end.kind === "yield" ? end.values[index + 1] : undefined;
      // What a later iteration saturates with is not what this one has made of it.
      const round = absorbed.get(param.id) === "discarded" ? "discarded" : null;
      const absorption = absorbed.get(out.id) ?? round;
      if (yielded !== undefined) meet(yielded, depth, absorption);
    });
    visit(body, depth);
    for (const { init, param } of carried) meet(init, depth, absorbed.get(param.id) ?? null);
  }

  function ofCell(ref: Value, cell: string): Absorption | null {
    const region = regionOf(ref);
    if (region !== null && handed.has(region)) return "discarded";
    return cells.get(`${String(region)}.${cell}`) ?? null;
  }

  function meetCell(ref: Value, cell: string, id: ValueId): void {
    const found = absorbed.get(id);
    if (found !== undefined) cells.set(`${String(regionOf(ref))}.${cell}`, found);
  }

  /** How an argument is absorbed by the operation, or by what becomes of its result. */
  function absorptionOf(instr: Apply, index: number): Absorption | null {
    if (picksAt(instr, index)) return "discarded";
    const later = absorbed.get(instr.out.id) ?? null;
    const isLinear = partialsOf(instr)?.[index]?.kind === "literal";
    if (later !== null) return isLinear ? later : "saturated";
    return absorbsAt(instr, index) ? "saturated" : null;
  }

  /** A value that is used in an arm only is discarded by the other one. */
  function meet(atom: Atom, depth: number, absorption: Absorption | null): void {
    if (atom.kind !== "value") return;
    const home = definitions.of.get(atom.id)?.site.depth ?? 0;
    const found = home < depth ? "discarded" : absorption;
    if (found !== null && absorbed.get(atom.id) !== "discarded") absorbed.set(atom.id, found);
  }
}

/** Memory that other functions see. */
function findHanded(func: Func, isCalled: boolean): ReadonlySet<RegionId> {
  const seen: Atom[] = isCalled ? func.params.map(({ value }) => value) : [];
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "call") seen.push(...instr.args, ...instr.outs);
  });
  if (isCalled) forEachBlock(func.body, ({ end }) => seen.push(...endAtoms(end)));
  return seen.length === 0 ? new Set() : reachedFrom(findContained(func), seen);
}

function hasLoops(func: Func): boolean {
  let found = false;
  forEachInstr(func.body, (instr) => {
    found ||= instr.kind === "loop" || instr.kind === "store";
  });
  return found;
}
