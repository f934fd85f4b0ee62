/**
 * Loops in the IR. What may be assigned in a loop goes round it as carried values; one lowering of the body suffices,
 * because the types of these are chosen beforehand.
 *
 * `break`, `continue` and jumps out of outer calls or loops are exits as everywhere (`control.ts`): an iteration that
 * takes one yields `again: false`, and the flags of exits that lie further out are carried to behind the loop.
 */
import type { ts } from "ts-morph";
import { boolean, declared, int, number, suggested } from "../../ir/builder.js";
import type { Atom, Block, Carried, Instr, LoopHead } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import {
  type Outcome,
  type Rest,
  andThen,
  arrive,
  choose,
  fell,
  jump,
  left,
  makeExit,
  withRest,
} from "./control.js";
import { type Context, type Exit, type LoopJumps, poison, refuse } from "../context.js";
import { isCarried } from "../functions/raising.js";
import { isFollowed } from "../functions/functions.js";
import { type Arm, arm, knownBoolean, splice } from "./join.js";
import { type Assigned, assignedIn } from "./loop-assigned.js";
import { closing, settle } from "./openings.js";
import { type Going, carryExits, prepare, start, yieldOf } from "./loop-carried.js";
import type { Writes } from "../environment.js";
import { type Bound, type Variable, isAtom } from "../scope.js";
import { apply } from "../values.js";

export interface LoopParts {
  /** Tested before each iteration of a `while`, behind each one of a `do`; null for `for (;;)`. */
  readonly test: (() => Atom) | null;
  /** `jump(cx, jumps.breaks)` leaves the loop. */
  /** May leave what it is handed to the loop. */
  readonly body: IterationBody;
  /** Runs between iterations, whether they ended or `continue`d. */
  readonly update?: () => void;
  readonly kind: "while" | "do";
}

/**
 * Lowers a loop. `assigned` has every variable that the parts assign by their text (`assignedIn` finds them) and the
 * accumulators of the caller; variables that known closures assign are added here.
 */
export function lowerLoop(cx: Context, node: ts.Node, assigned: Assigned, parts: LoopParts): Outcome {
  const { test, body, update, kind } = parts;
  return emitLoop(cx, node, assigned, {
    test,
    kind,
    body: (jumps, rest) => withRest(cx, node, (then) => body(jumps, then), rest),
    update: update === undefined ? null : { run: update, always: false },
    continues: true,
  });
}

export interface Counting {
  readonly from: Atom;
  /** Fixed when the loop is entered. */
  readonly to: Atom;
  /** The user's name for the index, where there is one. */
  readonly indexName?: string | null;
  /** May leave what it is handed to the loop. */
  readonly body: (index: Atom, jumps: LoopJumps, rest: Rest) => Outcome | undefined;
  /** The text that runs in the loop: variables assigned there are carried. */
  readonly assignedIn: ts.Node | readonly ts.Node[];
  /** Variables of the caller that `body` assigns in the environment. */
  readonly extra?: Iterable<Variable>;
}

/** `for (let index = from; index < to; index++) body(index)`. */
export function countedLoop(cx: Context, node: ts.Node, counting: Counting): Outcome {
  const { to } = counting;
  const test = (index: Atom): Atom => apply(cx, ops.lt, [index, to], node);
  return indexLoop(cx, node, { ...counting, test });
}

export interface Indexing extends Omit<Counting, "to"> {
  readonly test: (index: Atom) => Atom;
}

/** The same with a condition of any kind, which is tested before each iteration. */
export function indexLoop(cx: Context, node: ts.Node, indexing: Indexing): Outcome {
  const { from, indexName, body, test } = indexing;
  return emitIndexLoop(cx, node, {
    from,
    name: indexName ?? null,
    test,
    body: (index, jumps, rest) => withRest(cx, node, (then) => body(index, jumps, then) ?? fell, rest),
    assigned: assignedIn(cx, indexing.assignedIn, indexing.extra),
  });
}

/** Lowers one iteration, and behind it what is handed to it. */
export type IterationBody = (jumps: LoopJumps, rest: Rest) => Outcome;

export interface IndexParts {
  readonly from: Atom;
  readonly name: string | null;
  readonly test: (index: Atom) => Atom;
  readonly body: (index: Atom, jumps: LoopJumps, rest: Rest) => Outcome;
  readonly assigned: Assigned;
}

