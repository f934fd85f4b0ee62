/** Which cells of memory a function writes to at all: fields of the objects of a region, or the elements of its arrays. */
import { writtenRef, writtenRegions } from "../../ir/places.js";
import type { Block, RegionId, Step } from "../../ir/types.js";
import { forEachInstr } from "../../ir/visit.js";
import type { Changing } from "./module-memory.js";
import { cellName } from "../types/shapes.js";
import type { Regions } from "../types/regions.js";

export class WrittenCells {
  readonly #regions = new Set<RegionId>();
  readonly #cells = new Set<string>();
  readonly #canonical: (region: RegionId) => RegionId;

  constructor(body: Block, canonical: (region: RegionId) => RegionId) {
    this.#canonical = canonical;
    forEachInstr(body, (instr) => {
      for (const each of writtenRegions(instr)) {
        const region = canonical(each);
        const isField = instr.kind === "store" && instr.place.step.kind === "field";
        if (isField) this.#cells.add(cellText(region, instr.place.step));
        // What a call writes to is known by its regions only.
        else if (writtenRef(instr) === null) this.#regions.add(region);
        else this.#cells.add(`${String(region)}[]`);
      }
    });
  }

  /** The fields may be written to by others, and so may all that lies in them. */
  addChanging(root: RegionId, { cells, isAny }: Changing, regions: Regions): void {
    const isKnown = !isAny && [...cells].every((name) => !/^\d/u.test(name));
    if (cells.size > 0 && !isKnown) for (const each of regions.below(root)) this.#regions.add(each);
    for (const each of isKnown ? cells : []) {
      const name = cellName(each);
      this.#cells.add(`${String(this.#canonical(root))}.${name}`);
      for (const inner of regions.below(regions.child(root, name))) this.#regions.add(inner);
    }
  }

  has(region: RegionId, step: Step): boolean {
    const own = this.#canonical(region);
    return this.#regions.has(own) || this.#cells.has(cellText(own, step));
  }

  /** Some of it, or of what lies in it. */
  hasAny(regions: ReadonlySet<RegionId>): boolean {
    return [...regions].some((each) => {
      const own = String(this.#canonical(each));
      const isOwn = (cell: string): boolean => cell.startsWith(`${own}.`) || cell.startsWith(`${own}[`);
      return this.#regions.has(this.#canonical(each)) || [...this.#cells].some(isOwn);
    });
  }
}

function cellText(region: RegionId, step: Step): string {
  return step.kind === "field" ? `${String(region)}.${step.name}` : `${String(region)}[]`;
}
