/**
 * `structuredClone(x)` and `JSON.parse(JSON.stringify(x))`. Of the former, JavaScript copies what two fields or elements
 * share once, and here each has a copy of its own: so what may be shared is refused, when all regions are known. The
 * latter copies it twice as well, but changes what JSON has no text for.
 */
import type { ts } from "ts-morph";
import { mayBeAsked } from "./inherited-presence.js";
import { excerpt } from "../../diagnostics/collector.js";
import type { Diagnostics } from "../../diagnostics/collector.js";
import { isKeyed } from "../../ir/shapes.js";
import type { Hint, MemoryShape, RegionId, Shape } from "../../ir/types.js";
import { declaredClassOf } from "../classes/classes.js";
import { type Context, type Unit, poison, refuseExpression } from "../context.js";
import { copyDeep } from "./deep-copies.js";
import { isOfLibrary, symbolOf, undefinedLiteral } from "../names.js";
import { lowerExpression } from "../expressions/expressions.js";
import { bare } from "../syntax.js";
import type { Regions } from "../types/regions.js";
import type { Bound } from "../scope.js";
import { atomOf } from "../values.js";

/** What is copied, and where. */
export interface Cloned {
  readonly shape: MemoryShape;
  readonly region: RegionId;
  readonly node: ts.Node;
}

/** What a way of copying makes of things. */
interface Way {
  readonly isText: boolean;
  /** What is copied comes from outside. */
  readonly isGiven: boolean;
}

const shared = "copy of an object of which two parts may be the same";

/** Lowers the call. */
export function cloneDeep(
  cx: Context,
  [source]: readonly Bound[],
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  const [argument] = node.arguments;
  if (source === undefined || argument === undefined) return undefinedLiteral;
  return copied(cx, source, argument, node, false, hint);
}

/** Lowers `JSON.parse(JSON.stringify(x))`; null for other calls. */
export function lowerJsonCopy(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  const [text, ...revivers] = jsonArguments(cx, node, "parse");
  const inner = text === undefined ? null : bare(cx.ts, text);
  if (inner === null || !cx.ts.isCallExpression(inner) || revivers.length > 0) return null;
  const [source, ...replacers] = jsonArguments(cx, inner, "stringify");
  if (source === undefined || replacers.length > 0) return null;
  return copied(cx, lowerExpression(cx, source), source, node, true, hint);
}

/** Those of a call of a function of `JSON`; none for other calls. */
function jsonArguments(cx: Context, node: ts.CallExpression, name: string): readonly ts.Expression[] {
  const { expression } = node;
  if (!cx.ts.isPropertyAccessExpression(expression) || expression.name.text !== name) return [];
  const symbol = symbolOf(cx, expression.expression);
  const isJson = symbol?.name === "JSON" && isOfLibrary(cx, symbol);
  return isJson ? node.arguments : [];
}

function copied(
  cx: Context,
  source: Bound,
  argument: ts.Expression,
  node: ts.CallExpression,
  isText: boolean,
  hint: Hint | null,
): Bound {
  const atom = atomOf(cx, source, argument);
  if (atom === poison) return poison;
  const inner = atom.type.kind === "maybe" ? atom.type.type : atom.type;
  if (atom.kind !== "value" || inner.kind !== "ref") return atom;
  const obstacle = isInstance(cx, atom.id, argument)
    ? "copy of an instance, which loses its methods"
    : obstacleIn(inner.shape, { isText, isGiven: mayBeAsked(cx.unit, atom.id) });
  if (obstacle !== null) return refuseExpression(cx, node, obstacle);
  if (!isText) cx.unit.cloned.push({ shape: inner.shape, region: inner.region, node });
  return copyDeep(cx, atom, node, hint);
}

function isInstance(cx: Context, id: number, argument: ts.Expression): boolean {
  if (cx.unit.classes.has(id) || declaredClassOf(cx, argument) !== null) return true;
  return holdsInstance(cx, cx.checker.getTypeAtLocation(argument), argument, new Set());
}

