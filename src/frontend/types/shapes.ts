/**
 * From TypeScript's types to shapes of memory. What has no shape gives the reason; inside an object it becomes an
 * `opaque` field, which may be there but is never loaded.
 */
import type { ts } from "ts-morph";
import type { Absence, Field, KnotShape, ObjectShape, Shape } from "../../ir/types.js";
import { severalOf } from "./containers.js";
import { holdsReals, withoutLiterals } from "../../ir/shapes.js";
import { joinShapes } from "./joined-types.js";
import { mixShapes } from "./mixed-types.js";
import { mixedShape, pick } from "./mixed-shapes.js";
import {
  absenceIn,
  isKnotted,
  isOfClass,
  membersOf,
  nameOfType,
  namedTwin,
  noteKnot,
  unionOf,
  withoutThis,
} from "./named-types.js";
import { keyOf, withAll } from "./same-shapes.js";
import { kindOfMember } from "./box-kinds.js";
import { closedLater, isClosedHere, isSetLater, nameOfKnot } from "./circles.js";
import { arrayShape, libraryName, isLooseTuple, isOpenTuple, openTupleShape } from "./array-shapes.js";
import { withOpenFields } from "./open-fields.js";
import { ownFields, unnarrowed } from "./own-fields.js";
import { isOfObjects, scalarShape } from "./scalar-shapes.js";
import { isPrivate, isUnreachable } from "../classes/private-fields.js";
import type { FrontendProject } from "../project/project.js";
import { fieldsOfTuple } from "./tuple-shapes.js";
import { type Family, familyOfType } from "./families.js";
import { withKeptFields } from "./kept-fields.js";
import { widerThan } from "./wider-unions.js";
import { instancesShape, isPlainType, variantsShape } from "./unions.js";
import { isErrorType, isFunctionType } from "./function-shapes.js";

/** A type that the compiler has no shape for. */
export interface Unsupported {
  readonly kind: "unsupported";
  readonly cause: "untyped" | "function" | "generic" | "union" | "other";
  /** A clause: "`Map` is not an object of known fields". */
  readonly reason: string;
}

export type ShapeResult = Shape | Unsupported;

/** The shape of a type as seen at a node. */
export function shapeOf(type: ts.Type, at: ts.Node, project: FrontendProject): ShapeResult {
  return shapeWithin(type, { at, project, depth: 0 });
}

/** The same as code outside of classes sees it: fields that are private are not looked into. */
export function publicShapeOf(type: ts.Type, at: ts.Node, project: FrontendProject): ShapeResult {
  return shapeWithin(type, { at, project: { ...project, shapes: project.publicShapes }, depth: 0 });
}

/** The same for memory that is made here and may hold functions: these are not looked into yet. */
export function heldShapeOf(type: ts.Type, at: ts.Node, project: FrontendProject): ShapeResult {
  const shape = shapeOf(type, at, project);
  if (shape.kind !== "unsupported") return anyNumbers(shape);
  if (shape.cause !== "function") return shape;
  return shapeWithin(type, { at, project: { ...project, shapes: project.heldShapes }, depth: 0 });
}

/** `xs.map((x) => (x > 0 ? 1 : 0))` makes an array of numbers, whichever TypeScript finds them to be. */
function anyNumbers(shape: Shape): Shape {
  if (shape.kind === "real") return withoutLiterals(shape);
  if (shape.kind !== "array") return shape;
  const element = anyNumbers(shape.element);
  return element === shape.element ? shape : { ...shape, element };
}

/** True if a number that may carry a derivative is somewhere in it. */
export function holdsNumbers(shape: ShapeResult): boolean {
  return shape.kind !== "unsupported" && holdsReals(shape);
}

/** What a shape is found in. */
export interface ShapeContext {
  readonly at: ts.Node;
  readonly project: FrontendProject;
  readonly depth: number;
}

/** A generic type may contain ever new versions of itself; no data is nested this deep. */
const maxDepth = 20;

/** The shape of a type inside of others. */
export function shapeWithin(whole: ts.Type, { at, project, depth }: ShapeContext): ShapeResult {
  const type = withoutThis(whole, project);
  const family = familyOfType(type, project);
  if (family !== null) return orMissing(type, familyShape(family, { at, project, depth }), project);
  const wider = widerThan(type, project);
  if (wider !== null) return orMissing(type, shapeWithin(wider, { at, project, depth }), project);
  const known = project.shapes.get(type);
  // Met again while its own shape is being made, the type contains itself.
  if (known === pending) return knotOf(type, at, project);
  if (known !== undefined && known !== begun) return known;
  if (depth > maxDepth) return unsupported("other", "it is nested too deeply");
  // A list of what contains it is met again inside of that: then it is a list of knots.
  const isTupleAtFirst = known === undefined && isTuple(type, project);
  const isList = membersOf(type, project).every((member) => project.checker.isArrayType(member));
  if (!isList) project.shapes.set(type, isTupleAtFirst ? begun : pending);
  const made = makeShape(type, { at, project, depth: depth + 1 });
  const shape = made.kind === "object" ? tied(type, made, at, project) : made;
  project.shapes.set(type, shape);
  return shape;
}

