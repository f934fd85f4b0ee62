/**
 * What carries a derivative. A value varies if it depends on a differentiated parameter; it is active if it also
 * reaches the result. Memory is judged cell by cell: one field of all objects of a region, all elements of its arrays.
 *
 * Both are least solutions, found by going over the function until nothing changes; loops make that a few rounds.
 */
import { regionOf } from "../ir/places.js";
import { atomsOf, endAtoms, forEachBlock, forEachInstr, initAtoms, outsOf } from "../ir/visit.js";
import type {
  Atom,
  Block,
  Func,
  Init,
  Instr,
  Loop,
  RegionId,
  Step,
  Type,
  Value,
  ValueId,
} from "../ir/types.js";
import { isFlatZero, partialsOf } from "../ops/partials.js";

export interface Activity {
  /** Ids of all varied values; references count as varied where what they point to may be. */
  readonly varied: ReadonlySet<ValueId>;
  /** Numbers that vary and reach the result. */
  readonly active: ReadonlySet<ValueId>;
  /** True for a cell of memory that may hold an active number. */
  readonly isActiveCell: (ref: Value, step: Step) => boolean;
  /** True if the region has an active cell. */
  readonly isActiveRegion: (region: RegionId) => boolean;
}

export function findActivity(func: Func): Activity {
  const forward = new Forward(func);
  const backward = new Backward(func);
  const active = new Set<ValueId>();
  for (const id of forward.varied) if (backward.useful.has(id)) active.add(id);
  const isActiveCell = (ref: Value, step: Step): boolean => {
    const region = regionOf(ref);
    if (region === null) return false;
    return (
      forward.varies(region, cellOf(ref, step)) && backward.cells.has(cellKey(region, cellOf(ref, step)))
    );
  };
  const regions = new Set<RegionId>();
  for (const key of backward.cells) {
    const [region, cell] = splitKey(key);
    if (forward.varies(region, cell)) regions.add(region);
  }
  return { varied: forward.varied, active, isActiveCell, isActiveRegion: (region) => regions.has(region) };
}

export function isVaried(atom: Atom, varied: ReadonlySet<ValueId>): boolean {
  return atom.kind === "value" && varied.has(atom.id);
}

/** From the parameters on. */
class Forward {
  readonly varied = new Set<ValueId>();
  readonly #cells = new Set<string>();
  /** Regions all of whose cells vary, and what they refer to. */
  readonly #whole = new Set<RegionId>();
  #changed = true;

  constructor(func: Func) {
    for (const param of func.params) if (param.wrt) this.#mark(param.value);
    while (this.#changed) {
      this.#changed = false;
      this.#block(func.body);
    }
  }

  varies(region: RegionId, cell: string): boolean {
    return this.#whole.has(region) || this.#cells.has(cellKey(region, cell));
  }

  #block(block: Block): void {
    for (const instr of block.instrs) this.#instr(instr);
  }

  #instr(instr: Instr): void {
    switch (instr.kind) {
      case "apply":
        if (carries(instr.out.type) && flows(instr, this.varied)) this.#mark(instr.out);
        return;
      case "load": {
        const region = regionOf(instr.place.ref);
        if (region === null || !carries(instr.out.type)) return;
        if (this.varies(region, cellOf(instr.place.ref, instr.place.step))) this.#mark(instr.out);
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
        if (region !== null && carries(instr.out.type) && this.varies(region, elements))
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
        if (this.#whole.has(from)) this.#markRegion(to);
        else if (this.#cells.has(cellKey(from, elements))) this.#markCell(to, elements);
        return;
      }
      case "listing":
      case "zeros":
      case "tape":
        return;
    }
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
    if (this.#whole.has(region)) return;
    this.#whole.add(region);
    this.#changed = true;
  }

  #markCell(region: RegionId, cell: string): void {
    const key = cellKey(region, cell);
    if (this.#cells.has(key)) return;
    this.#cells.add(key);
    this.#changed = true;
  }
}

/** From the result back: what its derivative flows through, or all that its value is computed from. */
export class Backward {
  readonly useful = new Set<ValueId>();
  readonly cells = new Set<string>();
  readonly #func: Func;
  readonly #asData: boolean;
  #changed = true;

  constructor(func: Func, asData = false) {
    this.#func = func;
    this.#asData = asData;
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

  #block(block: Block): void {
    if (block.end.kind === "return") for (const atom of block.end.values) this.#mark(atom);
    for (let i = block.instrs.length - 1; i >= 0; i--) {
      const instr = block.instrs[i];
      if (instr !== undefined) this.#instr(instr);
    }
  }

  #instr(instr: Instr): void {
    switch (instr.kind) {
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
        for (const key of [...this.cells]) {
          const [region, cell] = splitKey(key);
          if (region === to) this.#markCell(init.of, cell);
        }
        return;
      }
      case "listing":
      case "zeros":
      case "tape":
        return;
    }
  }

  #stored(ref: Value, cell: string, value: Atom): void {
    const region = regionOf(ref);
    if (region !== null && this.cells.has(cellKey(region, cell))) this.#mark(value);
  }

  #mark(atom: Atom | undefined): void {
    if (atom?.kind !== "value" || this.useful.has(atom.id)) return;
    this.useful.add(atom.id);
    this.#changed = true;
  }

  #markCell(ref: Value, cell: string): void {
    const region = regionOf(ref);
    if (region === null) return;
    const key = cellKey(region, cell);
    if (this.cells.has(key)) return;
    this.cells.add(key);
    this.#changed = true;
  }
}

/** Elements of arrays and tuples are one cell. */
const elements = "*";

/** The cell that an entry of a literal fills: those of a record are one. */
function entryCell({ type }: Value, name: string): string {
  return type.kind === "ref" && type.shape.kind === "array" ? elements : name;
}

/** The cell of a region that a step leads to. */
export function cellOf(ref: Value, step: Step): string {
  if (step.kind === "field") return step.name;
  const type = ref.type.kind === "maybe" ? ref.type.type : ref.type;
  const isObject = type.kind === "ref" && type.shape.kind === "object";
  return isObject && step.index.kind === "literal" ? String(step.index.value) : elements;
}

function cellKey(region: RegionId, cell: string): string {
  return `${String(region)}.${cell}`;
}

function splitKey(key: string): readonly [RegionId, string] {
  const dot = key.indexOf(".");
  return [Number(key.slice(0, dot)), key.slice(dot + 1)];
}

function flows(instr: Extract<Instr, { kind: "apply" }>, varied: ReadonlySet<ValueId>): boolean {
  if (!instr.args.some((arg) => isVaried(arg, varied))) return false;
  const partials = partialsOf(instr);
  return instr.args.some((arg, i) => {
    const partial = partials?.[i];
    return partial !== undefined && isVaried(arg, varied) && !isFlatZero(partial);
  });
}

/** A value of this type can carry a derivative, or point to something that does. */
function carries(type: Type): boolean {
  if (type.kind === "maybe") return carries(type.type);
  return type.kind === "real" || type.kind === "ref";
}
