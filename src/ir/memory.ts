/** JavaScript objects as the interpreter's memory: making them, and reading and writing one cell. */
import { InternalError } from "../support/invariant.js";
import { inBox, isBoxCell } from "./boxes.js";
import { type SeveralShape, isSeveral } from "./containers.js";
import { isKeyed, isMemory, namedType, unfolded } from "./shapes.js";
import { tagsOf } from "./gradient-shapes.js";
import type {
  ArrayShape,
  MemoryShape,
  NamedType,
  ObjectShape,
  Presence,
  Shape,
  Variant,
  VariantTest,
} from "./types.js";
import { propertyOf } from "./variant-cells.js";

/** The key of a cell in the object that a reference points to. */
export type Key = string | number | object;

/** Reads a cell; an element past the end is `undefined`, as in JavaScript. */
export function readCell(memory: unknown, key: Key): unknown {
  // What lies under a key of a set is the key.
  if (memory instanceof Set) return memory.has(key) ? key : undefined;
  return memory instanceof Map ? memory.get(key) : cells(memory)[nameOf(key)];
}

/** The number of keys of a map or a set. */
export function sizeOf(memory: unknown): number {
  return memory instanceof Map || memory instanceof Set ? memory.size : 0;
}

/** Whether there is anything under the key. */
export function hasCell(memory: unknown, key: Key, asks: Presence): boolean {
  if (memory instanceof Map || memory instanceof Set) return memory.has(key);
  return asks === "in" ? nameOf(key) in cells(memory) : Object.hasOwn(cells(memory), nameOf(key));
}

/** Adds a key to a set, or takes one off. */
export function setPresence(memory: unknown, key: Key, isThere: boolean): void {
  if (memory instanceof Set && isThere) memory.add(key);
  else if (memory instanceof Map || memory instanceof Set) memory.delete(key);
  else Reflect.deleteProperty(cells(memory), nameOf(key));
}

export function writeCell(memory: unknown, key: Key, value: unknown): void {
  if (memory instanceof Set) {
    memory.add(key);
    return;
  }
  if (memory instanceof Map) {
    memory.set(key, value);
    return;
  }
  cells(memory)[nameOf(key)] = value;
}

function nameOf(key: Key): string | number {
  if (typeof key !== "object") return key;
  throw new InternalError("interpreter", "an object is the key of what is neither a map nor a set");
}

/** An array of this storage holding `elements`. */
export function makeArray(storage: ArrayShape["storage"], elements: readonly unknown[]): unknown {
  switch (storage) {
    case "Array":
    case "Several":
      return [...elements];
    case "Set":
      return new Set(elements);
    case "Record":
    case "Map":
      throw new InternalError("interpreter", "elements without keys");
    default:
      return typedArrays[storage].from(elements as number[]);
  }
}

/** An array in what `like` is kept in, where that is possible. */
export function makeArrayLike(
  like: unknown,
  elements: readonly unknown[],
  { containers }: SeveralShape,
): unknown {
  const storage = containers.find(
    (each) => each !== "Array" && each !== "ArrayLike" && like instanceof typedArrays[each],
  );
  return makeArray(storage === undefined || storage === "ArrayLike" ? "Array" : storage, elements);
}

/** An object with these cells, of classes that have these names, each of which extends the next. */
export function makeInstance(names: readonly string[], cells: readonly (readonly [Key, unknown])[]): unknown {
  const prototype = names.reduceRight<object>(
    (above, name) => Object.assign(Object.create(above) as object, { constructor: { name } }),
    Object.prototype,
  );
  return Object.assign(Object.create(prototype) as object, Object.fromEntries(cells));
}

/** A record or a map with these entries; `isMap`: keys are what they are. */
export function makeKeyed(shape: ArrayShape, entries: readonly (readonly [Key, unknown])[]): unknown {
  if (shape.storage === "Set") return new Set(entries.map(([key]) => key));
  if (shape.storage !== "Map") return Object.fromEntries(entries);
  return new Map(entries.map(([key, value]) => [shape.key === "number" ? Number(key) : key, value]));
}

