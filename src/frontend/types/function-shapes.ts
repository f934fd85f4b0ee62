/** Shapes in which functions lie in memory. */
import type { ts } from "ts-morph";
import type { Field, ObjectShape, Shape } from "../../ir/types.js";
import { libraryErrors } from "../names.js";
import { sameKeys } from "../memory.js";
import type { FrontendProject } from "../project/project.js";
import { libraryName } from "./array-shapes.js";
import { joinShapes, orNothing, sidesOf } from "./joined-types.js";

/** Of functions or classes: what a call, or `new`, can go to. */
export function isFunctionType(type: ts.Type): boolean {
  return type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0;
}

/** Of errors, those of the library and of classes that extend them: in memory, they lie as functions do. */
export function isErrorType(type: ts.Type, project: FrontendProject): boolean {
  const library = libraryName(type, project);
  if (library !== null) return libraryErrors.has(library);
  if (!type.isClassOrInterface() || !type.isClass()) return false;
  return project.checker.getBaseTypes(type).some((base) => isErrorType(base, project));
}

/** The number of the functions that what has the shape may be; null for what is no function. */
export function functionsIn(shape: Shape): number | null {
  switch (shape.kind) {
    case "maybe":
      return functionsIn(shape.shape);
    case "knot":
    case "object":
      return shape.functions ?? null;
    default:
      return null;
  }
}

/** Functions are in it, in any place. */
export function holdsFunctions(shape: Shape): boolean {
  if (functionsIn(shape) !== null) return true;
  switch (shape.kind) {
    case "maybe":
      return holdsFunctions(shape.shape);
    case "array":
      return holdsFunctions(shape.element);
    case "tuple":
      return shape.elements.some(holdsFunctions);
    case "object":
      return shape.named === undefined && shape.fields.some((field) => holdsFunctions(field.shape));
    default:
      return false;
  }
}

/** Something in it is not looked into, as are functions by their types alone: it may be one thing here and another there. */
export function isUntold(shape: Shape): boolean {
  switch (shape.kind) {
    case "opaque":
      return true;
    case "maybe":
      return isUntold(shape.shape);
    case "array":
      return isUntold(shape.element);
    case "tuple":
      return shape.elements.some(isUntold);
    case "object":
      return shape.fields.some((field) => isUntold(field.shape));
    default:
      return false;
  }
}

/** Functions of that number are in it, as of what it lies in itself. */
export function holdsKnot(shape: Shape, functions: number): boolean {
  switch (shape.kind) {
    case "knot":
      return shape.functions === functions;
    case "maybe":
      return holdsKnot(shape.shape, functions);
    case "array":
      return holdsKnot(shape.element, functions);
    case "tuple":
      return shape.elements.some((each) => holdsKnot(each, functions));
    case "object":
      return shape.fields.some((field) => holdsKnot(field.shape, functions));
    default:
      return false;
  }
}

/** The shape of memory of either shape, where functions that were not looked into have become records. */
export function keptShape(a: Shape, b: Shape): Shape | null {
  if (a.kind === "opaque" && holdsFunctions(b)) return b;
  if (b.kind === "opaque" && holdsFunctions(a)) return a;
  if (!holdsFunctions(a) && !holdsFunctions(b)) return joinShapes(a, b);
  if (a.kind === "nothing" || b.kind === "nothing") return joinShapes(a, b);
  if (a.kind === "maybe" || b.kind === "maybe") {
    const [one, other] = [a, b].map((each) => (each.kind === "maybe" ? each.shape : each));
    const inner = one === undefined || other === undefined ? null : keptShape(one, other);
    const absences = [a, b].flatMap((each) => (each.kind === "maybe" ? [each.none] : []));
    return inner === null
      ? null
      : orNothing(inner, absences.every((each) => each === absences[0]) ? absences[0] : undefined);
  }
  if (a.kind === "array" && b.kind === "array" && a.storage === b.storage && sameKeys(a, b)) {
    const element = keptShape(a.element, b.element);
    return element === null ? null : { ...a, element };
  }
  if (a.kind === "tuple" && b.kind === "tuple" && a.elements.length === b.elements.length) {
    const elements = a.elements.map((each, i) => keptShape(each, b.elements[i] ?? each));
    return elements.every((each) => each !== null) ? { ...a, elements } : null;
  }
  if (a.kind === "object" && b.kind === "object" && isPlain(a) && isPlain(b)) return keptFields(a, b);
  return joinShapes(a, b);
}

/** A field that an object lacks may be missing. */
function keptFields(a: ObjectShape, b: ObjectShape): ObjectShape | null {
  const names = new Set([...a.fields, ...b.fields].map(({ name }) => name));
  const fields = [...names].map((name): Field | null => {
    const shape = keptShape(...sidesOf(name, a, b));
    const field = [...a.fields, ...b.fields].find((each) => each.name === name);
    return shape === null || field === undefined ? null : { ...field, shape };
  });
  return fields.every((each) => each !== null) ? { ...a, fields } : null;
}

function isPlain({ named, functions }: ObjectShape): boolean {
  return named === undefined && functions === undefined;
}
