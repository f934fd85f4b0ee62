/**
 * Shadows as the user sees them, as expressions: of a value of several kinds, for which a shadow has a place each, what
 * belongs to the kind that it is.
 */
import { hasBox, isBox, kindOfCell } from "../ir/boxes.js";
import { isClosed } from "../ir/closed-records.js";
import { tagsOf } from "../ir/gradient-shapes.js";
import { type KeyedShape, isKeyed, nameOfShape, unfolded } from "../ir/shapes.js";
import type { ArrayShape, Field, MaybeShape, NamedType, ObjectShape, Shape, Variant } from "../ir/types.js";
import { testOf } from "./boxes.js";
import { primary } from "./code.js";
import { accessText, fieldText, keyText } from "./keys.js";
import { memoryText } from "./types.js";
import { type VariantLine, linesByVariant } from "./variant-lines.js";

/** What closings need of the rest of the printer. */
export interface ClosingWriter {
  readonly shape: (shape: Shape) => string;
  readonly entriesType: (shape: KeyedShape) => string;
  /** The function that closes shadows of objects of a type that has a name. */
  readonly closingFunction: (shape: Shape, primal: Shape) => string;
  /** The shadow as one of its kinds, for TypeScript. */
  readonly variant: (shadow: string, named: NamedType, variant: Variant) => string;
  /** An element of an array is `undefined` for TypeScript as well. */
  readonly uncheckedIndexedAccess: boolean;
}

/** A shadow, and the value that it belongs to. */
interface Pair {
  readonly shadow: string;
  readonly like: string;
  /** The shape of `like`. */
  readonly primal: Shape;
  /** `like` may be missing. */
  readonly isMissing: boolean;
}

/** An expression for what the shadow is of the shape. */
export function closingText(shape: Shape, pair: Pair, writer: ClosingWriter): string {
  if (!hasBox(shape)) return pair.shadow;
  const { shadow, like, primal } = pair;
  if (primal.kind === "maybe") return optionalText(shape, pair, primal, writer);
  if (nameOfShape(shape) !== null)
    return `${writer.closingFunction(shape, primal)}(${shadow}, ${pair.isMissing ? `${like}!` : like})`;
  switch (shape.kind) {
    case "object":
      return isBox(shape) ? boxText(shape, pair, writer) : objectText(shape.fields, pair, writer);
    case "tuple": {
      const cells = shape.elements.map((element, i) => {
        const inner = primal.kind === "tuple" ? (primal.elements[i] ?? element) : element;
        return closingText(element, cellOf(pair, String(i), inner), writer);
      });
      return `[${cells.join(", ")}]`;
    }
    case "array":
      return isKeyed(shape) ? keyedText(shape, pair, writer) : arrayText(shape, pair, writer);
    default:
      return shadow;
  }
}

/** What may be missing, or a word. Of types that have names there is then no gradient either. */
function optionalText(shape: Shape, pair: Pair, primal: MaybeShape, writer: ClosingWriter): string {
  const { shadow, like } = pair;
  const isMixed = primal.other !== undefined;
  if (shape.kind !== "maybe") {
    const memory = isMixed ? memoryText(like) : like;
    return closingText(shape, { ...pair, like: memory, primal: primal.shape, isMissing: true }, writer);
  }
  const held = isMixed ? `(${like} as ${writer.shape(primal.shape)})` : `${like}!`;
  const text = closingText(shape.shape, { ...pair, like: held, primal: primal.shape }, writer);
  return isMixed ? `(typeof ${shadow} === "object" ? ${text} : ${shadow})` : `${shadow} && ${text}`;
}

function boxText({ fields }: ObjectShape, pair: Pair, writer: ClosingWriter): string {
  const { shadow, like, primal, isMissing } = pair;
  if (primal.kind !== "object") return shadow;
  const isName = /^[\p{ID_Continue}$]+$/u.test(like);
  const arm = ({ name, shape }: Field): string => {
    const cell = primal.fields.find((each) => each.name === name)?.shape;
    const held = cell?.kind === "maybe" ? cell.shape : (cell ?? shape);
    // TypeScript follows tests of names.
    const part = isName ? like : `(${like} as ${writer.shape(held)})`;
    const inner = { ...pair, shadow: accessText(shadow, name), like: part, primal: held, isMissing: false };
    return closingText(shape, inner, writer);
  };
  return fields.reduceRight((rest, field) => {
    const kind = kindOfCell(field.name);
    if (rest === "" || kind === null) return arm(field);
    return `${testOf(primal, kind, primary(like), true, isMissing).text} ? ${arm(field)} : ${rest}`;
  }, "");
}

function objectText(fields: readonly Field[], pair: Pair, writer: ClosingWriter): string {
  const { shadow, primal } = pair;
  const open = fields.filter((field) => hasBox(field.shape));
  const cells = open.map((field) => {
    const own = primal.kind === "object" ? primal.fields.find(({ name }) => name === field.name) : undefined;
    const inner = cellOf(pair, field.name, own?.shape ?? field.shape, own);
    return `${keyText(field.name)}: ${closingText(field.shape, inner, writer)}`;
  });
  return `{ ${[...(open.length < fields.length ? [`...${shadow}`] : []), ...cells].join(", ")} }`;
}

