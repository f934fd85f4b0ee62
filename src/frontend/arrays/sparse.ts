/**
 * Arrays that begin empty and are stored to at an index that may leave elements out, `found[k] = x`. Methods with a
 * callback pass over such holes in JavaScript: the loops, as which they are lowered, ask of each element whether it is there.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { isLength, regionOf } from "../../ir/places.js";
import { isKeyed } from "../../ir/shapes.js";
import type { Alloc, Atom, Block, Instr, Loop, RegionId, Store, Value } from "../../ir/types.js";
import { forEachInstr } from "../../ir/visit.js";
import type { Context, Unit } from "../context.js";
import { Forms, boundAt } from "../control/forms.js";
import { mayBeAbsent } from "../expressions/mixed.js";
import { referenceRegion } from "../memory.js";
import { orNothing } from "../types/joined-types.js";
import { makersOf } from "../types/widening.js";
import type { RefValue } from "../values.js";

const passOver: ReadonlySet<string> = new Set([
  "forEach",
  "map",
  "filter",
  "reduce",
  "reduceRight",
  "some",
  "every",
  "flatMap",
  "flat",
  "indexOf",
  "lastIndexOf",
  "sort",
  "toSorted",
  "for…in",
]);

/** Notes the call of a method that passes over holes of the array, or a loop that does. */
export function notePassing({ unit }: Context, { type }: RefValue, name: string, node: ts.Node): void {
  const region = referenceRegion(type);
  if (region !== null && passOver.has(name)) unit.passings.push({ region, name, node });
}

/** Notes a copy that has no holes: `[...xs]`, where `xs.slice()` has those of `xs`. */
export function withoutHoles({ unit }: Context, copy: RefValue): RefValue {
  const region = referenceRegion(copy.type);
  if (region !== null) unit.full.add(region);
  return copy;
}

/** Methods that ask of each element whether it is there, where it may not be. */
const asking: ReadonlySet<string> = new Set([
  "forEach",
  "map",
  "filter",
  "reduce",
  "reduceRight",
  "some",
  "every",
  "flatMap",
  "for…in",
]);

/**
 * Arrays that may have holes are made for `undefined` too, where anything asks for what is missing, and the methods that
 * pass over holes ask in the next attempt. Those that cannot are reported.
 */
export function learnHoles(
  functions: readonly { readonly unit: Unit; readonly body: Block }[],
  skipping: Set<ts.Node>,
): void {
  const asks = functions.some(({ unit }) => unit.absenceTests.length > 0);
  for (const { unit, body } of functions) {
    if (unit.passings.length === 0 && !asks) continue;
    const sparse = sparseIn(unit, body);
    if (sparse.size === 0) continue;
    const told = new Set([...sparse].filter((region) => !mayHoldNothing(unit, body, region)));
    for (const { region, name, node } of unit.passings) {
      const at = unit.regions.canonical(region);
      if (!sparse.has(at)) continue;
      if (told.has(at) && asking.has(name)) {
        skipping.add(node);
        continue;
      }
      const what = `\`${name}\` of an array that may have holes, as it is stored to at an index that only the call knows`;
      unit.diagnostics.report("unsupportedExpression", node, { code: excerpt(node), what });
    }
    for (const region of told) openElements(unit, region);
  }
}

/** `undefined` is stored there as well: that is no hole. */
function mayHoldNothing({ regions, full }: Unit, body: Block, region: RegionId): boolean {
  let found = [...full].some((each) => regions.canonical(each) === region);
  forEachInstr(body, (instr) => {
    const ref = instr.kind === "store" ? instr.place.ref : instr.kind === "push" ? instr.ref : null;
    const at = ref === null ? null : regionOf(ref);
    if (at === null || regions.canonical(at) !== region) return;
    if ((instr.kind === "store" || instr.kind === "push") && mayBeAbsent(instr.value.type)) found = true;
  });
  return found;
}

function openElements(unit: Unit, region: RegionId): void {
  for (const { node, shape } of makersOf(unit, region)) {
    if (shape.kind !== "array" || isKeyed(shape)) continue;
    const isOpen = mayBeAbsent(shape.element);
    const element = isOpen ? shape.element : orNothing(shape.element, "undefined");
    unit.widenings.add(node, { ...shape, element });
  }
}

/** What is done with the arrays of a region. */
interface Filled {
  readonly allocs: Alloc[];
  readonly stores: { readonly store: Store; readonly loops: readonly Loop[] }[];
  /** Elements are added in order, too, or come from elsewhere. */
  isOpen: boolean;
}

