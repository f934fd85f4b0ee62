/**
 * Objects into scalars: every local object or tuple is replaced by the values of its cells. Takes a primal function and
 * leaves no memory but that of the parameters, which nothing writes to.
 *
 * Two names of one object are one object here, since references are values. A reference that is one of two objects,
 * depending on a test, is replaced by the pairwise choice of their cells; that is right as long as none of them is
 * written to afterwards, which is checked.
 */
import { substituteAtoms, substituteEnd } from "../ir/visit.js";
import { Builder, type Origin, number } from "../ir/builder.js";
import type {
  Alloc,
  Apply,
  Atom,
  Block,
  Func,
  Guard,
  If,
  Instr,
  Load,
  Place,
  Span,
  Step,
  Store,
} from "../ir/types.js";
import type { Type, Value, ValueId } from "../ir/types.js";
import { copy, isNull, isNullish, isUndefined, narrow } from "../ops/scalar.js";
import { InternalError, invariant } from "../support/invariant.js";
import { type Cells, Heap } from "./heap.js";
import { cellKeys, cellShape, lastId, typeOfShape } from "./shape.js";

/** Why an object cannot be taken apart, and where. */
export interface Obstacle {
  readonly kind: "computed index" | "choice written to" | "choice of memory";
  readonly span: Span | null;
}

/** Thrown by the pass, caught by the pipeline, which makes a diagnostic of it. */
export class ObstacleError extends Error {
  readonly obstacle: Obstacle;

  constructor(obstacle: Obstacle) {
    super(`an object cannot be split into scalars: ${obstacle.kind}`);
    this.obstacle = obstacle;
  }
}

export function splitObjects(func: Func): Func {
  return new Splitter(func).run(func);
}

const absent: Atom = { kind: "literal", type: { kind: "nothing" }, value: undefined, spelling: "undefined" };

class Splitter {
  readonly #builder: Builder;
  readonly #known = new Map<ValueId, Atom>();
  /** Objects that a later choice refers to by value: they must not change any more. */
  readonly #frozen = new Set<ValueId>();

  constructor(func: Func) {
    const first = lastId(func) + 1;
    this.#builder = new Builder(first, first);
  }

  run(func: Func): Func {
    return { ...func, body: this.#block(func.body, new Heap()) };
  }

  #resolve = (atom: Atom): Atom => {
    let at = atom;
    for (;;) {
      const next = at.kind === "value" ? this.#known.get(at.id) : undefined;
      if (next === undefined) return at;
      at = next;
    }
  };

