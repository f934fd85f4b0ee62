/** Object and array literals: allocations. */
import type { ts } from "ts-morph";
import { excerpt } from "../diagnostics/collector.js";
import { suggested } from "../ir/builder.js";
import type { Atom, Field, Hint, MemoryShape, Shape, Value } from "../ir/types.js";
import * as ops from "../ops/scalar.js";
import { type Context, origin, poison, refuse, refuseExpression } from "./context.js";
import { closureOf, lowerExpression } from "./expressions.js";
import { branch, joinShapes, orNothing } from "./join.js";
import { lengthOf, loadRaw, referenceRegion, shapeOfType } from "./memory.js";
import { knownKey, lowerSymbol, symbolOf, undefinedLiteral } from "./names.js";
import { type Bound, type Static, isAtom } from "./scope.js";
import { shapeOf } from "./shapes.js";
import { bare } from "./syntax.js";
import { apply, includesNothing, present, referenceOf } from "./values.js";

/** `{ x: 1, y, ...p }`. */
export function lowerObjectLiteral(cx: Context, node: ts.ObjectLiteralExpression, hint: Hint | null): Bound {
  const cells = new Map<string, Bound>();
  let failed = false;
  for (const property of node.properties) {
    if (!lowerProperty(cx, node, property, cells, hint)) failed = true;
  }
  if (failed || [...cells.values()].includes(poison)) return poison;
  addMissing(cx, node, cells);
  return allocateObject(cx, node, cells, hint);
}

/** Allocates an object; fields that hold functions are known while compiling only. */
export function allocateObject(
  cx: Context,
  node: ts.Expression | ts.BindingName,
  cells: ReadonlyMap<string, Bound>,
  hint: Hint | null,
): Bound {
  const entries: { name: string; value: Atom }[] = [];
  const members = new Map<string, Static>();
  const fields: Field[] = [];
  for (const [name, bound] of cells) {
    if (isAtom(bound)) {
      entries.push({ name, value: bound });
      fields.push({ name, shape: fieldShape(cx, node, name, shapeOfType(bound.type)) });
    } else {
      members.set(name, bound);
      fields.push({ name, shape: { kind: "opaque" } });
    }
  }
  const out = allocate(cx, { kind: "object", fields }, entries, node, hint);
  if (members.size > 0) cx.unit.members.set(out.id, members);
  return out;
}

function allocate(
  cx: Context,
  shape: MemoryShape,
  entries: readonly { readonly name: string; readonly value: Atom }[],
  node: ts.Node,
  hint: Hint | null,
): Value {
  const init =
    shape.kind === "object"
      ? ({ kind: "object", entries } as const)
      : ({ kind: "elements", elements: entries.map(({ value }) => value) } as const);
  const out = cx.unit.builder.alloc(shape, init, origin(cx, node, hint));
  const region = referenceRegion(out.type);
  for (const { name, value } of entries) {
    const target = referenceRegion(value.type);
    if (target !== null && region !== null) cx.unit.regions.put(region, name, target);
  }
  return out;
}

/** Adds what one property of the literal says; false where it is refused. */
function lowerProperty(
  cx: Context,
  node: ts.ObjectLiteralExpression,
  property: ts.ObjectLiteralElementLike,
  cells: Map<string, Bound>,
  hint: Hint | null,
): boolean {
  if (cx.ts.isSpreadAssignment(property)) return lowerSpread(cx, node, property.expression, cells);
  const name = propertyName(cx, property.name);
  if (name === null) {
    refuse(cx, "dynamicAccess", property.name, { code: excerpt(property) });
    return false;
  }
  if (cx.ts.isShorthandPropertyAssignment(property)) {
    const symbol = symbolOf(cx, property.name);
    cells.set(name, symbol === null ? poison : lowerSymbol(cx, symbol, property.name));
    return true;
  }
  if (cx.ts.isPropertyAssignment(property)) {
    const inner = hint === null ? null : suggested(`${hint.text}_${name}`);
    cells.set(name, lowerExpression(cx, property.initializer, inner));
    return true;
  }
  if (cx.ts.isMethodDeclaration(property)) {
    cells.set(name, closureOf(cx, property, name));
    return true;
  }
  refuseExpression(cx, property, "getter or setter");
  return false;
}

/** The name that is written or computed from literals; null where it is not known. */
export function propertyName(cx: Context, name: ts.PropertyName): string | null {
  if (cx.ts.isIdentifier(name) || cx.ts.isStringLiteralLike(name)) return name.text;
  if (cx.ts.isNumericLiteral(name)) return String(Number(name.text));
  if (!cx.ts.isComputedPropertyName(name)) return null;
  const key = knownKey(cx, lowerExpression(cx, name.expression));
  return key === null ? null : String(key);
}

/** Every field of the object, in its order; a field that may be absent leaves what was there. */
function lowerSpread(
  cx: Context,
  node: ts.ObjectLiteralExpression,
  expression: ts.Expression,
  cells: Map<string, Bound>,
): boolean {
  const bound = lowerExpression(cx, expression);
  if (isAtom(bound) && bound.type.kind === "nothing") return true;
  if (isAtom(bound) && bound.type.kind === "maybe") {
    refuseExpression(cx, expression, "spread of an object that may be undefined");
    return false;
  }
  const ref = referenceOf(cx, bound, expression);
  if (ref === null) return false;
  if (ref.type.shape.kind !== "object") {
    refuseExpression(cx, expression, "spread of an array into an object");
    return false;
  }
  let fits = true;
  for (const { name, shape } of ref.type.shape.fields) {
    const known = cx.unit.members.get(ref.id)?.get(name);
    if (known === undefined && shape.kind === "opaque") continue;
    const value = known ?? loadRaw(cx, ref, name, expression, null);
    if (!overwrite(cx, node, expression, cells, name, value)) fits = false;
  }
  return fits;
}

