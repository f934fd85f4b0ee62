/** From the result back. */
import { reachedFrom } from "../ir/contained.js";
import { regionOf } from "../ir/places.js";
import { atomsOf, endAtoms, forEachBlock, forEachInstr, initAtoms, outsOf } from "../ir/visit.js";
import type { Atom, Block, Call, Foreign, Func, Init, Instr, Loop, Value, ValueId } from "../ir/types.js";
import { isFlatZero, partialsOf } from "../ops/partials.js";
import { cellOf, elements, entryCell } from "./cells.js";
import { ruledArguments } from "./foreign.js";
import { MarkedCells } from "./marked-cells.js";
import { type CallSummary, type Calls, noCalls } from "./summaries.js";

/** What the result's derivative flows through, or all that its value is computed from. */
export class Backward {
  readonly useful = new Set<ValueId>();
  readonly cells = new MarkedCells();
  readonly #func: Func;
  readonly #asData: boolean;
  readonly #calls: Calls;
  /** The results that somebody wants. */
  readonly #wanted: ReadonlySet<number> | null;
  #changed = true;

  constructor(func: Func, asData = false, { own, ...calls }: Calls & { own: CallSummary | null } = noCalls) {
    this.#func = func;
    this.#asData = asData;
    this.#calls = calls;
    this.#wanted = own?.results ?? null;
    for (const index of own?.kept ?? []) this.#keep(func.params[index]?.value);
    while (this.#changed) {
      this.#changed = false;
      this.#block(func.body);
    }
  }

