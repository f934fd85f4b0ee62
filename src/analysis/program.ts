/**
 * What holds for a function and all that it calls together: which parameters matter where, and which memory is written to
 * by others once a function has run. Least solutions over all calls.
 */
import { findContained, reachedFrom } from "../ir/contained.js";
import { callsIn, endAtoms, forEachBlock, forEachInstr, withCallees } from "../ir/visit.js";
import type { Atom, Call, Func, Instr, RegionId } from "../ir/types.js";
import { type Activity, findActivity } from "./activity.js";
import { type Caller, sharedFacts, textOf } from "./same-functions.js";
import type { CallSummary, Summaries } from "./summaries.js";
import type { CallPoints, PointsOfCalls } from "./call-points.js";
import { findDefinitions } from "./definitions.js";
import { type Stability, findStability } from "./stability.js";

/** What is known of one function. */
export interface Analysed {
  /** Its parameters are differentiated where some call gives them something that varies. */
  readonly func: Func;
  readonly activity: Activity;
  /** Null for the function that everything begins with. */
  readonly summary: CallSummary | null;
  /** What special points depend on, for all that is called, and for itself. */
  readonly calls: PointsOfCalls;
  readonly points: CallPoints | null;
  /** Memory that its callers write to when it has run. */
  readonly unsettled: ReadonlySet<RegionId>;
}

/**
 * What flows into the functions that each of these calls, and out of them. What one of them makes a function of is taken
 * to be so where others call the same, so that one gradient of it does for all.
 */
export function findSummaries(callers: readonly Caller[]): ReadonlyMap<Func, Summaries> {
  const summaries = sharedFacts(callers, emptySummary, textOf);
  const sizes = (): number => [...summaries.values()].reduce((sum, each) => sum + sizeOf(each), 0);
  for (let size = -1; size !== sizes();) {
    size = sizes();
    for (const [main, own] of summaries) if (own.size > 0) visit(main, own);
  }
  return summaries;
}

interface Marked {
  readonly func: Func;
  readonly activity: Activity;
}

/** Learns what the calls of the function, and of those that it calls, hand on. */
function visit(main: Func, summaries: Summaries): ReadonlyMap<Func, Marked> {
  return new Map(
    withCallees(main).map((func) => {
      const own = func === main ? null : (summaries.get(func.name) ?? null);
      const marked = own === null ? func : withVaried(func, own);
      return [func, { func: marked, activity: findActivity(marked, summaries, own) }] as const;
    }),
  );
}

/** The function itself first, then those it calls; `summaries` are those of `findSummaries`. */
export function analyse(main: Func, calls: PointsOfCalls, summaries: Summaries): readonly Analysed[] {
  const found = visit(main, summaries);
  const unsettled = findUnsettled(main);
  return withCallees(main).flatMap((func): Analysed[] => {
    const facts = found.get(func);
    if (facts === undefined) return [];
    const summary = func === main ? null : (summaries.get(func.name) ?? null);
    const points = func === main ? null : (calls.get(func.name) ?? null);
    return [{ ...facts, summary, calls, points, unsettled: unsettled.get(func) ?? new Set() }];
  });
}

function emptySummary(): CallSummary {
  const sets = { varied: new Set<number>(), left: new Set<number>(), given: new Set<number>() };
  return { ...sets, filled: new Set(), useful: new Set(), kept: new Set(), results: new Set() };
}

function sizeOf(summaries: Summaries): number {
  let size = 0;
  for (const summary of summaries.values())
    for (const set of Object.values(summary) as readonly Set<number>[]) size += set.size;
  return size;
}

function withVaried(func: Func, { varied }: CallSummary): Func {
  return { ...func, params: func.params.map((param, index) => ({ ...param, wrt: varied.has(index) })) };
}

/** A call with what it lies in. */
interface Site {
  readonly caller: Func;
  readonly call: Call;
}

/** Memory that is handed to a function, or comes from it, and is written to later: by the caller, or by its callers. */
function findUnsettled(main: Func): ReadonlyMap<Func, ReadonlySet<RegionId>> {
  const funcs = withCallees(main);
  const named = new Map([...(main.callees?.entries() ?? [])]);
  const unsettled = new Map(funcs.map((func) => [func, new Set<RegionId>()] as const));
  const sites = funcs.flatMap((caller) => callsIn(caller).map((call): Site => ({ caller, call })));
  if (sites.length === 0) return unsettled;
  const contained = new Map(funcs.map((func) => [func, findContained(func)] as const));
  for (let changed = true; changed;) {
    changed = false;
    const stability = new Map(funcs.map((func) => [func, stabilityOf(func, unsettled.get(func))] as const));
    for (const { caller, call } of sites) {
      const callee = call.callee.kind === "function" ? named.get(call.callee.name) : undefined;
      const settled = stability.get(caller);
      if (callee === undefined || settled === undefined) continue;
      const inCaller = contained.get(caller) ?? new Map();
      const inCallee = contained.get(callee) ?? new Map();
      const isSettled = (atom: Atom): boolean =>
        [...reachedFrom(inCaller, [atom])].every((region) => settled.isSettled(region, call));
      const late: Atom[] = call.args.flatMap((arg, index) => {
        const param = callee.params[index]?.value;
        return param === undefined || isSettled(arg) ? [] : [param];
      });
      call.outs.forEach((out, index) => {
        if (!isSettled(out)) late.push(...returned(callee, index));
      });
      const known = unsettled.get(callee);
      for (const region of reachedFrom(inCallee, late)) {
        if (known === undefined || known.has(region)) continue;
        known.add(region);
        changed = true;
      }
    }
  }
  return unsettled;
}

function stabilityOf(func: Func, unsettled: ReadonlySet<RegionId> | undefined): Stability {
  const order = new Map<Instr, number>();
  forEachInstr(func.body, (instr) => order.set(instr, order.size + 1));
  return findStability(func, findDefinitions(func), order, unsettled);
}

/** What the function returns as its result number `index`, from all its ends. */
export function returned(func: Func, index: number): readonly Atom[] {
  const atoms: Atom[] = [];
  forEachBlock(func.body, ({ end }) => {
    const atom = end.kind === "return" ? endAtoms(end)[index] : undefined;
    if (atom !== undefined) atoms.push(atom);
  });
  return atoms;
}
