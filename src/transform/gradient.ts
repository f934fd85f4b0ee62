/**
 * From a primal function to its gradient: the forward sweep as it was, and at each place where it returns the reverse
 * sweep of what has run until there. A path that throws has no gradient.
 */
import { findAbsorbed } from "../analysis/absorption.js";
import { findCurved, findUnbounded } from "../analysis/curvature.js";
import { type Definitions, type Site, findDefinitions } from "../analysis/definitions.js";
import { findSingleStores } from "../analysis/once.js";
import type { Summaries } from "../analysis/summaries.js";
import type { PointsOfCalls } from "../analysis/call-points.js";
import { findReplacedCells } from "../analysis/replaced-cells.js";
import { findStability } from "../analysis/stability.js";
import { type Analysed, analyse } from "../analysis/program.js";
import { findContained } from "../ir/contained.js";
import { Builder, declared, number, real } from "../ir/builder.js";
import { gradientShape } from "../ir/gradient-shapes.js";
import { shapeOfType } from "../ir/shapes.js";
import { blocksOf, calledBy, countUses, forEachInstr, lastId, lastRegion, someInstr } from "../ir/visit.js";
import type { Atom, Block, End, Func, Instr, Load, Param, Result } from "../ir/types.js";
import { invariant } from "../support/invariant.js";
import { findAdopted } from "./adoption.js";
import { cellKey, cellSlot, countLines, findSlotParams } from "./cells.js";
import { copiesReferences } from "./copies.js";
import { collectGradient } from "./collect.js";
import {
  type Companion,
  type Companions,
  companionOf,
  planCompanions,
  resultsOf,
  shadowParams,
} from "./companions.js";
import { Counters } from "./counters.js";
import { Exports } from "./exports.js";
import { Fusions, reverseOpenBlock } from "./fusion.js";
import { findGuarded, findShrinking, hasCotangents } from "./memory.js";
import { findUpdates } from "./updates.js";
import { Mirrors } from "./mirrors.js";
import { Rebuild } from "./rebuild.js";
import { findCellTypes } from "./parameter-shadows.js";
import { type Recording, Recovery, findPulled } from "./recovery.js";
import { type Frame, type Sweep, reverse, seed } from "./reverse.js";
import { ShadowRegions } from "./shadow-memory.js";
import { returnedShadow } from "./returned-shadow.js";
import type { Facts as ShadowFacts } from "./shadow-plan.js";
import { planShadows } from "./shadows.js";
import { Ledger } from "./slots.js";
import { Tapes } from "./tapes.js";

type Return = Extract<End, { kind: "return" }>;

/** The instructions that have run when a place is reached, last first. */
interface Trail {
  readonly instr: Instr;
  readonly before: Trail | null;
}

/**
 * Takes a primal function that has gone through the passes, as have all that it calls; `name` is that of the gradient,
 * `points` what calls hand on in this function and in those that share its companions. What it calls in its turn comes
 * with it: companions, and functions through which no derivative flows as they are.
 */
export function differentiate(func: Func, name: string, points: PointsOfCalls, summaries: Summaries): Func {
  const analysed = analyse(func, points, summaries);
  const companions = planCompanions(analysed);
  const [main] = analysed;
  invariant(main, "reverse", "there is nothing to differentiate");
  const restores = analysed.some(({ func: each }) => someInstr(each.body, copiesReferences));
  const replaced = findReplacedCells(analysed.map(({ func: each }) => each));
  const plan = { companions, restores, replaced };
  const gradient = differentiateOne(main, plan, null, name);
  const called = new Map<string, Func>();
  const open = [gradient];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const callee of calledBy(next)) {
      if (called.has(callee)) continue;
      const companion = [...companions.values()].find((each) => each.name === callee);
      const made =
        companion === undefined
          ? func.callees?.get(callee)
          : differentiateOne(companion.analysed, plan, companion, callee);
      invariant(made, "reverse", `there is no function \`${callee}\``);
      called.set(callee, withoutCallees(made));
      open.push(made);
    }
  }
  const alone = withoutCallees(gradient);
  return called.size === 0 ? alone : { ...alone, callees: called };
}

function withoutCallees({ callees: _, ...func }: Func): Func {
  return func;
}

