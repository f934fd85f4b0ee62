/**
 * Texts for what is computed, the same for what is the same: of arithmetic on what does not change, and of reads of what
 * the function does not write to. Other values stand for themselves, `v12;`, and what counts in a loop as `#12;`.
 */
import { whole } from "../../ir/builder.js";
import { isLength, regionOf, writtenRegions } from "../../ir/places.js";
import type {
  Apply,
  Atom,
  Block,
  Instr,
  Load,
  Loop,
  Place,
  RegionId,
  Value,
  ValueId,
} from "../../ir/types.js";
import { forEachInstr } from "../../ir/visit.js";
import type { Range } from "./coverage.js";

/** A number as a text and what is added to it; a literal has no text. */
export interface Bound {
  readonly base: string;
  readonly offset: number;
  /** All of it. */
  readonly text: string;
  /** Of what counts: the loop. */
  readonly range: Range | null;
  /** The array whose length it is, more or less. */
  readonly lengthOf: string | null;
}

const longest = 400;

/** What values are made of, in a function. */
export class Forms {
  readonly #made = new Map<ValueId, Apply | Load>();
  /** How many elements arrays are made of that stay as long as they are. */
  readonly #lengths = new Map<ValueId, number>();
  readonly #ranges = new Map<ValueId, Range>();
  readonly #texts = new Map<ValueId, string>();
  /** Regions, and fields of theirs where only these are written to. */
  readonly #written = new Set<string>();
  readonly #canonical: (region: RegionId) => RegionId;

  constructor(blocks: readonly (readonly Instr[])[], canonical: (region: RegionId) => RegionId) {
    this.#canonical = canonical;
    const visit = (instr: Instr): void => {
      if (instr.kind === "apply" || instr.kind === "load") this.#made.set(instr.out.id, instr);
      const field =
        instr.kind === "store" && instr.place.step.kind === "field" ? instr.place.step.name : null;
      for (const region of writtenRegions(instr)) this.#written.add(cellName(canonical(region), field));
      if (instr.kind === "call")
        for (const region of instr.resizes) this.#written.add(cellName(canonical(region), null));
      const range = instr.kind === "loop" ? this.rangeOf(instr) : null;
      if (range !== null) this.#ranges.set(range.index.id, range);
    };
    const block = (instrs: readonly Instr[]): Block => ({ instrs, end: { kind: "yield", values: [] } });
    // What a loop counts is found by what it is made of.
    for (const instrs of blocks)
      forEachInstr(block(instrs), (instr) => {
        if (instr.kind === "apply" || instr.kind === "load") this.#made.set(instr.out.id, instr);
      });
    for (const instrs of blocks) forEachInstr(block(instrs), visit);
    for (const instrs of blocks) forEachInstr(block(instrs), (instr) => this.#noteLength(instr));
  }

  text(atom: Atom): string {
    if (atom.kind === "literal") return atom.value === undefined ? "undefined" : JSON.stringify(atom.value);
    const known = this.#texts.get(atom.id);
    if (known !== undefined) return known;
    const text = this.#textOf(atom);
    const short = text.length > longest ? `v${String(atom.id)};` : text;
    this.#texts.set(atom.id, short);
    return short;
  }

  cell({ ref, step }: Place): string {
    if (step.kind === "field") return `${this.text(ref)}.${step.name}`;
    return `${this.text(ref)}[${this.text(step.index)}]`;
  }

  /** The values of the index of a loop that counts; null for any other. */
  rangeOf({ head, carried, body }: Loop): Range | null {
    if (head.kind === "counted") return head;
    if (head.kind !== "while" || head.test.end.kind !== "yield" || body.end.kind !== "yield") return null;
    const [tested] = head.test.end.values;
    const test = tested?.kind === "value" ? this.#made.get(tested.id) : undefined;
    if (test?.kind !== "apply" || !["<", "<=", ">", ">="].includes(test.op.name)) return null;
    const [index, to] = test.args;
    const i = carried.findIndex(({ param }) => index?.kind === "value" && param.id === index.id);
    const next = body.end.values[i + 1];
    const own = carried[i];
    if (own === undefined || to === undefined || next === undefined) return null;
    const step = this.#stepTo(own.param, next);
    const isUp = test.op.name.startsWith("<");
    if (step === null || step === 0 || step > 0 !== isUp) return null;
    return { index: own.param, from: own.init, comparison: test.op.name, to, step };
  }

  /** `next` is one more than `value`. */
  isNext(value: Value, next: Atom): boolean {
    return this.#stepTo(value, next) === 1;
  }

  isAtMost(a: Bound, b: Bound): boolean {
    if (a.base === b.base) return a.offset <= b.offset;
    const [over, under] = [upper(this, a), lower(this, b)];
    return (over !== null && this.isAtMost(over, b)) || (under !== null && this.isAtMost(a, under));
  }

  isBelow(a: Bound, b: Bound): boolean {
    if (a.base === b.base) return a.offset < b.offset;
    const [over, under] = [upper(this, a), lower(this, b)];
    if (over !== null)
      if (a.range?.comparison === "<" ? this.isAtMost(over, b) : this.isBelow(over, b)) return true;
    return under !== null && this.isBelow(a, under);
  }

  /** What the value is a number more than. */
  split(atom: Atom): { readonly of: Atom; readonly offset: number } {
    const made = atom.kind === "value" ? this.#made.get(atom.id) : undefined;
    if (made?.kind === "load" && isLength(made.place)) {
      const length = this.#lengths.get(made.place.ref.id);
      if (length !== undefined) return { of: whole(length), offset: 0 };
    }
    if (made?.kind !== "apply") return { of: atom, offset: 0 };
    const [a, b] = made.args;
    if (a === undefined) return { of: atom, offset: 0 };
    if (made.op.name === "copy") return this.split(a);
    const inner = this.split(a);
    const by = b === undefined ? null : this.literal(b);
    if (by !== null && made.op.name === "+") return { of: inner.of, offset: inner.offset + by };
    if (by !== null && made.op.name === "-") return { of: inner.of, offset: inner.offset - by };
    return { of: atom, offset: 0 };
  }

  /** What is added up in it; nothing for what is no sum. */
  terms(atom: Atom): readonly Atom[] {
    const made = atom.kind === "value" ? this.#made.get(atom.id) : undefined;
    if (made?.kind !== "apply" || made.op.name !== "+") return [];
    return made.args.flatMap((arg) => [arg, ...this.terms(arg)]);
  }

  rangeAt(value: Value): Range | null {
    return this.#ranges.get(value.id) ?? null;
  }

  lengthOf(value: Value): string | null {
    const made = this.#made.get(value.id);
    if (made?.kind !== "load" || made.place.step.kind !== "field" || made.place.step.name !== "length")
      return null;
    return this.text(made.place.ref);
  }

  /** The place that a value is read from. */
  placeOf(value: Value): Place | null {
    const made = this.#made.get(value.id);
    return made?.kind === "load" ? made.place : null;
  }

  literal(atom: Atom): number | null {
    const { of, offset } = this.split(atom);
    return of.kind === "literal" && typeof of.value === "number" ? of.value + offset : null;
  }

  #stepTo(value: Value, next: Atom): number | null {
    const { of, offset } = this.split(next);
    return of.kind === "value" && of.id === value.id ? offset : null;
  }

