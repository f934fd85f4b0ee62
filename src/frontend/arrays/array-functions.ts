/** Methods of arrays that make functions or tuples: over elements whose number is known, written out. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { whole } from "../../ir/builder.js";
import type { Hint } from "../../ir/types.js";
import { variableOf } from "../expressions/declarations.js";
import type { Call } from "./array-iteration.js";
import { isOfFunctions } from "./array-spread.js";
import { callStatic, leaveAlways } from "../functions/calls.js";
import { type Context, poison, refuse } from "../context.js";
import { collect, foldOver } from "./lists.js";
import { allocateTuple } from "./elements.js";
import { lengthOf, loadCell } from "../memory.js";
import { descendants } from "../classes/descendants.js";
import type { Bound, Static } from "../scope.js";
import { shapeOf } from "../types/shapes.js";
import { bare, holderOf } from "../syntax.js";
import { atomOf } from "../values.js";

/** Over elements of which each makes another function: written out. */
export function reduceFunctions(call: Call, callback: Static, initial: Bound, backward: boolean): Bound {
  const { cx, ref, node, hint } = call;
  const elements = knownElements(call);
  if (elements === null) return refuse(cx, "escapingFunction", node, { name: excerpt(node) });
  const entries = elements.map((element, i) => ({ element, i: whole(i) }));
  return foldOver(cx, callback, initial, backward ? entries.reverse() : entries, ref, node, hint);
}

/** The elements of an array whose length is known while compiling; null for others. */
function knownElements({ cx, ref, node }: Call): readonly Bound[] | null {
  const length = lengthOf(cx, ref) ?? literalLength(cx, node);
  if (length === null) return null;
  return Array.from({ length }, (_, i) => loadCell(cx, ref, i, node, null));
}

/** How many elements the literal has of which this is a method. */
export function literalLength(cx: Context, { expression }: ts.CallExpression): number | null {
  if (!cx.ts.isPropertyAccessExpression(expression)) return null;
  const literal = bare(cx.ts, expression.expression);
  if (!cx.ts.isArrayLiteralExpression(literal)) return null;
  return literal.elements.some((each) => cx.ts.isSpreadElement(each)) ? null : literal.elements.length;
}

/** `ks.map((k) => (x) => k * x)`, where the number of functions is known; null for other calls. */
export function mapToFunctions(call: Call, callback: Static): Bound | null {
  const { cx, node, hint } = call;
  if (!isOfFunctions(cx, cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node)))) return null;
  const elements = knownElements(call);
  if (elements === null) return null;
  return collect(cx, node, callForEach(call, callback, elements), hint);
}

/**
 * `v.map((x) => k * x) as Vector` and `const [r, g, b] = [red, green, blue].map(linear)`, where the number of elements is
 * known: a tuple; null for other calls.
 */
export function mapToTuple(call: Call, callback: Static): Bound | null {
  const { cx, node, hint } = call;
  if (!isTupleOf(call, lengthOf(cx, call.ref)) && !isWrittenOut(call, callback)) return null;
  const made = callForEach(call, callback, knownElements(call) ?? [], takenNames(call));
  const values = made.map((value) => atomOf(cx, value, node));
  return values.includes(poison) ? poison : allocateTuple(cx, values, node, hint);
}

/** True where a tuple of so many elements is asked for. */
function isTupleOf({ cx, node }: Call, length: number | null): boolean {
  const type = cx.checker.getContextualType(node);
  const shape =
    type === undefined ? null : shapeOf(cx.checker.getNonNullableType(type), node, cx.unit.project);
  return shape?.kind === "tuple" && length === shape.elements.length;
}

/** More elements, or statements for each of them, are better a loop. */
const mostElements = 4;
const mostStatements = 3;

/** True for a few elements in brackets, of which what is made is taken apart at once. */
function isWrittenOut({ cx, node }: Call, callback: Static): boolean {
  const length = literalLength(cx, node);
  if (length === null || length === 0 || length > mostElements) return false;
  return isTakenApart(cx, node, length) && isShort(cx, callback);
}

/** `const [x, y] = node`, `[x, y] = node`, for no more than there is. */
function isTakenApart({ ts: tsc }: Context, node: ts.CallExpression, length: number): boolean {
  const holder = holderOf(tsc, node);
  if (tsc.isVariableDeclaration(holder)) {
    const { name } = holder;
    if (!tsc.isArrayBindingPattern(name) || name.elements.length > length) return false;
    return !name.elements.some((each) => tsc.isBindingElement(each) && each.dotDotDotToken !== undefined);
  }
  if (!tsc.isBinaryExpression(holder) || holder.operatorToken.kind !== tsc.SyntaxKind.EqualsToken)
    return false;
  const { left } = holder;
  if (!tsc.isArrayLiteralExpression(left) || left.elements.length > length) return false;
  return tsc.isExpressionStatement(holder.parent) && !left.elements.some((each) => tsc.isSpreadElement(each));
}

/** What the elements are called in `const [x, y] = node`. */
function takenNames({ cx, node }: Call): readonly (Hint | null)[] {
  const { ts: tsc } = cx;
  const holder = holderOf(tsc, node);
  if (!tsc.isVariableDeclaration(holder) || !tsc.isArrayBindingPattern(holder.name)) return [];
  return holder.name.elements.map((each) =>
    tsc.isBindingElement(each) && tsc.isIdentifier(each.name) ? variableOf(cx, each.name).hint : null,
  );
}

function isShort({ ts: tsc }: Context, callback: Static): boolean {
  if (callback.kind === "builtin") return true;
  if (callback.kind !== "closure") return false;
  const inside = [...descendants(tsc, callback.node)];
  if (inside.some((each) => tsc.isIterationStatement(each, false))) return false;
  return inside.filter((each) => tsc.isStatement(each) && !tsc.isBlock(each)).length <= mostStatements;
}

function callForEach(
  { cx, ref, node }: Call,
  callback: Static,
  elements: readonly Bound[],
  hints: readonly (Hint | null)[] = [],
): readonly Bound[] {
  return elements.map((element, i) =>
    callStatic(cx, callback, [element, whole(i), ref], node, hints[i] ?? null, (end) => {
      leaveAlways(cx, end);
    }),
  );
}