/** What is not looked into. */
const opaque = Object.freeze({ kind: "opaque" } as const);

/** Why it has no shape. */
export const itContainsItself =
  "it contains itself other than through objects that a field tells apart, such as `{ value: number } | { items: Nested[] }`";

/** The shape of a type while it is being made. */
const pending: Unsupported = Object.freeze(unsupported("other", itContainsItself));

/** A tuple that has been met once. */
const begun: Unsupported = Object.freeze(unsupported("other", "it is a tuple that contains itself"));

function knotOf(type: ts.Type, at: ts.Node, project: FrontendProject): ShapeResult {
  const members = membersOf(type, project);
  const objects = members.filter((member) => isOfObjects(member, project));
  const isObject = objects.length === members.length;
  const [only = type, ...more] = objects;
  // Words beside objects that contain both.
  const words = isObject ? [] : members.filter((member) => !objects.includes(member));
  const own =
    isObject || objects.length === 0 ? type : more.length === 0 ? only : unionOf(type, objects, project);
  // An array or a tuple that contains itself has no name to be called by; a union of tuples has one.
  const isOfTuples = members.length > 1 && members.every((member) => isTuple(member, project));
  const isList = !isOfTuples && members.some((member) => project.checker.isArrayLikeType(member));
  const shapesOfWords = words.map((word) => scalarShape(word, project));
  if (isList || objects.length === 0 || !shapesOfWords.every((word) => word?.kind === "string"))
    return pending;
  if (own !== type && type.aliasSymbol !== undefined)
    nameOfType(own, `${type.aliasSymbol.name}Object`, project);
  const name = nameOfKnot(own, at, project);
  noteKnot(own, project);
  const { shapes } = project;
  const unfold = (): ObjectShape => {
    const shape = shapes.get(type);
    const bare = shape?.kind === "maybe" ? shape.shape : shape;
    return bare?.kind === "object" ? bare : { kind: "object", fields: [] };
  };
  const knot: KnotShape = { kind: "knot", name, unfold };
  const whole = isObject ? knot : mixShapes([knot, ...shapesOfWords], "never", joinShapes);
  return whole === null ? pending : orMissing(type, whole, project);
}

/** An object that was met inside of itself is known by its name. */
function tied(type: ts.Type, shape: ObjectShape, at: ts.Node, project: FrontendProject): ObjectShape {
  const isKnot = isKnotted(type, project) || isClosedHere(type, project);
  if (!isKnot || shape.named !== undefined) return shape;
  const own = nameOfType(type, "Part", project);
  const whole = withKeptFields(
    own,
    [{ name: own, fields: shape.fields, test: { kind: "rest" } }],
    [type],
    project,
  );
  const name = nameOfKnot(type, at, project);
  const fields = (whole.variants[0]?.fields ?? []).map((field) => closedLater(field, name, type, project));
  const isPlain =
    project.wider.size === 0 && membersOf(type, project).every((member) => isPlainType(member, project));
  const isInstance = membersOf(type, project).some((member) => isOfClass(member, project));
  const variants = [{ name, fields, test: { kind: "rest" }, ...(isInstance ? { isInstance } : {}) }] as const;
  return { ...shape, fields, named: { name, variants, isPlain, gradientOf: null } };
}

/** The shape of all instances of a family. */
function familyShape(family: Family, { at, project, depth }: ShapeContext): ShapeResult {
  const { name, tag, members } = family;
  // What comes from outside is never looked into further than code outside of classes may.
  const shapes = tag === null ? project.publicShapes : project.shapes;
  const inside: ShapeContext = { at, project: { ...project, shapes }, depth: depth + 1 };
  const before = shapes.get(family.root);
  if (before === pending) {
    const unfold = (): ObjectShape => {
      const shape = shapes.get(family.root);
      return shape?.kind === "object" ? shape : { kind: "object", fields: [] };
    };
    return { kind: "knot", name: project.kept?.nameOf(name) ?? name, unfold };
  }
  if (before !== undefined) return before;
  shapes.set(family.root, pending);
  const parts = members.map(({ type }) => {
    const part = objectShape(type, inside);
    return part.kind === "object" && tag !== null ? unnarrowed(part, type, project) : part;
  });
  const failed = parts.find((part) => part.kind !== "object");
  const objects = parts.filter((part) => part.kind === "object");
  const types = members.map(({ type }) => type);
  const known =
    tag === null ? objects : withOpenFields(objects, types, project, (type) => shapeWithin(type, inside));
  const fields = known.map((part) => part.fields);
  const shape = failed ?? instancesShape(family, fields, project);
  shapes.set(family.root, shape);
  return shape;
}