export function emitIndexLoop(cx: Context, node: ts.Node, parts: IndexParts): Outcome {
  const { environment } = cx.unit;
  const { name, from } = parts;
  const hint = name === null ? suggested("i") : declared(`${cx.frame.prefix}${name}`);
  const variable: Variable = { name: name ?? "i", hint, depth: null };
  environment.set(variable, from.kind === "literal" ? { ...from, type: int } : from);
  const index = (): Atom => atomIn(environment.get(variable));
  const assigned = new Map(parts.assigned);
  assigned.set(variable, { symbol: null, sites: [], counts: true });
  return emitLoop(cx, node, assigned, {
    kind: "while",
    test: () => parts.test(index()),
    body: (jumps, rest) => parts.body(index(), jumps, rest),
    update: {
      run: () => {
        environment.set(variable, apply(cx, ops.add, [index(), number(1)], node, hint));
      },
      always: true,
    },
    continues: false,
  });
}

export interface Iteration {
  readonly test: (() => Atom) | null;
  readonly kind: "while" | "do";
  readonly body: IterationBody;
  readonly update: {
    readonly run: () => void;
    /** It is pure, and what it assigns is not read after the loop: it may run behind a `break` too. */
    readonly always: boolean;
  } | null;
  /** The body may `continue`. */
  readonly continues: boolean;
}

interface Iterated {
  readonly head: LoopHead;
  readonly body: Block;
  /** How an iteration ends; `continue` has arrived. */
  readonly outcome: Outcome;
  /** The test may end the loop. */
  readonly ends: boolean;
  readonly breaks: Exit;
  readonly exits: readonly (Carried & { readonly variable: Variable })[];
}

/** Emits the loop, and binds the variables to what they hold behind it. */
export function emitLoop(cx: Context, node: ts.Node, assigned: Assigned, parts: Iteration): Outcome {
  const { builder, environment } = cx.unit;
  const going = prepare(cx, node, assigned);
  cx.unit.loopDepths.push(environment.depth);
  const { result, writes } = environment.inLoop(() => arm(cx, () => iterate(cx, node, going, parts)));
  cx.unit.loopDepths.pop();
  const { head, body, outcome, ends, breaks, exits } = result;
  checkWrites(cx, node, writes, [...going.bindings, ...exits]);
  const carried = [...going.carried, ...exits].map(({ param, init, out }) => ({ param, init, out }));
  builder.loop(head, carried, body, cx.statement);
  for (const { variable, after } of going.bindings) environment.set(variable, after);
  for (const { variable, out } of exits) environment.set(variable, out);

  const falls = ends || outcome.exits.includes(breaks);
  const others = outcome.exits.filter((exit) => exit !== breaks);
  if (falls || others.length > 0) return settle(cx, { falls, exits: others, end: null });
  return outcome.end === null
    ? left({ kind: "throw", text: ["new Error()"], statement: cx.statement })
    : outcome;
}

/**
 * What is assigned in the loop and not carried would have the wrong value in the second iteration: the state of a
 * function that a module makes.
 */
function checkWrites(
  cx: Context,
  node: ts.Node,
  writes: Writes,
  carried: readonly { readonly variable: Variable }[],
): void {
  const known = new Set(carried.map(({ variable }) => variable));
  for (const [variable, bound] of writes) {
    const before = cx.unit.environment.get(variable);
    if (before === undefined || before === bound || known.has(variable)) continue;
    if (before === poison || bound === poison || sameLiteral(before, bound)) continue;
    if (isCarried(cx.unit.program, variable)) continue;
    if (variable.resultOf !== undefined && isFollowed(bound)) cx.unit.records.keepVariable(variable.resultOf);
    refuse(cx, "outerAssignment", node, { name: variable.name, owner: "", hidden: "" });
  }
}

function sameLiteral(a: Bound, b: Bound): boolean {
  return a.kind === "literal" && b.kind === "literal" && Object.is(a.value, b.value);
}

