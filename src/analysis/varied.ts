/** From the parameters on. */
import { reachedFrom } from "../ir/contained.js";
import { regionOf } from "../ir/places.js";
import { isMemory, shapeOfType, unfolded } from "../ir/shapes.js";
import type {
  Atom,
  Block,
  Call,
  Func,
  Init,
  Instr,
  Loop,
  RegionId,
  Shape,
  Value,
  ValueId,
} from "../ir/types.js";
import { forEachBlock } from "../ir/visit.js";
import { carries, cellOf, elements, entryCell, flows } from "./cells.js";
import { ruledArguments } from "./foreign.js";
import { MarkedCells } from "./marked-cells.js";
import { sharesObjects } from "./sharing.js";
import type { CallSummary, Calls } from "./summaries.js";

/** What depends on the differentiated parameters. */
export class Forward {
  readonly varied = new Set<ValueId>();
  readonly cells = new MarkedCells();
  #changed = true;

  readonly #calls: Calls;

  constructor(func: Func, { own = null, ...calls }: Calls & { readonly own?: CallSummary | null }) {
    this.#calls = calls;
    for (const param of func.params) if (param.wrt) this.#mark(param.value);
    if (own !== null && own.filled.size > 0) this.#fill(func, own);
    while (this.#changed) {
      this.#changed = false;
      this.#block(func.body);
    }
  }

