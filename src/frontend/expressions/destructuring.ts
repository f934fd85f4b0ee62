/** Destructuring assignments: `[a, b] = [b, a]`, `({ x, y: p.z } = q)`. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { type Location, hintOf, locate, write } from "./assignments.js";
import { type Context, poison, refuse } from "../context.js";
import { withDefault } from "./declarations.js";
import { lowerExpression } from "./expressions.js";
import { isNamedPart, namedPart } from "./remembering-patterns.js";
import { takenFromBox } from "./boxes.js";
import { restOfFields } from "./rest-fields.js";
import { restOfArray } from "../arrays/rest-elements.js";
import { allocateElements } from "../arrays/elements.js";
import { propertyName } from "./literals.js";
import { type Key, lengthOf, loadElement, loadRaw } from "../memory.js";
import { type Bound, isAtom } from "../scope.js";
import { bare, holderOf } from "../syntax.js";
import { countOf, takenApart } from "../functions/taken.js";
import { isTupleUnion } from "../types/tuple-shapes.js";
import { isDoubted, noteRead } from "../control/trust.js";
import { type RefValue, narrowed, referenceOf } from "../values.js";
import { cellAt } from "../types/variant-fields.js";

export type Pattern = ts.ArrayLiteralExpression | ts.ObjectLiteralExpression;

export function isDestructuring(cx: Context, node: ts.Node): node is Pattern {
  return cx.ts.isArrayLiteralExpression(node) || cx.ts.isObjectLiteralExpression(node);
}

/** Lowers the whole assignment; its value is the right side. */
export function assignPattern(cx: Context, node: ts.BinaryExpression, pattern: Pattern): Bound {
  const right = bare(cx.ts, node.right);
  const unused = cx.ts.isExpressionStatement(holderOf(cx.ts, node));
  if (unused && cx.ts.isArrayLiteralExpression(pattern) && cx.ts.isArrayLiteralExpression(right)) {
    if (isPlain(cx, pattern, right)) {
      assignPairwise(cx, pattern, right);
      return poison;
    }
  }
  const bound = lowerExpression(cx, node.right);
  takeApart(cx, pattern, bound, node.right);
  return bound;
}

/** True if both sides have as many elements, and none is spread, left out or given a default. */
function isPlain(cx: Context, pattern: ts.ArrayLiteralExpression, right: ts.ArrayLiteralExpression): boolean {
  const simple = (each: ts.Expression): boolean =>
    !cx.ts.isSpreadElement(each) && !cx.ts.isOmittedExpression(each);
  return (
    pattern.elements.length === right.elements.length &&
    right.elements.every(simple) &&
    pattern.elements.every((each) => simple(each) && !isAssigned(cx, each))
  );
}

function isAssigned(cx: Context, node: ts.Expression): node is ts.AssignmentExpression<ts.EqualsToken> {
  return cx.ts.isBinaryExpression(node) && node.operatorToken.kind === cx.ts.SyntaxKind.EqualsToken;
}

/** `[a, b] = [b, a]` needs no array: all values are there before the first is assigned. */
function assignPairwise(
  cx: Context,
  pattern: ts.ArrayLiteralExpression,
  right: ts.ArrayLiteralExpression,
): void {
  // A variable is found without evaluating anything; other targets are evaluated when their turn comes.
  const variables = pattern.elements.map((each) => (cx.ts.isIdentifier(each) ? locate(cx, each) : null));
  const values = right.elements.map((element, i) => {
    const location = variables[i] ?? null;
    return lowerExpression(cx, element, location === null ? null : hintOf(location));
  });
  pattern.elements.forEach((target, i) => {
    const location = variables[i] ?? null;
    const value = values[i] ?? poison;
    if (location !== null) write(cx, location, value, target);
    else assignTo(cx, target, value, target);
  });
}

/** Assigns to a target of a pattern, which may be a pattern itself. */
export function assignTo(cx: Context, target: ts.Expression, bound: Bound, node: ts.Node): void {
  if (isDestructuring(cx, target)) takeApart(cx, target, bound, node);
  else write(cx, locate(cx, target), bound, node);
}

function takeApart(cx: Context, pattern: Pattern, given: Bound, node: ts.Node): void {
  const bound =
    takenFromBox(cx, given, cx.ts.isArrayLiteralExpression(pattern), node) ??
    refusePattern(cx, pattern, "what it takes apart may be an object or an array");
  if (bound === poison) return;
  const taken = cx.ts.isArrayLiteralExpression(pattern)
    ? takenApart(cx, bound, node, countOf(cx, pattern))
    : bound;
  const ref = taken === poison ? null : referenceOf(cx, taken, node);
  if (ref === null) return;
  if (cx.ts.isArrayLiteralExpression(pattern)) takeElements(cx, pattern, ref);
  else takeFields(cx, pattern, ref);
}