function orMissing(type: ts.Type, shape: ShapeResult, project: FrontendProject): ShapeResult {
  return membersOf(type, project).length < (type.isUnion() ? type.types.length : 1)
    ? maybe(shape, absenceIn(type, project))
    : shape;
}

export function unsupported(cause: Unsupported["cause"], reason: string): Unsupported {
  return { kind: "unsupported", cause, reason };
}

function makeShape(type: ts.Type, context: ShapeContext): ShapeResult {
  const { project } = context;
  const { ts } = project;
  if (type.isUnion()) return unionShape(type, context);
  const scalar = scalarShape(type, project);
  if (scalar !== null) return scalar;
  if (type.isIntersection()) {
    // A branded number (`number & { __brand: "m" }`) is the number.
    const base = type.types.map((part) => scalarShape(part, project)).find((part) => part !== null);
    return base ?? objectShape(type, context);
  }
  if ((type.flags & ts.TypeFlags.TypeParameter) !== 0 || (type.flags & ts.TypeFlags.Instantiable) !== 0) {
    return unsupported("generic", `\`${nameOf(type, project)}\` depends on a type parameter`);
  }
  if ((type.flags & (ts.TypeFlags.Object | ts.TypeFlags.NonPrimitive)) !== 0)
    return dictionaryShape(type, objectShape(type, context), project);
  return unsupported("other", `\`${nameOf(type, project)}\` holds no numbers, strings or booleans`);
}

/** The same as a record, where objects of the type are used as such. */
function dictionaryShape(type: ts.Type, shape: ShapeResult, project: FrontendProject): ShapeResult {
  const { dictionaries } = project;
  if (shape.kind !== "object" || dictionaries.size === 0 || isOfClass(type, project)) return shape;
  return dictionaries.shapeOf(shape.fields) ?? shape;
}

/** All members of one shape, or objects that can be told apart, besides `undefined` and `null`. */
function unionShape(type: ts.UnionType, context: ShapeContext): ShapeResult {
  const { project } = context;
  const types = membersOf(type, project);
  const isOptional = types.length < type.types.length;
  const twin = types.every((member) => isOfObjects(member, project)) ? namedTwin(type, project) : null;
  if (twin !== null) return orMissing(type, shapeWithin(twin, context), project);
  const whole = project.checker.getNonNullableType(type);
  const open = isLooseTuple(whole, project) ? openTupleShape(whole, context) : null;
  if (open !== null) return isOptional ? maybe(open, absenceIn(type, project)) : open;
  const kinds = types.map((member) => kindOfMember(member, project));
  const shapes = types.map((member, i) => {
    const isOneOfSeveral = kinds.filter((kind) => kind === kinds[i]).length > 1;
    return memberShape(member, isOneOfSeveral, context);
  });
  const members = shapes.filter(({ kind }) => kind !== "nothing");
  const [first, ...others] = members;
  if (first === undefined) return { kind: "nothing" };
  const failed = members.find((member) => member.kind === "unsupported");
  if (failed !== undefined) return failed;
  const text = keyOf(first);
  const isOfTuples = others.length > 0 && first.kind === "tuple";
  const isOne = others.every((other) => keyOf(other) === text) && !(isOfTuples && isKnotted(type, project));
  const arrays = isOne ? null : severalOf(members);
  const made = isOne ? withAll(first, members) : (arrays ?? variantsOf(type, types, members, context));
  return isOptional || members.length < shapes.length ? maybe(made, absenceIn(type, project)) : made;
}

/** The members of a union contain the union, rather than themselves. */
function memberShape(type: ts.Type, isOneOfSeveral: boolean, context: ShapeContext): ShapeResult {
  return isOneOfSeveral && isOfObjects(type, context.project)
    ? objectShape(type, context)
    : shapeWithin(type, context);
}

function variantsOf(
  type: ts.Type,
  types: readonly ts.Type[],
  shapes: readonly ShapeResult[],
  { at, project, depth }: ShapeContext,
): ShapeResult {
  const isOfTuples = shapes.every(({ kind }) => kind === "tuple");
  const members = types.flatMap((member, i) => {
    const shape = shapes[i];
    if (shape?.kind === "tuple" && isOfTuples) return [{ type: member, shape: fieldsOfTuple(shape) }];
    return shape?.kind === "object" ? [{ type: member, shape }] : [];
  });
  const isOfObjects = members.length === shapes.length;
  const memoryOf = (all: readonly number[]): ShapeResult =>
    severalOf(pick(shapes, all)) ??
    variantsOf(unionOf(type, pick(types, all), project), pick(types, all), pick(shapes, all), {
      at,
      project,
      depth,
    });
  const mixed = isOfObjects ? null : mixedShape(shapes, memoryOf);
  if (mixed !== null) return mixed;
  const what = isOfObjects
    ? variantsShape(type, members, isOfTuples, { at, project })
    : "a union of different kinds of values";
  if (typeof what !== "string") return what;
  return unsupported("union", `\`${nameOf(type, project)}\` is ${what}, which is not supported yet`);
}