function overwrite(
  cx: Context,
  node: ts.ObjectLiteralExpression,
  expression: ts.Expression,
  cells: Map<string, Bound>,
  name: string,
  value: Bound,
): boolean {
  const before = cells.get(name);
  const mayBeAbsent = isAtom(value) && (value.type.kind === "maybe" || value.type.kind === "nothing");
  // TypeScript takes an optional field to be absent, never `undefined`: then the earlier value shows through.
  if (before === undefined || !isAtom(before) || !mayBeAbsent || fieldMayBeNothing(cx, node, name)) {
    cells.set(name, value);
    return true;
  }
  if (value.type.kind === "nothing") return true;
  const absent = apply(cx, ops.isUndefined, [value], expression);
  const joined = branch(
    cx,
    expression,
    absent,
    () => before,
    () => present(cx, value, expression),
    null,
  );
  cells.set(name, joined);
  return true;
}

/** True if TypeScript says that the field of the literal may hold `undefined` or `null`. */
function fieldMayBeNothing(cx: Context, node: ts.Node, name: string): boolean {
  const type = fieldType(cx, cx.checker.getTypeAtLocation(node), node, name);
  return type === null || includesNothing(cx, type);
}

function fieldType(cx: Context, type: ts.Type, node: ts.Node, name: string): ts.Type | null {
  const property = cx.checker.getPropertyOfType(type, name);
  return property === undefined ? null : cx.checker.getTypeOfSymbolAtLocation(property, node);
}

/** The shape of a field, wider than its first value where the declared type is. */
function fieldShape(cx: Context, node: ts.Expression | ts.BindingName, name: string, first: Shape): Shape {
  if (first.kind === "opaque" || cx.ts.isIdentifier(node) || !cx.ts.isObjectLiteralExpression(node))
    return first;
  const whole = cx.checker.getContextualType(node) ?? cx.checker.getTypeAtLocation(node);
  const type = fieldType(cx, cx.checker.getNonNullableType(whole), node, name);
  if (type === null || !includesNothing(cx, type)) return first;
  if (first.kind !== "nothing") return orNothing(first);
  const declared = shapeOf(type, node, cx.unit.project);
  return declared.kind === "unsupported" ? first : (joinShapes(first, declared) ?? first);
}

/** Fields that the declared type has and the literal leaves out may be assigned later. */
function addMissing(cx: Context, node: ts.ObjectLiteralExpression, cells: Map<string, Bound>): void {
  const contextual = cx.checker.getContextualType(node);
  if (contextual === undefined) return;
  const type = cx.checker.getNonNullableType(contextual);
  if (type.isUnion()) return;
  for (const property of cx.checker.getPropertiesOfType(type)) {
    const optional = (property.flags & cx.ts.SymbolFlags.Optional) !== 0;
    if (optional && !cells.has(property.name)) cells.set(property.name, undefinedLiteral);
  }
}

/** `[a, b, ...w]`. */
export function lowerArrayLiteral(cx: Context, node: ts.ArrayLiteralExpression, hint: Hint | null): Bound {
  const elements = lowerElements(cx, node.elements, (i) =>
    hint === null ? null : suggested(`${hint.text}_${String(i)}`),
  );
  if (elements === null || elements.includes(poison)) return poison;
  const atoms = elements.filter(isAtom);
  if (atoms.length < elements.length) {
    return refuse(cx, "escapingFunction", node, { name: excerpt(node) });
  }
  return allocateElements(cx, node, atoms, hint);
}

/** Allocates a tuple, or an array of known length. */
export function allocateElements(
  cx: Context,
  node: ts.Expression | ts.BindingName,
  elements: readonly Atom[],
  hint: Hint | null,
): Bound {
  const shape = elementsShape(cx, node, elements);
  if (shape === null) return refuseExpression(cx, node, "array whose elements are of different kinds");
  const entries = elements.map((value, i) => ({ name: String(i), value }));
  const out = allocate(cx, shape, entries, node, hint);
  if (shape.kind === "array") cx.unit.lengths.set(out.id, elements.length);
  return out;
}

function elementsShape(cx: Context, node: ts.Node, elements: readonly Atom[]): MemoryShape | null {
  const type = cx.checker.getTypeAtLocation(node);
  const shapes = elements.map((atom) => shapeOfType(atom.type));
  if (!cx.checker.isArrayType(type)) return { kind: "tuple", elements: shapes };
  const declared = shapeOf(type, node, cx.unit.project);
  const [first, ...others] = shapes;
  if (first === undefined) {
    return declared.kind === "array"
      ? declared
      : { kind: "array", element: { kind: "real" }, storage: "Array" };
  }
  let element: Shape | null = first;
  for (const other of others) element = element === null ? null : joinShapes(element, other);
  if (element === null) return null;
  const wider = declared.kind === "array" && declared.element.kind === "maybe";
  return { kind: "array", element: wider ? orNothing(element) : element, storage: "Array" };
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
  const ref = referenceOf(cx, bound, node.expression);
  if (ref === null) return null;
  const length = lengthOf(cx, ref);
  if (length === null || ref.type.shape.kind === "object") {
    refuse(cx, "spreadLength", node, { code: excerpt(node) });
    return null;
  }
  return Array.from({ length }, (_, i) => loadRaw(cx, ref, i, node, null));
}
