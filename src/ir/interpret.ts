/**
 * Runs IR on JavaScript values. It shares nothing with the transform or the emitter, so it is their oracle: every stage
 * must keep what it returns, and forward-mode tangents computed here check every gradient.
 */
import { invariant } from "../support/invariant.js";
import { type External, pushed, unknownFunction } from "./interpret-foreign.js";
import { evaluateFormula, partialsOf } from "./formula.js";
import { type Frame, type Pair, type Watcher, bind, read } from "./interpret-frame.js";
import { isTrue, runAlloc, runLoad, runStore } from "./interpret-memory.js";
import { isReference } from "./memory.js";
import { zerosLike } from "./memory.js";
import type { Op, Scalar } from "./op.js";
import type {
  Apply,
  Atom,
  Block,
  Call,
  Callees,
  Foreign,
  Func,
  If,
  Instr,
  Loop,
  Order,
  Value,
} from "./types.js";

/** The interpreted function threw. */
export class ThrownByProgram extends Error {
  override readonly name = "ThrownByProgram";
}

export type { Watcher } from "./interpret-frame.js";

/** What a function returns, with the derivative of each result in the direction of the arguments' tangents. */
export interface Dual {
  readonly values: readonly unknown[];
  /** Of the results' own structure; 0 for what carries no derivative. */
  readonly tangents: readonly unknown[];
}

/** The results of `func`. References are objects and arrays, which it may change, as the function itself would. */
export function interpret(
  func: Func,
  args: readonly unknown[],
  watcher: Watcher | null = null,
  external: External = unknownFunction,
): readonly unknown[] {
  return run(func, args, null, watcher, external).map(({ primal }) => primal);
}

/**
 * Forward mode. Tangents have the structure of the arguments, and 0 for what is not a number. A tangent of exactly 0
 * contributes 0, whatever the partial.
 */
export function interpretDual(
  func: Func,
  args: readonly unknown[],
  tangents: readonly unknown[],
  external: External = unknownFunction,
): Dual {
  const results = run(func, args, tangents, null, external);
  return { values: results.map(({ primal }) => primal), tangents: results.map(({ tangent }) => tangent) };
}

/** What a lambda is while interpreting. */
type Closure = (args: readonly Pair[]) => readonly Pair[];

/** How a block ended: with what it yields to its owner, or with the function's results. */
interface Outcome {
  readonly kind: "yield" | "return";
  readonly values: readonly Pair[];
}

function run(
  func: Func,
  args: readonly unknown[],
  tangents: readonly unknown[] | null,
  watcher: Watcher | null,
  external: External,
): readonly Pair[] {
  const pairs = args.map((primal, i): Pair => ({ primal, tangent: tangents?.[i] ?? 0 }));
  return runFunc(func, pairs, {
    dual: tangents !== null,
    watcher,
    external,
    callees: func.callees ?? noCallees,
  });
}

const noCallees: Callees = new Map();

function runFunc(func: Func, args: readonly Pair[], shared: Omit<Frame, "env" | "func">): readonly Pair[] {
  invariant(args.length === func.params.length, "interpreter", `\`${func.name}\`: wrong number of arguments`);
  const frame: Frame = { ...shared, env: new Map(), func };
  frame.watcher?.entered(frame, func);
  func.params.forEach(({ value }, i) => {
    const pair = args[i] ?? nothing;
    bind(value, value.type.kind === "int" ? { ...pair, tangent: 0 } : pair, frame);
  });
  const outcome = runBlock(func.body, frame);
  invariant(outcome.kind === "return", "interpreter", `\`${func.name}\` does not return`);
  frame.watcher?.exited();
  return outcome.values;
}

function runBlock(block: Block, frame: Frame): Outcome {
  for (const instr of block.instrs) {
    const left = runInstr(instr, frame);
    if (left !== null) return left;
  }
  const { end } = block;
  if (end.kind === "throw") {
    const parts = end.text.map((part) =>
      typeof part === "string" ? part : String(read(part, frame).primal),
    );
    throw new ThrownByProgram(parts.join(""));
  }
  return { kind: end.kind, values: end.values.map((atom) => read(atom, frame)) };
}

