/** Shadow references where the reverse sweep needs them: taken from the forward sweep, or made on the spot. */
import type { Definitions, Site } from "../analysis/definitions.js";
import { type Origin, number, suggested } from "../ir/builder.js";
import type { Alloc, Atom, Instr, Param, Place, Type, Value, ValueId } from "../ir/types.js";
import { isFoundByKeys } from "../ir/growth.js";
import { invariant } from "../support/invariant.js";
import { type Cell, cellKey, cellOf } from "./cells.js";
import { type ParameterFacts, allocateParameter } from "./parameter-shadows.js";
import type { Recovery } from "./recovery.js";
import { allocateShadow, allocateZeros, shadowCellType } from "./shadow-memory.js";
import type { ShadowPlan } from "./shadow-plan.js";

export interface MirrorFacts extends ParameterFacts {
  readonly definitions: Definitions;
  readonly plan: ShadowPlan;
}

/** The shadows of one block of a reverse sweep. */
export class Mirrors {
  readonly #facts: MirrorFacts;
  readonly #recovery: Recovery;
  readonly #parent: Mirrors | null;
  readonly #made = new Map<ValueId, Value>();
  /** Shadows of parameters and of the arrays inside them, by path. */
  readonly #params: Map<string, Value>;

  constructor(facts: MirrorFacts, recovery: Recovery, parent: Mirrors | null = null) {
    this.#facts = facts;
    this.#recovery = recovery;
    this.#parent = parent;
    this.#params = parent === null ? new Map<string, Value>() : parent.#params;
  }

  nested(recovery: Recovery): Mirrors {
    return new Mirrors(this.#facts, recovery, this);
  }

  /** Allocates the shadows of a differentiated parameter that the forward sweep has not made, but for those `served`. */
  allocate(param: Param, served: ReadonlySet<string>): void {
    const { made, cells } = this.#facts.plan;
    const whole = made.get(param.value.id);
    const inside = cells.get(param);
    if (whole !== undefined) this.#params.set(cellKey(param, []), whole);
    else if (inside !== undefined) for (const [path, shadow] of inside) this.#params.set(path, shadow);
    else {
      const isServed = (path: readonly string[]): boolean => served.has(cellKey(param, path));
      allocateParameter(this.#facts, param, "backward", isServed, (path, shadow) => {
        this.#params.set(cellKey(param, path), shadow);
      });
    }
  }

  adopt({ param, path }: Cell, shadow: Value): void {
    this.#params.set(cellKey(param, path), shadow);
  }

  /** The shadow of the parameter, or of what lies in it at this path; null where there is none. */
  param(param: Param, path: readonly string[]): Value | null {
    return this.#params.get(cellKey(param, path)) ?? null;
  }

  /** The shadow's cell for a primal cell. */
  place({ ref, step }: Place): Place {
    return {
      ref: this.shadow(ref),
      step: step.kind === "index" ? { kind: "index", index: this.#recovery.atom(step.index) } : step,
    };
  }

  /** The shadow of a reference of the forward sweep. */
  shadow(value: Value): Value {
    const made = this.#facts.plan.made.get(value.id);
    if (made !== undefined) return this.#recovery.value(made);
    const known = this.#known(value.id);
    if (known !== null) return known;
    const definition = this.#facts.definitions.of.get(value.id);
    invariant(definition, "shadows", `%${String(value.id)} is not defined`);
    const home = this.#at(definition.site);
    const shadow = home.#make(value, definition.instr);
    home.#made.set(value.id, shadow);
    return shadow;
  }

  #known(id: ValueId): Value | null {
    const known = this.#made.get(id);
    if (known !== undefined) return known;
    return this.#parent === null ? null : this.#parent.#known(id);
  }

  #at(site: Site): Mirrors {
    if (this.#parent === null || this.#recovery.site === site) return this;
    return this.#parent.#at(site);
  }

  #make(value: Value, instr: Instr | null): Value {
    const { builder, definitions, slots } = this.#facts;
    const hint = value.hint === null ? null : suggested(`d${value.hint.text}`);
    const origin: Origin = { hint, statement: value.statement, sweep: "backward" };
    if (instr === null) return this.#ofParam(value, []);
    switch (instr.kind) {
      case "load": {
        const cell = cellOf(slots, definitions, instr);
        if (cell !== null) return this.#ofParam(cell.param.value, cell.path);
        const type = this.#type(value.type);
        const place = this.place(instr.place);
        const cellType = shadowCellType(place.ref, place.step, type);
        return this.#recovery.emit(() => builder.load(place.ref, place.step, cellType, origin));
      }
      case "apply": {
        const [source, ...more] = instr.args;
        invariant(source?.kind === "value" && more.length === 0, "shadows", "a choice without a shadow");
        const shadow = this.shadow(source);
        return this.#recovery.emit(() => builder.apply(instr.op, [shadow], origin, this.#type(value.type)));
      }
      case "alloc":
        return this.#allocate(value, instr, origin);
      case "foreign": {
        const like = this.#recovery.value(value);
        return this.#recovery.emit(() =>
          allocateZeros(this.#facts.builder, this.#facts.regions, like, origin),
        );
      }
      default:
        invariant(false, "shadows", `no shadow is made of an instruction of kind \`${instr.kind}\``);
    }
  }

  /** Memory that does not outlive its block: its cotangents begin with it. */
  #allocate(value: Value, { init }: Alloc, origin: Origin): Value {
    const { builder, regions } = this.#facts;
    const type = this.#type(value.type);
    const recovery = this.#recovery;
    if (init.kind === "clone") {
      const like = recovery.value(value);
      return recovery.emit(() => allocateZeros(builder, regions, like, origin));
    }
    invariant(type.kind === "ref", "shadows", "memory that is no reference");
    if (init.kind === "filled") {
      const length = recovery.atom(init.length);
      const zeros = { kind: "filled", length, value: number(0) } as const;
      return recovery.emit(() => builder.alloc(type.shape, zeros, origin, type.region));
    }
    const isFilled = isFoundByKeys(value) && this.#facts.plan.growing.has(regionOfType(value.type) ?? -1);
    if (!isFilled && (init.kind === "elements" || init.kind === "object")) {
      const tagOf = (tag: Atom): Atom => recovery.atom(tag);
      return recovery.emit(() => allocateShadow(builder, value, type, init, () => number(0), tagOf, origin));
    }
    const like = recovery.value(value);
    return recovery.emit(() => allocateZeros(builder, regions, like, origin));
  }

  #ofParam(value: Value, path: readonly string[]): Value {
    const found = this.#params.get(cellKey({ value }, path));
    if (found !== undefined) return found;
    // A parameter that is not differentiated, among others that are: what it receives is dropped.
    return this.#recovery.emit(() =>
      allocateZeros(this.#facts.builder, this.#facts.regions, value, { sweep: "backward" }),
    );
  }

  #type(type: Type): Type {
    const shadow = this.#facts.regions.type(type);
    invariant(shadow, "shadows", `no shadow of what holds no numbers (region ${String(regionOfType(type))})`);
    return shadow;
  }
}

function regionOfType(type: Type): number | null {
  return type.kind === "ref" ? type.region : null;
}
