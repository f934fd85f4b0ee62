/**
 * Which references to memory have to allow for writing, where the same memory goes by `readonly` types elsewhere: those
 * that the function writes through, and all that they come from.
 */
import { forEachInstr } from "../../ir/visit.js";
import { isMemory, unfolded } from "../../ir/shapes.js";
import { regionOf } from "../../ir/places.js";
import type {
  Atom,
  Block,
  Init,
  Instr,
  RegionId,
  Shape,
  Step,
  Type,
  Value,
  ValueId,
} from "../../ir/types.js";
import { copy, narrow, select } from "../../ops/scalar.js";
import { type PendingCall, parametersOf } from "../functions/companions.js";
import type { Regions } from "../types/regions.js";

export interface Writable {
  value(id: ValueId): boolean;
  cell(region: RegionId, cell: string): boolean;
}

/** What a function returns. */
export interface DeclaredResult {
  readonly type: Type;
  /** Its text is not the user's: it says `readonly` of nothing that is written to. */
  readonly isSpelled: boolean;
}

/** Of a function with that body and that result. */
export function writableIn(
  body: Block,
  regions: Regions,
  calls: readonly PendingCall[],
  result: DeclaredResult | null,
): Writable {
  const flow = new Flow(regions);
  forEachInstr(body, (instr) => {
    flow.addInstr(instr);
  });
  for (const { unit, callee, call } of calls) {
    if (unit.regions !== regions) continue;
    parametersOf(callee).forEach(({ value }, i) => {
      const arg = call.args[i];
      if (arg?.kind === "value") flow.wantAs(value.type, arg);
    });
  }
  if (result !== null) for (const atom of returnedBy(body)) flow.wantAs(result.type, atom, result.isSpelled);
  return flow.settled();
}

class Flow {
  readonly #regions: Regions;
  readonly #from = new Map<string, Set<string>>();
  readonly #wanted = new Set<string>();

  constructor(regions: Regions) {
    this.#regions = regions;
  }