function cellOf(pair: Pair, name: string, primal: Shape, own?: Field): Pair {
  const { shadow, like, isMissing } = pair;
  const cell = own === undefined ? accessText(like, name, isMissing) : fieldText(like, own, isMissing);
  return { ...pair, shadow: accessText(shadow, name), like: cell, primal };
}

/** The arrays are gone through by the elements that the caller has given. */
function arrayText({ element }: ArrayShape, pair: Pair, writer: ClosingWriter): string {
  const { shadow, like, primal, isMissing } = pair;
  const inner = primal.kind === "array" ? primal.element : element;
  const name = freeName(element.kind === "array" ? ["row", "cell"] : ["cell", "part"], pair);
  const index = freeName(["i", "j", "k"], pair);
  const mark = writer.uncheckedIndexedAccess ? "!" : "";
  const text = closingText(
    element,
    { shadow: `${shadow}[${index}]${mark}`, like: name, primal: inner, isMissing: false },
    writer,
  );
  const all = isMissing ? `(${like} ?? [])` : like;
  return `${all}.map((${name}, ${index}) => ${text.startsWith("{") ? `(${text})` : text})`;
}

/** So are records, maps and sets: what the function itself has put in is left out. */
function keyedText(shape: KeyedShape, pair: Pair, writer: ClosingWriter): string {
  const { shadow, like, primal, isMissing } = pair;
  const { element, storage } = shape;
  const isMap = storage === "Map";
  const isSet = primal.kind === "array" && primal.storage === "Set";
  const [key, cell] = [freeName(["key", "name"], pair), freeName(["cell", "part"], pair)];
  const held = primal.kind === "array" ? primal.element : element;
  const found = isMap
    ? `${shadow}.get(${isSet ? cell : key})!`
    : `${shadow}[${key}]${writer.uncheckedIndexedAccess ? "!" : ""}`;
  const inner = {
    shadow: found,
    like: cell,
    primal: held.kind === "maybe" ? held.shape : held,
    isMissing: false,
  };
  const text = closingText(element.kind === "maybe" ? element.shape : element, inner, writer);
  const part = element.kind === "maybe" ? `${cell} && ${text}` : text;
  const all = isMissing ? `(${like} ?? ${isMap ? "[]" : "{}"})` : like;
  const own = isMap ? `[...${all}]` : `Object.entries(${isMissing ? `${like} ?? {}` : like})`;
  const pairs = isSet
    ? `${own}.map((${cell}) => [${cell}, ${part}])`
    : `${own}.map(([${key}, ${cell}]) => [${key}, ${part}])`;
  if (isMap) return `new ${writer.shape(shape)}(${pairs})`;
  return `Object.fromEntries${writer.entriesType(shape)}(${pairs})${isClosed(shape) ? ` as ${writer.shape(shape)}` : ""}`;
}

/** The body of a function that closes a shadow of an object of the type, which is called `like`. */
export function closingLines(
  gradient: NamedType,
  opened: NamedType,
  primal: NamedType,
  { shadow, like }: { readonly shadow: string; readonly like: string },
  writer: ClosingWriter,
): readonly string[] {
  const lines = gradient.variants.map((variant, i): VariantLine => {
    const source = primal.variants[i] ?? variant;
    const isOpen = variant.fields.some((field) => hasBox(field.shape));
    const isOne = gradient.variants.length === 1;
    const cast = isOne ? shadow : writer.variant(shadow, opened, opened.variants[i] ?? variant);
    if (!isOpen) return { variant: source, text: cast };
    const part = isOne ? shadow : like === "part" ? "cotangent" : "part";
    const fields: Shape = { kind: "object", fields: source.fields };
    const pair: Pair = { shadow: part, like, primal: fields, isMissing: false };
    const text = variantText(variant, gradient, pair, writer);
    return { variant: source, text, ...(isOne ? {} : { before: `const ${part} = ${cast};` }) };
  });
  return linesByVariant(primal, lines, like);
}

function variantText(variant: Variant, gradient: NamedType, pair: Pair, writer: ClosingWriter): string {
  if (gradient.isTuple !== true) return objectText(variant.fields, pair, writer);
  const tags = tagsOf(gradient);
  const { primal } = pair;
  const cells = variant.fields.filter(({ name }) => name !== "length");
  const texts = cells.map((field) => {
    const own = primal.kind === "object" ? primal.fields.find(({ name }) => name === field.name) : undefined;
    const inner = cellOf(pair, field.name, own?.shape ?? field.shape);
    return tags.has(field.name) ? inner.shadow : closingText(field.shape, inner, writer);
  });
  return `[${texts.join(", ")}]`;
}

/** What is not the name of something that the expression inside refers to. */
function freeName(wanted: readonly string[], { shadow, like }: Pair): string {
  const taken = new Set([shadow, like].flatMap((text) => text.match(/[\p{ID_Continue}$]+/gu) ?? []));
  const [first = "cell"] = wanted;
  const more = Array.from({ length: taken.size + 1 }, (_, i) => `${first}${String(i + 2)}`);
  return [...wanted, ...more].find((name) => !taken.has(name)) ?? first;
}

/** The types of a closing function. */
export function asNamed(shape: Shape): (ObjectShape & { readonly named: NamedType }) | null {
  const whole = unfolded(shape.kind === "maybe" ? shape.shape : shape);
  return whole.kind === "object" && whole.named !== undefined ? { ...whole, named: whole.named } : null;
}
