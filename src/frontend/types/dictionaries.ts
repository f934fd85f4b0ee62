/**
 * Objects of known fields that are used as dictionaries: which fields there are, and in which order, only the call knows.
 * Where that turns out, the types of these fields are those of records in the next attempt.
 */
import { inKeyOrder } from "../../support/index-names.js";
import type { ts } from "ts-morph";
import { type KeyedShape, isMemory } from "../../ir/shapes.js";
import type { Atom, Field, MemoryShape, Shape } from "../../ir/types.js";
import type { Context, Unit } from "../context.js";
import { sameShape } from "../memory.js";
import type { RefValue } from "../values.js";
import { isMapped } from "./named-types.js";

export class Dictionaries {
  /** The names of the fields, in the order of the alphabet. */
  readonly #names = new Set<string>();

  /** How many there are. */
  get size(): number {
    return this.#names.size;
  }

  /** Wants objects of these fields to be records, if they can be. */
  want(fields: readonly Field[]): void {
    if (recordOf(fields) !== null) this.#names.add(keyOf(fields));
  }

  /** The shape of objects of these fields; null where they are no dictionaries. */
  shapeOf(fields: readonly Field[]): KeyedShape | null {
    return this.#names.has(keyOf(fields)) ? recordOf(fields) : null;
  }
}

function keyOf(fields: readonly Field[]): string {
  return JSON.stringify(fields.map(({ name }) => name).sort());
}

/** A record with these fields, where all of them hold the same. */
function recordOf(fields: readonly Field[]): KeyedShape | null {
  const [first, ...others] = fields.map(({ shape }) => (shape.kind === "maybe" ? shape.shape : shape));
  if (first === undefined || !isHeld(first) || !others.every((each) => sameShape(first, each))) return null;
  if (fields.some(({ isPrivate }) => isPrivate === true)) return null;
  if (fields.some(({ shape }) => shape.kind === "maybe" && shape.other !== undefined)) return null;
  return {
    kind: "array",
    element: { kind: "maybe", shape: first, none: "undefined" },
    storage: "Record",
    key: "string",
    names: inKeyOrder(fields).map(({ name }) => name),
    required: fields.flatMap(({ name, shape }) => (shape.kind === "maybe" ? [] : [name])),
  };
}

function isHeld(shape: Shape): shape is Exclude<Shape, { kind: "maybe" }> {
  return isMemory(shape) || ["real", "int", "bool", "string", "knot"].includes(shape.kind);
}

/** Notes that what is there is used as a dictionary. */
export function wantRecord(cx: Context, { type }: Atom): void {
  const inner = type.kind === "maybe" ? type.type : type;
  if (inner.kind === "ref") wantRecordShape(cx.unit, inner.shape);
}

/**
 * Notes that a field is taken by a name that only the call knows. Where all fields are there and the type is made of its
 * keys, `Record<Joint, Pose>`, the object is a record, and `poses[joint]` what is written for it.
 */
export function wantTable(cx: Context, { type }: RefValue, node: ts.Node): void {
  const { shape } = type;
  const declared = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  const isFull = shape.kind === "object" && shape.fields.every((field) => field.shape.kind !== "maybe");
  if (isMapped(declared, cx) && isFull) wantRecordShape(cx.unit, shape);
}

/** The same for objects of the shape. */
export function wantRecordShape({ project }: Unit, shape: MemoryShape): void {
  if (shape.kind === "object" && shape.named === undefined) project.dictionaries.want(shape.fields);
}
