/**
 * Where control goes. Lowering a statement gives its outcome: it may run on to what follows, jump within the function
 * (out of an inlined call or a `switch`), or leave the function.
 *
 * There are no jumps in the IR. A branch that leaves the function becomes a guard. What follows a branch that jumps
 * (its "rest") is moved into the other branch; where a branch jumps only sometimes, a flag says so, and the rest runs
 * where it is not set. No statement is lowered twice.
 */
import type { ts } from "ts-morph";
import { boolean, suggested } from "../../ir/builder.js";
import type { Atom, Block, End } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { type Context, type Exit, type Jumps, origin, poison } from "../context.js";
import { type Arm, arm, join, knownBoolean, splice } from "./join.js";
import { isAtom } from "../scope.js";

export interface Outcome {
  /** Control may run on to what follows. */
  readonly falls: boolean;
  /** Jumps that may have been taken; their flags say whether. */
  readonly exits: readonly Exit[];
  /** How the function is left, where it is. */
  readonly end: End | null;
}

/** Lowers what follows a statement; called once at most. */
export type Rest = (() => Outcome) | null;

/** A branch: lowers itself, and behind it what is handed to it. */
export type Branch = (rest: Rest) => Outcome;

export const fell: Outcome = Object.freeze({ falls: true, exits: [], end: null });

/** Runs on. */
export const goOn: Branch = (rest) => rest?.() ?? fell;

export function left(end: End): Outcome {
  return { falls: false, exits: [], end };
}

/** A jump that can be taken, with its flag not set yet. */
export function makeExit(cx: Context, name: string, along: Partial<Omit<Exit, "flag">> = {}): Exit {
  const { environment } = cx.unit;
  const raises = along.raises ?? null;
  const carries = [...(along.carries ?? []), ...(raises === null ? [] : [raises])];
  const exit = { flag: { name, hint: suggested(name), depth: null }, carries, raises };
  environment.set(exit.flag, boolean(false));
  return exit;
}

/** Takes a jump. */
export function jump(cx: Context, exit: Exit): Outcome {
  cx.unit.environment.set(exit.flag, boolean(true));
  if (exit.raises !== null) cx.unit.environment.set(exit.raises, boolean(true));
  return { falls: false, exits: [exit], end: null };
}

/** The place where a jump arrives: control runs on, and the flag has served. */
export function arrive(cx: Context, exit: Exit, outcome: Outcome): Outcome {
  if (!outcome.exits.includes(exit)) return outcome;
  cx.unit.environment.set(exit.flag, boolean(false));
  return { ...outcome, falls: true, exits: outcome.exits.filter((each) => each !== exit) };
}

/** Runs `rest` where `outcome` says that control comes to it. */
export function andThen(cx: Context, node: ts.Node, outcome: Outcome, rest: Rest): Outcome {
  if (rest === null || !outcome.falls) return outcome;
  const [exit, ...others] = outcome.exits;
  if (exit === undefined) return rest();
  const { environment } = cx.unit;
  const flag = environment.get(exit.flag);
  const test = flag !== undefined && isAtom(flag) ? flag : poison;
  return choose(
    cx,
    node,
    test,
    () => {
      environment.set(exit.flag, boolean(true));
      return { falls: false, exits: outcome.exits, end: null };
    },
    (then) => {
      environment.set(exit.flag, boolean(false));
      return andThen(cx, node, { falls: true, exits: others, end: null }, then);
    },
    rest,
  );
}

/** Runs `first`, which may take `rest` into one of its branches, and else `rest` behind it. */
export function withRest(cx: Context, node: ts.Node, first: Branch, rest: Rest): Outcome {
  if (rest === null) return first(null);
  const taken: Outcome[] = [];
  const outcome = first(() => {
    const after = rest();
    taken.push(after);
    return after;
  });
  return taken.length > 0 ? outcome : andThen(cx, node, outcome, rest);
}

