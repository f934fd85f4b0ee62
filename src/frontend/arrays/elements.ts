/** Array literals, and lists of elements or arguments. */
import { meantType } from "../types/concrete-types.js";
import type { ts } from "ts-morph";
import { fieldShape } from "../expressions/field-shapes.js";
import { excerpt } from "../../diagnostics/collector.js";
import { int, suggested, whole as wholeNumber } from "../../ir/builder.js";
import type { Atom, Hint, MemoryShape, ObjectShape, Shape, Type, Value } from "../../ir/types.js";
import { isLooseTuple, isOpenTuple } from "../types/array-shapes.js";
import { boxed } from "../expressions/boxes.js";
import { type Context, poison, refuse, refuseExpression } from "../context.js";
import { looseShape } from "./array-making.js";
import { descendants } from "../classes/descendants.js";
import { lowerExpression } from "../expressions/expressions.js";
import { mayResize } from "./array-growth.js";
import { isCopyOfFunctions, isOfFunctions, isOpenSpread, lowerOpenLiteral } from "./array-spread.js";
import { listOfBounds } from "../functions/functions.js";
import { joinShapes, orNothing } from "../types/joined-types.js";
import { allocate } from "../expressions/literals.js";
import { lengthOf, loadCell, loadRaw, shapeOfNumber, shapeOfType } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import { type Bound, type List, isAtom } from "../scope.js";
import { type ShapeResult, heldShapeOf, shapeOf } from "../types/shapes.js";
import { fieldsOfTuple } from "../types/tuple-shapes.js";
import { tupleUnionAt } from "../types/tuple-variants.js";
import { asCellsOf } from "../types/variant-cells.js";
import { bare, isJavaScript } from "../syntax.js";
import { atomOf, isRef, referenceOf } from "../values.js";

/** `[a, b, ...w]`. */
export function lowerArrayLiteral(cx: Context, node: ts.ArrayLiteralExpression, hint: Hint | null): Bound {
  if (node.elements.some((element) => isOpenSpread(cx, element)) || isCopyOfFunctions(cx, node))
    return lowerOpenLiteral(cx, node, hint);
  const elements = lowerElements(cx, node.elements, (i) =>
    hint === null ? null : suggested(`${hint.text}_${String(i)}`),
  );
  if (elements === null || elements.includes(poison)) return poison;
  const list = listOfBounds(cx, elements, node) ?? emptyList(cx, node);
  if (list !== null) return list;
  const atoms = elements.map((each) => atomOf(cx, each, node));
  return atoms.includes(poison) ? poison : allocateElements(cx, node, atoms, hint);
}

/** `[]`, of functions: as long as nothing is put into it, it is known while compiling. */
function emptyList(cx: Context, node: ts.ArrayLiteralExpression): List | null {
  if (node.elements.length > 0 || cx.unit.records.isKeptMember(node, "*")) return null;
  const type = meantType(cx, node);
  const isOne = type !== undefined && isOfFunctions(cx, cx.checker.getNonNullableType(type));
  return isOne ? { kind: "list", elements: [], node } : null;
}

/** Allocates a tuple, or an array of known length. */
export function allocateElements(
  cx: Context,
  node: ts.Expression | ts.BindingName,
  given: readonly Atom[],
  hint: Hint | null,
): Bound {
  const type = openType(cx, node) ?? cx.checker.getTypeAtLocation(node);
  const declared = shapeOf(type, node, cx.unit.project);
  const elements =
    declared.kind === "array" ? given.map((each) => boxed(cx, each, declared.element, node)) : given;
  const union = tupleUnionAt(cx, node);
  if (union !== null) return allocateVariant(cx, union, elements, node, hint);
  const shape = elementsShape(cx, node, elements);
  if (shape === null) return refuseExpression(cx, node, "array whose elements are of different kinds");
  const isWhole = shape.kind === "array" && shape.element.kind === "int";
  const entries = elements.map((value, i) => ({
    name: String(i),
    value: isWhole && value.kind === "literal" ? { ...value, type: int } : value,
  }));
  const out = allocate(cx, shape, entries, node, hint);
  if (shape.kind === "array" && !mayResize(cx)) cx.unit.lengths.set(out.id, elements.length);
  return out;
}