/** The shape of what may also be `undefined` or `null`, as `none` says. */
export function maybe(shape: ShapeResult, none: Absence | undefined): ShapeResult {
  switch (shape.kind) {
    case "maybe":
      return shape.none === "never" ? { ...shape, none } : shape;
    case "unsupported":
    case "nothing":
    case "opaque":
      return shape;
    default:
      return { kind: "maybe", shape, none };
  }
}

function objectShape(type: ts.Type, context: ShapeContext): ShapeResult {
  const { project } = context;
  if (isTuple(type, project)) return tupleShape(type, context);
  const array = arrayShape(type, context);
  if (array !== null) return array;
  const refused = refusedObject(type, project);
  if (refused !== null) return refused;
  const fields = ownFields(type, project).map((property): Field => {
    const field: Field = { name: cellName(property.name), shape: fieldShape(property, context) };
    return isOutside(context) && isPrivate(property, project) ? { ...field, isPrivate: true } : field;
  });
  if (!fields.some((field) => field.isPrivate === true)) return { kind: "object", fields };
  return { kind: "object", fields, owner: nameOfType(type, "Instance", project) };
}

/** The name of the cell for a field: `#x` is not a name that a plain object can have, it is kept as `_x`. */
export function cellName(name: string): string {
  return name.replace(/^(?:__#\d+@)?#/u, "_");
}

function fieldShape(property: ts.Symbol, context: ShapeContext): Shape {
  const { ts, checker } = context.project;
  const { flags } = property;
  if (isOutside(context) && isUnreachable(property, context.project)) return { kind: "opaque" };
  // What an accessor gives is computed by code, it is not a cell of memory.
  if ((flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Accessor)) !== 0) return { kind: "opaque" };
  const shape = shapeWithin(checker.getTypeOfSymbolAtLocation(property, context.at), context);
  const isOptional = (flags & ts.SymbolFlags.Optional) !== 0 || isSetLater(property, shape, context.project);
  const whole = isOptional ? maybe(shape, "undefined") : shape;
  return whole.kind === "unsupported" ? { kind: "opaque" } : whole;
}

/** Code outside of classes looks at it. */
function isOutside({ project }: ShapeContext): boolean {
  return project.shapes === project.publicShapes;
}

function isTuple(type: ts.Type, { checker }: FrontendProject): type is ts.TupleTypeReference {
  return checker.isTupleType(type);
}

function tupleShape(type: ts.TupleTypeReference, context: ShapeContext): ShapeResult {
  const { project } = context;
  const { ts, checker } = project;
  const { elementFlags } = type.target;
  const open = isLooseTuple(type, project) ? arrayShape(type, context) : null;
  if (open !== null) return open;
  if (isOpenTuple(type, project))
    return unsupported("other", `the tuple \`${nameOf(type, project)}\` has no fixed length`);
  const elements = checker.getTypeArguments(type).map((element, index): Shape => {
    const shape = shapeWithin(element, context);
    const isOptional = ((elementFlags[index] ?? 0) & ts.ElementFlags.Optional) !== 0;
    const whole = isOptional ? maybe(shape, "undefined") : shape;
    return whole.kind === "unsupported" ? { kind: "opaque" } : whole;
  });
  return type.target.readonly ? { kind: "tuple", elements, isReadonly: true } : { kind: "tuple", elements };
}

/** Why an object has no fields to speak of; null if it has. */
function refusedObject(type: ts.Type, project: FrontendProject): Unsupported | typeof opaque | null {
  const { ts, checker } = project;
  const isFunction = isFunctionType(type);
  if (isFunction || isErrorType(type, project)) {
    if (project.shapes === project.heldShapes) return opaque;
    return unsupported("function", isFunction ? "it is a function" : "it is an error");
  }
  const library = libraryName(type, project);
  if (library !== null) return unsupported("other", `\`${library}\` is not an object of known fields`);
  if (checker.getIndexInfosOfType(type).length > 0) {
    return unsupported("other", `the names of the fields of \`${nameOf(type, project)}\` are not known`);
  }
  if ((type.flags & ts.TypeFlags.NonPrimitive) !== 0)
    return unsupported("untyped", "its fields are not known");
  return null;
}

function nameOf(type: ts.Type, { checker }: FrontendProject): string {
  return checker.typeToString(type);
}
