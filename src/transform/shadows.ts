/**
 * Shadow references: memory that holds cotangents. `dw[i]` stands to `w[i]` as `dw` to `w`: the shadow of a reference is
 * made by the same pointer operations as the reference itself, so that aliasing needs no analysis.
 *
 * Most shadows are made where the reverse sweep needs them. Those that are kept in memory themselves, that depend on a
 * choice or go round a loop, and those of arrays that grow are made by the forward sweep, alongside the primal.
 */
import { isPresence, regionOf, shapeOfCell } from "../ir/places.js";
import { usersName } from "../analysis/definitions.js";
import { type Origin, number, real, suggested } from "../ir/builder.js";
import { findGrowing } from "../ir/growth.js";
import { forEachInstr, outsOf, someInstr } from "../ir/visit.js";
import type {
  Alloc,
  Atom,
  Block,
  Call,
  Func,
  If,
  Instr,
  Loop,
  Param,
  Push,
  RegionId,
  Shape,
  Step,
  Store,
  Type,
  Value,
  ValueId,
} from "../ir/types.js";
import { invariant } from "../support/invariant.js";
import { cellKey, cellOf } from "./cells.js";
import { allocateParameter } from "./parameter-shadows.js";
import {
  allocateShadow,
  allocateZeros,
  isReferenceCell,
  shadowCellType,
  keptShadow,
  memoryType,
  standIn,
} from "./shadow-memory.js";
import { bareShadow } from "./bare-shadows.js";
import { idleArguments } from "./idle-arguments.js";
import { readReplaced } from "./replaced.js";
import type { Facts, PlannedCall, Replaced, ShadowPlan } from "./shadow-plan.js";
import { Wanted, isShadowedStore } from "./shadow-wants.js";
import { findShadowed } from "./shadowed.js";

export function planShadows(facts: Facts): ShadowPlan {
  const isShadowed = findShadowed(facts);
  const growing = findGrowing(facts.func);
  const wanted = new Wanted(facts, isShadowed).find();
  if (
    wanted.size === 0 &&
    facts.given.size === 0 &&
    !someInstr(facts.func.body, ({ kind }) => kind === "call")
  ) {
    const none = { made: new Map(), cells: new Map(), replaced: new Map(), calls: new Map() };
    return { func: facts.func, ...none, isShadowed, growing };
  }
  const maker = new Maker(facts, wanted, isShadowed);
  const func = maker.run();
  const { made, cells, replaced, calls } = maker;
  return { func, made, cells, replaced, calls, isShadowed, growing };
}

const nothing = (): boolean => false;

const anyElement: Step = { kind: "index", index: number(0) };

/** Writes the function once more, with the wanted shadows. */
class Maker {
  readonly made = new Map<ValueId, Value>();
  readonly cells = new Map<Param, Map<string, Value>>();
  readonly replaced = new Map<Store, Replaced>();
  readonly calls = new Map<Call, PlannedCall>();
  readonly #growing: ReadonlySet<RegionId>;
  readonly #facts: Facts;
  readonly #wanted: ReadonlySet<ValueId>;
  readonly #isShadowed: (ref: Atom) => boolean;

  constructor(facts: Facts, wanted: ReadonlySet<ValueId>, isShadowed: (ref: Atom) => boolean) {
    this.#facts = facts;
    this.#wanted = wanted;
    this.#isShadowed = isShadowed;
    this.#growing = findGrowing(facts.func);
  }

  run(): Func {
    const { func, builder, regions } = this.#facts;
    const head = builder.detached(() => {
      for (const { value, name } of func.params) {
        const given = this.#facts.given.get(value.id);
        if (given !== undefined) this.made.set(value.id, given);
        if (given !== undefined || !this.#wanted.has(value.id)) continue;
        this.made.set(value.id, allocateZeros(builder, regions, value, { hint: suggested(`d${name}`) }));
      }
      for (const param of this.#paramsOfCells()) {
        const cells = new Map<string, Value>();
        this.cells.set(param, cells);
        allocateParameter(this.#facts, param, "forward", nothing, (path, shadow) => {
          cells.set(cellKey(param, path), shadow);
        });
      }
    });
    const body = this.#block(func.body);
    return { ...func, body: { ...body, instrs: [...head, ...body.instrs] } };
  }

