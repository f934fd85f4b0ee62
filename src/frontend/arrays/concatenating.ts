/** What is an array or an element of one, and is put at the end of another: `concat`, `flatMap`. */
import type { ts } from "ts-morph";
import { type BoxKind, kindsInBox } from "../../ir/boxes.js";
import { type Context, poison, refuseExpression } from "../context.js";
import { fell } from "../control/control.js";
import { branch } from "../control/join.js";
import { countedLoop } from "../control/loops.js";
import { isBoxed, isOfKind, partOf } from "../expressions/boxes.js";
import { lowerExpression } from "../expressions/expressions.js";
import { loadCell, loadLength } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import type { Bound, List } from "../scope.js";
import { type RefValue, atomOf, isRef } from "../values.js";
import { keyOfIndex, pushElement, zero } from "./array-growth.js";
import { appendAll } from "./array-spread.js";
import { lowerIterated } from "./keyed-lists.js";
import { doWhereThere } from "./optional-elements.js";

/** Adds an argument of `concat`, or all that a spread stands for; false where that was refused. */
export function concatArgument(cx: Context, out: RefValue, node: ts.Expression): boolean {
  if (!cx.ts.isSpreadElement(node)) return addTo(cx, out, lowerExpression(cx, node), node);
  const source = lowerIterated(cx, node.expression);
  if (source === poison) return false;
  if (source.kind === "list") return source.elements.every((each) => addTo(cx, out, each, node));
  if (!isRef(source) || source.type.shape.kind === "object") {
    refuseExpression(cx, node, "spread of what is no array");
    return false;
  }
  countedLoop(cx, node, {
    from: zero,
    to: loadLength(cx, source, node),
    assignedIn: [],
    body: (index) => {
      addTo(cx, out, loadCell(cx, source, keyOfIndex(index), node, null), node);
      return fell;
    },
  });
  return true;
}

/** Adds the elements of an array, or the value itself. */
export function addTo(cx: Context, out: RefValue, bound: Bound, node: ts.Node): boolean {
  if (bound === poison) return false;
  if (isBoxed(bound) && bound.type.shape.kind === "object" && kindsInBox(bound.type.shape).includes("array"))
    addEither(cx, out, bound, kindsInBox(bound.type.shape), node);
  else if (bound.kind === "list") pushEach(cx, out, bound, node);
  else if (isRef(bound) && bound.type.shape.kind !== "object") appendAll(cx, out, bound, node);
  else pushElement(cx, out, atomOf(cx, bound, node), node);
  return true;
}

/** Of several kinds of values, which of them it is only the call knows. */
function addEither(
  cx: Context,
  out: RefValue,
  box: RefValue,
  [kind, ...others]: readonly BoxKind[],
  node: ts.Node,
): void {
  if (kind === undefined) return;
  const add = (): Bound => {
    addTo(cx, out, partOf(cx, box, kind, node, null) ?? poison, node);
    return undefinedLiteral;
  };
  if (others.length === 0) {
    add();
    return;
  }
  const addOther = (): Bound => {
    addEither(cx, out, box, others, node);
    return undefinedLiteral;
  };
  branch(cx, node, isOfKind(cx, box, kind, node), add, addOther, null);
}

/** Functions, of which it is known which they are. */
export function pushEach(cx: Context, ref: RefValue, { elements }: List, node: ts.Node): void {
  for (const each of elements)
    doWhereThere(cx, each, node, (value) => {
      pushElement(cx, ref, atomOf(cx, value, node), node);
    });
}
