/** `xs.join(",")`: an array as text. */
import type { ts } from "ts-morph";
import { isKeyed } from "../../ir/shapes.js";
import type { Atom, Hint, Shape } from "../../ir/types.js";
import * as steering from "../../ops/steering.js";
import { type Context, poison, refuseExpression } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { literalLength } from "./array-functions.js";
import { lengthOf, loadCell } from "../memory.js";
import { stringLiteral } from "../names.js";
import type { Bound } from "../scope.js";
import { type RefValue, apply, atomOf } from "../values.js";
import type { Call } from "./array-iteration.js";

export function join(call: Call): Bound {
  const { cx, ref, node, hint } = call;
  const [argument] = node.arguments;
  const by =
    argument === undefined ? stringLiteral(",") : atomOf(cx, lowerExpression(cx, argument), argument);
  if (by === poison) return poison;
  const text = textOfArray(cx, ref, by, node, lengthOf(cx, ref) ?? literalLength(cx, node), hint);
  return text ?? refuseExpression(cx, node, "text of a list of objects, or of what may be undefined");
}

/** The elements as text, with `by` in between; null where they are none. */
export function textOfArray(
  cx: Context,
  ref: RefValue,
  by: Atom,
  node: ts.Node,
  length: number | null = lengthOf(cx, ref),
  hint: Hint | null = null,
): Atom | null {
  const { shape } = ref.type;
  const elements = shape.kind === "array" ? [shape.element] : shape.kind === "tuple" ? shape.elements : null;
  if (elements === null || isKeyed(shape) || !elements.every(isText)) return null;
  if (length === null) return apply(cx, steering.joined, [ref, by], node, hint);
  const parts = Array.from({ length }, (_, i): readonly Atom[] => {
    const element = atomOf(cx, loadCell(cx, ref, i, node, null), node);
    return i === 0 || (by.kind === "literal" && by.value === "") ? [element] : [by, element];
  }).flat();
  if (parts.includes(poison)) return poison;
  return parts.length === 0 ? stringLiteral("") : apply(cx, steering.template, parts, node, hint);
}

function isText({ kind }: Shape): boolean {
  return kind === "string" || kind === "real" || kind === "int" || kind === "bool";
}
