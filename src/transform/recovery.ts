/**
 * How a value of the forward sweep reaches a place in the reverse sweep. At the same level, or further out, it is
 * still live. A value of an arm is what the arm yields, or is computed again where that is cheap, or leaves its `if`
 * as one more result.
 */
import { type Builder, suggested } from "../ir/builder.js";
import type { Atom, Apply, If, Load, Value, ValueId } from "../ir/types.js";
import type { Definition, Definitions, Site } from "../analysis/definitions.js";
import { invariant } from "../support/invariant.js";

/** A value that an `if` of the forward sweep has to yield in addition. */
export interface Export {
  readonly value: Value;
  readonly side: "consequent" | "alternate";
  readonly out: Value;
}

/** All exports, by the `if` that they leave. Grows while the reverse sweeps are made; read when they all are. */
export class Exports {
  readonly #byIf = new Map<If, Map<ValueId, Export>>();
  readonly #sites = new Map<ValueId, Site>();

  of(instr: If): readonly Export[] {
    return [...(this.#byIf.get(instr)?.values() ?? [])];
  }

  /** The value as seen outside of its arm. */
  request(builder: Builder, value: Value, site: Site): Value {
    const { arm, parent } = site;
    invariant(arm && parent, "reverse", `value ${String(value.id)} does not live in an arm`);
    const exports = this.#byIf.get(arm.owner) ?? new Map<ValueId, Export>();
    this.#byIf.set(arm.owner, exports);
    const known = exports.get(value.id);
    if (known !== undefined) return known.out;
    const out = builder.value(value.type, {
      hint: value.hint === null ? null : suggested(value.hint.text),
      statement: value.statement,
      span: value.span,
    });
    exports.set(value.id, { value, side: arm.side, out });
    this.#sites.set(out.id, parent);
    return out;
  }

  siteOf(id: ValueId): Site | null {
    return this.#sites.get(id) ?? null;
  }
}

/** Recovers values for one block of a reverse sweep. */
export class Recovery {
  readonly #builder: Builder;
  readonly #definitions: Definitions;
  readonly #exports: Exports;
  readonly #live: ReadonlySet<Site>;
  readonly #parent: Recovery | null;
  readonly #again = new Map<ValueId, Value>();

  /** `live` are the blocks of the forward sweep that enclose the place where the reverse sweep stands. */
  constructor(
    builder: Builder,
    definitions: Definitions,
    exports: Exports,
    live: ReadonlySet<Site>,
    parent: Recovery | null = null,
  ) {
    this.#builder = builder;
    this.#definitions = definitions;
    this.#exports = exports;
    this.#live = live;
    this.#parent = parent;
  }

  /** For the reversed arm of an `if`. */
  nested(): Recovery {
    return new Recovery(this.#builder, this.#definitions, this.#exports, this.#live, this);
  }

  atom(atom: Atom): Atom {
    return atom.kind === "value" ? this.value(atom) : atom;
  }

  value(value: Value): Value {
    const definition = this.#definitions.of.get(value.id);
    const site = definition?.site ?? this.#exports.siteOf(value.id);
    if (site === null || this.#live.has(site)) return value;
    const again = this.#recomputed(value.id);
    if (again !== null) return again;
    const yielded = yieldedAs(value, site);
    if (yielded !== null) return this.value(yielded);
    if (definition !== undefined && this.#isCheap(definition)) return this.#recompute(definition);
    return this.value(this.#exports.request(this.#builder, value, site));
  }

  #recomputed(id: ValueId): Value | null {
    const again = this.#again.get(id);
    if (again !== undefined) return again;
    return this.#parent === null ? null : this.#parent.#recomputed(id);
  }

  /** A few cheap operations on values that are at hand. */
  #isCheap(definition: Definition, depth = 3): boolean {
    const { instr } = definition;
    if (depth === 0 || instr === null) return false;
    if (instr.kind === "load") return this.#isWithinReach(instr.place.ref, depth);
    if (instr.kind !== "apply" || !instr.op.cheap || instr.op.impure) return false;
    return instr.args.every((arg) => this.#isWithinReach(arg, depth - 1));
  }

  #isWithinReach(atom: Atom, depth: number): boolean {
    if (this.#isAtHand(atom)) return true;
    const definition = atom.kind === "value" ? this.#definitions.of.get(atom.id) : undefined;
    return definition !== undefined && this.#isCheap(definition, depth);
  }

  #isAtHand(atom: Atom): boolean {
    if (atom.kind !== "value") return true;
    const site = this.#definitions.of.get(atom.id)?.site;
    if (site === undefined || this.#live.has(site) || this.#recomputed(atom.id) !== null) return true;
    const yielded = yieldedAs(atom, site);
    return yielded !== null && this.#isAtHand(yielded);
  }

  #recompute(definition: Definition): Value {
    const instr = definition.instr as Apply | Load;
    const { value } = definition;
    const hint = value.hint === null ? null : suggested(value.hint.text);
    const origin = { hint, statement: value.statement, span: value.span, sweep: "backward" as const };
    const again =
      instr.kind === "load"
        ? this.#builder.load(this.value(instr.place.ref), instr.place.step, value.type, origin)
        : this.#builder.apply(
            instr.op,
            instr.args.map((arg) => this.atom(arg)),
            origin,
            value.type,
          );
    this.#again.set(value.id, again);
    return again;
  }
}

/** The result of the `if` that holds this value when its arm has run. */
function yieldedAs(value: Value, site: Site): Value | null {
  if (site.arm === null || site.block.end.kind !== "yield") return null;
  const index = site.block.end.values.findIndex((atom) => atom.kind === "value" && atom.id === value.id);
  return site.arm.owner.outs[index] ?? null;
}
