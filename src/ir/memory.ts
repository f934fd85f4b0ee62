/** JavaScript objects as the interpreter's memory: making them, and reading and writing one cell. */
import { InternalError } from "../support/invariant.js";
import { tagsOf } from "./gradient-shapes.js";
import type { ArrayShape, MemoryShape, NamedType, ObjectShape, Shape } from "./types.js";

/** The key of a cell in the object that a reference points to. */
export type Key = string | number;

/** Reads a cell; an element past the end is `undefined`, as in JavaScript. */
export function readCell(memory: unknown, key: Key): unknown {
  return cells(memory)[key];
}

export function writeCell(memory: unknown, key: Key, value: unknown): void {
  cells(memory)[key] = value;
}

/** An array of this storage holding `elements`. */
export function makeArray(storage: ArrayShape["storage"], elements: readonly unknown[]): unknown {
  return storage === "Array" ? [...elements] : typedArrays[storage].from(elements as number[]);
}

const typedArrays = {
  Float64Array,
  Float32Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
};

/** Memory of this shape with the lengths of `like`, all numbers zero. Whatever else a cell holds is left as it is. */
export function zerosLike(like: unknown, shape: MemoryShape): unknown {
  switch (shape.kind) {
    case "object":
      return shape.named === undefined
        ? Object.fromEntries(
            shape.fields.map(({ name, shape: field }) => [name, zeroCell(readCell(like, name), field)]),
          )
        : zerosOfNamed(like, shape, shape.named);
    case "tuple":
      return shape.elements.map((element, i) => zeroCell(readCell(like, i), element));
    case "array": {
      const length = Number(readCell(like, "length"));
      const elements = Array.from({ length }, (_, i) => zeroCell(readCell(like, i), shape.element));
      return makeArray(shape.storage, elements);
    }
  }
}

/** An object of a union has the fields of its variant, and keeps what tells which one that is. */
function zerosOfNamed(like: unknown, shape: ObjectShape, named: NamedType): unknown {
  const tags = tagsOf(named);
  const own = shape.fields.filter(({ name }) => readCell(like, name) !== undefined);
  return Object.fromEntries(
    own.map(({ name, shape: field }) => {
      const cell = readCell(like, name);
      return [name, tags.has(name) ? cell : zeroCell(cell, field)];
    }),
  );
}

function zeroCell(like: unknown, shape: Shape): unknown {
  switch (shape.kind) {
    case "real":
    case "int":
      return 0;
    case "knot":
      return zerosLike(like, shape.unfold());
    case "object":
    case "tuple":
    case "array":
      // What is absent has an empty shadow.
      return zerosLike(like ?? (shape.kind === "object" ? {} : []), shape);
    case "maybe":
      return like === undefined || like === null ? like : zeroCell(like, shape.shape);
    default:
      return like;
  }
}

function cells(memory: unknown): Record<Key, unknown> {
  if (typeof memory !== "object" || memory === null) {
    throw new InternalError("interpreter", `${String(memory)} is used as a reference`);
  }
  return memory as Record<Key, unknown>;
}
