/**
 * The snapshot check: a gradient's IR is run, and whatever its reverse sweep takes from the forward sweep (a value
 * computed again, memory read again, a tape) is compared with what it was in the mirrored iteration. That needs no
 * derivatives, and finds memory that is read after it was overwritten, tapes out of step, loops reversed too often.
 */
import { copied } from "./leaves.js";
import type { External } from "../../src/ir/interpret-foreign.js";
import { interpret, ThrownByProgram, type Watcher } from "../../src/ir/interpret.js";
import type { Alloc, Atom, Func, Instr, Loop, Place, Step, Value, ValueId } from "../../src/ir/types.js";
import { forEachInstr, forEachValue } from "../../src/ir/visit.js";
import type { Scalar } from "../../src/ir/op.js";
import type { Outcome } from "./subject.js";

/** Complaints about one run; more of the same help nobody. */
const most = 5;

/** Runs `gradient`, the IR of a gradient, on `args`. A program that throws has no reverse sweep, nor complaints. */
export function checkSnapshots(gradient: Func, args: readonly unknown[], external?: External): Outcome {
  const check = new SnapshotCheck();
  try {
    interpret(
      gradient,
      gradient.params.map((_, i) => copied(args[i])),
      check,
      external,
    );
  } catch (error) {
    if (!(error instanceof ThrownByProgram)) throw error;
    return { problems: [], compared: 0 };
  }
  check.end();
  return { problems: check.problems.slice(0, most), compared: check.compared };
}

/** An array that is a tape. */
interface Tape {
  readonly memory: readonly unknown[];
  readonly name: string;
  /** How many numbers it can hold. */
  readonly capacity: number;
  readonly isStack: boolean;
  wasRead: boolean;
}

/** The iteration of a loop, and what it is called. */
interface Iteration {
  readonly loop: Loop;
  /** As the sweep counts that runs it. */
  readonly count: number;
  readonly key: string;
}

/** A value that the reverse sweep has before the forward sweep has its own. */
interface Early {
  readonly value: Value;
  readonly primal: unknown;
  readonly iterations: readonly Iteration[];
}

/** What is known of one run of one function. */
class Activation {
  readonly defined = new Set<ValueId>();
  /** Loops of the forward sweep: one that only serves the derivative may have been removed. */
  readonly loops = new Set<Loop["id"]>();
  /** What each value was, by the iterations around its definition. */
  readonly snapshots = new Map<string, unknown>();
  /** In how many loops each value is defined. */
  readonly depths = new Map<ValueId, number>();
  /** What each value is now. */
  readonly values = new Map<ValueId, unknown>();
  /** How often each loop of the forward sweep has run, by the iterations around it. */
  readonly trips = new Map<string, number>();
  /** The iterations of the forward sweep around the current place, or mirrored by it; the outermost first. */
  readonly iterations: Iteration[] = [];
  /** What follows a fused loop is reversed ahead of it, and so perhaps ahead of itself: compared at the end. */
  readonly early: Early[] = [];
  readonly earlyLoops: {
    readonly id: Loop["id"];
    readonly trips: number;
    readonly iterations: readonly Iteration[];
  }[] = [];

  constructor(func: Func) {
    forEachValue(func, ({ id }) => this.defined.add(id));
    forEachInstr(func.body, (instr) => {
      if (instr.kind === "loop" && instr.again === null) this.loops.add(instr.id);
    });
  }
}

class SnapshotCheck implements Watcher {
  readonly problems: string[] = [];
  compared = 0;
  readonly #activations = new Map<object, Activation>();
  readonly #running: Activation[] = [];
  readonly #tapes = new Map<unknown, Tape>();
  /** The tape that is being made. */
  #made: Omit<Tape, "memory"> | null = null;
  /** Arrays whose length has changed. */
  readonly #resized = new Set<unknown>();

  entered(key: object, func: Func): void {
    const known = this.#activations.get(key) ?? new Activation(func);
    this.#activations.set(key, known);
    this.#running.push(known);
  }

  exited(): void {
    this.#running.pop();
  }

