/** True for the name of a field that is an index, `125`: JavaScript lists these first, by their number. */
export function isIndexName(name: string): boolean {
  return /^(?:0|[1-9]\d*)$/u.test(name);
}

/** In the order in which JavaScript lists fields that were added in this order. */
export function inKeyOrder<Named extends { readonly name: string }>(
  fields: readonly Named[],
): readonly Named[] {
  const indices = fields.filter(({ name }) => isIndexName(name)).sort((a, b) => Number(a.name) - Number(b.name));
  return [...indices, ...fields.filter(({ name }) => !isIndexName(name))];
}
