/** Values of an arm that are wanted outside of it: their `if` yields them in addition. */
import type { Site } from "../analysis/definitions.js";
import { type Builder, suggested } from "../ir/builder.js";
import type { If, Value, ValueId } from "../ir/types.js";
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
