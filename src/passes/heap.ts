/** What the cells of local objects hold at a point of the program. An arm sees the heap around it under its own changes. */
import type { Atom, Value, ValueId } from "../ir/types.js";
import { invariant } from "../support/invariant.js";

export type Cells = ReadonlyMap<string, Atom>;

export class Heap {
  readonly #parent: Heap | null;
  readonly #refs = new Map<ValueId, Value>();
  readonly #objects = new Map<ValueId, Cells>();

  constructor(parent: Heap | null = null) {
    this.#parent = parent;
  }

  /** The cells of a local object; null for anything else. */
  cells(id: ValueId): Cells | null {
    const own = this.#objects.get(id);
    if (own !== undefined) return own;
    return this.#parent === null ? null : this.#parent.cells(id);
  }

  /** The local object of that name. */
  ref(id: ValueId): Value {
    const own = this.#refs.get(id) ?? this.#parent?.ref(id);
    invariant(own, "scalars", "an object that was never made");
    return own;
  }

  /** A new local object. */
  add(ref: Value, cells: Cells): void {
    this.#refs.set(ref.id, ref);
    this.set(ref.id, cells);
  }

  /** All local objects there are here. */
  local(): readonly { readonly ref: Value; readonly cells: Cells }[] {
    const outer = this.#parent === null ? [] : this.#parent.local();
    const refs = [...outer.map(({ ref }) => ref), ...this.#refs.values()];
    return refs.map((ref) => ({ ref, cells: this.cells(ref.id) ?? new Map() }));
  }

  set(id: ValueId, cells: Cells): void {
    this.#objects.set(id, cells);
  }

  /** Objects that have been made or changed in this very arm. */
  changed(): readonly ValueId[] {
    return [...this.#objects.keys()];
  }
}