  #noteLength(instr: Instr): void {
    if (instr.kind !== "alloc") return;
    const { init, out } = instr;
    const region = regionOf(out);
    const isFixed = isTyped(out) || (region !== null && !this.#isWritten(region, null));
    const length =
      init.kind === "elements"
        ? init.elements.length
        : init.kind === "filled"
          ? this.literal(init.length)
          : null;
    if (isFixed && length !== null) this.#lengths.set(out.id, length);
  }

  #textOf(value: Value): string {
    const literal = this.literal(value);
    if (literal !== null) return String(literal);
    if (this.#ranges.has(value.id)) return `#${String(value.id)};`;
    const made = this.#made.get(value.id);
    if (made?.kind === "apply" && made.op.name === "copy" && made.args[0] !== undefined)
      return this.text(made.args[0]);
    if (made?.kind === "apply" && !made.op.impure && !made.op.reads)
      return `${made.op.name}(${made.args.map((arg) => this.text(arg)).join()})`;
    if (made?.kind === "load" && this.#isFixed(made)) return this.cell(made.place);
    return `v${String(value.id)};`;
  }

  /** Nothing writes to the cell. References in the memory of modules are not replaced. */
  #isFixed({ place, out }: Load): boolean {
    const region = regionOf(place.ref);
    if (region === null || (place.step.kind === "index" && place.step.asks !== undefined)) return false;
    return (
      !this.#isWritten(region, place.step.kind === "field" ? place.step.name : null) ||
      (regionOf(out) === null && isLength(place) && isTyped(place.ref))
    );
  }

  #isWritten(region: RegionId, field: string | null): boolean {
    const own = this.#canonical(region);
    return this.#written.has(cellName(own, null)) || this.#written.has(cellName(own, field));
  }
}

/** All of a region where there is no field. */
function cellName(region: RegionId, field: string | null): string {
  return field === null ? String(region) : `${String(region)}.${field}`;
}

function isTyped({ type }: Value): boolean {
  const bare = type.kind === "maybe" ? type.type : type;
  if (bare.kind !== "ref" || bare.shape.kind !== "array") return false;
  const { storage } = bare.shape;
  return storage.endsWith("Array") && storage !== "Array";
}

/** The atom, with `past` added, as a bound. */
export function boundAt(forms: Forms, atom: Atom, past = 0): Bound {
  const { of, offset } = forms.split(atom);
  const all = offset + past;
  if (of.kind === "literal" && typeof of.value === "number") {
    const value = of.value + all;
    return { base: "", offset: value, text: String(value), range: null, lengthOf: null };
  }
  const base = forms.text(of);
  const range = of.kind === "value" ? forms.rangeAt(of) : null;
  const lengthOf = of.kind === "value" ? forms.lengthOf(of) : null;
  return { base, offset: all, text: `${base}+${String(all)}`, range, lengthOf };
}

/** What a bound that counts does not exceed. */
function upper(forms: Forms, { range, offset }: Bound): Bound | null {
  if (range === null) return null;
  return boundAt(forms, range.step > 0 ? range.to : range.from, offset);
}

/** What a bound that counts does not fall below. */
function lower(forms: Forms, { range, offset }: Bound): Bound | null {
  if (range === null) return null;
  return boundAt(forms, range.step > 0 ? range.from : range.to, offset);
}

/** The text with its ranges numbered in their order, so that it does not matter which loops they were. */
export function named(text: string): string {
  const order = new Map<string, number>();
  return text.replaceAll(/\{(\d+):/g, (_, id: string) => {
    const number = order.get(id) ?? order.size;
    order.set(id, number);
    return `{@${String(number)}:`;
  });
}
