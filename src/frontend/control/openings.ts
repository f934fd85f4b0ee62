/**
 * An exception may leave a call in the midst of an expression: what the expression has yet to do, and all behind it,
 * runs only where nothing was thrown. So there an arm is opened, for the case that nothing was, and what is lowered next
 * goes into it. It is closed where the code around ends that decides whether any of it runs: the body of the `try`, an
 * arm of a conditional, the body of a loop. There the other arm takes the jump, and the two are joined.
 */
import type { ts } from "ts-morph";
import { boolean } from "../../ir/builder.js";
import type { Atom, Type } from "../../ir/types.js";
import { isMixed } from "../../ir/shapes.js";
import { invariant } from "../../support/invariant.js";
import { type Context, type Exit, poison, unset } from "../context.js";
import type { Outcome } from "./control.js";
import { type Arm, join, knownBoolean } from "./join.js";
import { type Bound, isAtom } from "../scope.js";
import { not, present } from "../values.js";

/** An arm that is open. */
export interface Opening {
  /** Taken where something was thrown. */
  readonly exit: Exit;
  readonly test: Atom;
}

/** What follows is lowered for the case that none of the jumps was taken. */
export function openBehind(cx: Context, exits: readonly Exit[]): void {
  const { builder, environment, openings } = cx.unit;
  for (const exit of new Set(exits)) {
    const flag = environment.get(exit.flag);
    const test = flag !== undefined && isAtom(flag) ? conditionOf(cx, flag) : poison;
    if (knownBoolean(cx, test) === false) continue;
    openings.push({ exit, test });
    builder.open();
    environment.open();
    environment.set(exit.flag, boolean(false));
  }
}

/** `x < 0`, of a flag that `if (x < 0)` has just set. */
function conditionOf(cx: Context, flag: Atom): Atom {
  const last = cx.unit.builder.peek().at(-1);
  if (last?.kind !== "if" || flag.kind === "literal") return flag;
  const index = last.outs.indexOf(flag);
  const [whenTrue, whenFalse] = [last.consequent, last.alternate].map(({ end }) => {
    const atom = end.kind === "yield" ? end.values[index] : undefined;
    return atom?.kind === "literal" ? atom.value : null;
  });
  return whenTrue === true && whenFalse === false ? last.test : flag;
}

/** The same for the jumps of an outcome that are taken by a `throw`; gives what else may come of it. */
export function settle(cx: Context, outcome: Outcome): Outcome {
  const thrown = outcome.exits.filter(({ caughtBy }) => caughtBy !== undefined);
  if (!outcome.falls || thrown.length === 0) return outcome;
  openBehind(cx, thrown);
  return { ...outcome, exits: outcome.exits.filter((exit) => !thrown.includes(exit)) };
}

/** Lowers what `fill` does, and closes the arms that it opens. */
export function closing(cx: Context, fill: () => Outcome): Outcome {
  const { openings } = cx.unit;
  const outside = openings.length;
  let outcome = fill();
  while (openings.length > outside) outcome = closeOutcome(cx, outcome);
  return outcome;
}

/** What lies behind arms that were opened and closed again. */
export interface Closed<T> {
  readonly result: T;
  /** What may have been thrown; then the result is none. */
  readonly raised: readonly Exit[];
  /** The type of the result where nothing was thrown; null for what has no type. */
  readonly given: Type | null;
}

/** The same for what gives a value. */
export function closingValue<T>(cx: Context, fill: () => T): Closed<T> {
  const { openings } = cx.unit;
  const outside = openings.length;
  let result = fill();
  const given = isBound(result) && isAtom(result) ? result.type : null;
  const raised: Exit[] = [];
  while (openings.length > outside) {
    if (isOutcome(result)) result = closeOutcome(cx, result) as T;
    else result = closeValue(cx, isBound(result) ? result : unset, raised) as T;
  }
  return { result, raised, given };
}

function isBound(result: unknown): result is Bound {
  return typeof result === "object" && result !== null && "kind" in result;
}

function isOutcome(result: unknown): result is Outcome {
  return typeof result === "object" && result !== null && "falls" in result;
}

/** Closes the arm that was opened last, which `outcome` came of. */
export function closeOutcome(cx: Context, outcome: Outcome): Outcome {
  const { exit, node, test, open, thrown } = close(cx, outcome);
  const jumped: Outcome = { falls: false, exits: [exit], end: null };
  if (knownBoolean(cx, test) === true) return jumped;
  if (outcome.end !== null) {
    const body = { instrs: open.instrs, end: outcome.end };
    cx.unit.builder.guard(not(cx, test, node), body, cx.statement);
    cx.unit.environment.set(exit.flag, boolean(true));
    return jumped;
  }
  join(cx, node, test, thrown, open);
  return { falls: outcome.falls, exits: [...new Set([exit, ...outcome.exits])], end: null };
}

function closeValue(cx: Context, result: Bound, raised: Exit[]): Bound {
  const { exit, node, test, open, thrown } = close(cx, result);
  raised.push(exit);
  if (knownBoolean(cx, test) === true) return unset;
  return join(cx, node, test, thrown, open, { a: unset, b: result, hint: null });
}

/** The arm that was opened last, and the one in its place where something was thrown. */
export function close<T>(
  cx: Context,
  result: T,
): Opening & { readonly node: ts.Node; readonly open: Arm<T>; readonly thrown: Arm<unknown> } {
  const { builder, environment, openings } = cx.unit;
  const opening = openings.pop();
  invariant(opening?.exit.caughtBy, "frontend", "no arm is open");
  const writes = environment.close();
  const open = { result, instrs: builder.close(), writes };
  const thrown = { result: unset, instrs: [], writes: new Map([[opening.exit.flag, boolean(true)]]) };
  return { ...opening, node: opening.exit.caughtBy, open, thrown };
}

/** A value that is none where something was thrown: behind the test for that, it is there. */
export function whereGiven(cx: Context, bound: Bound, node: ts.Node): Bound {
  return isAtom(bound) && !isMixed(bound.type) ? present(cx, bound, node) : bound;
}
