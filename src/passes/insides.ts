/** Which regions the references in memory lead to: a cell that is read once more leads to the same one. */
import type { Builder } from "../ir/builder.js";
import { forEachInstr } from "../ir/visit.js";
import type { Func, RegionId, Shape, Step, Type, Value } from "../ir/types.js";
import { typeOfShape } from "../ir/shapes.js";
import { regionOf } from "../ir/places.js";

export class Insides {
  readonly #regions = new Map<string, RegionId>();

  constructor(func: Func) {
    forEachInstr(func.body, (instr) => {
      if (instr.kind === "load") this.#note(instr.place.ref, keyOf(instr.place.step), instr.out);
      if (instr.kind === "store" && instr.value.kind === "value")
        this.#note(instr.place.ref, keyOf(instr.place.step), instr.value);
      if (instr.kind !== "alloc") return;
      const { init, out } = instr;
      const cells =
        init.kind === "object"
          ? init.entries.map(({ name, value }) => [name, value] as const)
          : init.kind === "elements"
            ? init.elements.map((value, index) => [String(index), value] as const)
            : [];
      for (const [key, value] of cells) if (value.kind === "value") this.#note(out, key, value);
    });
  }

  /** The type of the cell, in its own region where that is known. */
  typeOf(region: RegionId, key: string, shape: Shape, builder: Builder): Type {
    const type = typeOfShape(shape, builder);
    const inside = this.#regions.get(`${String(region)}.${key}`);
    if (inside === undefined) return type;
    if (type.kind === "ref") return { ...type, region: inside };
    if (type.kind !== "maybe" || type.type.kind !== "ref") return type;
    return { ...type, type: { ...type.type, region: inside } };
  }

  #note(ref: Value, key: string | null, value: Value): void {
    const [outer, inner] = [regionOf(ref), regionOf(value)];
    if (outer !== null && inner !== null && key !== null) this.#regions.set(`${String(outer)}.${key}`, inner);
  }
}

function keyOf(step: Step): string | null {
  if (step.kind === "field") return step.name;
  return step.index.kind === "literal" ? String(step.index.value) : null;
}