function sparseIn({ regions, entry, full }: Unit, body: Block): ReadonlySet<RegionId> {
  const canonical = (region: RegionId): RegionId => regions.canonical(region);
  const found = new Map<RegionId, Filled>();
  const of = (ref: Atom | RegionId): Filled => {
    const key = canonical((typeof ref === "number" ? ref : regionOf(ref)) ?? -1);
    const filled = found.get(key) ?? { allocs: [], stores: [], isOpen: false };
    found.set(key, filled);
    return filled;
  };
  const visit = (instrs: readonly Instr[], loops: readonly Loop[]): void => {
    for (const instr of instrs) {
      if (instr.kind === "push") of(instr.ref).isOpen = true;
      if (instr.kind === "call") for (const region of instr.resizes) of(region).isOpen = true;
      if (instr.kind === "alloc") of(instr.out).allocs.push(instr);
      if (instr.kind === "store" && instr.place.step.kind === "index")
        of(instr.place.ref).stores.push({ store: instr, loops });
      const inner = instr.kind === "loop" ? [...loops, instr] : loops;
      for (const block of blocksIn(instr)) visit(block.instrs, inner);
    }
  };
  visit(body.instrs, []);
  const forms = new Forms([entry, body.instrs], canonical);
  const sparse = new Set<RegionId>();
  for (const [region, filled] of found)
    if (isEmptyFirst(filled) && new Filling(forms, region, canonical, filled).hasHoles()) sparse.add(region);
  const whole = new Set([...full].map(canonical));
  // Copies have the holes of what they are copies of.
  for (let size = -1; size !== sparse.size;) {
    size = sparse.size;
    forEachInstr(body, (instr) => {
      if (instr.kind !== "alloc" || (instr.init.kind !== "slice" && instr.init.kind !== "clone")) return;
      const [from, to] = [regionOf(instr.init.of), regionOf(instr.out)];
      if (from === null || to === null || whole.has(canonical(to))) return;
      if (sparse.has(canonical(from))) sparse.add(canonical(to));
    });
  }
  return sparse;
}

function isEmptyFirst({ allocs, isOpen }: Filled): boolean {
  return (
    !isOpen &&
    allocs.some(({ init }) => init.kind === "elements" && init.elements.length === 0) &&
    allocs.every(
      ({ out: { type } }) =>
        type.kind === "ref" && type.shape.kind === "array" && type.shape.storage === "Array",
    )
  );
}

function blocksIn(instr: Instr): readonly Block[] {
  if (instr.kind === "if") return [instr.consequent, instr.alternate];
  return instr.kind === "loop" || instr.kind === "guard" || instr.kind === "lambda" || instr.kind === "order"
    ? [instr.body]
    : [];
}

/** In which order the elements of an array are given values. */
class Filling {
  readonly #forms: Forms;
  readonly #region: RegionId;
  readonly #canonical: (region: RegionId) => RegionId;
  readonly #stores: Filled["stores"];
  /** How many elements literal indices fill from the beginning. */
  readonly #first: number;

  constructor(forms: Forms, region: RegionId, canonical: (region: RegionId) => RegionId, { stores }: Filled) {
    this.#forms = forms;
    this.#region = region;
    this.#canonical = canonical;
    this.#stores = stores;
    const literals = new Set(stores.map(({ store }) => forms.literal(indexOf(store))));
    let first = 0;
    while (literals.has(first)) first++;
    this.#first = first;
  }