/** A tuple that is meant to be one of a union. */
function allocateVariant(
  cx: Context,
  union: ObjectShape,
  elements: readonly Atom[],
  node: ts.Node,
  hint: Hint | null,
): Value {
  const whole = fieldsOfTuple({ kind: "tuple", elements: elements.map(({ type }) => shapeOfType(type)) });
  const values = [...elements, wholeNumber(elements.length)];
  const entries = asCellsOf(whole, union).flatMap(({ name }, i) => {
    const value = values[i];
    return value === undefined ? [] : [{ name, value }];
  });
  return allocate(cx, union, entries, node, hint);
}

function elementsShape(cx: Context, node: ts.Node, elements: readonly Atom[]): MemoryShape | null {
  const own = cx.checker.getTypeAtLocation(node);
  const open = openType(cx, node);
  const type = open ?? own;
  if (open === null && !cx.checker.isArrayType(type) && !isOpenTuple(type, cx.unit.project))
    return { kind: "tuple", elements: elements.map(({ type: first }, i) => tupleShape(cx, node, i, first)) };
  const declared = shapeOf(type, node, cx.unit.project);
  const shapes = elements.map((atom) => elementShape(cx, node, atom));
  const [first, ...others] = shapes;
  if (first === undefined) return emptyShape(cx, node);
  const mixed = mixedElement(declared, shapes);
  if (mixed !== null) return { kind: "array", element: mixed, storage: "Array" };
  let element: Shape | null = first;
  for (const other of others) {
    cx.unit.records.meet(first, other);
    element = element === null ? null : joinShapes(element, other);
  }
  if (element === null) return null;
  // Members of an enum.
  const isEnum = declared.kind === "array" && declared.element.kind === "int";
  if (isEnum && elements.every(({ kind }) => kind === "literal"))
    return { kind: "array", element: int, storage: "Array" };
  const wider = declared.kind === "array" && declared.element.kind === "maybe" ? declared.element : null;
  const whole = wider === null ? element : orNothing(element, wider.none);
  return { kind: "array", element: whole, storage: "Array" };
}

/** Where nothing is at first, what is declared may be put there later. */
function tupleShape(cx: Context, node: ts.Node, index: number, first: Type): Shape {
  return first.kind === "nothing" && cx.ts.isArrayLiteralExpression(node)
    ? fieldShape(cx, node, String(index), first)
    : shapeOfType(first);
}

/** What is declared to hold values of several kinds; null where these are none of them. */
function mixedElement(declared: ShapeResult, shapes: readonly Shape[]): Shape | null {
  const element = declared.kind === "array" ? declared.element : null;
  if (element?.kind !== "maybe" || element.other === undefined) return null;
  return shapes.every((shape) => joinShapes(element, shape) !== null) ? element : null;
}

/** A literal for a variable or a result that takes more elements: `const acc: [number, ...number[]] = [x]`. */
function openType(cx: Context, node: ts.Node): ts.Type | null {
  const type = cx.ts.isExpression(node) ? cx.checker.getContextualType(node) : undefined;
  const wanted = type === undefined ? undefined : cx.checker.getNonNullableType(type);
  return wanted !== undefined && isLooseTuple(wanted, cx.unit.project) ? wanted : null;
}

function elementShape(cx: Context, node: ts.Node, { type }: Atom): Shape {
  if (type.kind !== "int" || !cx.ts.isExpression(node)) return shapeOfType(type);
  const declared = shapeOf(
    cx.checker.getContextualType(node) ?? cx.checker.getTypeAtLocation(node),
    node,
    cx.unit.project,
  );
  return (declared.kind === "array" ? shapeOfNumber(type, declared.element) : null) ?? shapeOfType(type);
}