function entriesOf(memory: unknown): readonly (readonly [Key, unknown])[] {
  if (memory instanceof Set) return [...(memory as Set<Key>)].map((key) => [key, key]);
  return memory instanceof Map ? [...(memory as Map<Key, unknown>)] : Object.entries(cells(memory));
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
            shape.fields.map(({ name, shape: field }) => [
              propertyOf(name),
              zeroCell(readField(like, name), field),
            ]),
          )
        : zerosOfNamed(like, shape, shape.named);
    case "tuple":
      return shape.elements.map((element, i) => zeroCell(readCell(like, i), element));
    case "array": {
      if (isKeyed(shape))
        return makeKeyed(
          shape,
          entriesOf(like).map(([key, value]) => [key, zeroCell(value, shape.element)]),
        );
      const length = Number(readCell(like, "length"));
      const elements = Array.from({ length }, (_, i) => zeroCell(readCell(like, i), shape.element));
      return isSeveral(shape) ? makeArrayLike(like, elements, shape) : makeArray(shape.storage, elements);
    }
  }
}

/** A field of an object, or what lies in the cell of a value that is its own box. */
function readField(like: unknown, name: string): unknown {
  return isBoxCell(name) ? inBox(like, name) : readCell(like, name);
}

/** An object of a union has the fields of its variant, and keeps what tells which one that is. */
function zerosOfNamed(like: unknown, shape: ObjectShape, named: NamedType): unknown {
  const tags = tagsOf(named);
  const variant = variantLike(like, named);
  const own = (variant ?? shape).fields.filter(({ name }) => readCell(like, propertyOf(name)) !== undefined);
  const entries = own.map(({ name, shape: field }) => {
    const cell = readCell(like, propertyOf(name));
    return [propertyOf(name), tags.has(name) ? cell : zeroCell(cell, field)] as const;
  });
  return makeObject(shape, entries);
}

/** An object with these fields, or the tuple that it stands for. */
export function makeObject(shape: MemoryShape, entries: readonly (readonly [Key, unknown])[]): unknown {
  if (namedType(shape)?.isTuple !== true) return Object.fromEntries(entries);
  return Object.assign([], Object.fromEntries(entries.filter(([name]) => name !== "length")));
}

/** The kind of object that it is, where it says so itself. */
export function variantLike(like: unknown, named: NamedType): Variant | undefined {
  return named.variants.find(({ test }) => isOfVariant(like, test));
}

/** True where a tag or a field of its own says so. */
function isOfVariant(object: unknown, test: VariantTest): boolean {
  if (test.kind === "tag") {
    const values: readonly unknown[] = test.values;
    return values.includes(readCell(object, test.field));
  }
  return test.kind === "own" && readCell(object, test.field) !== undefined;
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
      // What is absent, or no memory, has an empty shadow.
      return zerosLike(isReference(like) ? like : shape.kind === "object" ? {} : [], shape);
    case "maybe": {
      // A word in place of memory stays what it is.
      const isWord = isMemory(unfolded(shape.shape)) && typeof like !== "object";
      return isWord || like === undefined || like === null ? like : zeroCell(like, shape.shape);
    }
    default:
      return like;
  }
}

export function isReference(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** A copy of memory and of all that lies in it, of the same classes. */
export function copyOf(memory: unknown): unknown {
  if (typeof memory !== "object" || memory === null) return memory;
  if (Array.isArray(memory)) return memory.map(copyOf);
  if (memory instanceof Map) return new Map([...memory].map(([key, value]) => [key, copyOf(value)] as const));
  // Objects in a set are known by their identity.
  if (memory instanceof Set) return new Set(memory);
  if (ArrayBuffer.isView(memory)) return structuredClone(memory);
  const own = Object.entries(memory).map(([name, value]) => [name, copyOf(value)] as const);
  return Object.assign(
    Object.create(Object.getPrototypeOf(memory) as object | null) as object,
    Object.fromEntries(own),
  );
}

function cells(memory: unknown): Record<string | number, unknown> {
  if (typeof memory !== "object" || memory === null) {
    throw new InternalError("interpreter", `${String(memory)} is used as a reference`);
  }
  return memory as Record<string | number, unknown>;
}