  hasHoles(): boolean {
    const inOrder = this.#stores.filter(({ store, loops }) => this.#isInOrder(indexOf(store), loops));
    const others = this.#stores.filter((each) => !inOrder.includes(each));
    return others.some(({ store }) => {
      const index = indexOf(store);
      if (this.#forms.literal(index) !== null) return false;
      return !inOrder.some(({ store: by, loops }) => this.#isWithin(index, indexOf(by), loops));
    });
  }

  /** No index is left out on the way to this one. */
  #isInOrder(index: Atom, loops: readonly Loop[]): boolean {
    const { of, offset } = this.#forms.split(index);
    if (of.kind !== "value") return false;
    if (this.#isOwnLength(of)) return offset <= 0;
    const range = this.#forms.rangeAt(of);
    if (range !== null && this.#isOwnLength(range.to) && range.step > 0) return offset <= 0;
    const loop = loops.find((each) => each.carried.some(({ param }) => param.id === of.id));
    if (loop === undefined) return false;
    if (range?.step === -1 && range.comparison === ">=" && this.#forms.literal(range.to) === 0)
      return offset === 0 && this.#stored(loop.body, index);
    return this.#isSequence(of, index, offset, loops);
  }

  /** It begins where elements are filled, and is one more only where the element before has been stored. */
  #isSequence(value: Value, index: Atom, offset: number, loops: readonly Loop[]): boolean {
    const loop = loops.find((each) => each.carried.some(({ param }) => param.id === value.id));
    const at = loop?.carried.findIndex(({ param }) => param.id === value.id) ?? -1;
    const carried = loop?.carried[at];
    if (loop === undefined || carried === undefined || loop.body.end.kind !== "yield") return false;
    const next = loop.body.end.values[at + 1];
    if (next === undefined || !this.#follows(next, value, [loop.body])) return false;
    const first = this.#forms.literal(carried.init);
    if (first !== null) return first + offset <= this.#first;
    const { of } = this.#forms.split(carried.init);
    return (
      of.kind === "value" &&
      this.#forms.split(carried.init).offset === 0 &&
      this.#isSequence(of, index, offset, loops)
    );
  }

  #follows(next: Atom, value: Value, blocks: readonly Block[]): boolean {
    const { of, offset } = this.#forms.split(next);
    if (of.kind !== "value" || offset > 1) return false;
    if (of.id === value.id) return offset <= 0 || blocks.some((block) => this.#stored(block, value));
    if (offset > 0) return false;
    const [block] = blocks;
    for (const instr of block?.instrs ?? []) {
      if (instr.kind === "if") {
        const at = instr.outs.findIndex(({ id }) => id === of.id);
        if (at < 0) continue;
        return [instr.consequent, instr.alternate].every((arm) => {
          const yielded = arm.end.kind === "yield" ? arm.end.values[at] : undefined;
          return (
            arm.end.kind !== "yield" ||
            (yielded !== undefined && this.#follows(yielded, value, [arm, ...blocks]))
          );
        });
      }
      if (instr.kind !== "loop") continue;
      const at = instr.carried.findIndex(({ out }) => out.id === of.id);
      const carried = instr.carried[at];
      if (carried === undefined || instr.body.end.kind !== "yield") continue;
      const yielded = instr.body.end.values[at + 1];
      return (
        this.#follows(carried.init, value, blocks) &&
        yielded !== undefined &&
        this.#follows(yielded, carried.param, [instr.body])
      );
    }
    return false;
  }

  /** The block stores to the element in any case. */
  #stored(block: Block, index: Atom): boolean {
    const { of } = this.#forms.split(index);
    return block.instrs.some((instr) => {
      if (instr.kind === "if")
        return [instr.consequent, instr.alternate].every(
          (arm) => arm.end.kind !== "yield" || this.#stored(arm, index),
        );
      if (instr.kind !== "store" || instr.place.step.kind !== "index") return false;
      const region = regionOf(instr.place.ref);
      const at = this.#forms.split(instr.place.step.index).of;
      return (
        region !== null &&
        this.#canonical(region) === this.#region &&
        at.kind === "value" &&
        of.kind === "value" &&
        at.id === of.id
      );
    });
  }

  /** The index is none behind those that a loop has filled, or right behind them. */
  #isWithin(index: Atom, filled: Atom, loops: readonly Loop[]): boolean {
    const { of } = this.#forms.split(filled);
    const range = of.kind === "value" ? this.#forms.rangeAt(of) : null;
    const point = boundAt(this.#forms, index);
    if (range !== null) {
      const end = range.step > 0 ? boundAt(this.#forms, range.to) : boundAt(this.#forms, range.from, 1);
      if (this.#forms.isAtMost(point, end)) return true;
    }
    // Behind the loop, what it has counted to.
    return loops.some(({ carried }) =>
      carried.some(
        ({ param, out }) =>
          of.kind === "value" && param.id === of.id && this.#forms.isAtMost(point, boundAt(this.#forms, out)),
      ),
    );
  }

  #isOwnLength(atom: Atom): boolean {
    const place = atom.kind === "value" ? this.#forms.placeOf(atom) : null;
    const region = place === null || !isLength(place) ? null : regionOf(place.ref);
    return region !== null && this.#canonical(region) === this.#region;
  }
}

function indexOf({ place: { step } }: Store): Atom {
  if (step.kind !== "index") throw new Error("a store to a field has no index");
  return step.index;
}