/** Runs one instruction; not null where it leaves the function. */
function runInstr(instr: Instr, frame: Frame): Outcome | null {
  frame.watcher?.reached(instr);
  switch (instr.kind) {
    case "apply":
      bind(instr.out, runApply(instr, frame), frame);
      return null;
    case "load":
      bind(instr.out, runLoad(instr.place, instr.out.type, frame), frame);
      return null;
    case "store":
      runStore(instr.place, read(instr.value, frame), frame);
      return null;
    case "alloc":
      bind(instr.out, runAlloc(instr, frame), frame);
      return null;
    case "push":
      runPush(read(instr.ref, frame), read(instr.value, frame));
      return null;
    case "pop":
      bind(instr.out, runPop(read(instr.ref, frame)), frame);
      return null;
    case "foreign":
      runForeign(instr, frame);
      return null;
    case "loop":
      return runLoop(instr, frame);
    case "if":
      return runIf(instr, frame);
    case "guard":
      return isTrue(instr.test, frame) ? runBlock(instr.body, frame) : null;
    case "call":
      runCall(instr, frame);
      return null;
    case "order":
      bind(instr.out, runOrder(instr, frame), frame);
      return null;
    case "lambda": {
      const closure: Closure = (args) => {
        frame.watcher?.entered(frame, frame.func);
        instr.params.forEach((param, i) => {
          bind(param, args[i] ?? nothing, frame);
        });
        const { values } = runBlock(instr.body, frame);
        frame.watcher?.exited();
        return values;
      };
      bind(instr.out, { primal: closure, tangent: 0 }, frame);
      return null;
    }
  }
}

function runOrder({ of, params, body }: Order, frame: Frame): Pair {
  const { primal } = read(of, frame);
  const indices = [...(primal as Iterable<unknown>)].map((_, index) => index);
  indices.sort((i, j) => {
    [i, j].forEach((index, at) => {
      const param = params[at];
      if (param !== undefined) bind(param, { primal: index, tangent: 0 }, frame);
    });
    return Number(runBlock(body, frame).values[0]?.primal);
  });
  return { primal: indices, tangent: frame.dual ? indices.map(() => 0) : 0 };
}

/** What only has an effect is passed over: nothing that the function computes depends on it. */
function runForeign({ callee, args, out }: Foreign, frame: Frame): void {
  if (out === null && callee.source === null) return;
  const pairs = args.map((atom) => read(atom, frame));
  const primals = pairs.map(({ primal }) => primal);
  const primal = frame.external(callee)(...primals);
  if (out === null) return;
  const tangent =
    frame.dual && callee.rule !== null
      ? pushed(callee.rule, frame.external(callee.rule.callee), pairs, primal)
      : 0;
  bind(out, { primal, tangent }, frame);
}

/** Values of fields that are left out are not bound. */
function runCall({ callee, args, outs, fields }: Call, frame: Frame): void {
  const pairs = args.map((atom) => read(atom, frame));
  if (callee.kind === "lambda") {
    const lambda = callee.of.type.kind === "ref" ? callee.of.type.lambda : undefined;
    const results = (read(callee.of, frame).primal as Closure)(pairs);
    bindResults(outs, fields, lambda ?? null, results, frame);
    return;
  }
  const func = frame.callees.get(callee.name);
  invariant(func, "interpreter", `there is no function \`${callee.name}\``);
  bindResults(
    outs,
    fields,
    func.results.map(({ name }) => name),
    runFunc(func, pairs, frame),
    frame,
  );
}

function bindResults(
  outs: readonly Value[],
  fields: readonly string[] | null,
  names: readonly string[] | null,
  results: readonly Pair[],
  frame: Frame,
): void {
  outs.forEach((out, i) => {
    const at = fields === null || names === null ? i : names.indexOf(fields[i] ?? "");
    bind(out, results[at] ?? nothing, frame);
  });
}

function runIf({ test, consequent, alternate, outs }: If, frame: Frame): Outcome | null {
  const outcome = runBlock(isTrue(test, frame) ? consequent : alternate, frame);
  if (outcome.kind === "return") return outcome;
  outs.forEach((out, i) => {
    const pair = outcome.values[i];
    invariant(pair, "interpreter", `nothing is yielded for %${String(out.id)}`);
    bind(out, pair, frame);
  });
  return null;
}

