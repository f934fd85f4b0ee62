/** Records whose keys the user has declared. */
import { isIndexName } from "../support/index-names.js";
import { type KeyedShape, isKeyed, isMemory } from "./shapes.js";
import type { Atom, Shape } from "./types.js";

export type ClosedRecord = KeyedShape & { readonly names: readonly string[] };

export function isClosed(shape: Shape): shape is ClosedRecord {
  return isKeyed(shape) && shape.names !== undefined;
}

/** What a value refers to; null for anything else. */
export function closedRecord({ type }: Atom): ClosedRecord | null {
  const inner = type.kind === "maybe" ? type.type : type;
  return inner.kind === "ref" && isClosed(inner.shape) ? inner.shape : null;
}

/** TypeScript takes something to be under the key. */
export function isSure(shape: ClosedRecord, key: Atom): boolean {
  return key.kind === "literal"
    ? isRequired(shape, String(key.value))
    : shape.names.every((name) => isRequired(shape, name));
}

/** In a gradient there is something under all of them. */
export function isRequired({ element, required = [] }: ClosedRecord, name: string): boolean {
  return element.kind !== "maybe" || required.includes(name);
}

/** The type, with the text for what is held. */
export function closedText(shape: ClosedRecord, held: string): string {
  const sure = shape.names.filter((name) => isRequired(shape, name));
  const { element } = shape;
  const isLong = isMemory(element.kind === "maybe" ? element.shape : element);
  if (sure.length === 0) return `Partial<Record<${wordsOf(shape)}, ${held}>>`;
  if (isLong && sure.length === shape.names.length) return `Record<${wordsOf(shape)}, ${held}>`;
  const fields = shape.names.map((name) => `${nameText(name)}${sure.includes(name) ? "" : "?"}: ${held}`);
  return `{ ${fields.join("; ")} }`;
}

/** The names as a union of literals; those that are indices as numbers, where they are asked for by numbers. */
export function wordsOf({ names }: ClosedRecord, areNumbers = false): string {
  return names.map((name) => (areNumbers ? name : JSON.stringify(name))).join(" | ");
}

function nameText(name: string): string {
  const isBare = isIndexName(name) || /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
  return isBare ? name : JSON.stringify(name);
}
