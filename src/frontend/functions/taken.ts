/** The first values of what can be gone through, as a pattern takes them: `const [x, y] = vector`. */
import type { ts } from "ts-morph";
import * as ops from "../../ops/scalar.js";
import type { Atom } from "../../ir/types.js";
import { whole } from "../../ir/builder.js";
import { pushElement } from "../arrays/array-growth.js";
import { allocateTuple } from "../arrays/elements.js";
import { emptyArray } from "../arrays/array-spread.js";
import { listed } from "../arrays/keyed-lists.js";
import { type Context, poison, refuseExpression } from "../context.js";
import { choose, fell, goOn, jump, jumpsOf } from "../control/control.js";
import { loadLength } from "../memory.js";
import type { Bound, Generated } from "../scope.js";
import { bare } from "../syntax.js";
import { apply, atomOf, isRef } from "../values.js";
import { collectedShape, goThrough } from "./generators.js";
import { iteratedBy } from "./iterators.js";

/**
 * What a pattern of `count` elements takes apart: an array or a tuple, where it is given a map, a set, a text, a
 * generator, or an object that can be gone through. A `count` of null takes all.
 */
export function takenApart(cx: Context, bound: Bound, node: ts.Node, count: number | null): Bound {
  const given = iteratedBy(cx, bound, node);
  return given.kind === "generated" ? firstOf(cx, given, node, count) : listed(cx, given, node, null);
}

/** How many elements a pattern has; null where it takes what is left. */
export function countOf(
  { ts: tsc }: Context,
  { elements }: ts.ArrayBindingOrAssignmentPattern,
): number | null {
  const last = elements.at(-1);
  const isRest =
    last !== undefined &&
    (tsc.isSpreadElement(last) || (tsc.isBindingElement(last) && last.dotDotDotToken !== undefined));
  return isRest ? null : elements.length;
}

/** The first values, of which no more are asked for. */
export function firstOf(cx: Context, generated: Generated, node: ts.Node, count: number | null): Bound {
  const { of } = generated;
  if (of.kind === "value" && isRef(of)) return of;
  if (!isStraight(cx, generated)) return collected(cx, generated, node, count);
  const values = valuesOf(cx, generated, node, count);
  return values === null ? poison : allocateTuple(cx, values, node, null);
}

/** The values of a straight generator; null, and a report, where one was refused. */
export function valuesOf(
  cx: Context,
  generated: Generated,
  node: ts.Node,
  count: number | null = null,
): readonly Atom[] | null {
  const values: Bound[] = [];
  goThrough(cx, node, generated, {
    text: null,
    leaves: true,
    take: (value, { breaks }, rest) => {
      values.push(value(null));
      return values.length === count ? jump(cx, breaks) : (rest?.() ?? fell);
    },
  });
  const atoms = values.map((value) => atomOf(cx, value, node));
  return atoms.includes(poison) ? null : atoms;
}

/** Values of which only the call knows how many there are. */
function collected(cx: Context, generated: Generated, node: ts.Node, count: number | null): Bound {
  const shape = collectedShape(cx, generated.of.kind === "call" ? generated.node : node);
  if (shape === null) return refuseExpression(cx, node, "generator of values whose type is not known");
  const out = emptyArray(cx, shape, node, null);
  goThrough(cx, node, generated, {
    text: null,
    leaves: count !== null,
    take: (value, { breaks }, rest) => {
      pushElement(cx, out, atomOf(cx, value(null), node), node);
      if (count === null) return rest?.() ?? fell;
      const isFull = apply(cx, ops.ge, [loadLength(cx, out, node), whole(count)], node);
      return choose(cx, node, isFull, () => jump(cx, breaks), goOn, rest);
    },
  });
  return out;
}

/** True for a body that gives its values outside of loops and conditions. */
export function isStraight(cx: Context, { of }: Generated): boolean {
  if (of.kind !== "call") return false;
  const tsc = cx.ts;
  const { node } = of.closure;
  const body = "body" in node ? node.body : undefined;
  if (body === undefined || !tsc.isBlock(body)) return false;
  return body.statements.every((statement) => {
    const { yields, returns } = jumpsOf(cx, statement);
    if (!yields) return tsc.isReturnStatement(statement) || !returns;
    if (!tsc.isExpressionStatement(statement) || !tsc.isYieldExpression(statement.expression)) return false;
    const { asteriskToken, expression } = statement.expression;
    return asteriskToken === undefined || (expression !== undefined && isCounted(cx, expression));
  });
}

/** True for what has a number of elements that is known. */
function isCounted({ ts: tsc, checker }: Context, node: ts.Expression): boolean {
  const inner = bare(tsc, node);
  if (tsc.isArrayLiteralExpression(inner)) return !inner.elements.some((each) => tsc.isSpreadElement(each));
  return checker.isTupleType(checker.getTypeAtLocation(inner));
}
