/**
 * Removes what nobody reads: instructions, results of `if`s and loops, writes to memory that is not read, and what is
 * empty then. First everything that is needed is marked, beginning with what is returned; then the rest is left out.
 */
import { atomsOf, endAtoms, initAtoms, outsOf } from "../ir/visit.js";
import type { Atom, Block, End, Func, If, Instr, Loop, RegionId, ValueId } from "../ir/types.js";
import { findContained } from "../ir/contained.js";
import { regionOf } from "../ir/places.js";
import { isOfLibrary } from "../ir/foreign.js";

export function removeDeadCode(func: Func): Func {
  const marks = new Marks(func);
  return { ...func, body: sweepBlock(func.body, marks) };
}

class Marks {
  readonly #values = new Set<ValueId>();
  /** Memory that something reads. */
  readonly #regions = new Set<RegionId>();
  /** Memory that is handed on as a whole. */
  readonly #whole = new Set<RegionId>();
  readonly #instrs = new Set<Instr>();
  #changed = true;

  /** What lies in memory of a region. */
  readonly #below: ReadonlyMap<RegionId, ReadonlySet<RegionId>>;

  constructor(func: Func) {
    this.#below = findContained(func);
    // Whoever calls the function sees what it writes there.
    for (const { value } of func.params) {
      const region = regionOf(value);
      if (region !== null) this.#readAll(region);
    }
    while (this.#changed) {
      this.#changed = false;
      this.#block(func.body);
    }
  }

  isRead(id: ValueId): boolean {
    return this.#values.has(id);
  }

  isNeeded(instr: Instr): boolean {
    return this.#instrs.has(instr);
  }

  /** True if something in the block is needed. */
  #block(block: Block): boolean {
    let needed = block.end.kind !== "yield";
    if (block.end.kind !== "yield") for (const atom of endAtoms(block.end)) this.#read(atom);
    for (let i = block.instrs.length - 1; i >= 0; i--) {
      const instr = block.instrs[i];
      if (instr !== undefined && this.#visit(instr)) needed = true;
    }
    return needed;
  }

