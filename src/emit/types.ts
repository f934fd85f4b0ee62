/** Shapes as TypeScript types, and the zeros of a shape as an expression. */
import type { Field, Shape, Type } from "../ir/types.js";

export function typeText(shape: Shape): string {
  switch (shape.kind) {
    case "real":
    case "int":
      return "number";
    case "bool":
      return "boolean";
    case "string":
      return "string";
    case "nothing":
      return "undefined";
    case "opaque":
      return "unknown";
    case "maybe":
      return `${typeText(shape.shape)} | undefined`;
    case "object":
      if (shape.spelling !== undefined) return shape.spelling;
      return `{ ${shape.fields.map((field) => `${keyText(field.name)}: ${typeText(field.shape)}`).join("; ")} }`;
    case "tuple":
      return `[${shape.elements.map(typeText).join(", ")}]`;
    case "array": {
      if (shape.storage !== "Array") return shape.storage;
      const element = typeText(shape.element);
      const isLong = shape.element.kind === "maybe" || element.includes("=>");
      return isLong ? `(${element})[]` : `${element}[]`;
    }
  }
}

export function valueTypeText(type: Type): string {
  if (type.kind === "maybe") {
    const inner = valueTypeText(type.type);
    return `${inner.includes("=>") ? `(${inner})` : inner} | undefined`;
  }
  return typeText(type.kind === "ref" ? type.shape : type);
}

/** An expression for zeros of the shape and the lengths of `like`, whose own shape is `primal`: parts may be missing. */
export function zerosText(shape: Shape, like: string, primal: Shape): string {
  if (primal.kind === "maybe")
    return zerosText(shape, shape.kind === "array" ? `(${like} ?? [])` : like, primal.shape);
  switch (shape.kind) {
    case "array":
      if (shape.storage !== "Array") return `new ${shape.storage}(${like}.length)`;
      return `${like}.map(${zeroCallback(shape.element, primal.kind === "array" ? primal.element : shape.element)})`;
    case "tuple":
      return `[${shape.elements.map((element, index) => zerosText(element, `${like}[${String(index)}]`, primal.kind === "tuple" ? (primal.elements[index] ?? element) : element)).join(", ")}]`;
    case "object": {
      const cells = shape.fields.map(
        (field) =>
          `${keyText(field.name)}: ${zerosText(field.shape, accessText(like, field.name), fieldShape(primal, field))}`,
      );
      return `{ ${cells.join(", ")} }`;
    }
    case "nothing":
      return "undefined";
    default:
      return "0";
  }
}

/** An expression for a copy of memory of the shape, and of all memory in it. */
export function cloneText(shape: Shape, of: string): string {
  switch (shape.kind) {
    case "array": {
      if (shape.storage !== "Array" || !holdsMemory(shape.element)) return `${of}.slice()`;
      const name = shape.element.kind === "array" ? "row" : "cell";
      const copy = cloneText(shape.element, name);
      const type = shape.element.kind === "tuple" ? `: ${typeText(shape.element)}` : "";
      return `${of}.map((${name})${type} => ${shape.element.kind === "object" ? `(${copy})` : copy})`;
    }
    case "tuple":
      return `[${shape.elements.map((element, i) => cloneText(element, `${of}[${String(i)}]`)).join(", ")}]`;
    case "object": {
      const cells = shape.fields.map(({ name, shape: field }) =>
        holdsMemory(field) ? `, ${keyText(name)}: ${cloneText(field, accessText(of, name))}` : "",
      );
      return `{ ...${of}${cells.join("")} }`;
    }
    case "maybe":
      return holdsMemory(shape) ? `${of} && ${cloneText(shape.shape, of)}` : of;
    default:
      return of;
  }
}

function holdsMemory(shape: Shape): boolean {
  if (shape.kind === "maybe") return holdsMemory(shape.shape);
  return shape.kind === "object" || shape.kind === "tuple" || shape.kind === "array";
}

export function keyText(name: string): string {
  return isIdentifier(name) ? name : JSON.stringify(name);
}

export function accessText(object: string, name: string): string {
  return isIdentifier(name) ? `${object}.${name}` : `${object}[${JSON.stringify(name)}]`;
}

function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

function fieldShape(primal: Shape, { name, shape }: Field): Shape {
  const field = primal.kind === "object" ? primal.fields.find((each) => each.name === name) : undefined;
  return field?.shape ?? shape;
}

function zeroCallback(element: Shape, primal: Shape): string {
  if (element.kind === "real") return "() => 0";
  const name = element.kind === "array" ? "row" : "cell";
  const zeros = zerosText(element, name, primal);
  const parameter = new RegExp(`\\b${name}\\b`).test(zeros) ? name : "";
  if (element.kind === "object" && needsAnnotation(element))
    return `(${parameter}): ${typeText(element)} => (${zeros})`;
  if (element.kind === "tuple") return `(${parameter}): ${typeText(element)} => ${zeros}`;
  return `(${parameter}) => ${element.kind === "object" ? `(${zeros})` : zeros}`;
}

/**
 * An expression of this shape needs its type spelled out: a tuple would be taken for an array. Elements of arrays
 * matter where the array is written as a literal; made by a callback, they have the type that it gives.
 */
export function needsAnnotation(shape: Shape, inLiterals = false): boolean {
  switch (shape.kind) {
    case "tuple":
      return true;
    case "array":
      return inLiterals && needsAnnotation(shape.element, true);
    case "object":
      return shape.fields.some(
        ({ shape: inner }) => (inner.kind !== "array" || inLiterals) && needsAnnotation(inner, inLiterals),
      );
    default:
      return false;
  }
}
