/** Instances of a family are told apart by their classes; an object literal is of none. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { nameOfShape } from "../../ir/shapes.js";
import type { Atom, Shape } from "../../ir/types.js";
import { type Context, refuse } from "../context.js";
import { shapeOfType } from "../memory.js";
import type { FrontendProject } from "../project/project.js";
import { type Family, isMethod, isOfFamily } from "../types/families.js";

/** Refuses a literal, or memory that holds one, where instances of a family lie; true where it does. */
export function refusesLiteral(cx: Context, { type }: Atom, wanted: Shape, node: ts.Node): boolean {
  const family = literalAmongInstances(shapeOfType(type), wanted, cx.unit.project);
  if (family === null) return false;
  const name = family.root.symbol.name;
  refuse(cx, "literalInstance", node, { name, code: excerpt(node) });
  return true;
}

/**
 * The family of which instances are wanted where there are object literals, in what is given or in a part of it that
 * has no name; null where there are none.
 */
export function literalAmongInstances(given: Shape, wanted: Shape, project: FrontendProject): Family | null {
  if (wanted.kind === "maybe") return literalAmongInstances(given, wanted.shape, project);
  if (given.kind === "maybe") return literalAmongInstances(given.shape, wanted, project);
  const inParts = (parts: readonly (readonly [Shape | undefined, Shape])[]): Family | null =>
    parts
      .map(([part, other]) => (part === undefined ? null : literalAmongInstances(part, other, project)))
      .find((each) => each !== null) ?? null;
  if (nameOfShape(wanted) !== null) {
    if (given.kind !== "object" || nameOfShape(given) !== null) return null;
    return [...project.families.values()].find((each) => isOfFamily(wanted, each, project)) ?? null;
  }
  if (given.kind === "array" && wanted.kind === "array") return inParts([[given.element, wanted.element]]);
  if (given.kind === "tuple" && wanted.kind === "tuple")
    return inParts(wanted.elements.map((each, i) => [given.elements[i], each]));
  if (given.kind === "object" && wanted.kind === "object" && nameOfShape(given) === null)
    return inParts(
      wanted.fields.map(({ name, shape }) => [given.fields.find((each) => each.name === name)?.shape, shape]),
    );
  return null;
}

/** True where the object may be an instance of a class with such a method, by its fields. */
export function mayHaveMethod({ unit: { project }, checker }: Context, given: Shape, name: string): boolean {
  const shape = given.kind === "maybe" ? given.shape : given;
  if (shape.kind !== "object" || shape.fields.some((each) => each.name === name)) return false;
  if ([...project.families.values()].some((each) => isOfFamily(shape, each, project))) return true;
  const types = project.classes.all(project).map((each) => checker.getTypeAtLocation(each));
  const able = types.filter((type) => {
    const property = type.getProperty(name);
    return property !== undefined && isMethod(property, project);
  });
  const isField = (field: string): boolean =>
    field.startsWith("#") || able.some((type) => type.getProperty(field) !== undefined);
  return able.length > 0 && shape.fields.every((field) => isField(field.name));
}
