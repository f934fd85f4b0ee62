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

export interface CallPoints {
  /** What the callers make of the result, where that is a number. */
  result: Absorption | null;
  /** What the function makes of its parameters. */
  params: readonly (Absorption | null)[];
  unboundedResult: boolean;
  readonly unboundedParams: Set<number>;
}

export type PointsOfCalls = ReadonlyMap<string, CallPoints>;

/** For all functions that are called, by their names. */
export function findCallPoints(main: Func): PointsOfCalls {
  const points = new Map<string, CallPoints>();
  for (const [name, { params }] of main.callees ?? [])
    points.set(name, {
      result: null,
      params: params.map(() => null),
      unboundedResult: false,
      unboundedParams: new Set(),
    });
  if (points.size === 0) return points;
  for (let before = "", after = text(points); before !== after; after = text(points)) {
    before = after;
    for (const func of withCallees(main))
      visit(func, func === main ? null : (points.get(func.name) ?? null), points);
  }
  return points;
}

function visit(func: Func, own: CallPoints | null, points: PointsOfCalls): void {
  const absorbed = findAbsorbed(func, findDefinitions(func), points, own);
  const unbounded = findUnbounded(func, points, own);
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "call") meetCall(instr, points, absorbed, unbounded);
  });
  if (own === null) return;
  own.params = func.params.map(({ value }) => absorbed.get(value.id) ?? null);
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
  const found = out === undefined ? undefined : absorbed.get(out.id);
  if (found !== undefined && known.result !== "discarded") known.result = found;
}

function text(points: PointsOfCalls): string {
  return JSON.stringify(
    [...points.values()].map((each) => ({ ...each, unboundedParams: [...each.unboundedParams] })),
  );
}
