/** The passes in their order, before and after differentiation. */
import type { Func } from "../ir/types.js";
import { mapCallees } from "../ir/visit.js";
import { decideBounds } from "./bounds.js";
import { dropUnchanged } from "./carried.js";
import { chainConditionals } from "./chains.js";
import { propagateCopies } from "./copies.js";
import { recogniseCounted } from "./counted.js";
import { simplifyCounts } from "./counts.js";
import { shareSubexpressions } from "./cse.js";
import { removeDeadCode } from "./dce.js";
import { splitDefaults } from "./defaults.js";
import { recogniseGates } from "./gates.js";
import { decideImplied } from "./implied.js";
import { decideKinds } from "./kinds.js";
import { joinReturns } from "./joins.js";
import { dropSquares } from "./lengths.js";
import { narrowInArms } from "./narrowings.js";
import { mergeTapes } from "./records.js";
import { splitObjects } from "./scalars.js";
import { returnInLoops } from "./returns.js";
import { hoistRows } from "./rows.js";
import { dropSelfStores } from "./self-stores.js";
import { nameOrders } from "./orders.js";
import { askOutcomes } from "./outcomes.js";
import { simplifyCotangents } from "./simplify.js";
import { leaveSteady } from "./steady.js";
import { mergeClearing } from "./zeros.js";

/** The stages before differentiation, as an observer sees them. */
type PrimalPass =
  | "scalars"
  | "copies"
  | "returns"
  | "carried"
  | "outcomes"
  | "narrowings"
  | "counted"
  | "cse"
  | "implied"
  | "kinds"
  | "bounds"
  | "dce"
  | "gates"
  | "orders"
  | "joins";
type GradientPass =
  | "lengths"
  | "copies"
  | "carried"
  | "counts"
  | "rows"
  | "cse"
  | "kinds"
  | "zeros"
  | "self-stores"
  | "simplify"
  | "dce"
  | "records"
  | "defaults"
  | "steady"
  | "chains";

interface Pass<Name extends string> {
  readonly name: Name;
  readonly run: (func: Func, isTarget: boolean) => Func;
  /** The reverse sweep depends on it; the others may be left out. */
  readonly required: boolean;
}

export const primalPasses: readonly Pass<PrimalPass>[] = [
  { name: "scalars", run: splitObjects, required: true },
  { name: "copies", run: propagateCopies, required: true },
  { name: "returns", run: returnInLoops, required: false },
  { name: "carried", run: dropUnchanged, required: true },
  { name: "dce", run: removeDeadCode, required: true },
  { name: "outcomes", run: askOutcomes, required: false },
  { name: "narrowings", run: narrowInArms, required: false },
  { name: "counted", run: recogniseCounted, required: true },
  { name: "cse", run: shareSubexpressions, required: false },
  { name: "implied", run: decideImplied, required: false },
  { name: "kinds", run: decideKinds, required: true },
  { name: "bounds", run: decideBounds, required: false },
  { name: "dce", run: removeDeadCode, required: false },
  { name: "gates", run: recogniseGates, required: false },
  { name: "orders", run: nameOrders, required: false },
  { name: "joins", run: joinReturns, required: false },
];

export const gradientPasses: readonly Pass<GradientPass>[] = [
  { name: "lengths", run: dropSquares, required: false },
  { name: "copies", run: propagateCopies, required: false },
  { name: "carried", run: dropUnchanged, required: false },
  { name: "counts", run: simplifyCounts, required: false },
  { name: "rows", run: hoistRows, required: false },
  { name: "cse", run: shareSubexpressions, required: false },
  { name: "kinds", run: decideKinds, required: true },
  { name: "zeros", run: mergeClearing, required: false },
  { name: "simplify", run: simplifyCotangents, required: false },
  { name: "self-stores", run: dropSelfStores, required: false },
  { name: "dce", run: removeDeadCode, required: true },
  { name: "records", run: mergeTapes, required: false },
  { name: "dce", run: removeDeadCode, required: false },
  { name: "defaults", run: splitDefaults, required: false },
  { name: "steady", run: leaveSteady, required: false },
  { name: "chains", run: chainConditionals, required: false },
];

/** On the function and on all that it calls. */
function runOnAll(run: (func: Func, isTarget: boolean) => Func, func: Func): Func {
  return mapCallees(run(func, true), (callee) => run(callee, false));
}

export function runPasses<Name extends string>(
  func: Func,
  passes: readonly Pass<Name>[],
  optimize: boolean,
  after: (name: Name, func: Func) => void,
): Func {
  return passes.reduce((current, pass) => {
    if (!pass.required && !optimize) return current;
    const next = runOnAll(pass.run, current);
    after(pass.name, next);
    return next;
  }, func);
}
