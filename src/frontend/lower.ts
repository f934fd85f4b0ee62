/**
 * Lowering: from the body of a function to IR. Calls are inlined, names resolved, control made structured; the value is
 * computed by the same operations in the same order, so that it is the same to the last bit.
 */
import { posix } from "node:path";
import type { ts } from "ts-morph";
import type { Diagnostics } from "../diagnostics/collector.js";
import { declared, real } from "../ir/builder.js";
import type { Block, End, Func, Param, Value } from "../ir/types.js";
import { type Context, type Frame, type Unit, noJumps, onStatement, poison, spanOf } from "./context.js";
import { type Spread, spreadDoubts } from "./control/absence.js";
import { reportIdleTries } from "./control/try.js";
import { reportHoles, reportSkipped } from "./arrays/holes.js";
import { learnArrays } from "./arrays/learning.js";
import { lowerBody } from "./functions/inline.js";
import { reportStandIns } from "./expressions/stand-ins.js";
import { type Copied, type Copying, privateParts, sizeOf, union } from "./copied-parts.js";
import { type CopiedParts, copyDeep, partsLookedAt, writtenParts } from "./records/deep-copies.js";
import type { Kind } from "./classes/class-index.js";
import { AlikeClasses, learnAlike } from "./classes/alike.js";
import { WiderUnions, reportMadeWide } from "./types/wider-unions.js";
import { Dictionaries } from "./types/dictionaries.js";
import { type Dispatch, type Group, familiesOf, withWanted } from "./types/families.js";
import { listedIn, withListedKeys } from "./types/listed-keys.js";
import { givenData, namesGiven } from "./types/given-data.js";
import { wordsOf } from "./types/scalar-shapes.js";
import { guardOverlaps } from "./control/overlaps.js";
import { reportCopied } from "./expressions/identity.js";
import type { FrontendProject } from "./project/project.js";
import { canonicalRegions } from "./types/region-names.js";
import { type CompanionFunction, type PendingCall, callCompanion } from "./functions/companions.js";
import { reportIncomplete } from "./functions/pending-calls.js";
import { Repeats } from "./functions/repeats.js";
import { callsItself } from "./functions/recursion.js";
import { numberOf } from "./values.js";
import { type Finished, finishCompanions } from "./functions/call-effects.js";
import { referenceRegion } from "./memory.js";
import { linkRegions } from "./functions/linking.js";
import { FunctionRecords } from "./functions/function-records.js";
import { findRules } from "./targets/rules.js";
import { type Bound, type Closure, Scope } from "./scope.js";
import { reportObjectAsks } from "./records/exact-objects.js";
import { reportUnreported } from "./targets/unreported.js";
import { reportMissing } from "./records/missing-fields.js";
import { reportOrders } from "./records/key-order.js";
import { reportListings } from "./arrays/listings.js";
import { reportCounters } from "./control/counters.js";
import { Varying } from "./control/varying.js";
import { withoutEmptyings } from "./control/emptied.js";
import { reportState } from "./control/scratch.js";
import { reportOpenWrites } from "./types/open-setters.js";
import { reportShared } from "./records/structured-clone.js";
import { type TargetParam, reportWithoutNumbers, signatureOf, targetParams } from "./targets/signature.js";
import { reportChangedStops } from "./control/stops.js";
import { bindParam, paramValue, untold, withSelf } from "./target-parameters.js";
import type { LoweredTarget } from "./targets/target.js";
import type { Target } from "./targets/targets.js";
import { openedIn } from "./functions/opened-parameters.js";
import { type Given, changesIn, makeUnit, recastIn } from "./project/units.js";
import { Widenings, keepMembers, widenElsewhere } from "./types/widening.js";