/** What holds for a function and all that it calls. */
interface Plan extends Pick<ShadowFacts, "restores"> {
  readonly companions: Companions;
  /** Cells that come to refer to something else, in any of the functions. */
  readonly replaced: ReadonlySet<string>;
}

/** `companion`: the function is one that is called, and this is its forward part. */
function differentiateOne(analysed: Analysed, plan: Plan, companion: Companion | null, name: string): Func {
  const { func } = analysed;
  const { sweep, shadowsGiven } = prepare(analysed, plan, companion);
  const exports = new Exports();
  const recording: Recording = {
    ...sweep,
    exports,
    pulled: findPulled(sweep.order.keys(), sweep.activity),
  };
  const endings = new Map<End, Block>();
  walk(sweep.func.body, null);
  const rebuild = new Rebuild({ ...sweep, exports, endings });
  const { extendable } = func;
  const growing =
    extendable === undefined
      ? {}
      : {
          extendable: new Map(
            [...extendable].flatMap(([region, least]) =>
              sweep.regions.withThose([region]).map((each) => [each, least] as const),
            ),
          ),
        };
  if (companion !== null) {
    return {
      name,
      params: [...func.params, ...shadowsGiven],
      results: resultsOf(companion),
      body: rebuild.block(sweep.func.body),
      unsettled: new Set(sweep.regions.withThose(analysed.unsettled)),
      ...growing,
    };
  }
  const results: Result[] = func.params.flatMap((param) => {
    const shape = param.wrt ? gradientShape(shapeOfType(param.value.type)) : null;
    return shape === null ? [] : [{ name: `d${param.name}`, shape }];
  });
  return {
    name,
    params: func.params,
    results: [...func.results, ...results],
    body: rebuild.block(sweep.func.body),
    ...growing,
  };

  function walk(block: Block, before: Trail | null): void {
    let trail = before;
    for (const instr of block.instrs) {
      if (instr.kind === "guard") walk(instr.body, trail);
      if (instr.kind === "if") {
        walk(instr.consequent, trail);
        walk(instr.alternate, trail);
      }
      // Where it is left from within, the iterations before have nothing to reverse.
      if (instr.kind === "loop") walk(instr.body, trail);
      trail = { instr, before: trail };
    }
    if (block.end.kind !== "return") return;
    endings.set(
      block.end,
      companion === null
        ? ending(sweep, recording, block, block.end, trail)
        : backwardEnding(sweep, recording, companion, block, block.end, trail),
    );
  }
}

function prepare(
  { func: primal, activity, unsettled, calls, points }: Analysed,
  { companions, restores, replaced }: Plan,
  companion: Companion | null,
): {
  readonly sweep: Sweep & Pick<Recording, "stability">;
  readonly shadowsGiven: readonly Param[];
} {
  const last = Math.max(lastId(primal), lastRegion(primal));
  const builder = new Builder(last + 1, last + 1);
  const regions = new ShadowRegions(builder);
  const before = findDefinitions(primal);
  const handed = companion === null ? null : shadowParams(companion, builder, regions);
  const slots = companion === null ? findSlotParams(primal, before) : new Set<Param>();
  const cellTypes = findCellTypes(primal, slots, before);
  const shadows = planShadows({
    func: primal,
    builder,
    regions,
    definitions: before,
    activity,
    stability: findStability(primal, before, orderOf(primal), unsettled),
    slots,
    cellTypes,
    given: handed?.given ?? new Map(),
    isCompanion: companion !== null,
    restores,
    companionOf: (call, isShadowed) => companionOf(companions, activity, call, isShadowed),
  });
  const { func } = shadows;
  const definitions = findDefinitions(func);
  const order = orderOf(func);
  const shadowsOfUnsettled = { regions: new Set(regions.ofThose(unsettled)), cells: replaced };
  const stability = findStability(func, definitions, order, unsettled, shadowsOfUnsettled);
  const sweep = {
    func,
    builder,
    definitions,
    activity,
    points: {
      absorbed: findAbsorbed(func, definitions, calls, points),
      curved: findCurved(func, activity.varied),
      unbounded: findUnbounded(func, calls, points),
    },
    slots,
    cellTypes,
    lines: countLines(func, slots, definitions),
    order,
    shadows,
    adopted:
      companion === null
        ? findAdopted(func, {
            definitions,
            slots,
            stability,
            hasCotangents: (copy) => hasCotangents({ activity, shadows }, copy),
          })
        : new Map(),
    contained: findContained(func),
    regions,
    stability,
    tapes: new Tapes(builder, definitions, stability),
    counters: new Counters(builder),
    fusions: new Fusions(),
    guarded: findGuarded(func, activity, definitions),
    uses: countUses(func.body),
    updates: new Set<Load>(),
    shrinking: findShrinking(func),
    single: findSingleStores(func, definitions),
  };
  return { sweep: { ...sweep, updates: findUpdates(sweep) }, shadowsGiven: handed?.params ?? [] };
}

