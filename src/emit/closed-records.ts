/** Records whose keys the user has declared: TypeScript wants each key to be known to be one of these. */
import { type ClosedRecord, isClosed, isRequired, isSure, wordsOf } from "../ir/closed-records.js";
import { isIndexName } from "../support/index-names.js";
import { cellIn, isKeyed, isMemory } from "../ir/shapes.js";
import type { Atom, Entry, Field, Shape, Type } from "../ir/types.js";
import { type Code, cast } from "./code.js";
import type { ExpressionContext } from "./expression-context.js";
import type { KeyWords } from "./key-words.js";
import { accessText } from "./keys.js";

/** Its keys as fields. */
export function fieldsOf(shape: ClosedRecord): readonly Field[] {
  return shape.names.map((name) => ({ name, shape: shape.element }));
}

/** The same for what the function itself has. */
export function primalFields(shape: ClosedRecord): readonly Field[] {
  const { element } = shape;
  const inner = element.kind === "maybe" ? element.shape : element;
  return fieldsOf(shape).map((field) => (isRequired(shape, field.name) ? { ...field, shape: inner } : field));
}

/** A literal of these entries is of the type only when it has been filled. */
export function isAsserted(shape: Shape, entries: readonly Entry[]): boolean {
  const isWritten = (wanted: string): boolean => entries.some(({ name }) => name === wanted);
  return isClosed(shape) && shape.names.some((name) => isRequired(shape, name) && !isWritten(name));
}

/** A literal that shows its type. */
export function isShown(shape: Shape, entries: readonly Entry[]): boolean {
  if (isAsserted(shape, entries)) return true;
  return (
    isClosed(shape) &&
    isPlain(shape.element.kind === "maybe" ? shape.element.shape : shape.element) &&
    entries.length === shape.names.length &&
    shape.names.every((name) => isRequired(shape, name))
  );
}

/** TypeScript gives what is written there the type of the shape. */
function isPlain(held: Shape): boolean {
  return !isMemory(held) && !("literals" in held);
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
  words: KeyWords,
): string {
  if (key.kind === "literal") return accessText(record, String(key.value));
  const isTold = words.of(key)?.every((word) => shape.names.includes(word)) === true;
  const areNumbers = key.type.kind === "int" || key.type.kind === "real";
  return `${record}[${isTold ? text : `${text} as ${keysOf(record, shape, areNumbers)}`}]`;
}

function keysOf(record: string, shape: ClosedRecord, areNumbers = false): string {
  if (shape.names.some(isIndexName)) return wordsOf(shape, areNumbers);
  return /^[\w$.]+$/u.test(record) ? `keyof typeof ${record}` : wordsOf(shape);
}

/** It is what lies under a key, where TypeScript takes it to be there. */
export function isTyped(
  atom: Atom,
  context: Pick<ExpressionContext, "folding" | "uncheckedIndexedAccess">,
): boolean {
  const { folding, uncheckedIndexedAccess } = context;
  const load =
    atom.kind === "value" && folding.folded.has(atom.id) ? folding.instrOf.get(atom.id) : undefined;
  const type = load?.kind === "load" ? load.place.ref.type : null;
  if (load?.kind !== "load" || type?.kind !== "ref" || !isKeyed(type.shape)) return false;
  const { step } = load.place;
  if (isClosed(type.shape) && type.shape.element.kind === "maybe")
    return step.kind === "index" && isSure(type.shape, step.index);
  const { element, storage, holdsNothing } = type.shape;
  if (element.kind !== "maybe") return true;
  return storage === "Record" && holdsNothing !== true && !uncheckedIndexedAccess;
}
