/** Strings: put together, taken apart and searched. They steer what happens and carry no derivative. */
import type { ts } from "ts-morph";
import { excerpt } from "../diagnostics/collector.js";
import type { Op } from "../ir/op.js";
import { isOneOfSeveral } from "../ir/shapes.js";
import type { Atom, Hint } from "../ir/types.js";
import * as ops from "../ops/scalar.js";
import { type Context, poison, refuse, refuseExpression } from "./context.js";
import { lowerElements } from "./elements.js";
import { lowerExpression } from "./expressions.js";
import { stringLiteral } from "./names.js";
import { type Bound, isAtom } from "./scope.js";
import { apply, atomOf, describeType, isReference } from "./values.js";

/** `` `${a} of ${b}` ``. */
export function lowerTemplate(cx: Context, node: ts.TemplateExpression, hint: Hint | null): Atom {
  const parts = node.templateSpans.flatMap(({ expression, literal }): Atom[] => [
    textPart(cx, lowerExpression(cx, expression), expression),
    ...(literal.text === "" ? [] : [stringLiteral(literal.text)]),
  ]);
  const all = node.head.text === "" ? parts : [stringLiteral(node.head.text), ...parts];
  return all.includes(poison) ? poison : apply(cx, ops.template, all, node, hint);
}

/** What becomes text within a longer one. */
export function textPart(cx: Context, bound: Bound, node: ts.Node): Atom {
  const atom = atomOf(cx, bound, node);
  return isReference(atom) ? refuseExpression(cx, node, `text made of ${describeType(atom.type)}`) : atom;
}

/** Calls a method of a string or a number; null where it has none that is known. */
export function lowerTextMethod(cx: Context, node: ts.CallExpression, hint: Hint | null): Atom | null {
  const { expression } = node;
  if (!cx.ts.isPropertyAccessExpression(expression) || cx.ts.isOptionalChain(node)) return null;
  const type = cx.checker.getApparentType(
    cx.checker.getBaseTypeOfLiteralType(cx.checker.getTypeAtLocation(expression.expression)),
  );
  const owner = (type.symbol as ts.Symbol | undefined)?.name;
  const methods = owner === "String" ? ofText : owner === "Number" ? ofNumbers : null;
  if (methods === null) return null;
  const op = methods.get(expression.name.text);
  if (op === undefined)
    return refuse(cx, "unsupportedBuiltin", expression.name, { name: excerpt(expression) });
  const receiver = atomOf(cx, lowerExpression(cx, expression.expression), expression.expression);
  const args = lowerElements(cx, node.arguments, () => null);
  if (args === null || receiver === poison) return poison;
  const atoms = args.map((bound, i) => atomOf(cx, bound, node.arguments[i] ?? node));
  if (atoms.some((atom) => isReference(atom)))
    return refuseExpression(cx, node, "call with an object or a pattern");
  return atoms.includes(poison) ? poison : apply(cx, op, [receiver, ...atoms], node, hint);
}

const ofText: ReadonlyMap<string, Op> = new Map<string, Op>([
  ["startsWith", ops.startsWith],
  ["endsWith", ops.endsWith],
  ["includes", ops.textIncludes],
  ["indexOf", ops.textIndexOf],
  ["lastIndexOf", ops.textLastIndexOf],
  ["charCodeAt", ops.charCodeAt],
  ["charAt", ops.charAt],
  ["slice", ops.textSlice],
  ["substring", ops.substring],
  ["toUpperCase", ops.toUpperCase],
  ["toLowerCase", ops.toLowerCase],
  ["trim", ops.trim],
  ["trimStart", ops.trimStart],
  ["trimEnd", ops.trimEnd],
  ["padStart", ops.padStart],
  ["padEnd", ops.padEnd],
  ["repeat", ops.repeat],
  ["replace", ops.replaceText],
  ["replaceAll", ops.replaceAllText],
]);

const ofNumbers: ReadonlyMap<string, Op> = new Map<string, Op>([["toFixed", ops.toFixed]]);

/** `String(x)`. */
export function toText(
  cx: Context,
  args: readonly Bound[],
  node: ts.CallExpression,
  hint: Hint | null,
): Atom {
  const [bound] = args;
  if (bound === undefined) return stringLiteral("");
  const atom = textPart(cx, bound, node.arguments[0] ?? node);
  return atom.type.kind === "string" ? atom : apply(cx, ops.toText, [atom], node, hint);
}

/** `"kind" in object`, for a field of which the type does not tell whether it is there. */
export function lowerIn(cx: Context, node: ts.BinaryExpression, hint: Hint | null): Bound {
  const name = atomOf(cx, lowerExpression(cx, node.left), node.left);
  const object = atomOf(cx, lowerExpression(cx, node.right), node.right);
  if (name === poison || object === poison) return poison;
  const isKnown = name.kind === "literal" && typeof name.value === "string";
  if (!isKnown || !isAtom(object) || object.type.kind !== "ref" || object.type.shape.kind !== "object")
    return refuse(cx, "unsupportedOperator", node, { operator: "in", code: excerpt(node) });
  const { shape } = object.type;
  const field = shape.fields.find((each) => each.name === name.value);
  // Whether an optional field is there may change.
  if (field === undefined || field.shape.kind === "maybe" || !isOneOfSeveral(shape))
    return refuse(cx, "unsupportedOperator", node, { operator: "in", code: excerpt(node) });
  return apply(cx, ops.hasField, [name, object], node, hint);
}
