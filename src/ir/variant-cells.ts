/**
 * Fields of one name that hold different kinds of things in the variants of a union lie in cells of their own:
 * `value⟨Num⟩` and `value⟨Let⟩` are the `value` of one kind of object and of another.
 */

export function cellOfVariant(property: string, variant: string): string {
  return `${property}⟨${variant}⟩`;
}

/** A text made of names of cells, as names of properties make it. */
export function withoutVariants(text: string): string {
  return text.replaceAll(/⟨[^⟩]*⟩/gu, "");
}

/** The name of the property that a cell is, in the user's code. */
export function propertyOf(cell: string): string {
  return cell.endsWith("⟩") ? cell.slice(0, cell.indexOf("⟨")) : cell;
}
