/** The shapes of arrays, records, maps and sets. */
import type { ts } from "ts-morph";
import type { FrontendProject } from "../project/project.js";
import { type ShapeContext, type ShapeResult, type Unsupported, maybe, shapeWithin } from "./shapes.js";
import { isBox } from "../../ir/boxes.js";
import { type KeyedShape, isMemory, isObjectKey } from "../../ir/shapes.js";
import type { KnotShape, MemoryShape, Shape } from "../../ir/types.js";
import { arrayLike, isArrayLikeOfNumbers } from "./containers.js";
import { inOwnForm } from "./listed-keys.js";
import { holdsWholeNumbers, typedStorage } from "../arrays/storage.js";
import { isFunctionType } from "./function-shapes.js";

/** `number[]` and its like, typed arrays; null for what is no array. */
export function arrayShape(type: ts.Type, context: ShapeContext): ShapeResult | null {
  const { project } = context;
  const { checker } = project;
  if (checker.isArrayType(type)) {
    const [elementType] = checker.getTypeArguments(type as ts.TypeReference);
    if (elementType === undefined) return untypedElements;
    const element = shapeWithin(elementType, context);
    if (element.kind === "unsupported") return element;
    return { kind: "array", element, storage: "Array", ...readonlyIf(type.symbol.name === "ReadonlyArray") };
  }
  if (isLooseTuple(type, project)) return openTupleShape(type, context);
  const keyed = keyedShape(type, context);
  if (keyed !== null) return keyed;
  const library = libraryName(type, project);
  if (isMatch(library))
    return {
      kind: "array",
      element: { kind: "maybe", shape: { kind: "string" }, none: "undefined" },
      storage: "Array",
    };
  const storage = typedStorage(library);
  if (storage === null) return isArrayLikeOfNumbers(type, project) ? arrayLike : null;
  return { kind: "array", element: { kind: holdsWholeNumbers(storage) ? "int" : "real" }, storage };
}

/** What a regular expression has found: the match and its groups. */
export function isMatch(library: string | null): boolean {
  return library === "RegExpMatchArray" || library === "RegExpExecArray";
}

/** `[number, ...number[]]`: how many elements there are only the call knows. */
export function isOpenTuple(type: ts.Type, { ts, checker }: FrontendProject): boolean {
  if (!checker.isTupleType(type)) return false;
  const { elementFlags } = (type as ts.TupleTypeReference).target;
  return elementFlags.some((flags) => (flags & ts.ElementFlags.Variable) !== 0);
}

/** The same, or one with elements that may be left out: `[number, string?]`; or tuples of which one is such. */
export function isLooseTuple(type: ts.Type, project: FrontendProject): boolean {
  if (type.isUnion())
    return (
      type.types.every((each) => project.checker.isTupleType(each)) &&
      type.types.some((each) => isLooseTuple(each, project))
    );
  if (!project.checker.isTupleType(type)) return false;
  const { minLength, fixedLength } = (type as ts.TupleTypeReference).target;
  return minLength < fixedLength || isOpenTuple(type, project);
}

/** An array of all that its elements may be. */
export function openTupleShape(type: ts.Type, context: ShapeContext): ShapeResult | null {
  const { checker, ts } = context.project;
  const held = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
  const element = held === undefined ? null : shapeWithin(held, context);
  if (element === null || element.kind === "unsupported") return null;
  const isReadonly = (type.isUnion() ? type.types : [type]).some(
    (each) => (each as ts.TupleTypeReference).target.readonly,
  );
  return { kind: "array", element, storage: "Array", isOpenTuple: true, ...readonlyIf(isReadonly) };
}

/** A record, a map or a set whose keys are strings, numbers or objects; null for anything else. */
function keyedShape(type: ts.Type, context: ShapeContext): ShapeResult | null {
  const { project } = context;
  const library = libraryName(type, project);
  const collection = library === null ? undefined : collections.get(library);
  if (collection !== undefined)
    return collectionShape(project.checker.getTypeArguments(type as ts.TypeReference), collection, context);
  if (library !== null || isFunctionType(type)) return null;
  const [info, ...more] = project.checker.getIndexInfosOfType(type);
  if (info === undefined || project.checker.getPropertiesOfType(type).length > 0) return null;
  const kind = keyKind(info.keyType, project);
  // Keys of a pattern, `${string}.${"x" | "y"}`, are one for each of its words.
  const isOne = more.every((each) => each.type === info.type && keyKind(each.keyType, project) === kind);
  if (!isOne || kind === null) return null;
  const element = heldUnder(info.type, context);
  if (element.kind === "unsupported") return element;
  return { kind: "array", element, storage: "Record", key: kind, ...nothingIn(info.type, project) };
}

interface Collection {
  readonly storage: "Map" | "Set";
  readonly isReadonly?: true;
  readonly isWeak?: true;
}

const collections: ReadonlyMap<string, Collection> = new Map<string, Collection>([
  ["Map", { storage: "Map" }],
  ["ReadonlyMap", { storage: "Map", isReadonly: true }],
  ["WeakMap", { storage: "Map", isWeak: true }],
  ["Set", { storage: "Set" }],
  ["ReadonlySet", { storage: "Set", isReadonly: true }],
  ["WeakSet", { storage: "Set", isWeak: true }],
]);

