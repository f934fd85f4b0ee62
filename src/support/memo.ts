/** Remembers one value per key for as long as what it was made from stays the same. */
export class Memo<V> {
  readonly #entries = new Map<string, { readonly basis: readonly unknown[]; readonly value: V }>();

  /** The value of `key`, made anew if an element of `basis` is not identical to what it was. */
  get(key: string, basis: readonly unknown[], make: () => V): V {
    const known = this.#entries.get(key);
    if (known !== undefined && isSame(known.basis, basis)) return known.value;
    const value = make();
    this.#entries.set(key, { basis, value });
    return value;
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((each, index) => Object.is(each, other[index]));
}
