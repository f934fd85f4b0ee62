/** Shapes as TypeScript types, and the zeros of a shape as an expression. */
import { isBox, kindOfCell } from "../ir/boxes.js";
import { holdsCotangents, isSeveral, severalText } from "../ir/containers.js";
import {
  type KeyedShape,
  heldIn,
  isKeyed,
  isMemory,
  isObjectKey,
  keyIn,
  nameOfShape,
  unfolded,
  wordsText,
} from "../ir/shapes.js";
import type {
  Absence,
  ArrayShape,
  Field,
  KnotShape,
  MaybeShape,
  NamedType,
  ObjectShape,
  Shape,
  TupleShape,
  Type,
  Variant,
} from "../ir/types.js";
import { closedText, isClosed } from "../ir/closed-records.js";
import { fieldsOf, primalFields } from "./closed-records.js";
import { fieldText, keyText } from "./keys.js";
import { partText } from "./boxes.js";
import { closingText } from "./closings.js";
import { copyText } from "./copies.js";
import type { NamedWriter } from "./named.js";

/** Writes types, zeros and copies; what has a name of its own is left to `named`. */
export class TypeTexts {
  readonly #named: NamedWriter;

  constructor(named: NamedWriter) {
    this.#named = named;
  }

  shape(shape: Shape): string {
    switch (shape.kind) {
      case "real":
      case "int":
        return shape.literals ?? "number";
      case "bool":
        return shape.literals ?? "boolean";
      case "string":
        return wordsText(shape, (name) => this.#named.ownerText(name)) ?? "string";
      case "nothing":
        return absenceText(shape.none);
      case "opaque":
        return "unknown";
      case "maybe":
        return this.#either(this.shape(shape.shape), shape);
      case "knot":
        return this.#named.typeText(shape.unfold());
      case "object":
        if (shape.spelling !== undefined) return shape.spelling;
        if (shape.identityOf !== undefined) return this.shape(shape.identityOf);
        if (isBox(shape)) return shape.fields.map((field) => this.#bare(field.shape)).join(" | ");
        if (isNamed(shape)) return this.#named.typeText(shape);
        return this.#ownerText(shape) ?? this.fields(shape.fields);
      case "tuple":
        return `${modifier(shape)}[${shape.elements.map((element) => this.shape(element)).join(", ")}]`;
      case "array": {
        if (isKeyed(shape)) return this.#keyed(shape);
        if (isSeveral(shape)) return severalText(shape);
        if (shape.storage !== "Array") return shape.storage;
        const element = this.shape(shape.element);
        return `${modifier(shape)}${isCompound(element) ? `(${element})` : element}[]`;
      }
    }
  }

  #ownerText({ owner }: ObjectShape): string | null {
    return owner === undefined ? null : this.#named.ownerText(owner);
  }

  #bare(shape: Shape): string {
    return this.shape(shape.kind === "maybe" ? shape.shape : shape);
  }