/** `[]` becomes what is put into it: what it is declared as, or numbers. */
function emptyShape(cx: Context, node: ts.Node): MemoryShape {
  const contextual = cx.ts.isExpression(node) ? meantType(cx, node) : undefined;
  for (const type of [contextual, cx.checker.getTypeAtLocation(node)]) {
    const shape =
      type === undefined ? null : heldShapeOf(cx.checker.getNonNullableType(type), node, cx.unit.project);
    if (shape?.kind === "array") return shape;
  }
  const pushed = pushedShape(cx, node);
  if (pushed !== null) return { kind: "array", element: pushed, storage: "Array" };
  return cx.unit.widenings.untold(node, { kind: "array", element: { kind: "real" }, storage: "Array" });
}

/** JavaScript's `const rows = [];` holds what is pushed into it first. */
function pushedShape(cx: Context, node: ts.Node): Shape | null {
  const { parent } = node;
  if (!isJavaScript(cx, node) || !cx.ts.isVariableDeclaration(parent)) return null;
  const symbol = cx.checker.getSymbolAtLocation(parent.name);
  const scope = cx.ts.findAncestor(parent, (each) => cx.ts.isFunctionLike(each));
  for (const each of scope === undefined ? [] : descendants(cx.ts, scope)) {
    if (!cx.ts.isCallExpression(each) || !cx.ts.isPropertyAccessExpression(each.expression)) continue;
    const { expression, name } = each.expression;
    const [argument] = each.arguments;
    if (name.text !== "push" || argument === undefined) continue;
    if (cx.checker.getSymbolAtLocation(expression) === symbol)
      return looseShape(cx, cx.checker.getTypeAtLocation(argument), argument);
  }
  return null;
}

/** An array that was just made, and that is called a tuple (`xs.map(f) as Vector`), becomes one. */
export function asTuple(
  cx: Context,
  bound: Bound,
  type: ts.Type,
  node: ts.AssertionExpression,
  hint: Hint | null,
): Bound {
  const isMade = cx.ts.isCallExpression(bare(cx.ts, node.expression));
  if (!isMade || !isRef(bound) || bound.type.shape.kind !== "array" || !cx.checker.isTupleType(type))
    return bound;
  const shape = shapeOf(type, node, cx.unit.project);
  if (shape.kind !== "tuple") return bound;
  const values = shape.elements.map((_, i) => loadCell(cx, bound, i, node, null));
  return values.every(isAtom) ? allocateTuple(cx, values, node, hint) : bound;
}

/** Allocates a tuple of the values. */
export function allocateTuple(cx: Context, values: readonly Atom[], node: ts.Node, hint: Hint | null): Value {
  const elements = values.map(({ type }) => shapeOfType(type));
  const entries = values.map((value, i) => ({ name: String(i), value }));
  return allocate(cx, { kind: "tuple", elements }, entries, node, hint);
}

/** The values of a list of elements or arguments, spreads taken apart; null where the number is not known. */
export function lowerElements(
  cx: Context,
  nodes: readonly ts.Expression[],
  hintOf: (index: number) => Hint | null,
): readonly Bound[] | null {
  const values: Bound[] = [];
  let known = true;
  for (const node of nodes) {
    if (cx.ts.isSpreadElement(node)) {
      const spread = lowerSpreadElement(cx, node);
      if (spread === null) known = false;
      else values.push(...spread);
    } else if (cx.ts.isOmittedExpression(node)) {
      values.push(undefinedLiteral);
    } else {
      values.push(lowerExpression(cx, node, hintOf(values.length)));
    }
  }
  return known ? values : null;
}

function lowerSpreadElement(cx: Context, node: ts.SpreadElement): readonly Bound[] | null {
  // The array of a literal that is taken apart at once need not exist.
  const inner = bare(cx.ts, node.expression);
  if (cx.ts.isArrayLiteralExpression(inner)) return lowerElements(cx, inner.elements, () => null);
  const bound = lowerExpression(cx, node.expression);
  if (bound === poison) return [poison];
  if (bound.kind === "list") return bound.elements;
  const ref = referenceOf(cx, bound, node.expression);
  if (ref === null) return null;
  const length = lengthOf(cx, ref);
  if (length === null || ref.type.shape.kind === "object") {
    refuse(cx, "spreadLength", node, { code: excerpt(node) });
    return null;
  }
  return Array.from({ length }, (_, i) => loadRaw(cx, ref, i, node, null));
}