  /** Parameters with an array inside whose shadow is wanted. */
  #paramsOfCells(): ReadonlySet<Param> {
    const found = new Set<Param>();
    forEachInstr(this.#facts.func.body, (instr) => {
      if (instr.kind !== "load" || !this.#wanted.has(instr.out.id)) return;
      const cell = cellOf(this.#facts.slots, this.#facts.definitions, instr);
      if (cell !== null) found.add(cell.param);
    });
    return found;
  }

  #block(block: Block): Block {
    const { builder } = this.#facts;
    return builder.block(() => {
      for (const instr of block.instrs) this.#instr(instr);
      return block.end;
    });
  }

  #instr(instr: Instr): void {
    const { builder } = this.#facts;
    switch (instr.kind) {
      case "if":
        this.#if(instr);
        return;
      case "loop":
        this.#loop(instr);
        return;
      case "guard":
        builder.guard(instr.test, this.#block(instr.body), instr.statement);
        return;
      case "call":
        this.#call(instr);
        return;
      case "store":
        if (this.#facts.restores) this.#remember(instr);
        builder.emit(instr);
        this.#store(instr);
        return;
      case "push":
        builder.emit(instr);
        if (this.#isShadowed(instr.ref)) builder.push(this.#of(instr.ref), this.#pushed(instr));
        return;
      case "pop":
        builder.emit(instr);
        if (this.#isShadowed(instr.ref)) {
          const ref = this.#of(instr.ref);
          const type = shadowCellType(ref, anyElement, this.#facts.regions.type(instr.out.type) ?? real);
          const shadow = builder.pop(ref, type, this.#origin(instr.out));
          if (this.#wanted.has(instr.out.id)) this.made.set(instr.out.id, shadow);
        }
        return;
      default:
        builder.emit(instr);
        for (const out of outsOf(instr)) if (this.#wanted.has(out.id)) this.#define(instr, out);
    }
  }

  #call(call: Call): void {
    const { builder, regions } = this.#facts;
    const companion = this.#facts.companionOf(call, this.#isShadowed);
    const [out = null] = call.outs;
    if (companion === null) {
      builder.emit(call);
      this.#zerosOf(out);
      return;
    }
    const shadows = companion.shadowed.map((index): Atom => {
      const arg = call.args[index];
      invariant(arg, "shadows", "a call without an argument");
      // Where there is nothing, there is no shadow either.
      return arg.kind === "literal"
        ? arg
        : (this.made.get(arg.id) ?? allocateZeros(builder, regions, arg, {}));
    });
    const backward = builder.value(companion.backward, {
      hint: suggested(out?.hint == null ? "backward" : `${out.hint.text}_backward`),
      statement: call.statement,
    });
    const shadowType = out === null ? null : regions.type(out.type);
    const shadow =
      out !== null && shadowType !== null && companion.returnsShadow && this.#isShadowed(out)
        ? builder.value(shadowType, this.#origin(out))
        : null;
    const outs = [out, shadow, backward];
    const made: Call = {
      ...call,
      callee: { kind: "function", name: companion.name },
      args: [...call.args, ...shadows],
      outs: outs.filter((each) => each !== null),
      fields: ["value", "dvalue", "backward"].filter((_, index) => outs[index] !== null),
      // Where the function stores references, it stores their shadows.
      writes: regions.withThose(call.writes),
      resizes: regions.withThose(call.resizes),
    };
    builder.emit(made);
    this.calls.set(made, { companion, out, backward });
    if (out !== null && shadow !== null) this.made.set(out.id, shadow);
    else this.#zerosOf(out);
  }

  /** A shadow of what a function gives without one. */
  #zerosOf(out: Value | null): void {
    if (out === null || !this.#wanted.has(out.id) || this.#facts.regions.type(out.type) === null) return;
    const { builder, regions } = this.#facts;
    this.made.set(out.id, allocateZeros(builder, regions, out, this.#origin(out)));
  }

  #store(store: Store): void {
    const { builder } = this.#facts;
    const { place, value } = store;
    if (!this.#wanted.has(place.ref.id) || !this.#isShadowed(place.ref)) return;
    // What is taken off may matter further back: its shadow stays.
    if (isPresence(place)) return;
    const grows =
      regionOf(value) === null && !isReferenceCell(place) && this.#growing.has(regionOf(place.ref) ?? -1);
    if (!grows && !isShadowedStore(store, this.#isShadowed)) return;
    const ref = this.#of(place.ref);
    const shadow = this.#stored(value, shapeOfCell(ref, place.step));
    builder.store({ ref, step: place.step }, shadow);
  }

  #remember(store: Store): void {
    const { ref } = store.place;
    if (!this.#wanted.has(ref.id) || !isShadowedStore(store, this.#isShadowed)) return;
    const replaced = readReplaced(this.#facts, this.#of(ref), store);
    if (replaced !== null) this.replaced.set(store, replaced);
  }

  #define(instr: Instr, out: Value): void {
    const { builder } = this.#facts;
    const origin = this.#origin(out);
    const type = this.#facts.regions.type(out.type);
    if (type === null) return;
    switch (instr.kind) {
      case "load": {
        const cell = cellOf(this.#facts.slots, this.#facts.definitions, instr);
        const known =
          cell === null ? undefined : this.cells.get(cell.param)?.get(cellKey(cell.param, cell.path));
        if (known !== undefined) {
          this.made.set(out.id, known);
          return;
        }
        const { step } = instr.place;
        const ref = this.#of(instr.place.ref);
        this.made.set(out.id, builder.load(ref, step, shadowCellType(ref, step, type), origin));
        return;
      }
      case "apply": {
        const args = instr.args.map((arg) => (regionOf(arg) === null ? arg : this.#orZero(arg)));
        this.made.set(out.id, builder.apply(instr.op, args, origin, type));
        return;
      }
      case "alloc":
        this.made.set(out.id, this.#allocate(instr, type, origin));
        return;
      case "foreign":
        this.made.set(out.id, allocateZeros(builder, this.#facts.regions, out, origin));
        return;
      default:
        throw new Error(`no shadow of ${instr.kind}`);
    }
  }

  #allocate({ init, out }: Alloc, type: Type, origin: Origin): Value {
    const { builder } = this.#facts;
    if (init.kind === "clone") return allocateZeros(builder, this.#facts.regions, out, origin);
    invariant(type.kind === "ref", "shadows", "an allocation without a shape");
    return allocateShadow(
      builder,
      out,
      type,
      init,
      (atom, cell) => this.#inCell(atom, cell) ?? this.#partOf(atom),
      (tag) => tag,
      origin,
    );
  }

  /** What stands in a shadow for a part that leads to no active number is never read: zeros of its form. */
  #partOf(atom: Atom): Atom {
    const { builder, regions } = this.#facts;
    const isLeftOut =
      atom.kind === "value" && atom.type.kind === "ref" && !this.made.has(atom.id) && !this.#isShadowed(atom);
    if (!isLeftOut || regions.type(atom.type) === null) return this.#orZero(atom);
    return allocateZeros(builder, regions, atom, { statement: atom.statement });
  }

  #if(instr: If): void {
    const { builder } = this.#facts;
    const chosen = instr.outs.filter((out) => this.#wanted.has(out.id));
    const arms = [instr.consequent, instr.alternate].map((arm) => {
      const block = this.#block(arm);
      const { end } = arm;
      if (end.kind !== "yield") return block;
      const shadows = chosen.map((out) => this.#orNothing(end.values[instr.outs.indexOf(out)], out));
      return { ...block, end: { ...end, values: [...end.values, ...shadows] } };
    });
    const [consequent, alternate] = arms;
    invariant(consequent && alternate, "shadows", "an `if` has two arms");
    const outs = chosen.map((out) => this.#bind(out));
    builder.emit({ ...instr, consequent, alternate, outs: [...instr.outs, ...outs] });
  }

  #loop(instr: Loop): void {
    const { builder, regions } = this.#facts;
    for (const arg of idleArguments(instr, this.#facts, this.#isShadowed))
      if (!this.made.has(arg.id))
        this.made.set(arg.id, allocateZeros(builder, regions, arg, this.#origin(arg)));
    const chosen = instr.carried.filter(({ param }) => this.#wanted.has(param.id));
    const carried = chosen.map(({ init, param, out }) => ({
      init: this.#orNothing(init, param),
      param: this.#bind(param),
      out: this.#bind(out),
    }));
    const body = this.#block(instr.body);
    const { end } = instr.body;
    const shadows =
      end.kind === "yield"
        ? chosen.map((one) => this.#orNothing(end.values[instr.carried.indexOf(one) + 1], one.param))
        : [];
    const whole: Block =
      end.kind === "yield" ? { ...body, end: { ...end, values: [...end.values, ...shadows] } } : body;
    builder.emit({ ...instr, carried: [...instr.carried, ...carried], body: whole });
  }

  #bind(value: Value): Value {
    const { builder } = this.#facts;
    const shadow = builder.value(this.#facts.regions.type(value.type) ?? real, this.#origin(value));
    this.made.set(value.id, shadow);
    return shadow;
  }

  #of(ref: Value): Value {
    const shadow = this.made.get(ref.id);
    invariant(shadow, "shadows", `no shadow of %${String(ref.id)} in the forward sweep`);
    return shadow;
  }

  /** What the shadow's cell holds where the primal's holds `atom`. */
  #orZero(atom: Atom): Atom {
    return atom.kind === "value" && regionOf(atom) !== null ? this.#of(atom) : number(0);
  }

  /** The shadow of what goes to `to`, or, where nothing goes to it, that. */
  #orNothing(atom: Atom | undefined, to: Value): Atom {
    invariant(atom, "shadows", "nothing is yielded");
    if (atom.kind !== "value" || regionOf(atom) === null) return atom;
    return this.#bare(atom, this.#facts.regions.type(to.type), to) ?? this.#of(atom);
  }

  #pushed({ ref, value }: Push): Atom {
    const { type } = this.#of(ref);
    const isArray = type.kind === "ref" && type.shape.kind === "array";
    return this.#stored(value, isArray ? type.shape.element : null);
  }

  #stored(value: Atom, cell: Shape | null): Atom {
    const { builder } = this.#facts;
    if (cell === null) return this.#orZero(value);
    const shadow = standIn(builder, value, cell) ?? this.#inCell(value, cell) ?? this.#orZero(value);
    return keptShadow(builder, shadow, cell);
  }

  /** What stands in a cell of a shadow for an object without numbers; null for anything else. */
  #inCell(value: Atom, cell: Shape | null): Value | null {
    const region = regionOf(value);
    if (value.kind !== "value" || region === null || cell === null) return null;
    if (this.#facts.regions.type(value.type) !== null) return null;
    return this.#bare(value, memoryType(cell, this.#facts.regions.of(region)), value);
  }

  /** An object without numbers has no shadow but among others of its union that hold some: then it is one of theirs. */
  #bare(value: Value, wanted: Type | null, to: Value): Value | null {
    const type = wanted?.kind === "maybe" ? wanted.type : wanted;
    if (this.made.has(value.id) || type?.kind !== "ref") return null;
    const made = this.#facts.definitions.of.get(value.id)?.instr;
    if (made?.kind === "alloc") return this.#allocate(made, type, this.#origin(to));
    if (this.#facts.regions.type(value.type) !== null) return null;
    return bareShadow(this.#facts.builder, value, type, this.#origin(to));
  }

  #origin(value: Value): Origin {
    const name = usersName(value, this.#facts.definitions);
    const { statement, span } = value;
    return { hint: name === null ? null : suggested(`d${name}`), statement, span };
  }
}