  /** The parameter, or something read from it, is useful. */
  uses(param: Value): boolean {
    if (this.useful.has(param.id)) return true;
    const refs = new Set<ValueId>([param.id]);
    let found = false;
    forEachInstr(this.#func.body, (instr) => {
      if (instr.kind === "load" && refs.has(instr.place.ref.id)) {
        refs.add(instr.out.id);
        found ||= this.useful.has(instr.out.id);
      } else if (
        instr.kind !== "guard" &&
        atomsOf(instr).some((atom) => atom.kind === "value" && refs.has(atom.id))
      ) {
        for (const out of outsOf(instr)) {
          found ||= this.useful.has(out.id);
          if (regionOf(out) === null) continue;
          // Handed on as a whole: anything may be read from it there.
          found = true;
        }
        found ||= instr.kind === "store" || instr.kind === "push";
      }
    });
    forEachBlock(this.#func.body, ({ end }) => {
      found ||= endAtoms(end).some(
        (atom) => regionOf(atom) !== null && atom.kind === "value" && refs.has(atom.id),
      );
    });
    return found;
  }

  /** The value, or some of the memory that it leads to, is useful. */
  reaches(value: Value): boolean {
    if (regionOf(value) === null) return this.useful.has(value.id);
    return [...reachedFrom(this.#calls.contained, [value])].some((region) => this.cells.touches(region));
  }

  /** All memory that the value leads to. */
  #keep(atom: Atom | undefined): void {
    if (atom === undefined || regionOf(atom) === null) return;
    for (const region of reachedFrom(this.#calls.contained, [atom]))
      if (this.cells.markWhole(region)) this.#changed = true;
  }

  #call({ callee, args, outs }: Call): void {
    const known = callee.kind === "function" ? this.#calls.summaries.get(callee.name) : undefined;
    const note = (set: Set<number> | undefined, index: number): void => {
      if (set === undefined || set.has(index)) return;
      set.add(index);
      this.#changed = true;
    };
    const wanted = outs.map((out) => this.reaches(out));
    wanted.forEach((is, index) => {
      if (is) note(known?.results, index);
    });
    const kept = args.map((arg) => arg.kind === "value" && regionOf(arg) !== null && this.reaches(arg));
    kept.forEach((is, index) => {
      if (is) note(known?.kept, index);
    });
    if (!wanted.includes(true) && !kept.includes(true)) return;
    args.forEach((arg, index) => {
      if (known !== undefined && !this.#asData && !known.useful.has(index)) return;
      this.#mark(arg);
      this.#keep(arg);
    });
  }

  /** What a derivative by hand takes of the result goes to all that the arguments lead to. */
  #foreign(instr: Foreign): void {
    const { out, args } = instr;
    if (out === null || !this.reaches(out)) return;
    const taken = this.#asData ? args : ruledArguments(instr).map(({ arg }) => arg);
    for (const arg of taken) {
      this.#mark(arg);
      this.#keep(arg);
    }
  }

  #block(block: Block): void {
    if (block.end.kind === "return") {
      block.end.values.forEach((atom, index) => {
        if (this.#wanted !== null && !this.#wanted.has(index)) return;
        this.#mark(atom);
        if (this.#wanted !== null) this.#keep(atom);
      });
    }
    for (let i = block.instrs.length - 1; i >= 0; i--) {
      const instr = block.instrs[i];
      if (instr !== undefined) this.#instr(instr);
    }
  }

  #instr(instr: Instr): void {
    switch (instr.kind) {
      case "call":
        this.#call(instr);
        return;
      case "lambda":
      case "order":
        return;
      case "foreign":
        this.#foreign(instr);
        return;
      case "apply": {
        if (!this.useful.has(instr.out.id)) return;
        const partials = partialsOf(instr);
        instr.args.forEach((arg, i) => {
          const partial = partials?.[i];
          if (this.#asData || (partial !== undefined && !isFlatZero(partial))) this.#mark(arg);
        });
        return;
      }
      case "load":
        if (this.useful.has(instr.out.id))
          this.#markCell(instr.place.ref, cellOf(instr.place.ref, instr.place.step));
        return;
      case "store":
        this.#stored(instr.place.ref, cellOf(instr.place.ref, instr.place.step), instr.value);
        return;
      case "push":
        this.#stored(instr.ref, elements, instr.value);
        return;
      case "pop":
        if (this.useful.has(instr.out.id)) this.#markCell(instr.ref, elements);
        return;
      case "alloc":
        this.#alloc(instr.out, instr.init);
        return;
      case "if":
        instr.outs.forEach((out, index) => {
          if (!this.useful.has(out.id)) return;
          for (const arm of [instr.consequent, instr.alternate])
            if (arm.end.kind === "yield") this.#mark(arm.end.values[index]);
        });
        this.#block(instr.consequent);
        this.#block(instr.alternate);
        return;
      case "loop":
        this.#loop(instr);
        return;
      case "guard":
        this.#block(instr.body);
    }
  }

  #loop({ carried, body }: Loop): void {
    carried.forEach(({ param, out, init }, index) => {
      if (!this.useful.has(out.id) && !this.useful.has(param.id)) return;
      this.#mark(param);
      this.#mark(init);
      if (body.end.kind === "yield") this.#mark(body.end.values[index + 1]);
    });
    this.#block(body);
  }

  #alloc(out: Value, init: Init): void {
    switch (init.kind) {
      case "object":
        for (const { name, value } of init.entries) this.#stored(out, entryCell(out, name), value);
        return;
      case "elements":
      case "filled":
        for (const value of initAtoms(init)) this.#stored(out, elements, value);
        return;
      case "slice":
      case "view":
      case "clone": {
        const [from, to] = [regionOf(init.of), regionOf(out)];
        if (from === null || to === null) return;
        if (this.cells.isWhole(to) || (init.kind === "clone" && this.#isUsefulBehind(out)))
          this.#keep(init.of);
        for (const cell of [...this.cells.of(to)]) this.#markCell(init.of, cell);
        return;
      }
      case "listing":
      case "zeros":
      case "closed":
      case "tape":
        return;
    }
  }

  /** Memory of the copy is useful, deeper than its own cells. */
  #isUsefulBehind(copy: Value): boolean {
    const own = regionOf(copy);
    return [...reachedFrom(this.#calls.contained, [copy])].some(
      (region) => region !== own && this.cells.touches(region),
    );
  }

  #stored(ref: Value, cell: string, value: Atom): void {
    const region = regionOf(ref);
    if (region === null || !this.cells.has(region, cell)) return;
    this.#mark(value);
    if (this.cells.isWhole(region)) this.#keep(value);
  }

  #mark(atom: Atom | undefined): void {
    if (atom?.kind !== "value" || this.useful.has(atom.id)) return;
    this.useful.add(atom.id);
    this.#changed = true;
  }

  #markCell(ref: Value, cell: string): void {
    const region = regionOf(ref);
    if (region !== null && this.cells.mark(region, cell)) this.#changed = true;
  }
}
