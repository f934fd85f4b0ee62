/**
 * What calls hand on of the facts that special points depend on: whether a result is discarded by some caller, what
 * becomes of an argument, and what may be infinite. Least solutions over all functions.
 */
import { regionOf } from "../ir/places.js";
import { forEachInstr, withCallees } from "../ir/visit.js";
import type { Call, Func, ValueId } from "../ir/types.js";
import { type Absorption, findAbsorbed } from "./absorption.js";
import { findUnbounded } from "./curvature.js";
import { findDefinitions } from "./definitions.js";
import { returned } from "./program.js";
import { type Caller, sharedFacts } from "./same-functions.js";

export interface CallPoints {
  /** What the callers make of the result, where that is a number. */
  result: Absorption | null;
  /** What the function makes of its parameters. */
  readonly params: (Absorption | null)[];
  unboundedResult: boolean;
  readonly unboundedParams: Set<number>;
}

export type PointsOfCalls = ReadonlyMap<string, CallPoints>;

/**
 * For all functions that each of these calls, by their names. What holds of a function where one of them calls it is
 * taken to hold where others call the same, so that one gradient of it does for all.
 */
export function findCallPoints(callers: readonly Caller[]): ReadonlyMap<Func, PointsOfCalls> {
  const points = sharedFacts(callers, noPoints);
  for (let before = "", after = text(points); before !== after; after = text(points)) {
    before = after;
    for (const [main, calls] of points)
      for (const func of withCallees(main))
        visit(func, func === main ? null : (calls.get(func.name) ?? null), calls);
  }
  return points;
}

function noPoints(): CallPoints {
  return { result: null, params: [], unboundedResult: false, unboundedParams: new Set() };
}

function visit(func: Func, own: CallPoints | null, points: PointsOfCalls): void {
  const absorbed = findAbsorbed(func, findDefinitions(func), points, own);
  const unbounded = findUnbounded(func, points, own);
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "call") meetCall(instr, points, absorbed, unbounded);
  });
  if (own === null) return;
  func.params.forEach(({ value }, index) => {
    own.params[index] = stronger(own.params[index], absorbed.get(value.id));
  });
  own.unboundedResult ||= returned(func, 0).some(
    (atom) =>
      atom.kind === "value" && (unbounded.has(atom.id) || (regionOf(atom) !== null && unbounded.size > 0)),
  );
}

function meetCall(
  { callee, args, outs }: Call,
  points: PointsOfCalls,
  absorbed: ReadonlyMap<ValueId, Absorption>,
  unbounded: ReadonlySet<ValueId>,
): void {
  const known = callee.kind === "function" ? points.get(callee.name) : undefined;
  if (known === undefined) return;
  args.forEach((arg, index) => {
    if (arg.kind === "value" && unbounded.has(arg.id)) known.unboundedParams.add(index);
  });
  const [out] = outs;
  known.result = stronger(known.result, out === undefined ? undefined : absorbed.get(out.id));
}

function stronger(known: Absorption | null = null, found: Absorption | null = null): Absorption | null {
  return found === null || known === "discarded" ? known : found;
}

function text(points: ReadonlyMap<Func, PointsOfCalls>): string {
  const all = new Set([...points.values()].flatMap((calls) => [...calls.values()]));
  return JSON.stringify([...all].map((each) => ({ ...each, unboundedParams: [...each.unboundedParams] })));
}