  get #now(): Activation {
    const now = this.#running.at(-1);
    if (now === undefined) throw new Error("nothing is running");
    return now;
  }

  bound(value: Value, primal: unknown): void {
    this.#now.values.set(value.id, primal);
    if (this.#made !== null) this.#tapes.set(primal, { ...this.#made, memory: primal as unknown[] });
    this.#made = null;
    if (value.again === undefined) {
      this.#now.depths.set(value.id, this.#now.iterations.length);
      this.#now.snapshots.set(`${this.#keyAt(this.#now.iterations.length)} ${String(value.id)}`, primal);
      return;
    }
    // A pass may have found it to be the same as another value.
    if (!this.#now.defined.has(value.again)) return;
    this.compared++;
    const depth = this.#now.depths.get(value.again);
    const snapshot = `${this.#keyAt(depth ?? 0)} ${String(value.again)}`;
    if (depth === undefined || !this.#now.snapshots.has(snapshot))
      this.#now.early.push({ value, primal, iterations: [...this.#now.iterations] });
    else this.#compare(value, primal, this.#now.snapshots.get(snapshot));
  }

  #compare(value: Value, primal: unknown, snapshot: unknown): void {
    if (!isSame(primal, snapshot))
      this.#complain(`${spell(value)} is ${show(primal)} in the reverse sweep, was ${show(snapshot)}`);
  }

  started(loop: Loop, iteration: number): void {
    while (this.#now.iterations.at(-1)?.loop === loop) this.#now.iterations.pop();
    if (loop.sweep === "backward" && loop.again === null) return;
    const around = this.#keyAt(this.#now.iterations.length);
    const key = keyOf(this.#now, around, loop, iteration);
    this.#now.iterations.push({ loop, count: iteration, key });
  }

  left(loop: Loop, trips: number): void {
    while (this.#now.iterations.at(-1)?.loop === loop) this.#now.iterations.pop();
    const around = this.#keyAt(this.#now.iterations.length);
    if (loop.again === null) {
      this.#now.trips.set(`${around}/${String(loop.id)}`, trips);
      return;
    }
    this.compared++;
    if (!this.#now.loops.has(loop.again.loop)) return;
    const forward = this.#now.trips.get(`${around}/${String(loop.again.loop)}`);
    if (forward === undefined)
      this.#now.earlyLoops.push({ id: loop.again.loop, trips, iterations: [...this.#now.iterations] });
    else this.#compareTrips(trips, forward);
  }

  #compareTrips(trips: number, forward: number | undefined): void {
    if (forward !== trips)
      this.#complain(`${String(trips)} iterations are reversed, ${String(forward)} have been started`);
  }

  reached(instr: Instr): void {
    switch (instr.kind) {
      case "alloc":
        this.#alloc(instr);
        return;
      case "push":
      case "pop":
        this.#resize(instr);
        return;
      case "load":
        if (instr.out.sweep === "backward") this.#access(instr.place, instr.out.again !== undefined);
        return;
      case "store":
        this.#store(instr.place, instr.sweep);
        return;
      default:
    }
  }

  /** Stacks that have been read are read to their ends. */
  end(): void {
    for (const activation of this.#activations.values()) this.#compareEarly(activation);
    for (const { memory, name, isStack, wasRead } of this.#tapes.values()) {
      if (isStack && wasRead && memory.length > 0)
        this.#complain(`${String(memory.length)} values are left on ${name}`);
    }
  }

  #compareEarly(activation: Activation): void {
    const around = (iterations: readonly Iteration[]): string =>
      iterations.reduce((key, { loop, count }) => keyOf(activation, key, loop, count), "");
    for (const { id, trips, iterations } of activation.earlyLoops)
      this.#compareTrips(trips, activation.trips.get(`${around(iterations)}/${String(id)}`));
    for (const { value, primal, iterations } of activation.early) {
      const depth = activation.depths.get(value.again ?? -1) ?? 0;
      const snapshot = `${around(iterations.slice(0, depth))} ${String(value.again)}`;
      if (activation.snapshots.has(snapshot))
        this.#compare(value, primal, activation.snapshots.get(snapshot));
      else this.#complain(`${spell(value)} has no value in the forward sweep`);
    }
  }

  #alloc({ init, out }: Alloc): void {
    if (init.kind === "tape") {
      const capacity = init.capacity === null ? Infinity : Number(this.#read(init.capacity));
      this.#made = { name: spell(out), capacity, isStack: init.access === "stack", wasRead: false };
    }
    // Shadows of what changes its length are made by the forward sweep.
    if (
      init.kind === "zeros" &&
      out.sweep === "backward" &&
      this.#resized.has(this.#now.values.get(init.like.id))
    )
      this.#complain(`${spell(out)} takes its length from an array that has changed its length`);
  }

  #resize(instr: Extract<Instr, { kind: "push" | "pop" }>): void {
    const memory = this.#now.values.get(instr.ref.id);
    const tape = this.#tapeOf(instr.ref);
    if (tape === null) {
      this.#resized.add(memory);
      if (instr.kind === "pop" && (memory as unknown[]).length === 0 && instr.out.sweep === "backward")
        this.#complain(`${spell(instr.ref)} is empty where its last element is taken off`);
      return;
    }
    if (instr.kind === "pop") {
      tape.wasRead = true;
      if (tape.memory.length === 0) this.#complain(`${tape.name} is empty where it is read`);
    } else if (tape.memory.length >= tape.capacity) {
      this.#complain(`${tape.name} holds more than ${String(tape.capacity)}`);
    }
  }

  #store(place: Place, sweep: "forward" | "backward"): void {
    const tape = this.#tapeOf(place.ref);
    if (tape !== null) {
      const index = this.#key(place.step);
      if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || index >= tape.capacity)
        this.#complain(`${tape.name} of ${String(tape.capacity)} is written at ${String(index)}`);
    } else if (sweep === "backward") {
      this.#access(place, false);
    }
  }

  /** The reverse sweep stays within its arrays. */
  #access({ ref, step }: Place, isPrimal: boolean): void {
    const memory = this.#now.values.get(ref.id);
    const index = this.#key(step);
    if (isPrimal || typeof index !== "number" || !isArrayLike(memory)) return;
    if (!Number.isInteger(index) || index < 0 || index >= memory.length)
      this.#complain(`${spell(ref)} has no element ${String(index)} of ${String(memory.length)}`);
  }

  #tapeOf(ref: Value): Tape | null {
    return this.#tapes.get(this.#now.values.get(ref.id)) ?? null;
  }

  #key(step: Step): unknown {
    if (step.kind === "field") return step.name;
    return this.#read(step.index);
  }

  #read(atom: Atom): unknown {
    return atom.kind === "literal" ? atom.value : this.#now.values.get(atom.id);
  }

  #keyAt(depth: number): string {
    return this.#now.iterations[depth - 1]?.key ?? "";
  }

  #complain(problem: string): void {
    this.problems.push(`snapshots: ${problem}`);
  }
}

/** Names an iteration by that of the forward sweep which it is, or mirrors. */
function keyOf({ trips }: Activation, around: string, loop: Loop, count: number): string {
  const id = `${around}/${String(loop.again?.loop ?? loop.id)}`;
  const mirrored = loop.again?.order === "backward" ? (trips.get(id) ?? 0) - 1 - count : count;
  return `${id}:${String(mirrored)}`;
}

/** Up to rounding: what is computed again may be put in other words. */
function isSame(found: unknown, snapshot: unknown): boolean {
  if (Object.is(found, snapshot)) return true;
  if (typeof found !== "number" || typeof snapshot !== "number") return false;
  return Math.abs(found - snapshot) <= 1e-12 * Math.abs(snapshot);
}

function isArrayLike(memory: unknown): memory is ArrayLike<unknown> {
  return Array.isArray(memory) || ArrayBuffer.isView(memory);
}

function spell({ id, hint }: Value): string {
  return `%${String(id)}${hint === null ? "" : ` (${hint.text})`}`;
}

function show(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : `${value as Scalar}`;
}