  #visit(instr: Instr): boolean {
    const needed = this.#isWanted(instr);
    if (!needed) return false;
    if (!this.#instrs.has(instr)) {
      this.#instrs.add(instr);
      this.#changed = true;
    }
    return true;
  }

  #isWanted(instr: Instr): boolean {
    switch (instr.kind) {
      case "apply":
        if (!this.#isAnyRead(instr) && (!instr.op.impure || instr.op.reads)) return false;
        instr.args.forEach((arg) => {
          this.#read(arg);
          if (instr.op.reads) this.#readRegion(arg);
        });
        return true;
      case "load":
        if (!this.#isAnyRead(instr)) return false;
        this.#readRegion(instr.place.ref);
        atomsOf(instr).forEach((atom) => {
          this.#base(atom);
        });
        return true;
      case "alloc":
        if (!this.#isAnyRead(instr)) return false;
        this.#alloc(instr);
        return true;
      case "store":
      case "push": {
        const ref = instr.kind === "store" ? instr.place.ref : instr.ref;
        if (!this.#isRegionRead(ref)) return false;
        this.#read(instr.value);
        atomsOf(instr).forEach((atom) => {
          this.#base(atom);
        });
        return true;
      }
      case "pop":
        if (!this.#isAnyRead(instr) && !this.#isRegionRead(instr.ref)) return false;
        this.#readRegion(instr.ref);
        this.#base(instr.ref);
        return true;
      case "foreign":
        // A derivative by hand is only asked for its numbers, the library for a text; anything else may have an effect.
        if ((instr.sweep === "backward" || isOfLibrary(instr)) && !this.#isAnyRead(instr)) return false;
        instr.args.forEach((arg) => {
          this.#read(arg);
        });
        return true;
      case "if":
        return this.#if(instr);
      case "loop":
        return this.#loop(instr);
      case "guard":
        this.#block(instr.body);
        this.#read(instr.test);
        return true;
      case "call": {
        const changed = [...instr.writes, ...instr.resizes].some((region) => this.#regions.has(region));
        if (!this.#isAnyRead(instr) && !changed) return false;
        atomsOf(instr).forEach((atom) => {
          this.#read(atom);
        });
        // What runs backward begins with the cotangents that it finds in the memory that it changes.
        if (instr.callee.kind === "lambda") for (const region of instr.writes) this.#readAll(region);
        return true;
      }
      case "order":
        if (!this.#isAnyRead(instr)) return false;
        this.#base(instr.of);
        this.#readRegion(instr.of);
        endAtoms(instr.body.end).forEach((atom) => {
          this.#read(atom);
        });
        this.#block(instr.body);
        return true;
      case "lambda":
        if (!this.#isAnyRead(instr)) return false;
        endAtoms(instr.body.end).forEach((atom) => {
          this.#read(atom);
        });
        this.#block(instr.body);
        return true;
    }
  }

  #alloc({ init, out }: Extract<Instr, { kind: "alloc" }>): void {
    for (const atom of initAtoms(init)) {
      // What is put into memory that is written to only needs to be there.
      if (regionOf(atom) === null || this.#isRegionRead(out)) this.#read(atom);
      else this.#base(atom);
    }
  }

  #if({ test, consequent, alternate, outs }: If): boolean {
    for (const { end } of [consequent, alternate])
      this.#yields(
        end,
        outs.map(({ id }) => id),
        0,
      );
    const first = this.#block(consequent);
    const second = this.#block(alternate);
    const needed = first || second || outs.some(({ id }) => this.#values.has(id));
    if (needed) this.#read(test);
    return needed;
  }

  #loop({ head, carried, body }: Loop): boolean {
    for (const { param, out, init } of carried) {
      if (!this.#values.has(param.id) && !this.#values.has(out.id)) continue;
      this.#read(param);
      this.#read(init);
    }
    const { end } = body;
    this.#yields(
      end,
      carried.map(({ param }) => param.id),
      1,
    );
    const inside = this.#block(body);
    const needed = inside || carried.some(({ out }) => this.#values.has(out.id));
    if (!needed) return false;
    if (end.kind === "yield" && end.values[0] !== undefined) this.#read(end.values[0]);
    if (head.kind === "counted")
      [head.from, head.to].forEach((atom) => {
        this.#read(atom);
      });
    if (head.kind === "while") {
      endAtoms(head.test.end).forEach((atom) => {
        this.#read(atom);
      });
      this.#block(head.test);
    }
    return true;
  }

  #yields(end: End, ids: readonly ValueId[], offset: number): void {
    if (end.kind !== "yield") return;
    ids.forEach((id, index) => {
      const atom = end.values[index + offset];
      if (atom !== undefined && this.#values.has(id)) this.#read(atom);
    });
  }

  #isAnyRead(instr: Instr): boolean {
    return outsOf(instr).some(({ id }) => this.#values.has(id));
  }

  #isRegionRead(ref: Atom): boolean {
    const region = regionOf(ref);
    return region === null || this.#regions.has(region);
  }

  /** The value is read; memory that it refers to may be read by whoever gets it. */
  #read(atom: Atom): void {
    this.#base(atom);
    const region = regionOf(atom);
    if (region !== null) this.#readAll(region);
  }

  #readAll(region: RegionId): void {
    if (this.#whole.has(region)) return;
    this.#whole.add(region);
    this.#regions.add(region);
    this.#changed = true;
    for (const inner of this.#below.get(region) ?? []) this.#readAll(inner);
  }

  /** The value is needed to write to the memory that it refers to. */
  #base(atom: Atom): void {
    if (atom.kind !== "value" || this.#values.has(atom.id)) return;
    this.#values.add(atom.id);
    this.#changed = true;
  }

  #readRegion(atom: Atom): void {
    const region = regionOf(atom);
    if (region === null || this.#regions.has(region)) return;
    this.#regions.add(region);
    this.#changed = true;
  }
}

function sweepBlock(block: Block, marks: Marks): Block {
  return {
    instrs: block.instrs.flatMap((instr) => (marks.isNeeded(instr) ? [sweepInstr(instr, marks)] : [])),
    end: block.end,
  };
}

function sweepInstr(instr: Instr, marks: Marks): Instr {
  switch (instr.kind) {
    case "if":
      return sweepIf(instr, marks);
    case "loop":
      return sweepLoop(instr, marks);
    case "guard":
    case "lambda":
    case "order":
      return { ...instr, body: sweepBlock(instr.body, marks) };
    case "call": {
      const keep = instr.outs.map(({ id }) => marks.isRead(id));
      return {
        ...instr,
        outs: instr.outs.filter((_, index) => keep[index] === true),
        fields: instr.fields?.filter((_, index) => keep[index] === true) ?? null,
      };
    }
    default:
      return instr;
  }
}

function sweepIf(instr: If, marks: Marks): Instr {
  const keep = instr.outs.map(({ id }) => marks.isRead(id));
  const arm = (block: Block): Block => sweepBlock({ ...block, end: pick(block.end, keep) }, marks);
  return {
    ...instr,
    consequent: arm(instr.consequent),
    alternate: arm(instr.alternate),
    outs: instr.outs.filter((_, index) => keep[index] === true),
  };
}

function sweepLoop(instr: Loop, marks: Marks): Instr {
  const keep = instr.carried.map(({ param, out }) => marks.isRead(param.id) || marks.isRead(out.id));
  const { head, body } = instr;
  return {
    ...instr,
    head: head.kind === "while" ? { ...head, test: sweepBlock(head.test, marks) } : head,
    carried: instr.carried.filter((_, index) => keep[index] === true),
    body: sweepBlock({ ...body, end: pick(body.end, [true, ...keep]) }, marks),
  };
}

function pick(end: End, keep: readonly boolean[]): End {
  if (end.kind !== "yield") return end;
  return { kind: "yield", values: end.values.filter((_, index) => keep[index] === true) };
}
