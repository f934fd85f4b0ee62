/** Joins what the arms of an `if` have made of local objects. */
import type { Builder } from "../ir/builder.js";
import type { Origin } from "../ir/builder.js";
import type { Atom, Block, If, Instr, RegionId, Type, Value, ValueId } from "../ir/types.js";
import { invariant } from "../support/invariant.js";
import { absent, cellHint, cellOf } from "./cell-of.js";
import type { Cells, Heap } from "./heap.js";
import type { Insides } from "./insides.js";
import { isWhole } from "../ir/shapes.js";
import { cellKeys, cellShape } from "./shape.js";

/** Thrown where an object turns out not to be splittable; never leaves the pass. */
export class ObstacleError extends Error {
  readonly region: RegionId;

  constructor(ref: Value) {
    super("an object cannot be split into scalars");
    const type = ref.type.kind === "maybe" ? ref.type.type : ref.type;
    this.region = type.kind === "ref" ? type.region : -1;
  }
}

interface Arm {
  readonly heap: Heap;
  readonly block: Block;
}

/** Joins the arms of one `if`: its results, and the cells that an arm has changed. */
export class Merge {
  readonly #builder: Builder;
  readonly #frozen: Set<ValueId>;
  readonly #known: Map<ValueId, Atom>;
  readonly #resolve: (atom: Atom) => Atom;
  readonly #isKept: (ref: Value) => boolean;
  readonly #insides: Insides;
  readonly #outs: Value[] = [];
  readonly #yields: [Atom[], Atom[]] = [[], []];
  readonly #loads: [Instr[], Instr[]] = [[], []];

  constructor(
    builder: Builder,
    frozen: Set<ValueId>,
    known: Map<ValueId, Atom>,
    resolve: (atom: Atom) => Atom,
    isKept: (ref: Value) => boolean,
    insides: Insides,
  ) {
    this.#insides = insides;
    this.#builder = builder;
    this.#frozen = frozen;
    this.#known = known;
    this.#resolve = resolve;
    this.#isKept = isKept;
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
    // All at once: an arm without changes of its own still sees what was there before.
    const joined = [...touched].map((id) => ({ id, cells: this.#joinCells(id, heap, arms, instr) }));
    for (const { id, cells } of joined) heap.set(id, cells);
    const finish = (arm: Arm, side: 0 | 1): Block => ({
      instrs: [...arm.block.instrs, ...this.#loads[side]],
      end: arm.block.end.kind === "yield" ? { kind: "yield", values: this.#yields[side] } : arm.block.end,
    });
    this.#builder.if(test, finish(consequent, 0), finish(alternate, 1), this.#outs, instr.statement);
  }

  #joinCells(id: ValueId, heap: Heap, arms: readonly [Arm, Arm], instr: If): Cells {
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
      const type = mayDiffer(left, right) ? this.#cellType(heap.ref(id), key) : null;
      const out = this.#builder.value(type ?? sample.type, origin);
      this.#join(out, left, right, heap, arms, instr);
      cells.set(key, this.#resolve(out));
    }
    return cells;
  }

  /** The type of all that the cell may hold; null where the object has no such cell. */
  #cellType({ type }: Value, key: string): Type | null {
    const bare = type.kind === "maybe" ? type.type : type;
    if (bare.kind !== "ref" || !cellKeys(bare.shape).includes(key)) return null;
    return this.#insides.typeOf(bare.region, key, cellShape(bare.shape, key), this.#builder);
  }

  /** `out` becomes what the two arms leave; null for an arm that leaves nothing. */
  #join(out: Value, a: Atom | null, b: Atom | null, heap: Heap, arms: readonly [Arm, Arm], instr: If): void {
    const left = a === null ? null : this.#resolve(a);
    const right = b === null ? null : this.#resolve(b);
    // What is certainly absent decides what is done with it.
    const isDecided = isReference(out.type) || left?.type.kind === "nothing";
    if (left !== null && right !== null && isSame(left, right) && isDecided) {
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
    const obstacle = new ObstacleError(out);
    if (this.#isKept(out)) {
      this.#push(out, left, right);
      return;
    }
    if (type.kind !== "ref" || type.shape.kind === "array") throw obstacle;
    const sources = [left, right].filter((atom) => atom !== null);
    // It is no object on one of the paths.
    if (sources.some((atom) => atom.kind === "literal" || !isReference(atom.type))) throw obstacle;
    // Which fields an object from outside has is not known.
    const isMade = (atom: Atom | null, arm: Arm): boolean =>
      atom?.kind === "value" && arm.heap.cells(atom.id) !== null;
    if (isWhole(type.shape) && !(isMade(left, arms[0]) && isMade(right, arms[1]))) throw obstacle;
    // Nothing is read of what may be missing.
    const mayMiss = (atom: Atom | null, arm: Arm): boolean =>
      atom?.type.kind === "maybe" && !isMade(atom, arm);
    if (mayMiss(left, arms[0]) || mayMiss(right, arms[1])) throw obstacle;
    const cells = new Map<string, Atom>();
    const tools = { builder: this.#builder, resolve: this.#resolve };
    for (const key of cellKeys(type.shape)) {
      const shape = cellShape(type.shape, key);
      const cellType = this.#insides.typeOf(type.region, key, shape, this.#builder);
      const a = left && cellOf(tools, left, key, cellType, arms[0].heap, this.#loads[0]);
      const b = right && cellOf(tools, right, key, cellType, arms[1].heap, this.#loads[1]);
      // Only one of two members of a union has it: nothing can stand for an array or object that is not there.
      if (cellType.kind === "ref" && (a?.kind === "literal") !== (b?.kind === "literal")) throw obstacle;
      const hint = cellHint(out.hint, key);
      const cell = this.#builder.value(cellType, { hint, statement: instr.statement, span: out.span });
      this.#join(cell, a, b, heap, arms, instr);
      cells.set(key, this.#resolve(cell));
    }
    for (const atom of sources) if (atom.kind === "value") this.#frozen.add(atom.id);
    this.#frozen.add(out.id);
    heap.add(out, cells);
  }
}

/** True if one arm leaves nothing, or perhaps nothing, where the other leaves something. */
function mayDiffer(left: Atom | null, right: Atom | null): boolean {
  const isOpen = (atom: Atom | null): boolean =>
    atom !== null && (atom.type.kind === "nothing" || atom.type.kind === "maybe");
  return (
    left !== null && right !== null && left.type.kind !== right.type.kind && (isOpen(left) || isOpen(right))
  );
}

export function isReference(type: Type): boolean {
  return type.kind === "ref" || (type.kind === "maybe" && type.type.kind === "ref");
}

function isSame(a: Atom, b: Atom): boolean {
  if (a.kind === "value" || b.kind === "value") return a === b;
  return Object.is(a.value, b.value);
}
