/**
 * Which references may point into the same memory. Every allocation and every parameter starts with a region of its
 * own; where two references meet (a conditional, a field that is overwritten) their regions become one.
 */
import type { ts } from "ts-morph";
import type { Builder } from "../../ir/builder.js";
import type { MemoryShape, RegionId } from "../../ir/types.js";

/** Memory that is overwritten. */
export interface Written {
  readonly shape: MemoryShape;
  /** Where. */
  readonly node: ts.Node;
}

export class Regions {
  readonly #builder: Builder;
  readonly #parent = new Map<RegionId, RegionId>();
  readonly #children = new Map<RegionId, Map<string, RegionId>>();
  /** For what lies in objects of named types: where the objects of each of these types lie. */
  readonly #families = new Map<RegionId, Map<string, RegionId>>();
  readonly #stored = new Map<RegionId, Written>();
  /** The same, without what is written to memory right where it was made: nobody else has seen that. */
  readonly #overwritten = new Map<RegionId, Written>();

  #isInitial = false;

  constructor(builder: Builder) {
    this.#builder = builder;
  }

  fresh(): RegionId {
    return this.#builder.region();
  }

  /** The region that stands for all that were merged with `region`. */
  canonical(region: RegionId): RegionId {
    let root = region;
    for (let up = this.#parent.get(root); up !== undefined; up = this.#parent.get(root)) root = up;
    if (root !== region) this.#parent.set(region, root);
    return root;
  }

  /** Where the references kept in cell `key` of `region` point to. */
  child(region: RegionId, key: string): RegionId {
    const cells = this.#cells(this.canonical(region));
    const known = cells.get(key);
    if (known !== undefined) return this.canonical(known);
    const made = this.fresh();
    cells.set(key, made);
    this.#families.set(made, new Map(this.#family(this.canonical(region))));
    return made;
  }

  /** Notes that objects of a named type lie in `region`; they lie where those are that they lie in. */
  tie(region: RegionId, name: string): RegionId {
    const root = this.canonical(region);
    const known = this.#family(root).get(name);
    if (known !== undefined) return this.merge(known, root);
    this.#family(root).set(name, root);
    return root;
  }

  /** Notes that cell `key` of `region` now holds a reference into `target`. */
  put(region: RegionId, key: string, target: RegionId): void {
    const cells = this.#cells(this.canonical(region));
    const known = cells.get(key);
    if (known === undefined) cells.set(key, target);
    else this.merge(known, target);
  }

  /** Makes one region of two, and of what lies below them. */
  merge(a: RegionId, b: RegionId): RegionId {
    const kept = this.canonical(a);
    const gone = this.canonical(b);
    if (kept === gone) return kept;
    this.#parent.set(gone, kept);
    const below = this.#children.get(gone);
    this.#children.delete(gone);
    const family = this.#families.get(gone);
    this.#families.delete(gone);
    for (const [key, target] of below ?? []) this.put(kept, key, target);
    for (const [name, target] of family ?? []) this.#join(kept, name, target);
    return this.canonical(kept);
  }

  #join(region: RegionId, name: string, target: RegionId): void {
    const family = this.#family(this.canonical(region));
    const known = family.get(name);
    if (known === undefined) family.set(name, target);
    else this.merge(known, target);
  }

  /** How many regions are gone: types written before may name them. */
  get merges(): number {
    return this.#parent.size;
  }

  /** What `run` writes to is no state that is overwritten: it fills constants, before anyone sees them. */
  initially<T>(run: () => T): T {
    const before = this.#isInitial;
    this.#isInitial = true;
    try {
      return run();
    } finally {
      this.#isInitial = before;
    }
  }

  /** Notes that a cell of `region` is written to; `isFresh`: through the very value that made the memory. */
  markStored(region: RegionId, written: Written, isFresh: boolean): void {
    if (this.#isInitial) return;
    if (!this.#stored.has(region)) this.#stored.set(region, written);
    if (!isFresh && !this.#overwritten.has(region)) this.#overwritten.set(region, written);
  }

  /** What of `root`, or of memory reached from it, is overwritten; null where nothing is. */
  storedIn(root: RegionId): Written | null {
    return this.#firstIn(root, this.#stored);
  }

  /** The same, for memory from outside: what the function has made itself and writes to there does not count. */
  overwrittenIn(root: RegionId): Written | null {
    return this.#firstIn(root, this.#overwritten);
  }

  /** What is written to in the region itself, also right where it was made (`withFresh`); null where nothing is. */
  writtenAt(region: RegionId, withFresh = true): Written | null {
    const wanted = this.canonical(region);
    const known = withFresh ? this.#stored : this.#overwritten;
    for (const [each, written] of known) if (this.canonical(each) === wanted) return written;
    return null;
  }

  /** The cells of a region that hold references. */
  cellsOf(region: RegionId): readonly string[] {
    return [...(this.#children.get(this.canonical(region))?.keys() ?? [])];
  }

  #firstIn(root: RegionId, known: ReadonlyMap<RegionId, Written>): Written | null {
    const stored = new Map([...known].map(([region, written]) => [this.canonical(region), written]));
    for (const region of this.below(root)) {
      const written = stored.get(region);
      if (written !== undefined) return written;
    }
    return null;
  }

  /** The region and all that is reached from it, by the regions that they have become. */
  below(root: RegionId): ReadonlySet<RegionId> {
    const seen = new Set<RegionId>();
    const open = [this.canonical(root)];
    for (let region = open.pop(); region !== undefined; region = open.pop()) {
      if (seen.has(region)) continue;
      seen.add(region);
      for (const target of this.#children.get(region)?.values() ?? []) open.push(this.canonical(target));
    }
    return seen;
  }

  #family(region: RegionId): Map<string, RegionId> {
    let family = this.#families.get(region);
    if (family === undefined) {
      family = new Map();
      this.#families.set(region, family);
    }
    return family;
  }

  #cells(region: RegionId): Map<string, RegionId> {
    let cells = this.#children.get(region);
    if (cells === undefined) {
      cells = new Map();
      this.#children.set(region, cells);
    }
    return cells;
  }
}
