/** `f.call(self, a)`, `f.apply(self, xs)` and `f.bind(self, a)`. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import type { Hint } from "../../ir/types.js";
import { callSpread, callStatic, leaveAlways } from "./calls.js";
import { type Context, poison, refuse } from "../context.js";
import { copyOf } from "../arrays/array-spread.js";
import { lowerElements } from "../arrays/elements.js";
import { lowerExpression } from "../expressions/expressions.js";
import { functionOf } from "./kept-calls.js";
import { valueParameters } from "./inline.js";
import { lengthOf, loadRaw } from "../memory.js";
import { isOfLibrary, symbolOf } from "../names.js";
import { bare } from "../syntax.js";
import { asBound } from "./function-identity.js";
import { type Bound, type Static, isAtom } from "../scope.js";
import { narrowed, referenceOf } from "../values.js";

/** Lowers such a call; null for all others. */
export function lowerFunctionMethod(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  const { expression } = node;
  if (!cx.ts.isPropertyAccessExpression(expression)) return null;
  const method = expression.name.text;
  if (method !== "call" && method !== "apply" && method !== "bind") return null;
  const symbol = symbolOf(cx, expression.name);
  if (symbol === null || !isOfLibrary(cx, symbol)) return null;
  const value = lowerExpression(cx, expression.expression);
  if (value === poison) return poison;
  const callee = functionOf(cx, value, node);
  if (callee === null) return refuse(cx, "unknownCallee", node, { code: excerpt(node) });
  const [first, ...rest] = node.arguments;
  const self = first === undefined ? poison : lowerExpression(cx, first);
  const bound = first === undefined || self === poison ? callee : withSelf(cx, callee, self);
  if (method === "apply") return narrowed(cx, applyTo(cx, bound, rest[0], node, hint), node, hint);
  const args = lowerElements(cx, rest, () => null);
  if (args === null) return poison;
  if (method === "bind") return asBound(cx, { kind: "partial", callee: bound, args }, node);
  return narrowed(cx, callWith(cx, bound, args, node, hint), node, hint);
}

function callWith(
  cx: Context,
  callee: Static,
  args: readonly Bound[],
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  return callStatic(cx, callee, args, node, hint, (end) => {
    leaveAlways(cx, end);
  });
}

/** `f.apply(self, xs)`. */
function applyTo(
  cx: Context,
  callee: Static,
  list: ts.Expression | undefined,
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  if (list === undefined) return callWith(cx, callee, [], node, hint);
  const literal = bare(cx.ts, list);
  if (cx.ts.isArrayLiteralExpression(literal)) {
    const args = lowerElements(cx, literal.elements, () => null);
    return args === null ? poison : callWith(cx, callee, args, node, hint);
  }
  const spread = callSpread(cx, callee, [{ node: list, isSpread: true }], node, hint);
  if (spread !== null) return spread;
  const bound = lowerExpression(cx, list);
  if (bound === poison) return poison;
  if (bound.kind === "list") return callWith(cx, callee, bound.elements, node, hint);
  const ref = referenceOf(cx, bound, list);
  if (ref === null) return poison;
  const length = lengthOf(cx, ref);
  if (length !== null && ref.type.shape.kind !== "object") {
    const args = Array.from({ length }, (_, i) => loadRaw(cx, ref, i, list, null));
    return callWith(cx, callee, args, node, hint);
  }
  const first = callee.kind === "closure" ? valueParameters(cx, callee.node.parameters)[0] : undefined;
  if (first?.dotDotDotToken === undefined) return refuse(cx, "spreadLength", list, { code: excerpt(list) });
  const copy = copyOf(cx, ref, node, null);
  cx.unit.restArrays.add(copy.id);
  return callWith(cx, callee, [copy], node, hint);
}

/** A function of its own has the `this` that it is given; methods that are taken off their object have none. */
function withSelf(cx: Context, callee: Static, self: Bound): Static {
  if (callee.kind !== "closure" || cx.ts.isArrowFunction(callee.node)) return callee;
  return isAtom(self) && self.type.kind !== "ref" ? callee : { ...callee, self };
}
