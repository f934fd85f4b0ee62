/**
 * One record per iteration: tapes that are written side by side in one block, and read side by side in another, become
 * one tape that takes their values in turn. Half as much is allocated, and what is read together lies together.
 */
import { Builder, type Origin, int, number, suggested, whole } from "../ir/builder.js";
import { atomsOf, blocksOf, endAtoms, lastId, lastRegion, mapBlocks, outsOf } from "../ir/visit.js";
import type {
  Alloc,
  Atom,
  Block,
  Func,
  Init,
  Instr,
  Load,
  Loop,
  MemoryShape,
  Pop,
  Store,
  Value,
  ValueId,
} from "../ir/types.js";
import { add, div, mul } from "../ops/scalar.js";

type TapeInit = Extract<Init, { kind: "tape" }>;

interface Read {
  readonly block: Block;
  /** The loop around it. */
  readonly loop: Loop | null;
  readonly instr: Load | Pop;
}

/** How a tape of numbers is used. */
interface Usage {
  readonly alloc: Alloc;
  readonly init: TapeInit;
  readonly home: Block;
  write: {
    readonly block: Block;
    readonly loop: Loop | null;
    readonly instr: Instr;
    readonly position: number;
  } | null;
  readonly reads: Read[];
  readonly lengths: Load[];
  /** It is used in no other way. */
  isPlain: boolean;
}

/** Tapes that become one, in the order in which they are written. */
interface Record {
  readonly members: readonly Usage[];
  readonly ref: Value;
  readonly access: "stack" | "index";
}

export function mergeTapes(func: Func): Func {
  const usages = findUsages(func);
  const groups = groupTapes([...usages.values()]);
  if (groups.length === 0) return func;
  return { ...func, body: new Merger(func, groups).block(func.body) };
}

function findUsages(func: Func): ReadonlyMap<ValueId, Usage> {
  const usages = new Map<ValueId, Usage>();
  const usageOf = (atom: Atom): Usage | undefined =>
    atom.kind === "value" ? usages.get(atom.id) : undefined;
  const spoil = (atoms: readonly Atom[]): void => {
    for (const atom of atoms) {
      const usage = usageOf(atom);
      if (usage !== undefined) usage.isPlain = false;
    }
  };
  visit(func.body, null);
  return usages;

  function visit(block: Block, loop: Loop | null): void {
    block.instrs.forEach((instr, position) => {
      meet(block, loop, instr, position);
      for (const inner of blocksOf(instr)) visit(inner, instr.kind === "loop" ? instr : loop);
    });
    spoil(endAtoms(block.end));
  }

  function meet(block: Block, loop: Loop | null, instr: Instr, position: number): void {
    if (instr.kind === "alloc" && instr.init.kind === "tape" && holdsNumbers(instr)) {
      const known = { alloc: instr, init: instr.init, home: block, write: null };
      usages.set(instr.out.id, { ...known, reads: [], lengths: [], isPlain: true });
      return;
    }
    const ref = referenceOf(instr);
    const usage = ref === null ? undefined : usageOf(ref);
    if (usage === undefined) {
      spoil(atomsOf(instr));
    } else if (instr.kind === "push" || instr.kind === "store") {
      if (usage.write !== null) usage.isPlain = false;
      usage.write = { block, loop, instr, position };
    } else if (instr.kind === "load" && instr.place.step.kind === "field") {
      usage.lengths.push(instr);
    } else if (instr.kind === "load" || instr.kind === "pop") {
      if (usage.reads.some((read) => read.block === block)) usage.isPlain = false;
      usage.reads.push({ block, loop, instr });
    }
  }
}

/**
 * What is pushed is popped the other way round. A list is read by the number of the iteration, since its length tells how
 * many there have been; and so is what a loop reads in the order in which it was written.
 */
function isReadBackwards({ init, write, reads }: Usage): boolean {
  if (init.access === "stack") return true;
  const isBackwards = (loop: Loop | null): boolean =>
    loop?.head.kind === "counted" && write?.loop?.head.kind === "counted"
      ? loop.head.step > 0 !== write.loop.head.step > 0
      : false;
  return write?.instr.kind !== "push" && reads.every(({ loop }) => isBackwards(loop));
}

function referenceOf(instr: Instr): Value | null {
  switch (instr.kind) {
    case "load":
    case "store":
      return instr.place.ref;
    case "push":
    case "pop":
      return instr.ref;
    default:
      return null;
  }
}

function holdsNumbers({ out }: Alloc): boolean {
  const shape = out.type.kind === "ref" ? out.type.shape : null;
  return shape?.kind === "array" && (shape.element.kind === "real" || shape.element.kind === "int");
}

/** Tapes that are made, written and read in the same blocks. */
function groupTapes(usages: readonly Usage[]): readonly (readonly Usage[])[] {
  const blocks = new Map<Block, number>();
  const numberOf = (block: Block): number => {
    const known = blocks.get(block) ?? blocks.size;
    blocks.set(block, known);
    return known;
  };
  const groups = new Map<string, Usage[]>();
  for (const usage of usages) {
    const { write, reads, init } = usage;
    if (!usage.isPlain || write === null || reads.length === 0) continue;
    const capacity =
      init.capacity?.kind === "value" ? `v${String(init.capacity.id)}` : init.capacity?.spelling;
    const key = [
      ...[usage.home, write.block].map(numberOf),
      ...[init.access, write.instr.kind, capacity ?? "growing", isReadBackwards(usage) ? "stack" : "index"],
      ...reads.map(({ block }) => numberOf(block)).sort((a, b) => a - b),
    ].join(" ");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [usage]);
    else group.push(usage);
  }
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => group.sort((a, b) => (a.write?.position ?? 0) - (b.write?.position ?? 0)));
}