function runLoop(loop: Loop, frame: Frame): Outcome | null {
  const { head, carried, body } = loop;
  let values = carried.map(({ init }) => read(init, frame));
  let index = head.kind === "counted" ? Number(read(head.from, frame).primal) : 0;
  const end = head.kind === "counted" ? Number(read(head.to, frame).primal) : 0;
  let trips = 0;
  for (;;) {
    if (head.kind === "counted" && !isBefore(index, head.comparison, end)) break;
    frame.watcher?.started(loop, trips);
    if (head.kind === "counted") bind(head.index, { primal: index, tangent: 0 }, frame);
    bindAll(carried, values, frame);
    if (head.kind === "while" && runBlock(head.test, frame).values[0]?.primal !== true) break;
    trips++;
    const outcome = runBlock(body, frame);
    if (outcome.kind === "return") return outcome;
    const [again, ...next] = outcome.values;
    values = next;
    if (again?.primal !== true) break;
    if (head.kind === "counted") index += head.step;
  }
  frame.watcher?.left(loop, trips);
  carried.forEach(({ out }, i) => {
    bind(out, values[i] ?? nothing, frame);
  });
  return null;
}

function bindAll(carried: Loop["carried"], values: readonly Pair[], frame: Frame): void {
  carried.forEach(({ param }, i) => {
    bind(param, values[i] ?? nothing, frame);
  });
}

const nothing: Pair = { primal: undefined, tangent: 0 };

function isBefore(index: number, comparison: "<" | "<=" | ">" | ">=", end: number): boolean {
  switch (comparison) {
    case "<":
      return index < end;
    case "<=":
      return index <= end;
    case ">":
      return index > end;
    case ">=":
      return index >= end;
  }
}

function runPush({ primal, tangent }: Pair, value: Pair): void {
  (primal as unknown[]).push(value.primal);
  if (isReference(tangent)) (tangent as unknown[]).push(value.tangent);
}

function runPop({ primal, tangent }: Pair): Pair {
  const shadow: unknown = isReference(tangent) ? (tangent as unknown[]).pop() : 0;
  return { primal: (primal as unknown[]).pop(), tangent: shadow ?? 0 };
}

function runApply({ op, args, out }: Apply, frame: Frame): Pair {
  const pairs = args.map((atom) => read(atom, frame));
  // Any value may pass through `select`, `copy` and tests of absence, references included.
  const primals = pairs.map(({ primal }) => primal as Scalar);
  const primal = op.evaluate(...primals);
  if (!frame.dual) return { primal, tangent: 0 };
  if (isReference(primal) && out.type.kind === "ref" && isDetached(op, args)) {
    return { primal, tangent: zerosLike(primal, out.type.shape) };
  }
  if (isReference(primal)) {
    // The shadow is chosen by the same operation among the shadows.
    const shadows = pairs.map((pair) => (isReference(pair.primal) ? pair.tangent : pair.primal) as Scalar);
    return { primal, tangent: op.evaluate(...shadows) };
  }
  const carries = typeof primal === "number" && out.type.kind !== "int";
  return { primal, tangent: carries ? pushforward(op, args, pairs, primals, primal) : 0 };
}

/** No derivative flows through it, whatever it is given. */
function isDetached(op: Op, args: readonly Atom[]): boolean {
  if (op.partials === null) return false;
  return partialsOf(op, args, false).every((partial) => partial.kind === "literal" && partial.value === 0);
}

/** The sum of partial times tangent. */
function pushforward(
  op: Op,
  args: readonly Atom[],
  pairs: readonly Pair[],
  primals: readonly Scalar[],
  primal: number,
): number {
  const partials = partialsOf(op, args, false);
  let sum = 0;
  pairs.forEach(({ tangent }, i) => {
    const partial = partials[i];
    invariant(partial, "interpreter", `\`${op.name}\` has too few partials`);
    if (typeof tangent !== "number" || tangent === 0) return;
    const slope = Number(evaluateFormula(partial, primals, primal));
    // A branch not taken contributes nothing, even of an infinite tangent.
    if (slope !== 0) sum += slope * tangent;
  });
  return sum;
}