/** A class of the project, somewhere in the type. */
function holdsInstance(cx: Context, type: ts.Type, node: ts.Node, seen: Set<ts.Type>): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  const { checker, ts: tsc } = cx;
  const again = (each: ts.Type): boolean => holdsInstance(cx, each, node, seen);
  if (type.isUnionOrIntersection()) return type.types.some(again);
  if ((type.flags & tsc.TypeFlags.Object) === 0) return false;
  if (checker.isArrayType(type) || checker.isTupleType(type))
    return checker.getTypeArguments(type as ts.TypeReference).some(again);
  const symbol = type.symbol as ts.Symbol | undefined;
  const declarations = symbol?.declarations ?? [];
  if (declarations.some((each) => tsc.isClassLike(each))) return true;
  if (declarations.some((each) => each.getSourceFile().isDeclarationFile)) return false;
  return checker
    .getPropertiesOfType(type)
    .some((property) => again(checker.getTypeOfSymbolAtLocation(property, node)));
}

/** Why there is no copy. Elements of an array from outside are taken to be different objects, as those of arguments are. */
function obstacleIn(shape: Shape, way: Way): string | null {
  switch (shape.kind) {
    case "opaque":
      return "copy of what holds functions, or is not looked into";
    case "knot":
      return "copy of an object of a type that contains itself";
    case "maybe":
      return obstacleIn(shape.shape, way);
    case "array":
      if (isKeyed(shape)) return "copy of a record, a map or a set";
      if (way.isText && shape.storage !== "Array")
        return "copy of a typed array, which JSON turns into an object";
      return !way.isGiven && !way.isText && holdsMemory(shape.element)
        ? shared
        : firstObstacle([shape.element], way);
    case "tuple":
      return firstObstacle(shape.elements, way);
    case "object":
      if (shape.named !== undefined) return "copy of a union of objects, or of a type that contains itself";
      return firstOf(
        shape.fields.map((field) => field.shape),
        way,
      );
    default:
      return null;
  }
}

/** In a list, JSON has no `undefined`. */
function firstObstacle(elements: readonly Shape[], way: Way): string | null {
  const isLacking = (each: Shape): boolean =>
    each.kind === "nothing"
      ? each.none !== "null"
      : each.kind === "maybe" && each.none !== "null" && each.none !== "never";
  if (way.isText && elements.some(isLacking))
    return "copy of a list with elements that may be undefined, which JSON turns into `null`";
  return firstOf(elements, way);
}

function firstOf(shapes: readonly Shape[], way: Way): string | null {
  for (const shape of shapes) {
    const obstacle = obstacleIn(shape, way);
    if (obstacle !== null) return obstacle;
  }
  return null;
}

function holdsMemory(shape: Shape): boolean {
  return shape.kind === "maybe" ? holdsMemory(shape.shape) : memoryIn(shape) !== null;
}

function memoryIn(shape: Shape): MemoryShape | null {
  if (shape.kind === "maybe") return memoryIn(shape.shape);
  return shape.kind === "object" || shape.kind === "tuple" || shape.kind === "array" ? shape : null;
}

/** Reports copies of what turned out to share memory with another part of it. */
export function reportShared(units: readonly Unit[], diagnostics: Diagnostics): void {
  for (const { regions, cloned } of units) {
    for (const { shape, region, node } of cloned) {
      if (!mayShare(regions, shape, region, new Set())) continue;
      diagnostics.report("unsupportedExpression", node, { code: excerpt(node), what: shared });
    }
  }
}

function mayShare(regions: Regions, shape: MemoryShape, region: RegionId, seen: Set<RegionId>): boolean {
  const here = regions.canonical(region);
  if (seen.has(here)) return true;
  seen.add(here);
  if (shape.kind === "array") {
    const element = memoryIn(shape.element);
    if (element === null) return false;
    // An element that is put elsewhere in its array is in both places.
    return regions.writtenAt(here) !== null || mayShare(regions, element, regions.child(here, "*"), seen);
  }
  const cells =
    shape.kind === "tuple"
      ? shape.elements.map((each, i) => [String(i), each] as const)
      : shape.fields.map((each) => [each.name, each.shape] as const);
  return cells.some(([key, cell]) => {
    const memory = memoryIn(cell);
    return memory !== null && mayShare(regions, memory, regions.child(here, key), seen);
  });
}