  #keyed(shape: KeyedShape): string {
    const { storage } = shape;
    const own = keyIn(shape);
    const key = isObjectKey(own) ? this.shape(own) : own;
    const held = this.shape(heldIn(shape));
    if (isClosed(shape)) return closedText(shape, held);
    const name = `${shape.isReadonly === true && storage !== "Record" ? "Readonly" : ""}${storage}`;
    return storage === "Set" ? `${name}<${key}>` : `${name}<${key}, ${held}>`;
  }

  /** The type of an object, written out. */
  fields(fields: readonly Field[], isTuple = false): string {
    if (isTuple) {
      const elements = fields.filter(({ name }) => name !== "length");
      return `[${elements.map(({ shape }) => this.shape(shape)).join(", ")}]`;
    }
    // What is not looked into is in no object that is made here.
    const known = fields.filter(({ shape }) => shape.kind !== "opaque");
    return `{ ${known.map((field) => this.field(field)).join("; ")} }`;
  }

  /** What may be undefined may be left out as well: so it is in objects from the caller. */
  field({ name, shape }: Field): string {
    const isOpen = shape.kind === "maybe" || shape.kind === "nothing";
    const isOptional = isOpen && shape.none !== "null" && shape.none !== "never";
    return `${keyText(name)}${isOptional ? "?" : ""}: ${this.shape(shape)}`;
  }

  value(type: Type): string {
    if (type.kind === "maybe") {
      const inner = this.value(type.type);
      return this.#either(inner.includes("=>") ? `(${inner})` : inner, type);
    }
    return this.shape(type.kind === "ref" ? type.shape : type);
  }

  /** With what it may be instead. */
  #either(text: string, { none, other }: Pick<MaybeShape, "none" | "other">): string {
    const others = other === undefined ? [] : [this.shape(other)];
    return [text, ...others, ...(none === "never" ? [] : [absenceText(none)])].join(" | ");
  }

  /** The type of some of the kinds of objects. */
  variants(named: NamedType, variants: readonly Variant[]): string {
    return this.#named.variantsText(named, variants);
  }

  /** What a literal of an object of the shape says for one of its fields. */
  entry({ named }: ObjectShape, field: string, text: string, value: unknown): string {
    return named === undefined ? text : this.#named.fieldValue(named, field, text, value);
  }

  /**
   * An expression for zeros of the shape and the lengths of `like`, whose own shape is `primal`: parts of it may be
   * missing, or, where `isMissing`, all of it.
   */
  zeros(shape: Shape, like: string, primal: Shape, isMissing = false): string {
    if (shape.kind === "maybe" && shape.other !== undefined) {
      const inner = primal.kind === "maybe" ? primal.shape : primal;
      const isNull = shape.none === "never" || shape.none === "undefined" ? "" : ` && ${like} !== null`;
      return `(typeof ${like} === "object"${isNull} ? ${this.zeros(shape.shape, like, inner)} : ${like})`;
    }
    if (primal.kind === "maybe" && primal.other !== undefined && holdsMemory(primal)) {
      const inner = primal.shape;
      return this.zeros(shape, memoryText(like), inner, true);
    }
    if (shape.kind === "maybe") {
      // What a conditional gives is not narrowed by a test.
      const there = like.startsWith("(typeof ") ? `${like}!` : like;
      return `${like} && ${this.zeros(shape.shape, there, primal.kind === "maybe" ? primal.shape : primal)}`;
    }
    if (primal.kind === "maybe") return this.zeros(shape, like, primal.shape, true);
    if (isMissing && isKeyed(shape)) return this.#keyedZeros(shape, like, primal, true);
    if (isMissing && shape.kind === "array") return this.zeros(shape, orEmpty(like), primal);
    switch (shape.kind) {
      case "array": {
        if (isKeyed(shape)) return this.#keyedZeros(shape, like, primal);
        if (isSeveral(primal) && !holdsCotangents(primal.containers))
          return `new Array<number>(${like}.length).fill(0)`;
        if (isSeveral(shape)) return `${like}.map(() => 0)`;
        if (shape.storage !== "Array") return `new ${shape.storage}(${like}.length)`;
        const { element } = shape;
        return `${like}.map(${this.#zeroCallback(element, primal.kind === "array" ? primal.element : element)})`;
      }
      case "tuple": {
        const cells = shape.elements.map((element, index) => {
          const inner = primal.kind === "tuple" ? primal.elements[index] : undefined;
          return this.zeros(
            element,
            `${like}${isMissing ? "?." : ""}[${String(index)}]`,
            inner ?? element,
            isMissing,
          );
        });
        return `[${cells.join(", ")}]`;
      }
      case "knot":
        return `${this.#named.zeros(shape.unfold(), asObject(primal))}(${like})`;
      case "object":
        return isNamed(shape)
          ? `${this.#named.zeros(shape, asObject(primal))}(${like})`
          : this.zeroFields(shape.fields, like, primal, isMissing);
      case "nothing":
        return "undefined";
      default:
        return "0";
    }
  }

  /** The same keys, with zeros under them. */
  #keyedZeros(shape: KeyedShape, like: string, primal: Shape, isMissing = false): string {
    if (isClosed(shape)) {
      const fields = isClosed(primal) ? primalFields(primal) : fieldsOf(shape);
      return this.zeroFields(fieldsOf(shape), like, { kind: "object", fields }, isMissing);
    }
    const held = primal.kind === "array" ? primal.element : shape.element;
    const inner = held.kind === "maybe" ? held.shape : held;
    const zeros = this.zeros(shape.element, "cell", inner);
    const isMap = shape.storage === "Map";
    const usesCell = /\bcell\b/u.test(zeros);
    const there = isMissing ? "?" : "";
    if (primal.kind === "array" && primal.storage === "Set") {
      const objects = `[...${isMissing ? `(${like} ?? [])` : like}]`;
      return `new ${this.shape(shape)}(${objects}.map((cell) => [cell, ${zeros}]))`;
    }
    const found = `${like}${usesCell ? "" : `${there}.keys()`}`;
    const all = isMap
      ? `[...${isMissing ? `(${found} ?? [])` : found}]`
      : `Object.${usesCell ? "entries" : "keys"}(${like}${isMissing ? " ?? {}" : ""})`;
    const pairs = `${all}.map((${usesCell ? "[key, cell]" : "key"}) => [key, ${zeros}])`;
    return isMap
      ? `new ${this.shape(shape)}(${pairs})`
      : `Object.fromEntries${this.entriesType(shape)}(${pairs})`;
  }

  /** The type of what is under the keys, where TypeScript would take it for another. */
  entriesType({ element }: KeyedShape): string {
    const held = element.kind === "maybe" ? element.shape : element;
    if (!isMemory(held) || isNamed(held) || !needsAnnotation(held, true)) return "";
    return `<${this.shape(held)}>`;
  }

  /** The literal of an object full of zeros. */
  zeroFields(fields: readonly Field[], like: string, primal: Shape, isMissing = false): string {
    const cells = fields.map(
      (field) => `${keyText(field.name)}: ${this.zeroField(field, like, primal, isMissing)}`,
    );
    return `{ ${cells.join(", ")} }`;
  }

  zeroField(field: Field, like: string, primal: Shape, isMissing: boolean): string {
    const own = fieldOf(primal, field);
    const kind = isBox(primal) ? kindOfCell(field.name) : null;
    const cell =
      isBox(primal) && kind !== null ? partText(primal, kind, like) : fieldText(like, own, isMissing);
    return this.zeros(field.shape, cell, own.shape, isMissing);
  }

  #zeroCallback(element: Shape, primal: Shape): string {
    if (element.kind === "real") return "() => 0";
    if (isNamed(element)) return this.#named.zeros(asObject(element), asObject(primal));
    const name = element.kind === "array" ? "row" : "cell";
    const zeros = this.zeros(element, name, primal);
    const parameter = new RegExp(`\\b${name}\\b`).test(zeros) ? name : "";
    if (element.kind === "object" && needsAnnotation(element))
      return `(${parameter}): ${this.shape(element)} => (${zeros})`;
    if (element.kind === "tuple") return `(${parameter}): ${this.shape(element)} => ${zeros}`;
    return `(${parameter}) => ${zeros.startsWith("{") ? `(${zeros})` : zeros}`;
  }

  /** An expression for what the shadow is of the shape, where the value that it belongs to is `like`. */
  closed(shape: Shape, shadow: string, like: string, primal: Shape): string {
    return closingText(shape, { shadow, like, primal, isMissing: false }, this.#named.closings);
  }

  /** A test whether one of the objects that are written to is listed twice. */
  holdsTwice(lists: readonly (readonly string[])[]): string {
    return `${this.#named.twice()}(${lists.map(listText).join(", ")})`;
  }

  /** An expression for a copy of memory of the shape, and of all memory in it that is not shared with the original. */
  clone(shape: Shape, of: string, shared: ReadonlySet<string> = new Set()): string {
    return copyText({ shape, path: [] }, of, {
      shape: (each) => this.shape(each),
      copyFunction: (each) => this.#named.copies(each),
      isShared: (path) => shared.has(path.join(".")),
    });
  }
}