class Merger {
  readonly #builder: Builder;
  readonly #recordOf = new Map<ValueId, Record>();
  readonly #pending: ReadonlyMap<ValueId, readonly Usage[]>;

  constructor(func: Func, groups: readonly (readonly Usage[])[]) {
    this.#builder = new Builder(lastId(func) + 1, lastRegion(func) + 1);
    this.#pending = new Map(
      groups.flatMap((group) => group.map((usage) => [usage.alloc.out.id, group] as const)),
    );
  }

  block(block: Block): Block {
    const read = new Set<Record>();
    return {
      instrs: block.instrs.flatMap((instr) =>
        this.#instr(
          mapBlocks(instr, (inner) => this.block(inner)),
          read,
        ),
      ),
      end: block.end,
    };
  }

  /** `read` are the records that the block has read already. */
  #instr(instr: Instr, read: Set<Record>): readonly Instr[] {
    if (instr.kind === "alloc") return this.#alloc(instr);
    const ref = referenceOf(instr);
    const record = ref === null ? undefined : this.#recordOf.get(ref.id);
    if (record === undefined || ref === null) return [instr];
    switch (instr.kind) {
      case "push":
        return [{ ...instr, ref: record.ref }];
      case "store": {
        const { value, statement, span, sweep } = instr;
        if (record.access === "index") return this.#entry(instr, ref, record);
        return [{ kind: "push", ref: record.ref, value, statement, span, sweep }];
      }
      case "load":
      case "pop":
        if (instr.kind === "load" && instr.place.step.kind === "field") return this.#length(instr, record);
        if (record.access === "index" && instr.kind === "load") return this.#entry(instr, ref, record);
        if (read.has(record)) return [];
        read.add(record);
        return this.#pops(instr, record);
      default:
        return [instr];
    }
  }

  /** The first of the tapes makes room for all. */
  #alloc(instr: Alloc): readonly Instr[] {
    const members = this.#pending.get(instr.out.id);
    if (members === undefined) return [instr];
    if (this.#recordOf.has(instr.out.id)) return [];
    const [first] = members;
    if (first === undefined || instr.out.type.kind !== "ref") return [instr];
    const { capacity } = first.init;
    const access = isReadBackwards(first) ? "stack" : "index";
    const shape = recordShape(members) ?? instr.out.type.shape;
    const builder = this.#builder;
    const made: Value[] = [];
    const instrs = builder.detached(() => {
      const width = number(members.length);
      const total = capacity === null ? null : builder.apply(mul, [width, capacity], {}, capacity.type);
      made.push(builder.alloc(shape, { kind: "tape", access, capacity: total }, { hint: suggested("tape") }));
    });
    const [ref] = made;
    if (ref === undefined) return [instr];
    const record: Record = { members, ref, access };
    for (const member of members) this.#recordOf.set(member.alloc.out.id, record);
    return instrs;
  }

  /** All values of the record, the last one first. */
  #pops(first: Instr, record: Record): readonly Instr[] {
    const reads = record.members.map((member) => member.reads.find(({ instr }) => sameOut(instr, first)));
    const block = reads.find((read) => read !== undefined)?.block;
    return record.members.toReversed().flatMap((member) => {
      const read = member.reads.find((candidate) => candidate.block === block);
      return read === undefined ? [] : [{ kind: "pop", out: read.instr.out, ref: record.ref } as const];
    });
  }

  #entry(instr: Load | Store, ref: Value, record: Record): readonly Instr[] {
    const offset = record.members.findIndex(({ alloc }) => alloc.out.id === ref.id);
    const { step } = instr.place;
    if (step.kind !== "index") return [instr];
    const builder = this.#builder;
    const at: Value[] = [];
    const origin: Origin = { sweep: instr.kind === "load" ? instr.out.sweep : instr.sweep };
    const before = builder.detached(() => {
      const start = builder.apply(mul, [number(record.members.length), step.index], origin, int);
      at.push(offset === 0 ? start : builder.apply(add, [start, number(offset)], origin, int));
    });
    const [index] = at;
    if (index === undefined) return [instr];
    return [...before, { ...instr, place: { ref: record.ref, step: { kind: "index", index } } }];
  }

  #length(instr: Load, record: Record): readonly Instr[] {
    const builder = this.#builder;
    const found: Value[] = [];
    const before = builder.detached(() => {
      found.push(builder.load(record.ref, { kind: "field", name: "length" }, int, { sweep: "backward" }));
    });
    const [length] = found;
    if (length === undefined) return [instr];
    const args = [length, whole(record.members.length)];
    return [...before, { kind: "apply", out: instr.out, op: div, args }];
  }
}

/** Numbers of any kind where the tapes do not agree. */
function recordShape(members: readonly Usage[]): MemoryShape | null {
  const shapes = members.flatMap(({ alloc: { out } }) => (out.type.kind === "ref" ? [out.type.shape] : []));
  return shapes.find((shape) => shape.kind === "array" && shape.element.kind === "real") ?? shapes[0] ?? null;
}

function sameOut(a: Load | Pop, b: Instr): boolean {
  return outsOf(b).some(({ id }) => id === a.out.id);
}