function orderOf(func: Func): ReadonlyMap<Instr, number> {
  const order = new Map<Instr, number>();
  forEachInstr(func.body, (instr) => order.set(instr, order.size + 1));
  return order;
}

/**
 * The reverse sweep from one return, and what is returned there instead. Where that is constant nothing is reversed: the
 * gradient is zero, whatever has run.
 */
function ending(sweep: Sweep, recording: Recording, block: Block, end: Return, trail: Trail | null): Block {
  const { builder, definitions, func, adopted, shadows } = sweep;
  const [value] = end.values;
  invariant(value, "reverse", "a function that returns nothing");
  const isConstant = value.kind === "literal" || !sweep.activity.varied.has(value.id);
  return builder.block(() => {
    const ledger = new Ledger(builder, null);
    const recovery = new Recovery(recording, enclosing(definitions, block));
    // What the forward sweep has moved about is back in its place only when its copies are reversed.
    const plan = isConstant && adopted.size > 0 ? { ...shadows, made: new Map(), cells: new Map() } : shadows;
    const mirrors = new Mirrors({ ...sweep, plan }, recovery);
    const differentiated = func.params.filter((param) => param.wrt);
    const own = isConstant ? [] : openInstrs(block);
    const reversed = isConstant ? [] : [...unwind(trail)];
    const run = new Set<Instr>([...reversed, ...own]);
    const served = new Set(
      [...adopted].flatMap(([copy, { param, path, place }]) =>
        run.has(copy) && place === null ? [cellKey(param, path)] : [],
      ),
    );
    for (const param of differentiated) mirrors.allocate(param, served);
    const frame: Frame = { sweep, ledger, recovery, mirrors };
    seed(frame, value, end.statement);
    reverseOpenBlock(frame, own);
    const isOwn = new Set(own);
    reverse(
      frame,
      reversed.filter((instr) => !isOwn.has(instr)),
    );
    const gradients = differentiated.flatMap((param) => {
      const shape = gradientShape(shapeOfType(param.value.type));
      return shape === null ? [] : [collectGradient(frame, param, shape)];
    });
    return { ...end, values: [value, ...gradients] };
  });
}

/** The same in a companion: what is returned in addition is the function that runs the reverse sweep. */
function backwardEnding(
  sweep: Sweep,
  recording: Recording,
  companion: Companion,
  block: Block,
  end: Return,
  trail: Trail | null,
): Block {
  const { builder, definitions, func } = sweep;
  const { numbers, takesCotangent, returnsShadow, backward } = companion;
  const [value] = end.values;
  return builder.block(() => {
    const params = takesCotangent
      ? [builder.value(real, { hint: declared("dvalue"), sweep: "backward" })]
      : [];
    const body = builder.block(() => {
      const ledger = new Ledger(builder, null);
      const recovery = new Recovery(recording, enclosing(definitions, block));
      const mirrors = new Mirrors({ ...sweep, plan: sweep.shadows }, recovery);
      for (const param of func.params) if (param.wrt) mirrors.allocate(param, new Set());
      const frame: Frame = { sweep, ledger, recovery, mirrors };
      const [cotangent] = params;
      if (value !== undefined && cotangent !== undefined) seed(frame, value, end.statement, cotangent);
      reverse(frame, unwind(trail));
      const values = numbers.map(({ index }): Atom => {
        const param = func.params[index];
        const key = param === undefined ? "" : cellSlot(param, [], 1).key;
        return ledger.settle(key, { sweep: "backward" }) ?? number(0);
      });
      return { kind: "yield", values };
    });
    const shadow = value === undefined || !returnsShadow ? [] : [returnedShadow(sweep, value)];
    const lambda = builder.lambda(backward, params, body, backward.lambda ?? null, { sweep: "backward" });
    return { ...end, values: [...end.values, ...shadow, lambda] };
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