/** `if (test) a else b`, and then `rest`. */
export function choose(cx: Context, node: ts.Node, test: Atom, a: Branch, b: Branch, rest: Rest): Outcome {
  const constant = knownBoolean(cx, test);
  if (constant !== null) return constant ? a(rest) : b(rest);

  const first = arm(cx, () => a(null));
  if (first.result.end !== null) {
    guard(cx, test, first, first.result.end);
    return b(rest);
  }
  const second = arm(cx, () => b(first.result.falls ? null : rest));
  if (second.result.end !== null) {
    guard(cx, negate(cx, node, test), second, second.result.end);
    return andThen(cx, node, splice(cx, first), first.result.falls ? rest : null);
  }
  if (first.result.falls && !second.result.falls && rest !== null) {
    return chooseWithRest(cx, node, test, first, second, rest);
  }
  join(cx, node, test, first, second);
  return andThen(cx, node, either(first.result, second.result), first.result.falls ? rest : null);
}

/** The second branch jumps: the rest belongs to the first one. */
function chooseWithRest(
  cx: Context,
  node: ts.Node,
  test: Atom,
  first: Arm<Outcome>,
  second: Arm<Outcome>,
  rest: Rest,
): Outcome {
  const whole = arm(cx, () => andThen(cx, node, splice(cx, first), rest));
  if (whole.result.end !== null) {
    guard(cx, test, whole, whole.result.end);
    return splice(cx, second);
  }
  join(cx, node, test, whole, second);
  return either(whole.result, second.result);
}

function either(a: Outcome, b: Outcome): Outcome {
  return { falls: a.falls || b.falls, exits: [...new Set([...a.exits, ...b.exits])], end: null };
}

function guard(cx: Context, test: Atom, part: Arm<Outcome>, end: End): void {
  const body: Block = { instrs: part.instrs, end };
  cx.unit.builder.guard(test, body, cx.statement);
}

function negate(cx: Context, node: ts.Node, test: Atom): Atom {
  return cx.unit.builder.apply(ops.not, [test], origin(cx, node));
}

/** True if a jump within the function may leave `node`, so that it needs to know what follows. */
export function mayExit(cx: Context, node: ts.Node): boolean {
  const structured = cx.frame.returns.kind === "exit";
  if (!structured && cx.breaks === null && cx.labels.size === 0) return false;
  const { returns, breaks, continues, labels, yields } = jumpsOf(cx, node);
  return (
    (cx.yields?.mayLeave === true && yields) ||
    (structured && returns) ||
    (cx.breaks !== null && breaks) ||
    (cx.continues !== null && continues) ||
    (cx.labels.size > 0 && labels)
  );
}

/** The jumps out of `node`, as its text has them. */
export function jumpsOf(cx: Context, node: ts.Node): Jumps {
  const tsc = cx.ts;
  const known = cx.unit.jumps.get(node);
  if (known !== undefined) return known;
  const isJump = tsc.isBreakOrContinueStatement(node);
  const isBreak = tsc.isBreakStatement(node);
  const toLabel = isJump && node.label !== undefined;
  const found = {
    returns: tsc.isReturnStatement(node),
    breaks: isJump && isBreak && !toLabel,
    continues: isJump && !isBreak && !toLabel,
    labels: toLabel,
    yields: tsc.isYieldExpression(node),
  };
  if (!tsc.isFunctionLike(node) && !tsc.isClassLike(node) && !tsc.isExpression(node)) {
    const isLoop = tsc.isIterationStatement(node, false);
    tsc.forEachChild(node, (child) => {
      const inner = jumpsOf(cx, child);
      found.returns ||= inner.returns;
      found.labels ||= inner.labels;
      found.yields ||= inner.yields;
      found.breaks ||= inner.breaks && !tsc.isSwitchStatement(node) && !isLoop;
      found.continues ||= inner.continues && !isLoop;
    });
  }
  cx.unit.jumps.set(node, found);
  return found;
}
