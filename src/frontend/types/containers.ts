/** Types of arrays of numbers that may be kept in one thing or another: `number[] | Float32Array`, `ArrayLike<number>`. */
import type { ts } from "ts-morph";
import { type SeveralShape, containersOf, several } from "../../ir/containers.js";
import { isKeyed } from "../../ir/shapes.js";
import type { Container, Shape } from "../../ir/types.js";
import type { FrontendProject } from "../project/project.js";
import type { ShapeResult } from "./shapes.js";

/** The shape of a union of arrays of numbers, tuples among them; null for any other. */
export function severalOf(shapes: readonly ShapeResult[]): SeveralShape | null {
  const containers: Container[] = [];
  let element: Shape = { kind: "int" };
  for (const shape of shapes) {
    const cells = shape.kind === "tuple" ? shape.elements : shape.kind === "array" ? [shape.element] : [];
    const own = shape.kind === "array" ? containersOf(shape) : ["Array" as const];
    if (own.length === 0 || cells.length === 0 || !cells.every(isPlainNumber)) return null;
    if (cells.some(({ kind }) => kind === "real")) element = { kind: "real" };
    containers.push(...own);
  }
  const isReadonly = shapes.some(
    (shape) => shape.kind === "array" && shape.isReadonly === true && !isKeyed(shape),
  );
  const whole = several(element, containers);
  if (whole.containers.length < 2 && whole.containers[0] !== "ArrayLike") return null;
  return isReadonly ? { ...whole, isReadonly } : whole;
}

function isPlainNumber(shape: Shape): boolean {
  return shape.kind === "real" || (shape.kind === "int" && shape.isEnum !== true);
}

/** `ArrayLike<number>` and interfaces of the kind: elements by their index, and a length. */
export function isArrayLikeOfNumbers(type: ts.Type, { ts, checker }: FrontendProject): boolean {
  const element = checker.getIndexInfoOfType(type, ts.IndexKind.Number)?.type;
  if (element === undefined || (element.flags & ts.TypeFlags.NumberLike) === 0) return false;
  if (checker.getIndexInfosOfType(type).length > 1 || type.getCallSignatures().length > 0) return false;
  const { Method } = ts.SymbolFlags;
  const properties = checker.getPropertiesOfType(type);
  return (
    properties.some(({ name }) => name === "length") &&
    properties.every(({ name, flags }) => name === "length" || (flags & Method) !== 0)
  );
}

export const arrayLike: SeveralShape = several({ kind: "real" }, ["ArrayLike"]);