  addInstr(instr: Instr): void {
    switch (instr.kind) {
      case "apply":
        if (instr.op === copy || instr.op === narrow || instr.op === select)
          for (const arg of instr.args) this.#toValue(instr.out, arg);
        return;
      case "load":
        this.#add(valueNode(instr.out.id), this.#cellAt(instr.place.ref, instr.place.step));
        return;
      case "store":
        this.#wanted.add(valueNode(instr.place.ref.id));
        this.#toCell(this.#cellAt(instr.place.ref, instr.place.step), instr.value);
        return;
      case "push":
        this.#wanted.add(valueNode(instr.ref.id));
        this.#toCell(this.#cellOf(instr.ref, elements), instr.value);
        return;
      case "pop":
        this.#wanted.add(valueNode(instr.ref.id));
        this.#add(valueNode(instr.out.id), this.#cellOf(instr.ref, elements));
        return;
      case "alloc":
        this.#addInit(instr.out, instr.init);
        return;
      case "if":
        for (const { end } of [instr.consequent, instr.alternate]) {
          if (end.kind === "yield") this.#toValues(instr.outs, end.values);
        }
        return;
      case "loop": {
        const { end } = instr.body;
        for (const { param, init, out } of instr.carried) {
          this.#toValue(param, init);
          this.#toValue(out, param);
        }
        // First comes whether to go on.
        if (end.kind === "yield")
          this.#toValues(
            instr.carried.map(({ param }) => param),
            end.values.slice(1),
          );
        return;
      }
      case "foreign":
        for (const arg of instr.args) if (arg.kind === "value") this.wantAs(arg.type, arg);
        return;
      case "guard":
      case "call":
      case "lambda":
      case "order":
        return;
    }
  }

  /** The value goes where the type is wanted. */
  wantAs(type: Type, value: Value, isSpelled = false): void {
    const inner = type.kind === "maybe" ? type.type : type;
    const region = regionOf(value);
    if (inner.kind === "ref" && region !== null)
      this.#want(inner.shape, region, valueNode(value.id), isSpelled);
  }

  #want(whole: Shape, region: RegionId, node: string, isSpelled: boolean): void {
    const shape = whole.kind === "maybe" ? whole.shape : whole;
    const isWritten = isSpelled && this.#regions.writtenAt(region) !== null;
    if (shape.kind !== "object" && isMemory(shape) && (isWritten || shape.isReadonly !== true))
      this.#wanted.add(node);
    for (const [cell, inner] of cellsIn(shape)) {
      const isHeld = inner.kind === "maybe" ? isMemory(inner.shape) : isMemory(inner);
      if (isHeld && this.#regions.cellsOf(region).includes(cell))
        this.#want(inner, this.#regions.child(region, cell), this.#cell(region, cell), isSpelled);
    }
  }

  settled(): Writable {
    const seen = new Set<string>();
    const open = [...this.#wanted];
    for (let each = open.pop(); each !== undefined; each = open.pop()) {
      if (seen.has(each)) continue;
      seen.add(each);
      open.push(...(this.#from.get(each) ?? []));
    }
    return {
      value: (id) => seen.has(valueNode(id)),
      cell: (region, cell) => seen.has(this.#cell(region, cell)),
    };
  }

  #addInit(out: Value, init: Init): void {
    switch (init.kind) {
      case "object":
        for (const { name, value } of init.entries) this.#toCell(this.#cellOf(out, name), value);
        return;
      case "elements":
        for (const value of init.elements) this.#toCell(this.#cellOf(out, elements), value);
        return;
      case "filled":
        this.#toCell(this.#cellOf(out, elements), init.value);
        return;
      case "slice":
      case "clone": {
        const [to, from] = [regionOf(out), regionOf(init.of)];
        if (to === null || from === null) return;
        for (const cell of this.#regions.cellsOf(from))
          this.#add(this.#cell(to, cell), this.#cell(from, cell));
        return;
      }
      case "view":
        this.#toValue(out, init.of);
        return;
      case "listing":
      case "tape":
      case "zeros":
      case "closed":
        return;
    }
  }

  #toValues(outs: readonly Value[], from: readonly Atom[]): void {
    outs.forEach((out, i) => {
      this.#toValue(out, from[i]);
    });
  }

  #toValue(out: Value, from: Atom | undefined): void {
    if (from?.kind === "value" && regionOf(out) !== null) this.#add(valueNode(out.id), valueNode(from.id));
  }

  #toCell(cell: string, from: Atom): void {
    if (from.kind === "value" && regionOf(from) !== null) this.#add(cell, valueNode(from.id));
  }

  #add(to: string, from: string): void {
    this.#from.set(to, (this.#from.get(to) ?? new Set()).add(from));
  }

  #cellAt(ref: Value, step: Step): string {
    return this.#cellOf(ref, step.kind === "field" ? step.name : elements);
  }

  #cellOf(ref: Value, cell: string): string {
    return this.#cell(regionOf(ref) ?? -1, cell);
  }

  /** All elements are one cell. */
  #cell(region: RegionId, cell: string): string {
    const name = /^\d+$/u.test(cell) ? elements : cell;
    return `${String(this.#regions.canonical(region))}.${name}`;
  }
}

const elements = "*";

function valueNode(id: ValueId): string {
  return String(id);
}

function cellsIn(shape: Shape): readonly (readonly [string, Shape])[] {
  const whole = unfolded(shape);
  if (whole.kind === "array") return [[elements, whole.element]];
  if (whole.kind === "tuple") return whole.elements.map((element, i) => [String(i), element]);
  // The text of a type that has a name is the user's.
  return whole.kind === "object" && whole.named === undefined
    ? whole.fields.map(({ name, shape: field }) => [name, field])
    : [];
}

function returnedBy(body: Block): readonly Value[] {
  const ends = [body.end];
  forEachInstr(body, (instr) => {
    if (instr.kind === "guard") ends.push(instr.body.end);
    if (instr.kind === "if") ends.push(instr.consequent.end, instr.alternate.end);
  });
  return ends.flatMap((end) =>
    end.kind === "return" ? end.values.flatMap((value) => (value.kind === "value" ? [value] : [])) : [],
  );
}