/** What is of several kinds, where it is memory. */
export function memoryText(text: string): string {
  return `(typeof ${text} === "object" ? ${text} : undefined)`;
}

/** An array, or none where it is missing. */
function orEmpty(text: string): string {
  const [, part] = /^(\([^?]+ \? [^?]+) : undefined\)$/u.exec(text) ?? [];
  return part === undefined ? `(${text} ?? [])` : `${part} : [])`;
}

/** Of what is missing, it may not be known which of the two stands for it. */
function absenceText(none: Absence | undefined): string {
  return none ?? "null | undefined";
}

/** Parts of it would be taken for the whole behind `[]`. */
function isCompound(type: string): boolean {
  return type.includes(" | ") || type.includes("=>") || type.startsWith("readonly ");
}

function modifier({ isReadonly }: ArrayShape | TupleShape): string {
  return isReadonly === true ? "readonly " : "";
}

function isNamed(shape: Shape): boolean {
  return nameOfShape(shape) !== null;
}

function asObject(shape: Shape): ObjectShape {
  const bare: Exclude<Shape, KnotShape> = unfolded(shape);
  const inner = bare.kind === "maybe" ? unfolded(bare.shape) : bare;
  return inner.kind === "object" ? inner : { kind: "object", fields: [] };
}

function holdsMemory(shape: Shape): boolean {
  if (shape.kind === "maybe") return holdsMemory(shape.shape);
  return shape.kind === "object" || shape.kind === "tuple" || shape.kind === "array";
}

function fieldOf(primal: Shape, field: Field): Field {
  const own = primal.kind === "object" ? primal.fields.find((each) => each.name === field.name) : undefined;
  return own ?? field;
}

/**
 * An expression of this shape needs its type spelled out: a tuple would be taken for an array. Elements of arrays
 * matter where the array is written as a literal; made by a callback, they have the type that it gives.
 */
export function needsAnnotation(shape: Shape, inLiterals = false): boolean {
  // What refers to its like would have to be known for its own type to be found.
  if (isNamed(shape)) return inLiterals;
  switch (shape.kind) {
    case "maybe":
      return inLiterals && needsAnnotation(shape.shape, true);
    case "tuple":
      return true;
    case "array":
      return inLiterals && (shape.storage === "Record" || needsAnnotation(shape.element, true));
    case "object":
      return shape.fields.some(
        ({ shape: inner }) => (inner.kind !== "array" || inLiterals) && needsAnnotation(inner, inLiterals),
      );
    case "nothing":
    case "knot":
    case "opaque":
      return false;
    default:
      // A word in a literal would be taken for any word.
      return inLiterals && shape.literals !== undefined;
  }
}

/** A list of parts; an array that is all of it needs no other. */
function listText(parts: readonly string[]): string {
  const [only, ...more] = parts;
  const isArray = more.length === 0 && only !== undefined && /^\.{3}[\w$.]+$/u.test(only);
  return isArray ? only.slice(3) : `[${parts.join(", ")}]`;
}
