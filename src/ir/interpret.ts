/**
 * Runs IR on JavaScript values. It shares nothing with the transform or the emitter, so it is their oracle: every stage
 * must keep what it returns, and forward-mode tangents computed here check every gradient.
 */
import { isKeyed } from "./shapes.js";
import { InternalError, invariant } from "../support/invariant.js";
import { evaluateFormula, partialsOf } from "./formula.js";
import { makeArray, makeKeyed, readCell, writeCell, zerosLike, type Key } from "./memory.js";
import type { Op, Scalar } from "./op.js";
import type {
  Alloc,
  Apply,
  Atom,
  Block,
  Func,
  If,
  Instr,
  Loop,
  MemoryShape,
  Place,
  Step,
  Type,
  Value,
  ValueId,
} from "./types.js";

/** The interpreted function threw. */
export class ThrownByProgram extends Error {
  override readonly name = "ThrownByProgram";
}

/** What a function returns, with the derivative of each result in the direction of the arguments' tangents. */
export interface Dual {
  readonly values: readonly unknown[];
  /** Of the results' own structure; 0 for what carries no derivative. */
  readonly tangents: readonly unknown[];
}

/** Sees an interpretation as it goes. */
export interface Watcher {
  /** The instruction is about to run. */
  readonly reached: (instr: Instr) => void;
  /** The value is bound, once more where it lies in a loop. */
  readonly bound: (value: Value, primal: unknown) => void;
  /** An iteration starts, numbered from 0. */
  readonly started: (loop: Loop, iteration: number) => void;
  /** The loop has ended after so many runs of its body. */
  readonly left: (loop: Loop, trips: number) => void;
}

/** The results of `func`. References are objects and arrays, which it may change, as the function itself would. */
export function interpret(
  func: Func,
  args: readonly unknown[],
  watcher: Watcher | null = null,
): readonly unknown[] {
  return run(func, args, null, watcher).map(({ primal }) => primal);
}

/**
 * Forward mode. Tangents have the structure of the arguments, and 0 for what is not a number. A tangent of exactly 0
 * contributes 0, whatever the partial.
 */
export function interpretDual(func: Func, args: readonly unknown[], tangents: readonly unknown[]): Dual {
  const results = run(func, args, tangents, null);
  return { values: results.map(({ primal }) => primal), tangents: results.map(({ tangent }) => tangent) };
}

/** A value in two copies: memory has a shadow of the same structure, made by the same operations. */
interface Pair {
  readonly primal: unknown;
  readonly tangent: unknown;
}

interface Frame {
  readonly env: Map<ValueId, Pair>;
  readonly dual: boolean;
  readonly watcher: Watcher | null;
}

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
): readonly Pair[] {
  invariant(args.length === func.params.length, "interpreter", `\`${func.name}\`: wrong number of arguments`);
  const frame: Frame = { env: new Map(), dual: tangents !== null, watcher };
  func.params.forEach(({ value }, i) => {
    const tangent = value.type.kind === "int" ? 0 : (tangents?.[i] ?? 0);
    bind(value, { primal: args[i], tangent }, frame);
  });
  const outcome = runBlock(func.body, frame);
  invariant(outcome.kind === "return", "interpreter", `\`${func.name}\` does not return`);
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
    case "loop":
      runLoop(instr, frame);
      return null;
    case "if":
      return runIf(instr, frame);
    case "guard":
      return isTrue(instr.test, frame) ? runBlock(instr.body, frame) : null;
  }
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

function runLoop(loop: Loop, frame: Frame): void {
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
    invariant(outcome.kind === "yield", "interpreter", "a loop is left by a return");
    const [again, ...next] = outcome.values;
    values = next;
    if (again?.primal !== true) break;
    if (head.kind === "counted") index += head.step;
  }
  frame.watcher?.left(loop, trips);
  carried.forEach(({ out }, i) => {
    bind(out, values[i] ?? nothing, frame);
  });
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
  if (isReference(primal)) {
    // The shadow is chosen by the same operation among the shadows.
    const shadows = pairs.map((pair) => (isReference(pair.primal) ? pair.tangent : pair.primal) as Scalar);
    return { primal, tangent: op.evaluate(...shadows) };
  }
  const carries = typeof primal === "number" && out.type.kind !== "int";
  return { primal, tangent: carries ? pushforward(op, args, pairs, primals, primal) : 0 };
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

function runLoad({ ref, step }: Place, type: Type, frame: Frame): Pair {
  const { primal: memory, tangent: shadow } = read(ref, frame);
  const key = keyOf(step, frame);
  const primal = readCell(memory, key);
  if (!frame.dual || type.kind === "int") return { primal, tangent: 0 };
  // What holds no numbers may be missing from the shadow.
  return { primal, tangent: isReference(shadow) ? (readCell(shadow, key) ?? 0) : 0 };
}

