/** Copies of memory, with all memory that lies in it, as expressions; those of types that have names as functions. */
import { isClosed } from "../ir/closed-records.js";
import { isBox, kindOfCell } from "../ir/boxes.js";
import { isSeveral } from "../ir/containers.js";
import { isKeyed, isMemory, type KeyedShape, nameOfShape, unfolded } from "../ir/shapes.js";
import { tagsOf } from "../ir/gradient-shapes.js";
import type { MaybeShape, NamedType, ObjectShape, Shape, Variant } from "../ir/types.js";
import { testOf } from "./boxes.js";
import { primary } from "./code.js";
import { accessText, fieldText, keyText } from "./keys.js";
import { type VariantLine, linesByVariant } from "./variant-lines.js";

/** What copies need of the rest of the printer. */
export interface CopyWriter {
  readonly shape: (shape: Shape) => string;
  /** The function that copies objects of a type that has a name. */
  readonly copyFunction: (shape: Shape) => string;
  /** The part may be that of the original. */
  readonly isShared: (path: readonly string[]) => boolean;
}

/** What is copied, and where it lies in the whole. */
interface Part<S extends Shape = Shape> {
  readonly shape: S;
  readonly path: readonly string[];
}

/** An expression for a copy of memory of the shape. */
export function copyText({ shape, path }: Part, of: string, writer: CopyWriter): string {
  if (nameOfShape(shape) !== null) return `${writer.copyFunction(shape)}(${of})`;
  switch (shape.kind) {
    case "array": {
      if (isKeyed(shape)) return keyedText({ shape, path }, of, writer);
      if (isSeveral(shape) && shape.containers.includes("ArrayLike")) return `Array.from(${of})`;
      const element = below({ path }, "*", shape.element);
      const copy = isCopied(element, writer) ? `${of}.map(${callback(element, writer)})` : `${of}.slice()`;
      return shape.isOpenTuple === true ? `${copy} as typeof ${of}` : copy;
    }
    case "tuple":
      return `[${shape.elements
        .map((element, i) => [below({ path }, String(i), element), `${of}[${String(i)}]`] as const)
        .map(([part, cell]) => (isCopied(part, writer) ? copyText(part, cell, writer) : cell))
        .join(", ")}]`;
    case "object":
      return isBox(shape) ? boxText({ shape, path }, of, writer) : objectText({ shape, path }, of, writer);
    case "maybe":
      return maybeText({ shape, path }, of, writer);
    default:
      return of;
  }
}

/** A copy of what is there, or of what is memory. */
function maybeText({ shape, path }: Part<MaybeShape>, of: string, writer: CopyWriter): string {
  const copy = (memory: string): string => copyText({ shape: shape.shape, path }, memory, writer);
  const within = withinTest(of);
  if (within !== null) return `(${within.test} ? ${copy(within.held)} : undefined)`;
  return shape.other === undefined
    ? `${of} && ${copy(of)}`
    : `(typeof ${of} === "object"${mayBeNull(shape) ? ` && ${of} !== null` : ""} ? ${copy(of)} : ${of})`;
}

function mayBeNull({ none }: MaybeShape): boolean {
  return none !== "never" && none !== "undefined";
}

/** The test, and `x`, of `memoryText("x")` and the like; null for what is no such text. */
function withinTest(text: string): { readonly test: string; readonly held: string } | null {
  const [, test, held] = /^\(([^?]+) \? ([^?]+) : undefined\)$/u.exec(text) ?? [];
  return test === undefined || held === undefined || !test.includes(held) ? null : { test, held };
}

/** Only the memory in it is copied, where it is any. */
function boxText({ shape: box, path }: Part<ObjectShape>, of: string, writer: CopyWriter): string {
  const memory = box.fields.filter(({ name, shape }) => isCopied(below({ path }, name, shape), writer));
  const isAll = memory.length === box.fields.length;
  return memory.reduceRight((rest, { name, shape }, i) => {
    const kind = kindOfCell(name);
    const held = shape.kind === "maybe" ? shape.shape : shape;
    const copy = copyText(below({ path }, name, held), of, writer);
    if (kind === null) return rest;
    if (isAll && i === memory.length - 1) return copy;
    return `(${testOf(box, kind, primary(of), true).text} ? ${copy} : ${rest})`;
  }, of);
}

type Fields = Part<Extract<Shape, { kind: "object" }>>;

function objectText(whole: Fields, of: string, writer: CopyWriter): string {
  const { fields } = whole.shape;
  // A copy is a plain object, which has nothing private.
  const own = fields.some(({ isPrivate }) => isPrivate === true)
    ? fields
        .filter(({ name, shape }) => shape.kind !== "opaque" && !isCopied(below(whole, name, shape), writer))
        .map((field) => `${keyText(field.name)}: ${fieldText(of, field)}`)
    : [`...${of}`];
  return `{ ${[...own, ...partsText(whole, of, writer)].join(", ")} }`;
}

