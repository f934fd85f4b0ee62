/**
 * Common subexpressions: a pure operation, or a read of memory that nobody has written in between, is done once where it
 * dominates its twin. A variable that the user declared keeps its own line, and its name serves the twins after it.
 */
import { updateOf } from "../analysis/updates.js";
import { findGrowing } from "../ir/growth.js";
import { memoryOf, writesOf } from "../ir/places.js";
import { blocksOf, forEachInstr, mapBlocks, substituteAtoms, substituteEnd } from "../ir/visit.js";
import type { Atom, Block, Func, Instr, Place, RegionId, Value, ValueId } from "../ir/types.js";

export function shareSubexpressions(func: Func): Func {
  return { ...func, body: new Sharing(func).block(func.body, new Scope(null)) };
}

class Sharing {
  readonly #known = new Map<ValueId, Value>();
  readonly #versions: Versions;
  readonly #growing: ReadonlySet<RegionId>;
  readonly #halves: ReadonlySet<ValueId>;

  constructor(func: Func) {
    this.#growing = findGrowing(func);
    this.#versions = new Versions(func, this.#growing);
    this.#halves = findReadingHalves(func);
  }

  block(block: Block, scope: Scope): Block {
    const instrs = block.instrs.flatMap((instr) => this.#instr(substituteAtoms(instr, this.#resolve), scope));
    return { instrs, end: substituteEnd(block.end, this.#resolve) };
  }

  readonly #resolve = (atom: Atom): Atom =>
    atom.kind === "value" ? (this.#known.get(atom.id) ?? atom) : atom;

  #instr(instr: Instr, scope: Scope): readonly Instr[] {
    const key = this.#keyOf(instr);
    if (key === null || (instr.kind !== "apply" && instr.kind !== "load")) {
      this.#versions.write(writesOf(instr, this.#growing));
      return [this.#inner(instr, scope)];
    }
    const twin = scope.find(key, instr.kind === "load" && this.#versions.isWritten(memoryOf(instr.place)));
    if (twin !== null && instr.out.hint?.declared !== true) {
      this.#known.set(instr.out.id, twin);
      return [];
    }
    if (twin === null) scope.add(key, instr.out);
    return [instr];
  }

  #inner(instr: Instr, scope: Scope): Instr {
    const blocks = blocksOf(instr);
    if (blocks.length === 0) return instr;
    if (instr.kind === "lambda") return this.#later(instr, scope);
    const written = blocks.flatMap((block) => this.#versions.writtenIn(block));
    // What an iteration reads, the one before may have written.
    if (instr.kind === "loop") this.#versions.write(written);
    const before = this.#versions.save(written);
    const mapped = mapBlocks(instr, (inner) => {
      if (instr.kind !== "loop") this.#versions.restore(before);
      return this.block(inner, new Scope(scope, instr.kind !== "loop"));
    });
    this.#versions.write(written);
    return mapped;
  }

  /** When it runs, all memory may have been written to. */
  #later(instr: Instr, scope: Scope): Instr {
    this.#versions.writeAll();
    const mapped = mapBlocks(instr, (inner) => this.block(inner, new Scope(scope)));
    this.#versions.writeAll();
    return mapped;
  }

  #keyOf(instr: Instr): string | null {
    if (instr.kind === "apply") {
      // A whole number is more than a number: `0` as an index is not `0` as a coordinate.
      const { kind } = instr.out.type;
      return instr.op.impure ? null : `${instr.op.name}(${instr.args.map(atomKey).join(",")}): ${kind}`;
    }
    // The reading half of `place += e` belongs to its store.
    if (instr.kind !== "load" || this.#halves.has(instr.out.id)) return null;
    const memory = memoryOf(instr.place);
    const key = `${placeKey(instr.place)}@${String(this.#versions.of(memory))}`;
    // Each line of the user's that reads a number which changes says in the reverse sweep what it adds to it.
    const isOwn = instr.out.type.kind === "real" && this.#versions.isWritten(memory);
    return isOwn ? `${key} ${String(instr.out.statement?.id)}` : key;
  }
}

/** How often each part of memory has been written so far: each write gives it a version of its own. */
class Versions {
  readonly #current = new Map<string, number>();
  readonly #writtenIn = new Map<Block, readonly string[]>();
  readonly #growing: ReadonlySet<RegionId>;
  readonly #written: ReadonlySet<string>;
  #last = 0;
  #all = 0;

  constructor(func: Func, growing: ReadonlySet<RegionId>) {
    this.#growing = growing;
    this.#written = new Set(this.#collect(func.body));
  }

  of(key: string): number {
    return Math.max(this.#current.get(key) ?? 0, this.#all);
  }

  writeAll(): void {
    this.#all = ++this.#last;
  }

  write(keys: readonly string[]): void {
    for (const key of keys) this.#current.set(key, ++this.#last);
  }

  isWritten(key: string): boolean {
    return this.#written.has(key);
  }

  writtenIn(block: Block): readonly string[] {
    return this.#writtenIn.get(block) ?? [];
  }

  save(keys: readonly string[]): readonly (readonly [string, number])[] {
    return keys.flatMap((key) => [key, `${key} length`]).map((key) => [key, this.of(key)] as const);
  }

  restore(saved: readonly (readonly [string, number])[]): void {
    for (const [key, version] of saved) this.#current.set(key, version);
  }

  #collect(block: Block): readonly string[] {
    const keys = new Set<string>();
    for (const instr of block.instrs) {
      for (const key of writesOf(instr, this.#growing)) keys.add(key);
      for (const inner of blocksOf(instr)) for (const key of this.#collect(inner)) keys.add(key);
    }
    const found = [...keys];
    this.#writtenIn.set(block, found);
    return found;
  }
}

/** The expressions at hand in a block and the blocks around it. */
class Scope {
  readonly #parent: Scope | null;
  readonly #isArm: boolean;
  readonly #values = new Map<string, Value>();

  constructor(parent: Scope | null, isArm = false) {
    this.#parent = parent;
    this.#isArm = isArm;
  }

  /** `inArm`: only in the arm that this is, where it is one; what is read in an arm has its own cotangent there. */
  find(key: string, inArm: boolean): Value | null {
    const own = this.#values.get(key);
    if (own !== undefined) return own;
    return this.#parent === null || (inArm && this.#isArm) ? null : this.#parent.find(key, inArm);
  }

  add(key: string, value: Value): void {
    this.#values.set(key, value);
  }
}

/** Loads whose result is what their own place is increased by something. */
function findReadingHalves(func: Func): ReadonlySet<ValueId> {
  const made = new Map<ValueId, Instr>();
  const halves = new Set<ValueId>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "apply" || instr.kind === "load") made.set(instr.out.id, instr);
    const update = instr.kind === "store" ? updateOf(instr, (id) => made.get(id)) : null;
    if (update !== null) halves.add(update.load.out.id);
  });
  return halves;
}

function placeKey(place: Place): string {
  const step =
    place.step.kind === "field"
      ? `.${place.step.name}`
      : `[${atomKey(place.step.index)}]${place.step.asks ?? ""}`;
  return `v${String(place.ref.id)}${step}`;
}

function atomKey(atom: Atom): string {
  return atom.kind === "value" ? `v${String(atom.id)}` : `${typeof atom.value}:${atom.spelling}`;
}
