/** Live values, and the variables that they share. */
import type { Value, ValueId } from "../ir/types.js";

/**
 * Live values, found by id and by the group that they may share a variable with. A copy keeps only what is different
 * from what it is a copy of, which has to stay as it is as long as the copy is used.
 */
export class Live {
  readonly #groupOf: (value: Value) => string | null;
  readonly #original: Live | null;
  readonly #added = new Map<ValueId, Value>();
  readonly #deleted = new Set<ValueId>();
  readonly #byGroup = new Map<string, Set<Value>>();

  constructor(groupOf: (value: Value) => string | null, original: Live | null = null) {
    this.#groupOf = groupOf;
    this.#original = original;
  }

  has(value: Value): boolean {
    if (this.#added.has(value.id)) return true;
    return this.#original !== null && !this.#deleted.has(value.id) && this.#original.has(value);
  }

  add(value: Value): void {
    if (this.has(value)) return;
    this.#added.set(value.id, value);
    const group = this.#groupOf(value);
    if (group === null) return;
    const alike = this.#byGroup.get(group);
    if (alike === undefined) this.#byGroup.set(group, new Set([value]));
    else alike.add(value);
  }

  delete(value: Value): void {
    const known = this.#added.get(value.id);
    if (known === undefined) {
      if (this.#original?.has(value) === true) this.#deleted.add(value.id);
      return;
    }
    this.#added.delete(value.id);
    const group = this.#groupOf(known);
    if (group !== null) this.#byGroup.get(group)?.delete(known);
  }

  /** Takes over what the copy, or the copy of a copy, has gained. */
  addAll(copy: Live): void {
    for (let at: Live | null = copy; at !== null && at !== this; at = at.#original)
      for (const value of at.#added.values()) this.add(value);
  }

  /** Those that may share a variable with `value`. */
  alike(value: Value): readonly Value[] {
    const group = this.#groupOf(value);
    return group === null ? [] : this.#alike(group);
  }

  /** One that has nothing to do with this one. */
  empty(): Live {
    return new Live(this.#groupOf);
  }

  copy(): Live {
    return new Live(this.#groupOf, this);
  }

  #alike(group: string): readonly Value[] {
    const own = [...(this.#byGroup.get(group) ?? [])];
    if (this.#original === null) return own;
    return [...own, ...this.#original.#alike(group).filter(({ id }) => !this.#deleted.has(id))];
  }
}

/** Disjoint sets of values that share a variable. */
export class Classes {
  readonly #parent = new Map<ValueId, ValueId>();
  readonly #members = new Map<ValueId, ValueId[]>();
  readonly #conflicts: ReadonlyMap<ValueId, ReadonlySet<ValueId>>;

  constructor(conflicts: ReadonlyMap<ValueId, ReadonlySet<ValueId>>) {
    this.#conflicts = conflicts;
  }

  find(id: ValueId): ValueId {
    let root = id;
    for (let next = this.#parent.get(root); next !== undefined; next = this.#parent.get(root)) root = next;
    for (let at = id; at !== root;) {
      const next = this.#parent.get(at) ?? root;
      this.#parent.set(at, root);
      at = next;
    }
    return root;
  }

  size(id: ValueId): number {
    return this.#membersOf(this.find(id)).length;
  }

  /** Puts two values into one variable unless some of their companions are alive together. */
  merge(a: ValueId, b: ValueId): void {
    const [x, y] = [this.find(a), this.find(b)];
    if (x === y) return;
    const [large, small] = this.#membersOf(x).length >= this.#membersOf(y).length ? [x, y] : [y, x];
    const members = this.#membersOf(small);
    const clash = members.some((id) =>
      [...(this.#conflicts.get(id) ?? [])].some((other) => this.find(other) === large),
    );
    if (clash) return;
    this.#parent.set(small, large);
    const joined = this.#members.get(large) ?? [large];
    joined.push(...members);
    this.#members.set(large, joined);
  }

  #membersOf(root: ValueId): readonly ValueId[] {
    return this.#members.get(root) ?? [root];
  }
}
