/**
 * Objects into scalars: every local object or tuple is replaced by the values of its cells. Takes a primal function and
 * leaves no memory but that of the parameters, which nothing writes to.
 *
 * Two names of one object are one object here, since references are values. A reference that is one of two objects,
 * depending on a test, is replaced by the pairwise choice of their cells; that is right as long as none of them is
 * written to afterwards, which is checked.
 */
import { lastId, lastRegion, substituteAtoms, substituteEnd } from "../ir/visit.js";
import { Builder, type Origin, boolean, number, text } from "../ir/builder.js";
import type {
  Alloc,
  Apply,
  Atom,
  Block,
  Func,
  Guard,
  If,
  Instr,
  Literal,
  Load,
  Loop,
  Place,
  RegionId,
  Store,
} from "../ir/types.js";
import type { Type, Value, ValueId } from "../ir/types.js";
import { copy, narrow } from "../ops/scalar.js";
import { otherwise, typeOf } from "../ops/mixed.js";
import { invariant } from "../support/invariant.js";
import { type Cells, Heap } from "./heap.js";
import { cellShape } from "./shape.js";
import { isKeyed, typeOfShape } from "../ir/shapes.js";
import { regionOf } from "../ir/places.js";
import { Insides } from "./insides.js";
import { CarriedObjects } from "./carried-objects.js";
import { absent, cellHint, unread } from "./cell-of.js";
import {
  isOfKind,
  isSteering,
  knownAbsence,
  knownEquality,
  knownTruth,
  narrowed,
  ofNothing,
} from "./known-values.js";
import { Merge, ObstacleError, isReference } from "./merge.js";
import { findLoose } from "./loose-arrays.js";
import { findUnsplittable, writtenCells } from "./splittable.js";

export function splitObjects(func: Func): Func {
  const kept = new Set(findUnsplittable(func, findLoose(func)));
  for (;;) {
    try {
      return new Splitter(func, kept).run(func);
    } catch (error) {
      // What cannot be split after all stays memory, with everything that it lies in or refers to.
      if (!(error instanceof ObstacleError) || kept.has(error.region)) throw error;
      kept.add(error.region);
      for (const region of findUnsplittable(func, kept)) kept.add(region);
    }
  }
}

class Splitter {
  readonly #builder: Builder;
  readonly #known = new Map<ValueId, Atom>();
  /** Numbers under a name of the user's: they keep it, but what is asked of them is known. */
  readonly #constants = new Map<ValueId, Literal>();
  /** Objects that a later choice refers to by value: they must not change any more. */
  readonly #frozen = new Set<ValueId>();

  /** Regions whose memory stays. */
  readonly #kept: ReadonlySet<RegionId>;
  readonly #insides: Insides;
  /** Loops around, with what was there before and the regions in which they have changed some of that. */
  readonly #loops: { readonly before: Heap; readonly changed: Set<RegionId> }[] = [];

  constructor(func: Func, kept: ReadonlySet<RegionId>) {
    this.#builder = new Builder(lastId(func) + 1, lastRegion(func) + 1);
    this.#kept = kept;
    this.#insides = new Insides(func);
  }

  run(func: Func): Func {
    return { ...func, body: this.#block(func.body, new Heap()) };
  }

  #resolve = (atom: Atom): Atom => {
    let at = atom;
    for (;;) {
      const next = at.kind === "value" ? this.#known.get(at.id) : undefined;
      if (next === undefined) return at;
      at = next;
    }
  };

