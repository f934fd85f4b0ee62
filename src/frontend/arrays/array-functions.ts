/** Methods of arrays that make functions or tuples: over elements whose number is known, written out. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { whole } from "../../ir/builder.js";
import type { Call } from "./array-iteration.js";
import { isOfFunctions } from "./array-spread.js";
import { callStatic, leaveAlways } from "../functions/calls.js";
import { type Context, poison, refuse } from "../context.js";
import { collect, foldOver } from "./lists.js";
import { allocateTuple } from "./elements.js";
import { lengthOf, loadCell } from "../memory.js";
import type { Bound, Static } from "../scope.js";
import { shapeOf } from "../types/shapes.js";
import { bare } from "../syntax.js";
import { atomOf } from "../values.js";

/** Over elements of which each makes another function: written out. */
export function reduceFunctions(call: Call, callback: Static, initial: Bound, backward: boolean): Bound {
  const { cx, ref, node, hint } = call;
  const elements = knownElements(call);
  if (elements === null) return refuse(cx, "escapingFunction", node, { name: excerpt(node) });
  const entries = elements.map((element, i) => ({ element, i }));
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

/** `v.map((x) => k * x) as Vector`, where the number of elements is known: a tuple; null for other calls. */
export function mapToTuple(call: Call, callback: Static): Bound | null {
  const { cx, node, hint } = call;
  const type = cx.checker.getContextualType(node);
  const shape =
    type === undefined ? null : shapeOf(cx.checker.getNonNullableType(type), node, cx.unit.project);
  if (shape?.kind !== "tuple" || lengthOf(cx, call.ref) !== shape.elements.length) return null;
  const made = callForEach(call, callback, knownElements(call) ?? []);
  const values = made.map((value) => atomOf(cx, value, node));
  return values.includes(poison) ? poison : allocateTuple(cx, values, node, hint);
}

function callForEach(
  { cx, ref, node }: Call,
  callback: Static,
  elements: readonly Bound[],
): readonly Bound[] {
  return elements.map((element, i) =>
    callStatic(cx, callback, [element, whole(i), ref], node, null, (end) => {
      leaveAlways(cx, end);
    }),
  );
}
