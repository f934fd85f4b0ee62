/**
 * From a primal function to its gradient: the forward sweep as it was, and at each place where it returns the reverse
 * sweep of what has run until there. A path that throws has no gradient.
 */
import { findAbsorbed } from "../analysis/absorption.js";
import { findActivity } from "../analysis/activity.js";
import { findCurved, findUnbounded } from "../analysis/curvature.js";
import { type Definitions, type Site, findDefinitions } from "../analysis/definitions.js";
import { findSingleStores } from "../analysis/once.js";
import { findStability } from "../analysis/stability.js";
import { Builder, declared, number, suggested } from "../ir/builder.js";
import { blocksOf, countUses, forEachInstr, lastId, lastRegion } from "../ir/visit.js";
import type { Atom, Block, End, Entry, Func, Instr, Load, Param, Result, Shape, Type } from "../ir/types.js";
import { invariant } from "../support/invariant.js";
import { findAdopted } from "./adoption.js";
import { cellSlot, cellsOf, countLines, findSlotParams, gradientShape, isMemory } from "./cells.js";
import { Counters } from "./counters.js";
import { Exports } from "./exports.js";
import { Fusions, reverseOpenBlock } from "./fusion.js";
import { findGuarded, findUpdates, hasCotangents } from "./memory.js";
import { keepArguments } from "./kept.js";
import { Mirrors } from "./mirrors.js";
import { Rebuild } from "./rebuild.js";
import { findCellTypes } from "./parameter-shadows.js";
import { type Recording, Recovery, findPulled } from "./recovery.js";
import { type Frame, type Sweep, reverse, seed } from "./reverse.js";
import { ShadowRegions, absent } from "./shadow-memory.js";
import { planShadows } from "./shadows.js";
import { Ledger } from "./slots.js";
import { Tapes } from "./tapes.js";

type Return = Extract<End, { kind: "return" }>;

/** The instructions that have run when a place is reached, last first. */
interface Trail {
  readonly instr: Instr;
  readonly before: Trail | null;
}

/** Takes a primal function that has gone through the passes; `name` is that of the gradient. */
export function differentiate(func: Func, name = `${func.name}_grad`): Func {
  const sweep = prepare(keepArguments(func));
  const exports = new Exports();
  const recording: Recording = {
    ...sweep,
    exports,
    pulled: findPulled(sweep.order.keys(), sweep.activity),
  };
  const endings = new Map<End, Block>();
  walk(sweep.func.body, null);
  const rebuild = new Rebuild({ ...sweep, exports, endings });
  const results: Result[] = func.params.flatMap((param) => {
    const shape = param.wrt ? gradientShape(shapeOf(param.value.type)) : null;
    return shape === null ? [] : [{ name: `d${param.name}`, shape }];
  });
  return {
    name,
    params: func.params,
    results: [...func.results, ...results],
    body: rebuild.block(sweep.func.body),
  };

  function walk(block: Block, before: Trail | null): void {
    let trail = before;
    for (const instr of block.instrs) {
      if (instr.kind === "guard") walk(instr.body, trail);
      if (instr.kind === "if") {
        walk(instr.consequent, trail);
        walk(instr.alternate, trail);
      }
      trail = { instr, before: trail };
    }
    if (block.end.kind === "return")
      endings.set(block.end, ending(sweep, recording, block, block.end, trail));
  }
}

function prepare(primal: Func): Sweep & Pick<Recording, "stability"> {
  const last = Math.max(lastId(primal), lastRegion(primal));
  const builder = new Builder(last + 1, last + 1);
  const activity = findActivity(primal);
  const regions = new ShadowRegions(builder);
  const before = findDefinitions(primal);
  const slots = findSlotParams(primal, before);
  const cellTypes = findCellTypes(primal, slots, before);
  const shadows = planShadows({
    func: primal,
    builder,
    regions,
    definitions: before,
    activity,
    stability: findStability(primal, before, orderOf(primal)),
    slots,
    cellTypes,
  });
  const { func } = shadows;
  const definitions = findDefinitions(func);
  const order = orderOf(func);
  const stability = findStability(func, definitions, order);
  const sweep = {
    func,
    builder,
    definitions,
    activity,
    points: {
      absorbed: findAbsorbed(func, definitions),
      curved: findCurved(func, activity.varied),
      unbounded: findUnbounded(func),
    },
    slots,
    cellTypes,
    lines: countLines(func, slots, definitions),
    order,
    shadows,
    adopted: findAdopted(func, definitions, stability, (copy) => hasCotangents({ activity, shadows }, copy)),
    regions,
    stability,
    tapes: new Tapes(builder, definitions, stability),
    counters: new Counters(builder),
    fusions: new Fusions(),
    guarded: findGuarded(func, activity, definitions),
    uses: countUses(func.body),
    updates: new Set<Load>(),
    single: findSingleStores(func, definitions),
  };
  return { ...sweep, updates: findUpdates(sweep) };
}