  #block(block: Block, heap: Heap): Block {
    return this.#builder.block(() => {
      for (const instr of block.instrs) this.#instr(instr, heap);
      return substituteEnd(block.end, this.#resolve);
    });
  }

  #instr(instr: Instr, heap: Heap): void {
    switch (instr.kind) {
      case "apply":
        this.#apply(instr, heap);
        return;
      case "load":
        this.#load(this.#keyed(instr), heap);
        return;
      case "store":
        this.#store(this.#keyed(instr), heap);
        return;
      case "alloc":
        this.#alloc(instr, heap);
        return;
      case "if":
        this.#if(instr, heap);
        return;
      case "guard":
        this.#guard(instr, heap);
        return;
      case "loop":
        this.#loop(instr, heap);
        return;
      case "order":
        this.#builder.emit({
          ...(substituteAtoms(instr, this.#resolve) as typeof instr),
          body: this.#block(instr.body, new Heap(heap)),
        });
        return;
      case "push":
      case "pop":
      case "foreign":
      case "call":
      case "lambda":
        this.#builder.emit(substituteAtoms(instr, this.#resolve));
        return;
    }
  }

  #constant = (atom: Atom): Atom =>
    atom.kind === "value" ? (this.#constants.get(atom.id) ?? atom) : atom;

  /** What lies under a key that has a name is read as if the key had been written there. */
  #keyed<I extends Load | Store>(instr: I): I {
    const { place } = instr;
    const { step } = place;
    const isRecord = place.ref.type.kind === "ref" && isKeyed(place.ref.type.shape);
    if (!isRecord || step.kind !== "index") return instr;
    return { ...instr, place: { ...place, step: { ...step, index: this.#constant(step.index) } } };
  }

  #isKept(ref: Value): boolean {
    const region = regionOf(ref);
    return region !== null && this.#kept.has(region);
  }

  #apply(original: Apply, heap: Heap): void {
    const args = original.args.map(this.#resolve);
    const instr: Apply = { ...original, args };
    const [source] = args;
    const { op, out } = instr;
    const local = source?.kind === "value" && heap.cells(source.id) !== null;
    if (source !== undefined && (op === copy || op === narrow) && (local || isReference(out.type))) {
      // Another name of the same object; a parameter's reference keeps its `narrow`.
      if (local || op === copy) {
        this.#known.set(out.id, source);
        return;
      }
    }
    if (source?.kind === "literal" && (op === narrow || op === otherwise)) {
      this.#known.set(out.id, isOfKind(source, out.type) ? source : ofNothing(out.type));
      return;
    }
    if (source?.kind === "literal" && op === typeOf) {
      this.#known.set(out.id, text(typeof source.value));
      return;
    }
    if (local && op === typeOf) {
      this.#known.set(out.id, text("object"));
      return;
    }
    const isLocal = (atom: Atom): boolean => atom.kind === "value" && heap.cells(atom.id) !== null;
    const asked: Apply = { ...instr, args: args.map(this.#constant) };
    const known = knownAbsence(instr, local) ?? knownEquality(asked, isLocal) ?? knownTruth(asked);
    if (known === null) this.#builder.emit(narrowed(instr));
    else this.#known.set(out.id, boolean(known));
  }

  #load(instr: Load, heap: Heap): void {
    const ref = this.#resolve(instr.place.ref);
    if (ref.kind !== "value") {
      // Nothing is read of what is not there: a test before has seen to that.
      this.#known.set(instr.out.id, unread(instr.out.type));
      return;
    }
    const cells = heap.cells(ref.id);
    if (cells === null) {
      this.#builder.emit(substituteAtoms(instr, this.#resolve));
      return;
    }
    const atom = this.#read(cells, instr.place, instr.out.type);
    if (instr.out.hint?.declared === true && !isReference(instr.out.type) && !isSteering(atom)) {
      this.#builder.emit({ kind: "apply", out: instr.out, op: copy, args: [atom] });
      if (atom.kind === "literal") this.#constants.set(instr.out.id, atom);
    } else {
      this.#known.set(instr.out.id, atom);
    }
  }

  #read(cells: Cells, place: Place, type: Type): Atom {
    if (place.step.kind === "field" && place.step.name === "length" && !cells.has("length")) {
      return number(cells.size);
    }
    return this.#resolve(cells.get(this.#key(place)) ?? unread(type));
  }

  #store(instr: Store, heap: Heap): void {
    const ref = this.#resolve(instr.place.ref);
    if (ref.kind !== "value") return;
    const cells = heap.cells(ref.id);
    if (cells === null && this.#isKept(ref)) {
      this.#builder.emit(substituteAtoms(instr, this.#resolve));
      return;
    }
    if (cells === null || this.#frozen.has(ref.id)) throw new ObstacleError(instr.place.ref);
    const key = this.#key(instr.place);
    const region = regionOf(ref);
    for (const { before, changed } of this.#loops)
      if (region !== null && before.cells(ref.id) !== null) changed.add(region);
    heap.set(ref.id, new Map([...cells, [key, this.#resolve(instr.value)]]));
  }

  #key({ ref, step }: Place): string {
    if (step.kind === "field") return step.name;
    const index = this.#resolve(step.index);
    if (index.kind !== "literal") throw new ObstacleError(ref);
    return String(index.value);
  }

  #alloc(instr: Alloc, heap: Heap): void {
    const { init, out } = instr;
    if (this.#isKept(out) || (init.kind !== "object" && init.kind !== "elements")) {
      this.#builder.emit(substituteAtoms(instr, this.#resolve));
      return;
    }
    const entries =
      init.kind === "object"
        ? init.entries.map(({ name, value }) => [name, value] as const)
        : init.elements.map((value, index) => [String(index), value] as const);
    heap.add(out, new Map(entries.map(([key, value]) => [key, this.#resolve(value)])));
  }

  /** Cells that the loop writes to go round it, and those of objects that go round. */
  #loop(instr: Loop, heap: Heap): void {
    const { head, body } = instr;
    const own = new CarriedObjects(
      {
        builder: this.#builder,
        insides: this.#insides,
        resolve: this.#resolve,
        isKept: (ref) => this.#isKept(ref),
        frozen: this.#frozen,
      },
      instr.carried,
      heap,
    );
    const written = writtenCells(instr);
    const going = heap.local().flatMap(({ ref, cells }) => {
      const region = regionOf(ref);
      const keys = region === null ? undefined : written.get(region);
      if (keys === undefined || this.#frozen.has(ref.id)) return [];
      return [...cells.keys()].filter((key) => keys.has(key)).map((key) => ({ ref, key }));
    });
    const carried = going.map(({ ref, key }) => {
      const type =
        ref.type.kind === "ref" ? typeOfShape(cellShape(ref.type.shape, key), this.#builder) : null;
      if (type === null || isReference(type)) throw new ObstacleError(ref);
      const origin: Origin = { hint: cellHint(ref.hint, key), statement: instr.statement };
      const init = this.#resolve(heap.cells(ref.id)?.get(key) ?? absent);
      return { init, param: this.#builder.value(type, origin), out: this.#builder.value(type, origin) };
    });
    const enter = (inner: Heap): void => {
      own.bind(inner);
      going.forEach(({ ref, key }, i) => {
        const param = carried[i]?.param;
        if (param !== undefined) inner.set(ref.id, new Map([...(inner.cells(ref.id) ?? []), [key, param]]));
      });
    };
    const loop = { before: heap, changed: new Set<RegionId>() };
    this.#loops.push(loop);
    const inTest = new Heap(heap);
    enter(inTest);
    const newHead =
      head.kind === "while"
        ? { ...head, test: this.#block(head.test, inTest) }
        : head.kind === "counted"
          ? { ...head, from: this.#resolve(head.from), to: this.#resolve(head.to) }
          : head;
    const inner = new Heap(heap);
    enter(inner);
    const { instrs, end } = this.#block(body, inner);
    const yields = going.map(({ ref, key }) => this.#resolve(inner.cells(ref.id)?.get(key) ?? absent));
    const loads: Instr[] = [];
    const handOn = ([again, ...values]: readonly Atom[]): readonly Atom[] => [
      ...(again === undefined ? [] : [again]),
      ...own.yields(values, inner, loads),
      ...yields,
    ];
    const newEnd = end.kind === "yield" ? { ...end, values: handOn(end.values) } : end;
    this.#loops.pop();
    own.checkChanges(loop.changed);
    this.#builder.emit({
      ...instr,
      head: newHead,
      carried: [...own.carried(), ...carried],
      body: { instrs: [...instrs, ...loads], end: newEnd },
    });
    own.leave(heap);
    going.forEach(({ ref, key }, i) => {
      const out = carried[i]?.out;
      if (out !== undefined) heap.set(ref.id, new Map([...(heap.cells(ref.id) ?? []), [key, out]]));
    });
  }

  #guard(instr: Guard, heap: Heap): void {
    const test = this.#resolve(instr.test);
    if (test.kind === "literal" && test.value === false) return;
    const body = this.#block(instr.body, new Heap(heap));
    this.#builder.guard(test, body, instr.statement);
  }

  #if(instr: If, heap: Heap): void {
    const test = this.#resolve(instr.test);
    if (test.kind === "literal") {
      this.#takeArm(instr, test.value === true ? instr.consequent : instr.alternate, heap);
      return;
    }
    const arms = [instr.consequent, instr.alternate].map((block) => {
      const inner = new Heap(heap);
      return { heap: inner, block: this.#block(block, inner) };
    });
    const [consequent, alternate] = arms;
    invariant(consequent && alternate, "scalars", "an `if` has two arms");
    new Merge(
      this.#builder,
      this.#frozen,
      this.#known,
      this.#resolve,
      (ref) => this.#isKept(ref),
      this.#insides,
    ).run(instr, test, heap, consequent, alternate);
  }

  #takeArm(instr: If, arm: Block, heap: Heap): void {
    for (const inner of arm.instrs) this.#instr(inner, heap);
    const { end } = arm;
    if (end.kind === "yield") {
      instr.outs.forEach((out, index) => {
        const atom = end.values[index];
        if (atom !== undefined) this.#known.set(out.id, this.#resolve(atom));
      });
      return;
    }
    this.#builder.guard(
      boolean(true),
      { instrs: [], end: substituteEnd(end, this.#resolve) },
      instr.statement,
    );
  }
}