/** The shape of a map, or a set, that is to be of a type of the user's own: what that lets one put in. */
export function collectionLike(type: ts.Type, at: ts.Node, project: FrontendProject): ShapeResult | null {
  for (const [method, storage] of [["set", "Map"] as const, ["add", "Set"] as const]) {
    const member = project.checker.getPropertyOfType(type, method);
    if (member === undefined) continue;
    const [signature] = project.checker.getTypeOfSymbolAtLocation(member, at).getCallSignatures();
    const given = signature?.parameters.map((each) => project.checker.getTypeOfSymbolAtLocation(each, at));
    if (given !== undefined) return collectionShape(given, { storage }, { at, project, depth: 0 });
  }
  return null;
}

/** What holds its keys weakly is, as long as the call lasts, a map or a set. */
function collectionShape(
  [keyType, valueType]: readonly ts.Type[],
  { storage, isReadonly, isWeak }: Collection,
  context: ShapeContext,
): ShapeResult | null {
  const { project } = context;
  const ofFunctions = keyType === undefined ? null : functionKeys(keyType, valueType, storage, context);
  if (ofFunctions !== null)
    return ofFunctions.kind === "array"
      ? { ...ofFunctions, ...readonlyIf(isReadonly === true) }
      : ofFunctions;
  const key = keyType === undefined ? null : (keyKind(keyType, project) ?? objectKey(keyType, context));
  if (key === null || keyType === undefined) return null;
  const held = valueType === undefined || storage === "Set" ? null : heldUnder(valueType, context);
  if (held?.kind === "unsupported") return held;
  const plain: KeyedShape = {
    kind: "array",
    element: held ?? { kind: key === "number" ? "int" : isObjectKey(key) ? "bool" : "string" },
    storage,
    key,
    ...readonlyIf(isReadonly === true),
    ...(isWeak === true ? { isWeak } : {}),
    ...(valueType === undefined ? {} : nothingIn(valueType, project)),
  };
  return inOwnForm(plain, project) ?? (isWeak === true ? null : listedOutside);
}

/** Of functions it is known while they are put in what stands for them, so they are kept in the map or the set as well. */
function functionKeys(
  type: ts.Type,
  valueType: ts.Type | undefined,
  storage: Collection["storage"],
  context: ShapeContext,
): ShapeResult | null {
  if (!isFunctionType(type)) return null;
  if (context.project.shapes !== context.project.heldShapes) return ofFunctionKeys;
  const element: Shape = { kind: "opaque" };
  const key: MemoryShape = { kind: "object", fields: [] };
  if (storage === "Set") return { kind: "array", element, storage, key, keeps: "keys" };
  const value = valueType === undefined ? null : shapeWithin(valueType, context);
  if (value === null || value.kind === "unsupported") return null;
  const fields = [
    { name: "key", shape: element },
    { name: "value", shape: value },
  ];
  const entry: Shape = { kind: "maybe", shape: { kind: "object", fields }, none: "undefined" };
  return { kind: "array", element: entry, storage, key, keeps: "entries" };
}

function objectKey(type: ts.Type, context: ShapeContext): MemoryShape | KnotShape | null {
  const shape = shapeWithin(type, context);
  if (shape.kind === "knot") return shape;
  return shape.kind !== "unsupported" && isMemory(shape) && !isBox(shape) ? shape : null;
}

/** There may be nothing under a key. */
function heldUnder(type: ts.Type, context: ShapeContext): ShapeResult {
  return maybe(shapeWithin(type, context), "undefined");
}

function nothingIn(held: ts.Type, { checker }: FrontendProject): { readonly holdsNothing?: true } {
  return checker.getNonNullableType(held) === held ? {} : { holdsNothing: true };
}

function readonlyIf(isReadonly: boolean): { readonly isReadonly?: true } {
  return isReadonly ? { isReadonly } : {};
}

function keyKind(type: ts.Type, { ts }: FrontendProject): "string" | "number" | null {
  const parts = type.isUnion() ? type.types : [type];
  if (parts.every(({ flags }) => (flags & ts.TypeFlags.StringLike) !== 0)) return "string";
  return parts.every(({ flags }) => (flags & ts.TypeFlags.NumberLike) !== 0) ? "number" : null;
}

/** The name of a type that TypeScript's own library declares as an interface: `Map`, `Date`, `Float64Array`. */
export function libraryName(type: ts.Type, { ts, program }: FrontendProject): string | null {
  const symbol = type.symbol as ts.Symbol | undefined;
  const [declaration] = symbol?.declarations ?? [];
  if (symbol === undefined || declaration === undefined || !ts.isInterfaceDeclaration(declaration))
    return null;
  return program.isSourceFileDefaultLibrary(declaration.getSourceFile()) ? symbol.name : null;
}

const ofFunctionKeys: Unsupported = Object.freeze({
  kind: "unsupported",
  cause: "function",
  reason: "its keys are functions",
});

const untypedElements: Unsupported = Object.freeze({
  kind: "unsupported",
  cause: "untyped",
  reason: "the type of its elements is not known",
});

const listedOutside: Unsupported = Object.freeze({
  kind: "unsupported",
  cause: "other",
  reason: "the objects that are its keys are listed, and for that have to come in an array as well",
});
