/**
 * Rows out of inner loops: `X[i][j]` in a loop over `j` reads `Xi[j]`, with `const Xi = X[i]` before the loop. What was
 * read in each iteration is read once, which is 1.4 to 2 times as fast.
 *
 * A row is read early only where that is certain not to throw: `X` itself is no element of an array that may be shorter
 * than it says, or something of it has been read before.
 */
import { suggested } from "../ir/builder.js";
import { blocksOf, forEachInstr, mapBlocks, outsOf, paramsOf, substitute } from "../ir/visit.js";
import type { Atom, Block, Func, Hint, Instr, Load, Loop, RegionId, Value, ValueId } from "../ir/types.js";
import { memoryOf, writesOf } from "../ir/places.js";

export function hoistRows(func: Func): Func {
  const present = new Set<ValueId>();
  const scope = new Scope(null);
  for (const { value } of func.params) {
    scope.define(value);
    present.add(value.id);
  }
  return { ...func, body: new Hoisting(present).block(func.body, scope) };
}

/** What has been defined in a block and the blocks around it, so far. */
class Scope {
  readonly #parent: Scope | null;
  readonly #defined = new Set<ValueId>();

  constructor(parent: Scope | null) {
    this.#parent = parent;
  }

  define(value: Value): void {
    this.#defined.add(value.id);
  }

  has(atom: Atom): boolean {
    if (atom.kind === "literal" || this.#defined.has(atom.id)) return true;
    return this.#parent?.has(atom) ?? false;
  }
}

class Hoisting {
  /** References that are certain to refer to something. */
  readonly #present: Set<ValueId>;
  /** What arrays are called that have no name of their own: fields of objects. */
  readonly #names = new Map<ValueId, string>();
  readonly #tapes = new Set<ValueId>();

  constructor(present: Set<ValueId>) {
    this.#present = present;
  }

  block(block: Block, scope: Scope): Block {
    const instrs = block.instrs.flatMap((instr) => {
      if (instr.kind !== "loop") return [this.#within(instr, scope)];
      const rows = this.#rowsOf(instr, scope);
      for (const { row } of rows.values()) this.#met(row, scope);
      const loop = rows.size === 0 ? instr : withoutRows(instr, rows);
      return [...[...rows.values()].map(({ row }) => row), this.#within(loop, scope)];
    });
    return { instrs, end: block.end };
  }

  #within(instr: Instr, scope: Scope): Instr {
    this.#met(instr, scope);
    return mapBlocks(instr, (inner) => {
      const own = new Scope(scope);
      for (const param of paramsOf(instr)) own.define(param);
      return this.block(inner, own);
    });
  }

  #met(instr: Instr, scope: Scope): void {
    for (const out of outsOf(instr)) scope.define(out);
    if (instr.kind === "alloc") this.#present.add(instr.out.id);
    if (this.#isRecorded(instr)) for (const out of outsOf(instr)) this.#present.add(out.id);
    if (instr.kind !== "load" && instr.kind !== "store") return;
    this.#present.add(instr.place.ref.id);
    if (instr.kind !== "load" || instr.place.step.kind !== "field") return;
    this.#present.add(instr.out.id);
    this.#names.set(instr.out.id, instr.place.step.name);
  }

  /** What was recorded was there. */
  #isRecorded(instr: Instr): boolean {
    if (instr.kind === "alloc" && instr.init.kind === "tape") this.#tapes.add(instr.out.id);
    const ref = instr.kind === "load" ? instr.place.ref : instr.kind === "pop" ? instr.ref : null;
    return ref !== null && this.#tapes.has(ref.id);
  }

  /** The rows that stay the same all through the loop, with the reads of each. */
  #rowsOf(loop: Loop, scope: Scope): ReadonlyMap<string, Row> {
    const rows = new Map<string, Row>();
    const written = writtenIn(loop);
    forEachInstr(loop.body, (instr) => {
      if (instr.kind !== "load" || !isRow(instr)) return;
      const { ref, step } = instr.place;
      if (step.kind !== "index" || !scope.has(ref) || !scope.has(step.index)) return;
      if (written.has(memoryOf(instr.place)) || !this.#present.has(ref.id)) return;
      const key = `${String(ref.id)}[${step.index.kind === "value" ? String(step.index.id) : step.index.spelling}]`;
      const known = rows.get(key);
      if (known === undefined) rows.set(key, { row: this.#named(instr), reads: [instr.out] });
      else known.reads.push(instr.out);
    });
    return rows;
  }

  #named(instr: Load): Load {
    const { out, place } = instr;
    const array = place.ref.hint?.text ?? this.#names.get(place.ref.id);
    const hint = out.hint ?? (array === undefined ? null : rowName(array, instr));
    // Read early, it stands for no iteration of the forward sweep any more.
    const { again: _, ...plain } = out;
    return { ...instr, out: { ...plain, hint, statement: null } };
  }
}

interface Row {
  readonly row: Load;
  readonly reads: Value[];
}

function isRow({ out }: Load): boolean {
  return out.type.kind === "ref" && out.hint?.declared !== true;
}

function writtenIn(loop: Loop): ReadonlySet<string> {
  const written = new Set<string>();
  for (const block of blocksOf(loop)) {
    forEachInstr(block, (instr) => {
      for (const memory of writesOf(instr, noneGrow)) written.add(memory);
    });
  }
  return written;
}

/** Only elements are asked for, never lengths. */
const noneGrow: ReadonlySet<RegionId> = new Set();

function withoutRows(loop: Loop, rows: ReadonlyMap<string, Row>): Loop {
  const known = new Map<ValueId, Value>();
  for (const { row, reads } of rows.values()) for (const read of reads) known.set(read.id, row.out);
  const drop = (block: Block): Block => ({
    instrs: block.instrs.flatMap((instr) =>
      instr.kind === "load" && known.has(instr.out.id) ? [] : [mapBlocks(instr, drop)],
    ),
    end: block.end,
  });
  const to = (atom: Atom): Atom => (atom.kind === "value" ? (known.get(atom.id) ?? atom) : atom);
  const without = mapBlocks(loop, (block) => substitute(drop(block), to));
  return without.kind === "loop" ? without : loop;
}

/** `X[i]` is called `Xi`, `points[i]` is a `point` where it is an object, and anything else like `weights_i`. */
function rowName(array: string, { out, place }: Load): Hint | null {
  const { step } = place;
  if (step.kind !== "index") return null;
  const text = step.index.kind === "value" ? step.index.hint?.text : String(step.index.value);
  const index = text === undefined ? "" : lastWord(text);
  if (!/^\w+$/.test(index)) return null;
  const isShort = lastWord(array).replace(/^d/, "").length <= 2;
  if (isShort && !/\d$/.test(array)) return suggested(`${array}${index}`);
  const isObject = out.type.kind === "ref" && out.type.shape.kind === "object";
  return suggested(isObject && /[^s]s$/.test(array) ? array.slice(0, -1) : `${array}_${index}`);
}

/** Without the names of the helpers that a variable comes from. */
function lastWord(name: string): string {
  return name.slice(name.lastIndexOf("_") + 1);
}