/** A copy of an instance is an instance too. */
function instanceText(whole: Fields, of: string, writer: CopyWriter): string {
  const parts = partsText(whole, of, writer);
  const own = parts.length === 0 ? [] : [`{ ${parts.join(", ")} }`];
  return `Object.assign(${[`Object.create(Object.getPrototypeOf(${of}))`, of, ...own].join(", ")})`;
}

/** The fields that lead to memory. */
function partsText({ shape, path }: Fields, of: string, writer: CopyWriter): readonly string[] {
  return shape.fields.flatMap((field) => {
    const part = below({ path }, field.name, field.shape);
    return isCopied(part, writer)
      ? [`${keyText(field.name)}: ${copyText(part, fieldText(of, field), writer)}`]
      : [];
  });
}

function callback(element: Part, writer: CopyWriter): string {
  const { shape } = element;
  if (nameOfShape(shape) !== null) return writer.copyFunction(shape);
  const name = shape.kind === "array" && !isKeyed(shape) ? "row" : "cell";
  const copy = copyText(element, name, writer);
  const type = shape.kind === "tuple" ? `: ${writer.shape(shape)}` : "";
  return `(${name})${type} => ${copy.startsWith("{") ? `(${copy})` : copy}`;
}

/** The same keys, with copies under them. */
function keyedText({ shape, path }: Part<KeyedShape>, of: string, writer: CopyWriter): string {
  const { element: whole, storage } = shape;
  const element = below(
    { path },
    "*",
    whole.kind === "maybe" && whole.other === undefined ? whole.shape : whole,
  );
  if (!isCopied(element, writer)) return storage === "Record" ? `{ ...${of} }` : `new ${storage}(${of})`;
  if (storage === "Set") {
    const copies = `[...${of}].map(${callback(element, writer)})`;
    return `new ${writer.shape(shape)}(${copies})`;
  }
  const isMap = storage === "Map";
  const all = isMap ? `[...${of}]` : `Object.entries(${of})`;
  const pairs = `${all}.map(([key, cell]) => [key, ${copyText(element, "cell", writer)}])`;
  if (isMap) return `new ${writer.shape(shape)}(${pairs})`;
  return `Object.fromEntries(${pairs})${isClosed(shape) ? ` as ${writer.shape(shape)}` : ""}`;
}

/** The body of a function that copies objects of the type; they are called `of`. */
export function copyLines(named: NamedType, of: string, writer: CopyWriter): readonly string[] {
  const lines = named.variants.map((variant): VariantLine => ({
    variant,
    text: variantText(variant, named, of, writer),
  }));
  const [first, ...others] = lines;
  if (first !== undefined && others.every(({ text }) => text === first.text))
    return [`return ${first.text};`];
  return linesByVariant(named, lines, of);
}

function variantText(variant: Variant, named: NamedType, of: string, writer: CopyWriter): string {
  const tags = tagsOf(named);
  const fields = variant.fields.filter(({ name }) => !tags.has(name));
  const whole: Fields = { shape: { kind: "object", fields }, path: [] };
  if (variant.isInstance === true || variant.test.kind === "instance") return instanceText(whole, of, writer);
  if (named.isTuple !== true) return objectText(whole, of, writer);
  const cells = variant.fields
    .filter(({ name }) => name !== "length")
    .map(({ name, shape }) => {
      const part = below(whole, name, shape);
      const cell = accessText(of, name);
      return {
        isCopied: isCopied(part, writer),
        text: isCopied(part, writer) ? copyText(part, cell, writer) : cell,
      };
    });
  return cells.some((cell) => cell.isCopied) ? `[${cells.map(({ text }) => text).join(", ")}]` : `[...${of}]`;
}

function below<S extends Shape>({ path }: Pick<Part, "path">, key: string, shape: S): Part<S> {
  return { shape, path: [...path, key] };
}

function isCopied({ shape, path }: Part, writer: CopyWriter): boolean {
  return holdsMemory(shape) && !writer.isShared(path);
}

/** What lies in the cells is copied by an assignment. */
export function isFlat(shape: Shape): boolean {
  if (shape.kind === "array") return !holdsMemory(shape.element);
  return shape.kind === "object" && !shape.fields.some((field) => holdsMemory(field.shape));
}

function holdsMemory(shape: Shape): boolean {
  return isMemory(unfolded(shape.kind === "maybe" ? shape.shape : shape));
}