function takeElements(cx: Context, pattern: ts.ArrayLiteralExpression, ref: RefValue): void {
  pattern.elements.forEach((element, i) => {
    if (cx.ts.isOmittedExpression(element)) return;
    if (cx.ts.isSpreadElement(element)) takeRemaining(cx, element, ref, i);
    else takeOne(cx, element, ref, isTupleUnion(ref.type.shape) ? String(i) : i);
  });
}

function takeRemaining(cx: Context, element: ts.SpreadElement, ref: RefValue, from: number): void {
  if (isTupleUnion(ref.type.shape)) {
    refusePattern(cx, element, "what is left depends on which tuple of a union it is");
    return;
  }
  const length = lengthOf(cx, ref);
  if (length === null) {
    assignTo(
      cx,
      element.expression,
      restOfArray(cx, ref, from, cx.checker.getTypeAtLocation(element.expression), element, null),
      element,
    );
    return;
  }
  const values = Array.from({ length: Math.max(0, length - from) }, (_, i) =>
    loadRaw(cx, ref, from + i, element, null),
  );
  assignTo(
    cx,
    element.expression,
    allocateElements(cx, element.expression, values.filter(isAtom), null),
    element,
  );
}

function takeOne(cx: Context, element: ts.Expression, ref: RefValue, key: Key): void {
  const target = isAssigned(cx, element) ? element.left : element;
  takeInto(cx, target, isAssigned(cx, element) ? element.right : null, ref, key);
}

function takeInto(
  cx: Context,
  target: ts.Expression,
  initializer: ts.Expression | null,
  ref: RefValue,
  property: Key,
): void {
  const { shape } = ref.type;
  const key = typeof property === "string" ? cellAt(cx, shape, property, target) : property;
  const location: Location | null = isDestructuring(cx, target) ? null : locate(cx, target);
  const hint = location === null ? null : hintOf(location);
  const isOpen = initializer !== null || isDoubted(cx, target);
  const checked = shape.kind === "array" && isOpen && typeof key === "number";
  const part = isNamedPart(ref, key)
    ? (namedPart(cx, ref, key, target, null) ??
      refusePattern(cx, target, `\`${key}\` of an array cannot be taken`))
    : null;
  const value =
    part ??
    (checked
      ? loadElement(cx, ref, key, target, null)
      : loadRaw(cx, ref, key, target, initializer ? null : hint));
  if (shape.kind === "array" && part === null) noteRead(cx, value, target);
  const whole = initializer === null ? value : withDefault(cx, value, initializer, hint);
  if (location !== null) write(cx, location, whole, target);
  else assignTo(cx, target, narrowed(cx, whole, target), target);
}

function takeFields(cx: Context, pattern: ts.ObjectLiteralExpression, ref: RefValue): void {
  const taken = new Set<string>();
  for (const property of pattern.properties) {
    if (isComputed(cx, property)) {
      refusePattern(cx, property, "the object has no such field of its own: its class computes it");
    } else if (cx.ts.isShorthandPropertyAssignment(property)) {
      taken.add(property.name.text);
      takeInto(cx, property.name, property.objectAssignmentInitializer ?? null, ref, property.name.text);
    } else if (cx.ts.isPropertyAssignment(property)) {
      const key = propertyName(cx, property.name);
      if (key === null) refusePattern(cx, property, "the name of the property is computed");
      else {
        taken.add(key);
        const index = ref.type.shape.kind === "object" || !/^\d+$/u.test(key) ? key : Number(key);
        takeOne(cx, property.initializer, ref, index);
      }
    } else if (cx.ts.isSpreadAssignment(property)) {
      const target = property.expression;
      const rest = restOfFields(cx, pattern, target, ref, { names: taken, computed: [], hint: null });
      assignTo(cx, target, rest, property);
    } else {
      refusePattern(cx, property, "only properties can be assigned");
    }
  }
}

/** True for what a getter gives, or a method. */
function isComputed(cx: Context, { name }: ts.ObjectLiteralElementLike): boolean {
  if (name === undefined || !cx.ts.isIdentifier(name)) return false;
  const symbol = cx.checker.getPropertySymbolOfDestructuringAssignment(name);
  const { Accessor, Method } = cx.ts.SymbolFlags;
  return symbol !== undefined && (symbol.flags & (Accessor | Method)) !== 0;
}

function refusePattern(cx: Context, node: ts.Node, reason: string): Bound {
  return refuse(cx, "unsupportedPattern", node, { code: excerpt(node), reason });
}