  #block(block: Block, heap: Heap): Block {
    return this.#builder.block(() => {
      for (const instr of block.instrs) this.#instr(instr, heap);
      return substituteEnd(block.end, this.#resolve);
    });
  }

  #instr(instr: Instr, heap: Heap): void {
    switch (instr.kind) {
      case "apply":
        this.#apply(instr, heap);
        return;
      case "load":
        this.#load(instr, heap);
        return;
      case "store":
        this.#store(instr, heap);
        return;
      case "alloc":
        this.#alloc(instr, heap);
        return;
      case "if":
        this.#if(instr, heap);
        return;
      case "guard":
        this.#guard(instr, heap);
        return;
    }
  }

  #apply(original: Apply, heap: Heap): void {
    const args = original.args.map(this.#resolve);
    const instr: Apply = { ...original, args };
    const [source] = args;
    const { op, out } = instr;
    const local = source?.kind === "value" && heap.cells(source.id) !== null;
    if (source !== undefined && (op === copy || op === narrow) && (local || isReference(out.type))) {
      // Another name of the same object; a parameter's reference keeps its `narrow`.
      if (local || op === copy) {
        this.#known.set(out.id, source);
        return;
      }
    }
    if (source !== undefined && op === narrow && source.kind === "literal") {
      this.#known.set(out.id, source);
      return;
    }
    if (op === isUndefined || op === isNull || op === isNullish) {
      const known = local ? false : knownAbsence(instr);
      if (known !== null) {
        this.#known.set(out.id, {
          kind: "literal",
          type: { kind: "bool" },
          value: known,
          spelling: String(known),
        });
        return;
      }
    }
    this.#builder.emit(narrowed(instr));
  }

  #load(instr: Load, heap: Heap): void {
    const ref = this.#resolve(instr.place.ref);
    invariant(ref.kind === "value", "scalars", "a load from a literal");
    const cells = heap.cells(ref.id);
    if (cells === null) {
      this.#builder.emit(substituteAtoms(instr, this.#resolve));
      return;
    }
    const atom = this.#read(cells, instr.place, instr.out.span);
    if (instr.out.hint?.declared === true && !isReference(instr.out.type)) {
      this.#builder.emit({ kind: "apply", out: instr.out, op: copy, args: [atom] });
    } else {
      this.#known.set(instr.out.id, atom);
    }
  }

  #read(cells: Cells, place: Place, span: Span | null): Atom {
    if (place.step.kind === "field" && place.step.name === "length" && !cells.has("length")) {
      return number(cells.size);
    }
    return this.#resolve(cells.get(this.#key(place.step, span)) ?? absent);
  }

  #store(instr: Store, heap: Heap): void {
    const ref = this.#resolve(instr.place.ref);
    invariant(ref.kind === "value", "scalars", "a store into a literal");
    const cells = heap.cells(ref.id);
    if (cells === null) throw new ObstacleError({ kind: "choice of memory", span: instr.span });
    if (this.#frozen.has(ref.id)) throw new ObstacleError({ kind: "choice written to", span: instr.span });
    const key = this.#key(instr.place.step, instr.span);
    heap.set(ref.id, new Map([...cells, [key, this.#resolve(instr.value)]]));
  }

  #key(step: Step, span: Span | null): string {
    if (step.kind === "field") return step.name;
    const index = this.#resolve(step.index);
    if (index.kind !== "literal") throw new ObstacleError({ kind: "computed index", span });
    return String(index.value);
  }

  #alloc(instr: Alloc, heap: Heap): void {
    const { init, out } = instr;
    if (init.kind === "zeros") throw new InternalError("scalars", "zeros in a primal function");
    const entries =
      init.kind === "object"
        ? init.entries.map(({ name, value }) => [name, value] as const)
        : init.elements.map((value, index) => [String(index), value] as const);
    heap.set(out.id, new Map(entries.map(([key, value]) => [key, this.#resolve(value)])));
  }

  #guard(instr: Guard, heap: Heap): void {
    const body = this.#block(instr.body, new Heap(heap));
    this.#builder.guard(this.#resolve(instr.test), body, instr.statement);
  }

  #if(instr: If, heap: Heap): void {
    const test = this.#resolve(instr.test);
    if (test.kind === "literal") {
      this.#takeArm(instr, test.value === true ? instr.consequent : instr.alternate, heap);
      return;
    }
    const arms = [instr.consequent, instr.alternate].map((block) => {
      const inner = new Heap(heap);
      return { heap: inner, block: this.#block(block, inner) };
    });
    const [consequent, alternate] = arms;
    invariant(consequent && alternate, "scalars", "an `if` has two arms");
    new Merge(this.#builder, this.#frozen, this.#known, this.#resolve).run(
      instr,
      test,
      heap,
      consequent,
      alternate,
    );
  }

  #takeArm(instr: If, arm: Block, heap: Heap): void {
    for (const inner of arm.instrs) this.#instr(inner, heap);
    const { end } = arm;
    if (end.kind === "yield") {
      instr.outs.forEach((out, index) => {
        const atom = end.values[index];
        if (atom !== undefined) this.#known.set(out.id, this.#resolve(atom));
      });
      return;
    }
    const always: Atom = { kind: "literal", type: { kind: "bool" }, value: true, spelling: "true" };
    this.#builder.guard(always, { instrs: [], end: substituteEnd(end, this.#resolve) }, instr.statement);
  }
}

interface Arm {
  readonly heap: Heap;
  readonly block: Block;
}

/** Joins the arms of one `if`: its results, and the cells that an arm has changed. */
class Merge {
  readonly #builder: Builder;
  readonly #frozen: Set<ValueId>;
  readonly #known: Map<ValueId, Atom>;
  readonly #resolve: (atom: Atom) => Atom;
  readonly #outs: Value[] = [];
  readonly #yields: [Atom[], Atom[]] = [[], []];
  readonly #loads: [Instr[], Instr[]] = [[], []];

  constructor(
    builder: Builder,
    frozen: Set<ValueId>,
    known: Map<ValueId, Atom>,
    resolve: (atom: Atom) => Atom,
  ) {
    this.#builder = builder;
    this.#frozen = frozen;
    this.#known = known;
    this.#resolve = resolve;
  }

  run(instr: If, test: Atom, heap: Heap, consequent: Arm, alternate: Arm): void {
    const arms = [consequent, alternate] as const;
    const alive = arms.filter((arm) => arm.block.end.kind === "yield");
    instr.outs.forEach((out, index) => {
      const atoms = arms.map((arm) =>
        arm.block.end.kind === "yield" ? (arm.block.end.values[index] ?? null) : null,
      );
      this.#join(out, atoms[0] ?? null, atoms[1] ?? null, heap, arms, instr);
    });
    const touched = new Set(
      alive.flatMap((arm) => arm.heap.changed()).filter((id) => heap.cells(id) !== null),
    );
    for (const id of touched) this.#joinCells(id, heap, arms, instr);
    const finish = (arm: Arm, side: 0 | 1): Block => ({
      instrs: [...arm.block.instrs, ...this.#loads[side]],
      end: arm.block.end.kind === "yield" ? { kind: "yield", values: this.#yields[side] } : arm.block.end,
    });
    this.#builder.if(test, finish(consequent, 0), finish(alternate, 1), this.#outs, instr.statement);
  }

  #joinCells(id: ValueId, heap: Heap, arms: readonly [Arm, Arm], instr: If): void {
    const before = heap.cells(id);
    invariant(before, "scalars", "an object that was there before is there no more");
    const [a, b] = arms.map((arm) =>
      arm.block.end.kind === "yield" ? (arm.heap.cells(id) ?? before) : null,
    );
    const keys = new Set([...(a ?? before).keys(), ...(b ?? before).keys()]);
    const cells = new Map<string, Atom>();
    for (const key of keys) {
      const left = a == null ? null : (a.get(key) ?? absent);
      const right = b == null ? null : (b.get(key) ?? absent);
      const sample = [left, right].find((atom) => atom?.kind === "value") ?? left ?? right;
      if (sample == null) continue;
      const hint = sample.kind === "value" ? sample.hint : null;
      const origin: Origin = { hint, statement: instr.statement };
      const out = this.#builder.value(sample.type, origin);
      this.#join(out, left, right, heap, arms, instr);
      cells.set(key, this.#resolve(out));
    }
    heap.set(id, cells);
  }

  /** `out` becomes what the two arms leave; null for an arm that leaves nothing. */
  #join(out: Value, a: Atom | null, b: Atom | null, heap: Heap, arms: readonly [Arm, Arm], instr: If): void {
    const left = a === null ? null : this.#resolve(a);
    const right = b === null ? null : this.#resolve(b);
    if (left !== null && right !== null && isSame(left, right) && isReference(out.type)) {
      this.#known.set(out.id, left);
      return;
    }
    if (!isReference(out.type)) {
      this.#push(out, left, right);
      return;
    }
    this.#joinReferences(out, left, right, heap, arms, instr);
  }

  #push(out: Value, left: Atom | null, right: Atom | null): void {
    this.#outs.push(out);
    this.#yields[0].push(left ?? right ?? absent);
    this.#yields[1].push(right ?? left ?? absent);
  }

  #joinReferences(
    out: Value,
    left: Atom | null,
    right: Atom | null,
    heap: Heap,
    arms: readonly [Arm, Arm],
    instr: If,
  ): void {
    const type = out.type.kind === "maybe" ? out.type.type : out.type;
    const obstacle = new ObstacleError({
      kind: "choice of memory",
      span: out.span ?? instr.statement?.span ?? null,
    });
    if (type.kind !== "ref" || type.shape.kind === "array") throw obstacle;
    const sources = [left, right].filter((atom) => atom !== null);
    if (sources.some((atom) => atom.kind === "literal")) throw obstacle;
    const cells = new Map<string, Atom>();
    for (const key of cellKeys(type.shape)) {
      const shape = cellShape(type.shape, key);
      const cellType = typeOfShape(shape, this.#builder);
      const a = this.#cell(left, key, cellType, arms[0], 0);
      const b = this.#cell(right, key, cellType, arms[1], 1);
      const hint = out.hint === null ? null : { text: `${out.hint.text}_${key}`, declared: false };
      const cell = this.#builder.value(cellType, { hint, statement: instr.statement, span: out.span });
      this.#join(cell, a, b, heap, arms, instr);
      cells.set(key, this.#resolve(cell));
    }
    for (const atom of sources) if (atom.kind === "value") this.#frozen.add(atom.id);
    this.#frozen.add(out.id);
    heap.set(out.id, cells);
  }

  #cell(ref: Atom | null, key: string, type: Type, arm: Arm, side: 0 | 1): Atom | null {
    if (ref === null) return null;
    if (ref.kind !== "value") return absent;
    const cells = arm.heap.cells(ref.id);
    if (cells !== null) return this.#resolve(cells.get(key) ?? absent);
    const out = this.#builder.value(type, { span: ref.span, statement: ref.statement });
    const step: Step = /^\d+$/.test(key)
      ? { kind: "index", index: number(Number(key)) }
      : { kind: "field", name: key };
    this.#loads[side].push({ kind: "load", out, place: { ref, step } });
    return out;
  }
}

/** A cell known not to be `undefined` needs no assertion. */
function narrowed(instr: Apply): Apply {
  const [source] = instr.args;
  if (instr.op !== narrow || source === undefined || source.type.kind === "maybe") return instr;
  return { ...instr, op: copy };
}

/** Whether the argument is certainly absent (true) or present (false); null where only the call knows. */
function knownAbsence(instr: Apply): boolean | null {
  const [source] = instr.args;
  if (source === undefined || source.type.kind === "maybe") return null;
  if (source.type.kind !== "nothing") return false;
  if (instr.op === isNullish || source.kind !== "literal") return true;
  return instr.op === isNull ? source.value === null : source.value === undefined;
}

function isReference(type: Type): boolean {
  return type.kind === "ref" || (type.kind === "maybe" && type.type.kind === "ref");
}

function isSame(a: Atom, b: Atom): boolean {
  if (a.kind === "value" || b.kind === "value") return a === b;
  return Object.is(a.value, b.value);
}