  #block(block: Block): void {
    for (const instr of block.instrs) this.#instr(instr);
  }

  /** What callers put into what the function returns lies in its memory. */
  #fill(func: Func, { filled }: CallSummary): void {
    const { contained } = this.#calls;
    const outer = reachedFrom(
      contained,
      func.params.map(({ value }) => value),
    );
    // Where all that it returns are objects of their own, callers know as much of them.
    if (!sharesObjects(func, outer)) return;
    forEachBlock(func.body, ({ end }) => {
      if (end.kind !== "return") return;
      const given = end.values.filter((_, index) => filled.has(index));
      for (const region of reachedFrom(contained, given)) if (!outer.has(region)) this.#markRegion(region);
    });
  }

  /** Of a function that is not known, all that comes out may vary. */
  #call({ callee, args, outs, writes }: Call): void {
    const varied = args.map((arg) => this.variesIn(arg));
    const known = callee.kind === "function" ? this.#calls.summaries.get(callee.name) : undefined;
    outs.forEach((out, index) => {
      if (known === undefined || known.filled.has(index) || regionOf(out) === null) return;
      if (!mayMeet(shapeOfType(out.type)) || !this.variesIn(out)) return;
      known.filled.add(index);
      this.#changed = true;
    });
    varied.forEach((varies, index) => {
      if (!varies || known === undefined || known.varied.has(index)) return;
      known.varied.add(index);
      this.#changed = true;
    });
    if (!varied.includes(true)) return;
    outs.forEach((out, index) => {
      if (carries(out.type) && known?.given.has(index) !== false) this.#mark(out);
    });
    const left = args.filter((_, index) => known?.left.has(index) !== false);
    const reached = reachedFrom(this.#calls.contained, left);
    for (const region of writes) if (reached.has(region)) this.#markRegion(region);
  }

  /** The value varies, or some of the memory that it leads to. */
  variesIn(atom: Atom): boolean {
    if (atom.kind === "literal") return false;
    if (this.varied.has(atom.id)) return carries(atom.type);
    return [...reachedFrom(this.#calls.contained, [atom])].some((region) => this.cells.touches(region));
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
        if (instr.out !== null && ruledArguments(instr).some(({ arg }) => this.variesIn(arg)))
          this.#mark(instr.out);
        return;
      case "apply":
        if (carries(instr.out.type) && flows(instr, this.varied)) this.#mark(instr.out);
        return;
      case "load": {
        const region = regionOf(instr.place.ref);
        if (region === null || !carries(instr.out.type)) return;
        if (this.cells.has(region, cellOf(instr.place.ref, instr.place.step))) this.#mark(instr.out);
        return;
      }
      case "store":
        this.#put(instr.place.ref, cellOf(instr.place.ref, instr.place.step), instr.value);
        return;
      case "push":
        this.#put(instr.ref, elements, instr.value);
        return;
      case "pop": {
        const region = regionOf(instr.ref);
        if (region !== null && carries(instr.out.type) && this.cells.has(region, elements))
          this.#mark(instr.out);
        return;
      }
      case "alloc":
        this.#alloc(instr.out, instr.init);
        return;
      case "if":
        this.#block(instr.consequent);
        this.#block(instr.alternate);
        instr.outs.forEach((out, index) => {
          for (const arm of [instr.consequent, instr.alternate])
            if (arm.end.kind === "yield") this.#flow(arm.end.values[index], out);
        });
        return;
      case "loop":
        this.#loop(instr);
        return;
      case "guard":
        this.#block(instr.body);
    }
  }

  #loop({ carried, body }: Loop): void {
    for (const { init, param } of carried) this.#flow(init, param);
    this.#block(body);
    carried.forEach(({ param, out }, index) => {
      if (body.end.kind === "yield") this.#flow(body.end.values[index + 1], param);
      this.#flow(param, out);
    });
  }

  #alloc(out: Value, init: Init): void {
    switch (init.kind) {
      case "object":
        for (const { name, value } of init.entries) this.#put(out, entryCell(out, name), value);
        return;
      case "elements":
        for (const value of init.elements) this.#put(out, elements, value);
        return;
      case "filled":
        this.#put(out, elements, init.value);
        return;
      case "slice":
      case "view":
      case "clone": {
        const [from, to] = [regionOf(init.of), regionOf(out)];
        if (from === null || to === null) return;
        if (this.cells.isWhole(from)) this.#markRegion(to);
        else for (const cell of this.cells.of(from)) this.#markCell(to, cell);
        // Behind a deep copy lies memory of its own, with names only where it is read.
        if (init.kind === "clone" && this.#variesBehind(init.of)) this.#markRegion(to);
        return;
      }
      case "listing":
      case "zeros":
      case "closed":
      case "tape":
        return;
    }
  }

  /** Memory that the reference leads to varies, apart from that which it points to. */
  #variesBehind(ref: Value): boolean {
    const own = regionOf(ref);
    return [...reachedFrom(this.#calls.contained, [ref])].some(
      (region) => region !== own && this.cells.touches(region),
    );
  }

  #put(ref: Value, cell: string, value: Atom): void {
    const region = regionOf(ref);
    if (region === null || value.kind === "literal" || !this.varied.has(value.id)) return;
    if (regionOf(value) === null) this.#markCell(region, cell);
    // A reference that varies makes what is read through it vary, which its own region knows.
    else this.#mark(value);
  }

  #flow(from: Atom | undefined, to: Value): void {
    if (from?.kind === "value" && this.varied.has(from.id) && carries(to.type)) this.#mark(to);
  }

  #mark(value: Value): void {
    if (!this.varied.has(value.id)) {
      this.varied.add(value.id);
      this.#changed = true;
    }
    const region = regionOf(value);
    if (region !== null) this.#markRegion(region);
  }

  #markRegion(region: RegionId): void {
    if (this.cells.markWhole(region)) this.#changed = true;
  }

  #markCell(region: RegionId, cell: string): void {
    if (this.cells.mark(region, cell)) this.#changed = true;
  }
}

/** Two of the references in the memory may lead to one object. */
function mayMeet(shape: Shape): boolean {
  return referencesIn(shape) > 1;
}

function referencesIn(shape: Shape): number {
  switch (shape.kind) {
    case "maybe":
      return referencesIn(shape.shape);
    case "knot":
      return Infinity;
    case "array":
      return isReference(shape.element) ? Infinity : 0;
    case "tuple":
      return total(shape.elements);
    case "object":
      return shape.named === undefined ? total(shape.fields.map((field) => field.shape)) : Infinity;
    default:
      return 0;
  }
}

function total(cells: readonly Shape[]): number {
  return cells.reduce((sum, cell) => sum + (isReference(cell) ? 1 : 0) + referencesIn(cell), 0);
}

function isReference(cell: Shape): boolean {
  return isMemory(unfolded(cell.kind === "maybe" ? cell.shape : cell));
}
