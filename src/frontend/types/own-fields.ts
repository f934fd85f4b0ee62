/** The properties of objects of a type that are cells of their memory. */
import type { ts } from "ts-morph";
import { withoutLiterals } from "../../ir/shapes.js";
import type { ObjectShape, Shape } from "../../ir/types.js";
import { methodField } from "../classes/method-fields.js";
import type { FrontendProject } from "../project/project.js";
import { byPlace, isMapped } from "./named-types.js";

export function ownFields(type: ts.Type, project: FrontendProject): readonly ts.Symbol[] {
  return project.checker
    .getPropertiesOfType(type)
    .toSorted(isMapped(type, project) ? byDeclaration : byName)
    .filter((property) => !property.name.startsWith("__@") && !isOfPrototype(property, project));
}

/**
 * Instances that only the function makes, as they are while constructors run: a field that the class narrows may hold
 * what the class that it extends has put there.
 */
export function unnarrowed(shape: ObjectShape, type: ts.Type, project: FrontendProject): ObjectShape {
  const fields = shape.fields.map((field) =>
    isNarrowed(type, field.name, project) ? { ...field, shape: anyWord(field.shape) } : field,
  );
  return { ...shape, fields };
}

function isNarrowed(type: ts.Type, name: string, project: FrontendProject): boolean {
  const { checker } = project;
  const own = type.getProperty(name);
  return (type.getBaseTypes() ?? []).some((base) => {
    const above = base.getProperty(name);
    if (own === undefined || above === undefined) return false;
    return checker.getTypeOfSymbol(above) !== checker.getTypeOfSymbol(own) || isNarrowed(base, name, project);
  });
}

/** Methods and accessors of classes are no cells of their instances; TypeScript calls those of mixins properties. */
export function isOfPrototype({ declarations = [] }: ts.Symbol, project: FrontendProject): boolean {
  const { ts } = project;
  if (declarations.length > 0 && declarations.every((each) => methodField(each, project) !== null))
    return true;
  return declarations.some(
    (each) => ts.isClassLike(each.parent) && (ts.isMethodDeclaration(each) || ts.isAccessor(each)),
  );
}

/**
 * The fields of `Record<"u" | "v", …>` are declared nowhere, and TypeScript gives them in an order that depends on what
 * else it has read.
 */
function byName(a: ts.Symbol, b: ts.Symbol): number {
  const isDeclared = [a, b].some(({ declarations }) => (declarations ?? []).length > 0);
  return isDeclared || a.name === b.name ? 0 : a.name < b.name ? -1 : 1;
}

/** So it is with those of `Omit<Weighted, "y">`, which are declared elsewhere. */
function byDeclaration(a: ts.Symbol, b: ts.Symbol): number {
  return byPlace(a, b) || byName(a, b);
}

function anyWord(shape: Shape): Shape {
  if (shape.kind !== "maybe") return "literals" in shape ? withoutLiterals(shape) : shape;
  return "literals" in shape.shape ? { ...shape, shape: withoutLiterals(shape.shape) } : shape;
}
