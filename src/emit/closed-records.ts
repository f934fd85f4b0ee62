/** Records whose keys the user has declared: TypeScript wants each key to be known to be one of these. */
import { type KeyedShape, cellIn, isKeyed, isMemory } from "../ir/shapes.js";
import type { Atom, Field, Shape, Type, Value } from "../ir/types.js";
import { type Code, cast } from "./code.js";
import type { Folding } from "./fold.js";
import { accessText, keyText } from "./keys.js";

export type ClosedRecord = KeyedShape & { readonly names: readonly string[] };

export function isClosed(shape: Shape): shape is ClosedRecord {
  return isKeyed(shape) && shape.names !== undefined;
}

/** The same for what a value refers to; null for anything else. */
export function closedRecord({ type }: Atom): ClosedRecord | null {
  const inner = type.kind === "maybe" ? type.type : type;
  return inner.kind === "ref" && isClosed(inner.shape) ? inner.shape : null;
}

/** Its keys as fields. */
export function fieldsOf(shape: ClosedRecord): readonly Field[] {
  return shape.names.map((name) => ({ name, shape: shape.element }));
}

/** The same for what the function itself has. */
export function primalFields(shape: ClosedRecord): readonly Field[] {
  const { element, isComplete } = shape;
  const inner = isComplete === true && element.kind === "maybe" ? element.shape : element;
  return fieldsOf({ ...shape, element: inner });
}

/** The type: under each of the keys there is something, or there may be. */
export function closedText(shape: ClosedRecord, held: string): string {
  const { kind } = shape.element;
  if (kind !== "maybe" && isMemory(shape.element)) return `Record<${wordsOf(shape)}, ${held}>`;
  if (kind !== "maybe") return `{ ${shape.names.map((name) => `${keyText(name)}: ${held}`).join("; ")} }`;
  return `Partial<Record<${wordsOf(shape)}, ${held}>>`;
}

/** A literal with so many entries, which is of the type only when it has been filled. */
export function isAsserted(shape: Shape, entries: number): boolean {
  return isClosed(shape) && shape.element.kind !== "maybe" && entries < shape.names.length;
}

/** The list of its keys, which TypeScript takes to be any strings; `made` is what it is kept as. */
export function closedKeys(keys: Code, record: string, shape: ClosedRecord, made: Type): Code {
  const isTold = made.kind === "ref" && isWorded(made.shape);
  return isTold ? cast(keys, `(${keysOf(record, shape)})[]`) : keys;
}

function isWorded(shape: Shape): boolean {
  const cell = cellIn(shape, "0");
  return cell?.kind === "string" && cell.literals !== undefined;
}

/** What is under a key. */
export function underKey(
  record: string,
  shape: ClosedRecord,
  key: Atom,
  text: string,
  folding: Folding,
): string {
  if (key.kind === "literal") return accessText(record, String(key.value));
  const isTold = wordsIn(key, folding)?.every((word) => shape.names.includes(word)) === true;
  return `${record}[${isTold ? text : `${text} as ${keysOf(record, shape)}`}]`;
}

function keysOf(record: string, shape: ClosedRecord): string {
  return /^[\w$.]+$/u.test(record) ? `keyof typeof ${record}` : wordsOf(shape);
}

function wordsOf({ names }: ClosedRecord): string {
  return names.map((name) => JSON.stringify(name)).join(" | ");
}

/** The words that a key may be, as its type says; null where it does not. */
function wordsIn(key: Value, { instrOf }: Folding): readonly string[] | null {
  const instr = instrOf.get(key.id);
  if (instr?.kind !== "load") return null;
  const { ref, step } = instr.place;
  const type = ref.type.kind === "maybe" ? ref.type.type : ref.type;
  const cell = type.kind === "ref" ? cellIn(type.shape, step.kind === "field" ? step.name : "0") : null;
  if (cell?.kind !== "string" || cell.literals === undefined) return null;
  return cell.literals.split(" | ").map((word) => word.slice(1, -1));
}
