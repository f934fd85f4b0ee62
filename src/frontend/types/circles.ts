/** Fields through which instances make a circle, which is closed when they are there: `next!: HalfEdge`, `next = this`. */
import type { ts } from "ts-morph";
import type { Field, Shape } from "../../ir/types.js";
import type { FrontendProject } from "../project/project.js";
import { isOfClass, nameFor, nameOfType } from "./named-types.js";
import { orNothing } from "./joined-types.js";
import { type ShapeResult, itContainsItself } from "./shapes.js";

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
 * What contains its like, of that name, in any case could never be made but in a circle: there is nothing at first. Of
 * objects that come from the caller, unless they are instances, it is not looked into.
 */
export function closedLater(field: Field, name: string, type: ts.Type, project: FrontendProject): Field {
  const { ts, checker } = project;
  const property = checker.getPropertyOfType(type, field.name);
  const isMade = isClosedHere(type, project);
  const isBack = isMade && property !== undefined && leadsBackTo(property, type, project);
  if (!isBack && !containsFor(field.shape, name)) return field;
  const isOfClass = property?.declarations?.some((each) => ts.isPropertyDeclaration(each)) === true;
  if (!isOfClass && !isMade) return { ...field, shape: { kind: "opaque" } };
  return { ...field, shape: orNothing(field.shape, isOfClass ? "undefined" : undefined) };
}

/**
 * What an object type that contains itself is called. One whose objects are made in a circle here, step by step, is a
 * type of the emitted file: the user's says that all of it is there from the start.
 */
export function nameOfKnot(type: ts.Type, at: ts.Node, project: FrontendProject): string {
  const own = nameOfType(type, "Part", project);
  const name = project.kept?.nameOf(own) ?? own;
  if (name !== own || !isClosedHere(type, project)) return name;
  return nameFor(`${circle}${own}`, `${own}Data`, at.getSourceFile(), project);
}

const circle = "circle ";

/** The names of such types of the emitted file. */
export function namesOfCircles({ named }: FrontendProject): readonly string[] {
  return [...named.made].flatMap(([key, name]) => (key.startsWith(circle) ? [name] : []));
}

/** The function makes objects of the type, none of which come from its caller, and has to close them in a circle. */
export function isClosedHere(type: ts.Type, project: FrontendProject): boolean {
  const { shapes, publicShapes, outside } = project;
  return (
    shapes !== publicShapes &&
    isCircle(type, project) &&
    !isOfClass(type, project) &&
    !outside.has(nameOfType(type, "Part", project))
  );
}

/** Each of its objects has another one inside of it. */
export function isCircle(type: ts.Type, project: FrontendProject): boolean {
  return leadsTo(type, type, new Set(), project);
}

/** A generic type may contain ever new versions of itself; no circle leads through so many. */
const mostTypes = 100;

/** Each object of the one type has one of the other inside of it. */
function leadsTo(from: ts.Type, to: ts.Type, seen: Set<ts.Type>, project: FrontendProject): boolean {
  const { ts, checker } = project;
  if (seen.has(from) || seen.size > mostTypes || (from.flags & ts.TypeFlags.Object) === 0) return false;
  const [declaration] = (from.symbol as ts.Symbol | undefined)?.declarations ?? [];
  if (declaration !== undefined && !project.isOwn(declaration.getSourceFile())) return false;
  if (checker.isArrayType(from) || from.getCallSignatures().length > 0 || isOfClass(from, project))
    return false;
  seen.add(from);
  return checker.getPropertiesOfType(from).some((property) => leadsBackTo(property, to, project, seen));
}

/** There is always something in the property, and that is of the type or has something of the type inside of it. */
function leadsBackTo(
  property: ts.Symbol,
  to: ts.Type,
  project: FrontendProject,
  seen = new Set<ts.Type>(),
): boolean {
  const { ts, checker } = project;
  if ((property.flags & (ts.SymbolFlags.Optional | ts.SymbolFlags.Method)) !== 0) return false;
  const held = checker.getTypeOfSymbol(property);
  const members = held.isUnion() ? held.types : [held];
  return members.every((member) => member === to || leadsTo(member, to, seen, project));
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

/** Something of the type may lie in something of the type, through lists and tuples too: `number | Nested[]`. */
export function containsItself(type: ts.Type, { ts, checker }: FrontendProject): boolean {
  const seen = new Set<ts.Type>();
  const parts = (whole: ts.Type): readonly ts.Type[] => {
    if (whole.isUnion()) return whole.types;
    if (checker.isArrayType(whole) || checker.isTupleType(whole))
      return checker.getTypeArguments(whole as ts.TypeReference);
    return [];
  };
  const leads = (from: ts.Type): boolean => {
    const isPart = (from.flags & (ts.TypeFlags.Object | ts.TypeFlags.Union)) !== 0;
    if (!isPart || seen.has(from) || seen.size > mostTypes) return false;
    seen.add(from);
    return parts(from).some((part) => part === type || leads(part));
  };
  return leads(type);
}

/** Why something of the type is not looked into. */
export function whyUntold(type: ts.Type, project: FrontendProject): string {
  if (isCircle(type, project))
    return "each of its objects leads to one more of them, in a circle, and is not looked into where it may come from the caller";
  return containsItself(type, project) ? itContainsItself : ofOtherThings;
}

/** What is said of a type of which nothing else is known. */
export const ofOtherThings =
  "it is not made of numbers, booleans, strings, and objects, tuples and arrays of these";
