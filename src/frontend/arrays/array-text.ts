/** `xs.join(",")`: an array as text. */
import type { Atom, Shape } from "../../ir/types.js";
import * as steering from "../../ops/steering.js";
import { poison, refuseExpression } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { literalLength } from "./array-functions.js";
import { lengthOf, loadCell } from "../memory.js";
import { stringLiteral } from "../names.js";
import type { Bound } from "../scope.js";
import { apply, atomOf } from "../values.js";
import type { Call } from "./array-iteration.js";

export function join(call: Call): Bound {
  const { cx, ref, node, hint } = call;
  const [argument] = node.arguments;
  const by =
    argument === undefined ? stringLiteral(",") : atomOf(cx, lowerExpression(cx, argument), argument);
  if (by === poison) return poison;
  const { shape } = ref.type;
  const elements = shape.kind === "array" ? [shape.element] : shape.kind === "tuple" ? shape.elements : [];
  if (!elements.every((each) => isText(each)))
    return refuseExpression(cx, node, "text of a list of objects, or of what may be undefined");
  const length = lengthOf(cx, ref) ?? literalLength(cx, node);
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