/** Lowers the test and one iteration, on a layer of their own. */
function iterate(cx: Context, node: ts.Node, going: Going, parts: Iteration): Iterated {
  const { builder, environment } = cx.unit;
  start(cx, going);
  const again: Variable = { name: "again", hint: suggested("again"), depth: null };
  environment.set(again, boolean(false));
  const breaks = makeExit(cx, `${cx.frame.prefix}broke`);
  const test = parts.kind === "while" && parts.test !== null ? arm(cx, parts.test) : null;
  const isHead = test !== null && isPure(cx, test) && knownBoolean(cx, test.result) !== true;

  let ends = isHead;
  const testBehind = (): Atom => {
    const atom = parts.kind === "do" ? (parts.test?.() ?? boolean(true)) : boolean(true);
    ends ||= knownBoolean(cx, atom) !== true;
    return atom;
  };
  // A loop that never begins has a body that may make no sense: it is not looked at.
  const isIdle = isHead && knownBoolean(cx, test.result) === false;
  const iteration = (): Outcome =>
    isIdle ? fell : lowerIteration(cx, node, parts, breaks, { again, test: testBehind });
  const outcomes: Outcome[] = [];
  let exits: Iterated["exits"] = [];
  const body = builder.block(() => {
    const outcome = closing(cx, () =>
      test === null || isHead ? iteration() : tested(cx, node, test, iteration, breaks),
    );
    outcomes.push(outcome);
    if (outcome.end !== null) return outcome.end;
    const repeats = atomIn(environment.get(again));
    const yields = going.carried.map((each) => yieldOf(cx, each, node));
    const outer = carryExits(
      cx,
      node,
      outcome.exits.filter((exit) => exit !== breaks),
    );
    exits = outer.map(({ carried }) => carried);
    return { kind: "yield", values: [repeats, ...yields, ...outer.map(({ value }) => value)] };
  });
  const head: LoopHead = isHead
    ? { kind: "while", test: { instrs: test.instrs, end: { kind: "yield", values: [test.result] } } }
    : { kind: "do" };
  return { head, body, outcome: outcomes[0] ?? fell, ends, breaks, exits };
}

/** A test with effects is part of the iteration. */
function tested(
  cx: Context,
  node: ts.Node,
  test: Arm<Atom>,
  iteration: () => Outcome,
  breaks: Exit,
): Outcome {
  return choose(cx, node, splice(cx, test), iteration, () => jump(cx, breaks), null);
}

function lowerIteration(
  cx: Context,
  node: ts.Node,
  parts: Iteration,
  breaks: Exit,
  { again, test }: { readonly again: Variable; readonly test: () => Atom },
): Outcome {
  const { environment } = cx.unit;
  const { update } = parts;
  const name = `${cx.frame.prefix}continued`;
  const finish = (): Outcome => {
    environment.set(again, test());
    return fell;
  };
  if (parts.kind === "while" && (update === null || update.always)) {
    // Nothing depends on how the iteration ended: a `continue` only has to say that there is another one.
    const continues = makeExit(cx, name, { raises: again });
    const outcome = arrive(
      cx,
      continues,
      closing(cx, () => parts.body({ breaks, continues }, finish)),
    );
    if (outcome.falls) update?.run();
    return outcome;
  }
  const continues = makeExit(cx, name);
  const rest = (): Outcome => {
    update?.run();
    return finish();
  };
  if (!parts.continues) return parts.body({ breaks, continues }, rest);
  return andThen(cx, node, arrive(cx, continues, parts.body({ breaks, continues }, null)), rest);
}

/** True if evaluating the test has no effect, so that it can stand in the head of the loop. */
function isPure(cx: Context, test: Arm<unknown>): boolean {
  const { environment } = cx.unit;
  const assigns = [...test.writes].some(([variable, bound]) => {
    const before = environment.get(variable);
    return before !== undefined && before !== bound;
  });
  return !assigns && test.instrs.every(isPureInstr);
}

function isPureInstr(instr: Instr): boolean {
  switch (instr.kind) {
    case "apply":
      return !instr.op.impure;
    case "load":
      return true;
    case "alloc":
      return instr.init.kind === "object" || instr.init.kind === "elements";
    case "if":
      return [instr.consequent, instr.alternate].every(
        ({ instrs, end }) => end.kind === "yield" && instrs.every(isPureInstr),
      );
    default:
      return false;
  }
}

function atomIn(bound: Bound | undefined): Atom {
  return bound !== undefined && isAtom(bound) ? bound : poison;
}
