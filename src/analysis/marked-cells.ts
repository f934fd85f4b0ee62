/** Cells of memory that a data flow has come to: some of a region, or all of it. */
import type { RegionId } from "../ir/types.js";

const none: ReadonlySet<string> = new Set();

/** Grows. What marks tells whether that was new. */
export class MarkedCells {
  readonly #cells = new Map<RegionId, Set<string>>();
  /** Regions all of whose cells are marked, with what they refer to. */
  readonly #whole = new Set<RegionId>();

  mark(region: RegionId, cell: string): boolean {
    const known = this.#cells.get(region);
    if (known?.has(cell) === true) return false;
    if (known === undefined) this.#cells.set(region, new Set([cell]));
    else known.add(cell);
    return true;
  }

  markWhole(region: RegionId): boolean {
    if (this.#whole.has(region)) return false;
    this.#whole.add(region);
    return true;
  }

  has(region: RegionId, cell: string): boolean {
    return this.#whole.has(region) || this.of(region).has(cell);
  }

  isWhole(region: RegionId): boolean {
    return this.#whole.has(region);
  }

  /** At least one cell of the region is marked. */
  touches(region: RegionId): boolean {
    return this.#whole.has(region) || this.#cells.has(region);
  }

  /** Those that are marked one by one. */
  of(region: RegionId): ReadonlySet<string> {
    return this.#cells.get(region) ?? none;
  }

  /** The regions that have a cell in common with `other`. */
  common(other: MarkedCells): ReadonlySet<RegionId> {
    const regions = new Set<RegionId>();
    for (const region of this.#whole) if (other.touches(region)) regions.add(region);
    for (const [region, cells] of this.#cells)
      if ([...cells].some((cell) => other.has(region, cell))) regions.add(region);
    return regions;
  }
}
