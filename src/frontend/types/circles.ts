/** Fields through which instances make a circle, which is closed when they are there: `next!: HalfEdge`, `next = this`. */
import type { ts } from "ts-morph";
import type { Field, Shape } from "../../ir/types.js";
import type { FrontendProject } from "../project/project.js";
import { orNothing } from "./joined-types.js";
import type { ShapeResult } from "./shapes.js";

/** `next!: HalfEdge`: there is nothing at first. */
export function isSetLater(
  { declarations = [] }: ts.Symbol,
  shape: ShapeResult,
  { ts }: FrontendProject,
): boolean {
  const isDeclaredSo = declarations.some(
    (each) => ts.isPropertyDeclaration(each) && each.exclamationToken !== undefined,
  );
  return isDeclaredSo && (shape.kind === "knot" || (shape.kind === "object" && leadsBack(shape)));
}

/** Something in it contains what it is in. */
function leadsBack(shape: Shape): boolean {
  switch (shape.kind) {
    case "knot":
      return true;
    case "object":
      return shape.fields.some((field) => leadsBack(field.shape));
    case "tuple":
      return shape.elements.some(leadsBack);
    case "array":
      return leadsBack(shape.element);
    case "maybe":
      return leadsBack(shape.shape);
    default:
      return false;
  }
}

/**
 * What contains its like, of that name, in any case could never be made but in a circle: that is for instances, and what
 * is not looked into in other objects.
 */
export function closedLater(field: Field, name: string, type: ts.Type, project: FrontendProject): Field {
  if (!containsFor(field.shape, name)) return field;
  const { ts, checker } = project;
  const { declarations = [] } = checker.getPropertyOfType(type, field.name) ?? {};
  const isOfClass = declarations.some((each) => ts.isPropertyDeclaration(each));
  return { ...field, shape: isOfClass ? orNothing(field.shape, "undefined") : { kind: "opaque" } };
}

/** It has one of that name inside of it, in any case. */
function containsFor(shape: Shape, name: string): boolean {
  switch (shape.kind) {
    case "knot":
      return shape.name === name;
    case "object":
      return (shape.named?.variants ?? [shape]).every(({ fields }) =>
        fields.some((field) => containsFor(field.shape, name)),
      );
    case "tuple":
      return shape.elements.some((element) => containsFor(element, name));
    default:
      return false;
  }
}