function orderOf(func: Func): ReadonlyMap<Instr, number> {
  const order = new Map<Instr, number>();
  forEachInstr(func.body, (instr) => order.set(instr, order.size + 1));
  return order;
}

/** The reverse sweep from one return, and what is returned there instead. */
function ending(sweep: Sweep, recording: Recording, block: Block, end: Return, trail: Trail | null): Block {
  const { builder, definitions, func } = sweep;
  const [value] = end.values;
  invariant(value, "reverse", "a function that returns nothing");
  return builder.block(() => {
    const ledger = new Ledger(builder, null);
    const recovery = new Recovery(recording, enclosing(definitions, block));
    const mirrors = new Mirrors({ ...sweep, plan: sweep.shadows }, recovery);
    const differentiated = func.params.filter((param) => param.wrt);
    const run = new Set<Instr>([...unwind(trail), ...block.instrs]);
    const served = new Set([...sweep.adopted].flatMap(([copy, param]) => (run.has(copy) ? [param] : [])));
    for (const param of differentiated) if (!served.has(param)) mirrors.allocate(param);
    const frame: Frame = { sweep, ledger, recovery, mirrors };
    seed(frame, value, end.statement);
    const own = new Set(openInstrs(block));
    reverseOpenBlock(frame, block.instrs.slice(block.instrs.length - own.size));
    reverse(
      frame,
      [...unwind(trail)].filter((instr) => !own.has(instr)),
    );
    const gradients = differentiated.flatMap((param) => {
      const shape = gradientShape(shapeOf(param.value.type));
      return shape === null ? [] : [collectGradient(frame, param, shape, [])];
    });
    return { ...end, values: [value, ...gradients] };
  });
}

/** What stands behind the last early return of the block: nothing but this ending reverses it. */
function openInstrs(block: Block): readonly Instr[] {
  const last = block.instrs.findLastIndex((instr) => leaves(instr));
  return block.instrs.slice(last + 1);
}

/** The instruction may return from the function. */
function leaves(instr: Instr): boolean {
  return blocksOf(instr).some((inner) => inner.end.kind === "return" || inner.instrs.some(leaves));
}

function* unwind(trail: Trail | null): Iterable<Instr> {
  for (let at = trail; at !== null; at = at.before) yield at.instr;
}

function enclosing(definitions: Definitions, block: Block): ReadonlySet<Site> {
  const sites = new Set<Site>();
  for (let site = definitions.siteOf.get(block) ?? null; site !== null; site = site.parent) sites.add(site);
  return sites;
}

/** The gradient of a parameter, put together in the parameter's own shape. */
function collectGradient(frame: Frame, param: Param, shape: Shape, path: readonly string[]): Atom {
  const { builder } = frame.sweep;
  const shadow = frame.mirrors.param(param, path);
  if (shadow !== null) return shadow;
  if (shape.kind === "nothing") return absent;
  if (!isMemory(shape)) {
    const slot = cellSlot(param, path, 1);
    const { key } = slot;
    return frame.ledger.settle(key, { sweep: "backward" }) ?? number(0);
  }
  const cells = cellsOf(shape).map(([name, inner]): Entry => ({
    name,
    value: collectGradient(frame, param, inner, [...path, name]),
  }));
  const plain = cells.every((cell) => cell.value.kind === "literal");
  const hint = path.length > 0 || plain ? suggested(`d${param.name}`) : declared(`d${param.name}`);
  const init =
    shape.kind === "object"
      ? ({ kind: "object", entries: cells } as const)
      : ({ kind: "elements", elements: cells.map((cell) => cell.value) } as const);
  return builder.alloc(shape, init, { hint, sweep: "backward" });
}

function shapeOf(type: Type): Shape {
  if (type.kind === "maybe") return shapeOf(type.type);
  return type.kind === "ref" ? type.shape : type;
}
