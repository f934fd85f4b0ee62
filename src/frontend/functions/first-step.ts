/** `map.keys().next()`: the first step of an iterator that is made there, which is the first element of a list. */
import type { ts } from "ts-morph";
import type { Atom, Hint, ObjectShape } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { number } from "../../ir/builder.js";
import { type Context, poison } from "../context.js";
import { noteRead } from "../control/trust.js";
import { lowerExpression } from "../expressions/expressions.js";
import { allocate } from "../expressions/literals.js";
import type { Presence } from "../expressions/properties.js";
import { loadCell, loadElement, loadLength, shapeOfType } from "../memory.js";
import type { Bound } from "../scope.js";
import { libraryName } from "../types/array-shapes.js";
import { bare, holderOf } from "../syntax.js";
import { type RefValue, apply, atomOf, isRef, mayBeNothing } from "../values.js";

/** `list.next().value`, `list.next().done`; null for anything else. */
export function lowerPartOfStep(
  cx: Context,
  node: ts.Node,
  hint: Hint | null,
  presence: Presence,
): Bound | null {
  if (!cx.ts.isPropertyAccessExpression(node)) return null;
  const part = node.name.text;
  const iterator =
    part === "value" || part === "done" ? iteratorOfStep(cx, bare(cx.ts, node.expression)) : null;
  if (iterator === null) return null;
  const list = listOf(cx, iterator);
  if (list === null) return poison;
  if (part === "done") return isDone(cx, list, node, hint);
  const first =
    presence === "asserted" || isAsserted(cx, node)
      ? loadCell(cx, list, 0, node, hint)
      : loadElement(cx, list, 0, node, hint);
  noteRead(cx, first, node);
  return first;
}

/** `list.next().value!`, `list.next().value as string`. */
function isAsserted(cx: Context, node: ts.Expression): boolean {
  const holder = holderOf(cx.ts, node);
  if (cx.ts.isNonNullExpression(holder)) return true;
  return cx.ts.isAsExpression(holder) && !mayBeNothing(cx, holder);
}

/** The same as a whole. */
export function lowerFirstStep(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  const iterator = iteratorOfStep(cx, node);
  if (iterator === null) return null;
  const list = listOf(cx, iterator);
  if (list === null) return poison;
  const entries = [
    { name: "done", value: isDone(cx, list, node, null) },
    { name: "value", value: atomOf(cx, loadElement(cx, list, 0, node, null), node) },
  ];
  const fields = entries.map(({ name, value }) => ({ name, shape: shapeOfType(value.type) }));
  const shape: ObjectShape = { kind: "object", fields };
  return allocate(cx, shape, entries, node, hint);
}

function isDone(cx: Context, list: RefValue, node: ts.Node, hint: Hint | null): Atom {
  return apply(cx, ops.eq, [loadLength(cx, list, node), number(0)], node, hint);
}

/** The iterator of a map, a set or an array that a step is asked of where it is made; null for anything else. */
function iteratorOfStep({ ts: tsc, checker, unit }: Context, node: ts.Expression): ts.CallExpression | null {
  if (!tsc.isCallExpression(node) || !tsc.isPropertyAccessExpression(node.expression)) return null;
  if (node.expression.name.text !== "next" || node.arguments.length > 0) return null;
  const iterator = bare(tsc, node.expression.expression);
  if (!tsc.isCallExpression(iterator)) return null;
  const callee = bare(tsc, iterator.expression);
  if (!tsc.isPropertyAccessExpression(callee) && !tsc.isElementAccessExpression(callee)) return null;
  const name = libraryName(checker.getTypeAtLocation(callee.expression), unit.project);
  return name !== null && listed.has(name) ? iterator : null;
}

const listed: ReadonlySet<string> = new Set([
  ...["Map", "ReadonlyMap", "Set", "ReadonlySet", "Array", "ReadonlyArray"],
]);

function listOf(cx: Context, iterator: ts.CallExpression): RefValue | null {
  const bound = lowerExpression(cx, iterator);
  const list = bound.kind === "generated" && bound.of.kind === "value" ? bound.of : bound;
  return isRef(list) && list.type.shape.kind === "array" ? list : null;
}
