/**
 * `const it = xs[Symbol.iterator]()`, of which steps are asked one by one: an object with the list and where it stands.
 */
import type { ts } from "ts-morph";
import { int, number, real, whole } from "../../ir/builder.js";
import type { Hint, ObjectShape } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { mayResize } from "../arrays/array-growth.js";
import { descendants } from "../classes/descendants.js";
import { type Context, poison } from "../context.js";
import { branch } from "../control/join.js";
import { lowerExpression } from "../expressions/expressions.js";
import { allocate } from "../expressions/literals.js";
import { cellShape, loadCell, loadLength, shapeOfType, storeCell } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import type { Bound } from "../scope.js";
import { holderOf } from "../syntax.js";
import { type RefValue, apply, atomOf, isRef, not, numberOf } from "../values.js";

/** True for an iterator that a constant holds, of which the code asks steps. */
export function isSteppedByHand({ ts: tsc, checker }: Context, node: ts.CallExpression): boolean {
  const holder = holderOf(tsc, node);
  if (!tsc.isVariableDeclaration(holder) || !tsc.isIdentifier(holder.name)) return false;
  const symbol = checker.getSymbolAtLocation(holder.name);
  const scope = tsc.findAncestor(holder, tsc.isFunctionLike);
  return (
    scope !== undefined &&
    [...descendants(tsc, scope)].some(
      (each) =>
        tsc.isPropertyAccessExpression(each) &&
        each.name.text === "next" &&
        checker.getSymbolAtLocation(each.expression) === symbol,
    )
  );
}

/** The object that stands for it. */
export function makeCursor(cx: Context, list: RefValue, node: ts.Node, hint: Hint | null): Bound {
  const fields = [
    { name: "list", shape: list.type.shape },
    { name: "at", shape: mayResize(cx) ? real : int },
  ];
  const entries = [
    { name: "list", value: list },
    { name: "at", value: mayResize(cx) ? number(0) : whole(0) },
  ];
  return allocate(cx, { kind: "object", fields }, entries, node, hint);
}

/** `it.next()` of such an object; null for other calls. */
export function lowerStep(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  const { ts: tsc, checker } = cx;
  const { expression } = node;
  if (!tsc.isPropertyAccessExpression(expression) || expression.name.text !== "next") return null;
  const { expression: receiver } = expression;
  const name = checker.getTypeAtLocation(receiver).getSymbol()?.name;
  if (!tsc.isIdentifier(receiver) || name === undefined || !/^(?:Array)?Iterator(?:Object)?$/u.test(name))
    return null;
  const cursor = lowerExpression(cx, receiver);
  if (!isRef(cursor) || cellShape(cursor.type.shape, "list")?.kind !== "array") return null;
  const list = loadCell(cx, cursor, "list", node, null);
  const at = numberOf(cx, loadCell(cx, cursor, "at", node, null), node);
  if (!isRef(list) || at.kind !== "value") return poison;
  const isThere = apply(cx, ops.lt, [at, loadLength(cx, list, node)], node);
  const value = branch(
    cx,
    node,
    isThere,
    () => loadCell(cx, list, at, node, null),
    () => undefinedLiteral,
    null,
  );
  const next = (): Bound => apply(cx, ops.add, [at, whole(1)], node);
  // What has come to its end stays there, though the list may become longer.
  const step = mayResize(cx) ? branch(cx, node, isThere, next, () => number(Infinity), null) : next();
  storeCell(cx, cursor, "at", atomOf(cx, step, node), node);
  const entries = [
    { name: "done", value: not(cx, isThere, node) },
    { name: "value", value: atomOf(cx, value, node) },
  ];
  const fields = entries.map((entry) => ({ name: entry.name, shape: shapeOfType(entry.value.type) }));
  const shape: ObjectShape = { kind: "object", fields };
  return allocate(cx, shape, entries, node, hint);
}