function runStore({ ref, step }: Place, value: Pair, frame: Frame): void {
  const { primal: memory, tangent: shadow } = read(ref, frame);
  const key = keyOf(step, frame);
  writeCell(memory, key, value.primal);
  if (frame.dual && (isReference(shadow) || value.tangent !== 0)) writeCell(shadow, key, value.tangent);
}

function runAlloc({ init, out }: Alloc, frame: Frame): Pair {
  invariant(out.type.kind === "ref", "interpreter", "an allocation makes a reference");
  const { shape } = out.type;
  switch (init.kind) {
    case "filled": {
      const length = Number(read(init.length, frame).primal);
      const { primal, tangent } = read(init.value, frame);
      return arrays(shape, new Array(length).fill(primal), new Array(length).fill(tangent));
    }
    case "slice": {
      const { primal, tangent } = read(init.of, frame);
      const [from, to] = [init.from, init.to].map((atom) =>
        atom === null ? undefined : Number(read(atom, frame).primal),
      );
      const cut = (memory: unknown): unknown[] =>
        isReference(memory) ? Array.from(memory as unknown[]).slice(from, to) : [];
      return arrays(shape, cut(primal), frame.dual ? cut(tangent) : []);
    }
    case "view": {
      const { primal, tangent } = read(init.of, frame);
      const from = Number(read(init.from, frame).primal);
      const to = init.to === null ? undefined : Number(read(init.to, frame).primal);
      const show = (memory: unknown): unknown => (memory as Float64Array).subarray(from, to);
      return { primal: show(primal), tangent: isReference(tangent) ? show(tangent) : 0 };
    }
    case "clone": {
      const { primal, tangent } = read(init.of, frame);
      return { primal: structuredClone(primal), tangent: structuredClone(tangent) };
    }
    case "tape":
      return { primal: [], tangent: 0 };
    case "listing":
      return {
        primal: init.op.evaluate(...init.args.map((atom) => read(atom, frame).primal as Scalar)),
        tangent: 0,
      };
    case "zeros": {
      const { primal } = read(init.like, frame);
      // What is absent has no shadow either.
      if (!isReference(primal)) return { primal, tangent: 0 };
      return { primal: zerosLike(primal, shape), tangent: frame.dual ? zerosLike(primal, shape) : 0 };
    }
    case "elements": {
      const pairs = init.elements.map((atom) => read(atom, frame));
      return arrays(
        shape,
        pairs.map(({ primal }) => primal),
        pairs.map(({ tangent }) => tangent),
      );
    }
    case "object": {
      const entries = init.entries.map(({ name, value }) => [name, read(value, frame)] as const);
      if (isKeyed(shape)) {
        return {
          primal: makeKeyed(
            shape,
            entries.map(([name, { primal }]) => [name, primal]),
          ),
          tangent: makeKeyed(
            shape,
            entries.map(([name, { tangent }]) => [name, tangent]),
          ),
        };
      }
      return {
        primal: Object.fromEntries(entries.map(([name, { primal }]) => [name, primal])),
        tangent: Object.fromEntries(entries.map(([name, { tangent }]) => [name, tangent])),
      };
    }
  }
}

/** An array and its shadow. Tangents are not rounded to single precision. */
function arrays(shape: MemoryShape, primals: readonly unknown[], tangents: readonly unknown[]): Pair {
  const storage = shape.kind === "array" ? shape.storage : "Array";
  return {
    primal: makeArray(storage, primals),
    tangent: makeArray(storage === "Array" ? storage : "Float64Array", tangents),
  };
}

function keyOf(step: Step, frame: Frame): Key {
  if (step.kind === "field") return step.name;
  const { primal } = read(step.index, frame);
  return typeof primal === "string" ? primal : Number(primal);
}

function isTrue(atom: Atom, frame: Frame): boolean {
  const { primal } = read(atom, frame);
  if (typeof primal === "boolean") return primal;
  throw new InternalError("interpreter", `the condition ${String(primal)} is not a boolean`);
}

function isReference(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function read(atom: Atom, frame: Frame): Pair {
  if (atom.kind === "literal") return { primal: atom.value, tangent: 0 };
  const pair = frame.env.get(atom.id);
  invariant(pair, "interpreter", `%${String(atom.id)} has no value`);
  return pair;
}

function bind(value: Value, pair: Pair, frame: Frame): void {
  frame.env.set(value.id, pair);
  frame.watcher?.bound(value, pair.primal);
}
