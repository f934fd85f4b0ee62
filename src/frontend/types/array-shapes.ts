/** The shapes of arrays, records, maps and sets. */
import type { ts } from "ts-morph";
import type { FrontendProject } from "../project/project.js";
import { type ShapeContext, type ShapeResult, type Unsupported, maybe, shapeWithin } from "./shapes.js";
import { arrayLike, isArrayLikeOfNumbers } from "./containers.js";
import { sameShape } from "../memory.js";
import { holdsWholeNumbers, typedStorage } from "../arrays/storage.js";

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
  if (isOpenTuple(type, project)) return openTupleShape(type as ts.TupleTypeReference, context);
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

/** An array, where all elements are of one kind; null where they are not. */
function openTupleShape(type: ts.TupleTypeReference, context: ShapeContext): ShapeResult | null {
  const [first, ...others] = context.project.checker
    .getTypeArguments(type)
    .map((each) => shapeWithin(each, context));
  if (first === undefined || first.kind === "unsupported") return null;
  if (!others.every((each) => each.kind !== "unsupported" && sameShape(first, each))) return null;
  const isReadonly = readonlyIf(type.target.readonly);
  return { kind: "array", element: first, storage: "Array", isOpenTuple: true, ...isReadonly };
}

/** A record, a map or a set whose keys are strings or numbers; null for anything else. */
function keyedShape(type: ts.Type, context: ShapeContext): ShapeResult | null {
  const { project } = context;
  const library = libraryName(type, project);
  const isMap = library === "Map" || library === "ReadonlyMap";
  if (isMap || library === "Set" || library === "ReadonlySet") {
    const [key, value] = project.checker.getTypeArguments(type as ts.TypeReference);
    const kind = key === undefined ? null : keyKind(key, project);
    if (kind === null) return null;
    if (!isMap || value === undefined)
      return {
        kind: "array",
        element: { kind: kind === "number" ? "int" : "string" },
        storage: "Set",
        key: kind,
        ...readonlyIf(library === "ReadonlySet"),
      };
    const map = elementUnder(value, "Map", kind, context);
    return map.kind === "array" ? { ...map, ...readonlyIf(library === "ReadonlyMap") } : map;
  }
  if (library !== null || type.getCallSignatures().length > 0) return null;
  const [info, ...more] = project.checker.getIndexInfosOfType(type);
  if (info === undefined || project.checker.getPropertiesOfType(type).length > 0) return null;
  const kind = keyKind(info.keyType, project);
  // Keys of a pattern, `${string}.${"x" | "y"}`, are one for each of its words.
  const isOne = more.every((each) => each.type === info.type && keyKind(each.keyType, project) === kind);
  if (!isOne) return null;
  return kind === null ? null : elementUnder(info.type, "Record", kind, context);
}

function elementUnder(
  type: ts.Type,
  storage: "Record" | "Map",
  key: "string" | "number",
  context: ShapeContext,
): ShapeResult {
  const element = maybe(shapeWithin(type, context), "undefined");
  return element.kind === "unsupported" ? element : { kind: "array", element, storage, key };
}

function readonlyIf(isReadonly: boolean): { readonly isReadonly?: boolean } {
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

const untypedElements: Unsupported = Object.freeze({
  kind: "unsupported",
  cause: "untyped",
  reason: "the type of its elements is not known",
});