/** The IR of a function and the head of its gradient; null if errors were reported. */
export function lowerTarget(
  target: Target,
  project: FrontendProject,
  diagnostics: Diagnostics,
  folder: string = posix.dirname(target.sourceFile.fileName),
): LoweredTarget | null {
  const before = diagnostics.errorCount;
  targetParams(target, project, diagnostics);
  const emitted = { project, sourceFile: target.sourceFile, folder };
  const records = new FunctionRecords(emitted, target.name);
  const given = {
    project,
    diagnostics,
    rules: findRules(project, target.sourceFile, diagnostics),
    fractional: new Set<ts.Node>(),
    nullable: new Set<ts.Node>(),
    circular: new Set<string>(),
    doubted: new Set<ts.Node>(),
    skipping: new Set<ts.Node>(),
    appending: new Set<ts.Node>(),
    exact: new Set<ts.Node>(),
    widenings: new Widenings(records),
    repeats: new Repeats(),
    records,
    listedKeys: new Set<string>(),
    emitted,
  };
  if (diagnostics.errorCount > before) return null;
  try {
    const own = {
      given: givenData(target, project),
      dictionaries: new Dictionaries(),
      wider: new WiderUnions(),
      alike: new AlikeClasses(),
      literalTypes: new Map(),
      shapes: new Map(),
      publicShapes: new Map(),
      heldShapes: new Map(),
    };
    const attempt = lowerWithCopies(target, { ...given, project: { ...project, ...own } });
    if (attempt === null) return null;
    reportWithoutNumbers(target, attempt.params, project, diagnostics);
    if (diagnostics.errorCount > before) return null;
    const { func, params, functions } = attempt;
    return { func, ...signatureOf(target, params, project, folder, functions, func) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The stack of the compiler itself is exhausted.
    diagnostics.report("tooLarge", target.declaration.name ?? target.node, { name: target.name });
    return null;
  }
}

/** What is learnt in so many attempts would never come to an end. */
const mostAttempts = 100;

/**
 * Whether a parameter is written to, which parameters turn out not to be whole numbers, and which classes have to be told
 * apart, is known when all is lowered: then once more, with copies, and with families of the classes.
 */
function lowerWithCopies(target: Target, given: Omit<Given, "dispatch">): Attempt | null {
  const { diagnostics } = given;
  let groups: readonly Group[] = [];
  let made: ReadonlySet<Kind> = new Set();
  let copied: Copied = new Map();
  let settled: { readonly attempt: Attempt; readonly diagnostics: Diagnostics } | null = null;
  let opened: Copied = new Map();
  let looked: Copied = new Map();
  let unopened: Diagnostics | null = null;
  for (let count = 0; ; count++) {
    if (count > mostAttempts) {
      diagnostics.report("tooLarge", target.declaration.name ?? target.node, { name: target.name });
      return null;
    }
    const trial = diagnostics.trial();
    const dispatch: Dispatch = { made, making: new Set(), wanted: [] };
    const open = openedIn(given);
    const [learnt, recast] = [changesIn(given), recastIn(given)];
    const { project: told, params } = withFamilies(target, groups, withListedKeys(given), trial);
    for (const { shape } of params)
      if (shape.kind !== "unsupported") for (const name of listedIn(shape)) given.listedKeys.add(name);
    given.repeats.begin();
    const outside = namesGiven(params);
    const project = given.records.begin({ ...told, outside }, outside);
    const attempt = lowerFunction(
      target,
      params,
      { copied, opened, looked },
      {
        ...given,
        project,
        diagnostics: trial,
        dispatch,
      },
    );
    const { wanted, making } = dispatch;
    const isTold = [...making].every((each) => made.has(each) || !project.families.has(each));
    made = new Set([...made, ...making]);
    if (wanted.length > 0 || !isTold) {
      groups = withWanted(groups, wanted);
      given.widenings.forget();
      continue;
    }
    if (recastIn(given) > recast) given.widenings.forget();
    if (recastIn(given) > recast || changesIn(given) > learnt) continue;
    if (trial.errorCount === 0 && (openedIn(given) > open || attempt.doubts)) continue;
    looked = union(looked, attempt.looked);
    const both = union(copied, attempt.written);
    const isCopied = sizeOf(both) === sizeOf(copied);
    // What cannot be lowered as a function of its own is written out after all.
    if (trial.errorCount > 0 && settled !== null) {
      diagnostics.addAll(settled.diagnostics.sorted());
      return settled.attempt;
    }
    if (trial.errorCount > 0 && unopened === null) {
      // Beside instances that are made here, those from outside may have to be without anything private, too.
      unopened = trial;
      opened = privateParts(params);
      if (opened.size > 0) continue;
    }
    if (trial.errorCount > 0 || isCopied) {
      if (trial.errorCount === 0 && given.repeats.learn(attempt.calls)) {
        settled = { attempt, diagnostics: trial };
        continue;
      }
      diagnostics.addAll((trial.errorCount > 0 ? (unopened ?? trial) : trial).sorted());
      return trial.errorCount > 0 ? null : attempt;
    }
    copied = both;
  }
}

/** The project as it looks with the families of the groups, and the parameters in it. */
function withFamilies(
  target: Target,
  groups: readonly Group[],
  { project: plain, emitted }: Pick<Given, "project" | "emitted">,
  diagnostics: Diagnostics,
): { readonly project: FrontendProject; readonly params: readonly TargetParam[] } {
  const withThose = (isOutside: (group: Group) => boolean): FrontendProject => {
    if (groups.length === 0 && plain.dictionaries.size === 0 && plain.wider.size === 0) return plain;
    const families = familiesOf(groups, isOutside, emitted);
    return { ...plain, families, shapes: new Map(), publicShapes: new Map(), heldShapes: new Map() };
  };
  const inside = withThose(() => false);
  const params = targetParams(target, inside, diagnostics);
  const names = namesGiven(params);
  const isOutside = ({ classes: [first] }: Group): boolean => {
    const family = first === undefined ? undefined : inside.families.get(first);
    return family !== undefined && names.has(family.name);
  };
  if (!groups.some(isOutside)) return { project: inside, params };
  const project = withThose(isOutside);
  return { project, params: targetParams(target, project, diagnostics) };
}

type Copies = ReadonlyMap<number, CopiedParts>;

interface Attempt {
  readonly func: Func;
  readonly params: readonly TargetParam[];
  /** The parts of parameters that are written to. */
  readonly written: Copied;
  /** The parts of those that are not copied which the function comes to. */
  readonly looked: Copied;
  /** Those that are called and not inlined. */
  readonly functions: readonly CompanionFunction[];
  readonly calls: readonly PendingCall[];
  /** There are more reads to be doubted. */
  readonly doubts: boolean;
}

function lowerFunction(
  target: Target,
  params: readonly TargetParam[],
  { copied, opened, looked }: Copying,
  given: Given,
): Attempt {
  const { project, diagnostics } = given;
  const before = diagnostics.errorCount;
  const learnt = changesIn(given) + recastIn(given);
  const unit = makeUnit(given);
  const { builder, regions } = unit;
  const frame: Frame = { caller: null, call: null, closure: null, prefix: "", returns: { kind: "leave" } };
  const outer: Context = {
    ts: project.ts,
    checker: project.checker,
    unit,
    frame,
    scope: new Scope(unit.globals),
    statement: null,
    facts: new Map(),
    ...noJumps,
    catches: null,
  };
  const values = params.map((param) => paramValue(outer, param));
  const copies: Copies = new Map(
    [...union(copied, opened)].map(([index, parts]) => [index, { written: parts, made: [], objects: [] }]),
  );
  const body = builder.block(() => {
    const cx = withSelf(outer, target, params, values, copies);
    if (callsItself(cx, target.node)) return callTarget(cx, target, params, values, copies);
    params.forEach((param, i) => {
      const value = values[i];
      if (value !== undefined) bindParam(cx, param, value, copies.get(i));
    });
    const outcome = lowerBody(cx, target.node.body);
    if (outcome.end !== null) return outcome.end;
    if (diagnostics.errorCount === before)
      diagnostics.report("missingReturn", target.declaration.name ?? target.node, { name: target.name });
    return { kind: "return", values: [], statement: null };
  });
  const endless = linkRegions(unit.program);
  if (endless !== null) {
    const reason = "is given memory that leads on and on to more of its kind, of no type that has a name";
    diagnostics.report("recursion", target.declaration.name ?? target.node, {
      name: endless.callee.name,
      reason,
    });
  }
  const units = [unit, ...unit.program.functions.map((each) => each.unit)];
  keepMembers(units);
  widenElsewhere(units);
  learnAlike(units, project);
  reportHoles(units, diagnostics);
  if (diagnostics.errorCount === before) reportIdleTries(unit.program);
  if (diagnostics.errorCount === before) reportIncomplete(unit.program);
  reportShared(units, diagnostics);
  for (const each of units) reportStandIns(each, diagnostics);
  reportOpenWrites(unit, values, diagnostics);
  reportMissing(units, unit, values, diagnostics);
  reportCopied(unit, [...copies.values()], values);
  const written: Copied = new Map(
    values.flatMap(({ type }, i) => {
      const made = (copies.get(i)?.made ?? []).flatMap((copy) => writtenParts(regions, copy.type, copy.path));
      const parts = new Set([...writtenParts(regions, type), ...made]);
      return parts.size === 0 ? [] : [[i, parts] as const];
    }),
  );
  const lookedAt: Copied = new Map(
    values.flatMap(({ type }, i) =>
      copies.has(i) ? [] : [[i, new Set(partsLookedAt(regions, type))] as const],
    ),
  );
  const guards = guardOverlaps(outer, target.name, params, values, {
    copied,
    looked: union(looked, lookedAt),
  });
  const whole: Block = { instrs: [...guards, ...unit.entry, ...withoutEmptyings(unit, body)], end: body.end };
  const finished = finishCompanions(unit.program, { unit, body: whole });
  const called = unit.program.functions.flatMap((each) =>
    each.func === null ? [] : [{ unit: each.unit, body: each.func.body }],
  );
  const all = [{ unit, body: whole }, ...called] as const;
  const varied = values.filter((_, i) => params[i]?.wrt === true);
  reportState(outer, body, { all, calls: unit.program.calls, given: varied });
  const doubts =
    diagnostics.errorCount === before
      ? spreadDoubts(all, unit.program.calls, given.doubted, diagnostics)
      : null;
  if (diagnostics.errorCount === before) reportUnreported(all, spanOf(target.node), diagnostics);
  if (diagnostics.errorCount === before) reportCounters(all, unit.program.calls, values);
  reportChangedStops(outer, whole);
  reportListings(unit, whole, () => new Varying(all, unit.program.calls, varied));
  const outside = values.flatMap(({ type }) => referenceRegion(type) ?? []);
  reportObjectAsks(all);
  if (diagnostics.errorCount === before) reportMadeWide(unit.program, whole, target);
  reportSkipped(all);
  const isSettled = doubts?.isWider !== true && changesIn(given) + recastIn(given) === learnt;
  if (isSettled && diagnostics.errorCount === before) learnArrays(all, given);
  if (diagnostics.errorCount === before) reportOrders(all, outside, unit.program.calls, diagnostics);
  const func: Func = {
    name: target.name,
    params: params.flatMap(({ name, wrt, node }, i): Param[] => {
      const value = values[i];
      return value === undefined ? [] : [{ ...{ value, name, wrt }, ...wordsOf(node, project) }];
    }),
    results: [{ name: "value", shape: real }],
    body: whole,
    ...withUnsure(unit, finished, doubts),
  };
  return {
    func: canonicalRegions(func, regions, unit.program.calls),
    params,
    written,
    looked: lookedAt,
    functions: unit.program.functions,
    calls: unit.program.calls,
    doubts: doubts?.isWider === true,
  };
}

/** The functions that are called, and which numbers any of them has read that there may not be. */
function withUnsure(
  unit: Unit,
  { callees, extendable }: Finished,
  doubts: Spread | null,
): Pick<Func, "callees" | "extendable" | "unsure"> {
  const unsureIn = (each: Unit): Pick<Func, "unsure"> => {
    const unsure = doubts?.unsure.get(each);
    return unsure === undefined || unsure.size === 0 ? {} : { unsure };
  };
  if (callees.size === 0) return unsureIn(unit);
  const { functions } = unit.program;
  const all = [...callees].map(([name, func]): [string, Func] => {
    const made = functions.find((each) => each.name === name);
    return [name, made === undefined ? func : { ...func, ...unsureIn(made.unit) }];
  });
  return { callees: new Map(all), extendable, ...unsureIn(unit) };
}

/** A target that calls itself is called once. */
function callTarget(
  cx: Context,
  target: Target,
  params: readonly TargetParam[],
  values: readonly Value[],
  copies: Copies,
): End {
  const { node, name } = target;
  const here = onStatement(cx, node);
  const args = params.map((param, i): Bound => {
    const value = values[i];
    if (value === undefined || param.shape.kind === "unsupported") return untold(cx, param, value ?? null);
    const parts = copies.get(i);
    const whole =
      parts === undefined ? value : copyDeep(here, value, param.node, declared(param.name), parts);
    const isRest = cx.ts.isParameter(param.node) && param.node.dotDotDotToken !== undefined;
    if (isRest && whole.kind === "value") cx.unit.restArrays.add(whole.id);
    return whole;
  });
  const plain: Closure = { kind: "closure", node, scope: cx.unit.globals, name, prefix: `${name}_` };
  const { self } = cx.scope;
  const closure = self === null ? plain : { ...plain, self };
  const result = callCompanion(here, closure, self?.kind === "value" ? args.slice(1) : args, node, null);
  const value = result === poison ? poison : numberOf(here, result, node);
  return { kind: "return", values: [value], statement: here.statement };
}
