/** Strings: put together, taken apart and searched. They steer what happens and carry no derivative. */
import { isOfErrors } from "../classes/kept-errors.js";
import { textOfArray } from "../arrays/array-text.js";
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean, number } from "../../ir/builder.js";
import type { Op } from "../../ir/op.js";
import type { Atom, Hint } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import * as steering from "../../ops/steering.js";
import { type Context, poison, refuse, refuseExpression } from "../context.js";
import { lowerElements } from "../arrays/elements.js";
import { lowerExpression } from "./expressions.js";
import { textOfObject } from "./object-text.js";
import { branch } from "../control/join.js";
import { isUnreached } from "../control/unreachable.js";
import { makeListing } from "../records/keyed.js";
import { knownKey, stringLiteral, undefinedLiteral } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { lowerTextWithPattern } from "./text-patterns.js";
import { holderOf } from "../syntax.js";
import { apply, atomOf, describeType, isRef, isReference } from "../values.js";

/** `` `${a} of ${b}` ``. */
export function lowerTemplate(cx: Context, node: ts.TemplateExpression, hint: Hint | null): Atom {
  const parts = node.templateSpans.flatMap(({ expression, literal }): Atom[] => [
    textPart(cx, lowerExpression(cx, expression), expression),
    ...(literal.text === "" ? [] : [stringLiteral(literal.text)]),
  ]);
  const all = node.head.text === "" ? parts : [stringLiteral(node.head.text), ...parts];
  return all.includes(poison) ? poison : apply(cx, steering.template, all, node, hint);
}

/** What becomes text within a longer one. */
export function textPart(cx: Context, bound: Bound, node: ts.Node): Atom {
  const ofError = isOfErrors(cx, bound) ? textOfObject(cx, bound, node) : null;
  if (ofError !== null) return ofError;
  const atom = atomOf(cx, bound, node);
  if (!isReference(atom)) return atom;
  // No value is left for it: any text will do, this is the one of an object.
  if (cx.ts.isExpression(node) && isUnreached(cx, node)) return stringLiteral("[object Object]");
  const ofArray = isRef(atom) ? textOfArray(cx, atom, stringLiteral(","), node) : null;
  const text = ofArray ?? textOfObject(cx, atom, node);
  return text ?? refuseExpression(cx, node, `text made of ${describeType(atom.type)}`);
}

/** `text[at]`, or `undefined` behind the end. */
export function characterIfAny(
  cx: Context,
  text: Atom,
  at: Atom,
  node: ts.Node,
  hint: Hint | null,
  op: Op = steering.character,
): Bound {
  const below = apply(cx, ops.lt, [at, apply(cx, ops.stringLength, [text], node)], node);
  const isFrom = apply(cx, ops.ge, [at, number(0)], node);
  const isInside = branch(
    cx,
    node,
    isFrom,
    () => below,
    () => boolean(false),
    null,
  );
  const read = (): Bound => apply(cx, op, [text, at], node);
  return isAtom(isInside) ? branch(cx, node, isInside, read, () => undefinedLiteral, hint) : poison;
}

/** `text.at(-1)`, by an index that is written out. */
function characterFrom(cx: Context, text: Atom, node: ts.CallExpression, hint: Hint | null): Bound {
  const [argument] = node.arguments;
  const at = argument === undefined ? number(0) : atomOf(cx, lowerExpression(cx, argument), argument);
  const index = knownKey(cx, at);
  if (text === poison || at === poison) return poison;
  if (typeof index !== "number" || !Number.isInteger(index))
    return refuseExpression(cx, node, "character at an index that is not written out");
  if (index >= 0) return characterIfAny(cx, text, at, node, hint);
  const length = apply(cx, ops.stringLength, [text], node);
  const fromStart = apply(cx, ops.sub, [length, number(-index)], node);
  const read = (): Bound => apply(cx, steering.character, [text, fromStart], node);
  const isInside = apply(cx, ops.ge, [length, number(-index)], node);
  return branch(cx, node, isInside, read, () => undefinedLiteral, hint);
}

/** `text.codePointAt(i)`; where it is asserted to be there, without a test. */
function codePointOf(cx: Context, text: Atom, node: ts.CallExpression, hint: Hint | null): Bound {
  const [argument] = node.arguments;
  const at = argument === undefined ? number(0) : atomOf(cx, lowerExpression(cx, argument), argument);
  if (text === poison || at === poison) return poison;
  if (cx.ts.isNonNullExpression(holderOf(cx.ts, node)))
    return apply(cx, steering.codePointAt, [text, at], node, hint);
  return characterIfAny(cx, text, at, node, hint, steering.codePointAt);
}

/** Calls a method of a string or a number; null where it has none that is known. */
export function lowerTextMethod(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  const { expression } = node;
  if (!cx.ts.isPropertyAccessExpression(expression)) return null;
  // Behind `?.` it is there.
  const declared = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(expression.expression));
  const type = cx.checker.getApparentType(cx.checker.getBaseTypeOfLiteralType(declared));
  const owner = (type.symbol as ts.Symbol | undefined)?.name;
  const methods = owner === "String" ? ofText : owner === "Number" ? ofNumbers : null;
  if (methods === null) return null;
  const matched = owner === "String" ? lowerTextWithPattern(cx, node, expression.expression, hint) : null;
  if (matched !== null) return matched;
  if (owner === "String" && expression.name.text === "split") return lowerSplit(cx, node, expression, hint);
  if (owner === "String" && expression.name.text === "at") {
    const text = atomOf(cx, lowerExpression(cx, expression.expression), expression.expression);
    return characterFrom(cx, text, node, hint);
  }
  if (owner === "String" && expression.name.text === "codePointAt") {
    const text = atomOf(cx, lowerExpression(cx, expression.expression), expression.expression);
    return codePointOf(cx, text, node, hint);
  }
  const op = methods.get(expression.name.text);
  if (op === undefined)
    return refuse(cx, "unsupportedBuiltin", expression.name, { name: excerpt(expression) });
  const receiver = atomOf(cx, lowerExpression(cx, expression.expression), expression.expression);
  return applyMethod(cx, op, receiver, node, hint);
}

/** A method of a value that is a string or a number, whatever its type says; null for other values and methods. */
export function methodOfText(
  cx: Context,
  receiver: Atom,
  node: ts.CallExpression,
  { name }: ts.PropertyAccessExpression,
  hint: Hint | null,
): Atom | null {
  const { kind } = receiver.type;
  const methods = kind === "string" ? ofText : kind === "real" || kind === "int" ? ofNumbers : null;
  const op = methods?.get(name.text);
  return op === undefined ? null : applyMethod(cx, op, receiver, node, hint);
}

function applyMethod(cx: Context, op: Op, receiver: Atom, node: ts.CallExpression, hint: Hint | null): Atom {
  const args = lowerElements(cx, node.arguments, () => null);
  if (args === null || receiver === poison) return poison;
  const atoms = args.map((bound, i) => atomOf(cx, bound, node.arguments[i] ?? node));
  if (atoms.some((atom) => isReference(atom)))
    return refuseExpression(cx, node, "call with an object or a pattern");
  if (op === steering.toRadix && atoms.length === 0)
    return apply(cx, steering.toText, [receiver], node, hint);
  return atoms.includes(poison) ? poison : apply(cx, op, [receiver, ...atoms], node, hint);
}

/** `text.split(",")`. */
function lowerSplit(
  cx: Context,
  node: ts.CallExpression,
  { expression }: ts.PropertyAccessExpression,
  hint: Hint | null,
): Atom {
  const nodes = [expression, ...node.arguments];
  const atoms = nodes.map((each) => atomOf(cx, lowerExpression(cx, each), each));
  if (atoms.includes(poison)) return poison;
  if (atoms.length < 2 || atoms.some((atom) => isReference(atom)))
    return refuseExpression(cx, node, "split by a pattern");
  return makeListing(cx, steering.split, atoms, "string", node, hint);
}

const ofText: ReadonlyMap<string, Op> = new Map<string, Op>([
  ["startsWith", steering.startsWith],
  ["endsWith", steering.endsWith],
  ["includes", steering.textIncludes],
  ["indexOf", steering.textIndexOf],
  ["lastIndexOf", steering.textLastIndexOf],
  ["charCodeAt", steering.charCodeAt],
  ["charAt", steering.charAt],
  ["slice", steering.textSlice],
  ["substring", steering.substring],
  ["toUpperCase", steering.toUpperCase],
  ["toLowerCase", steering.toLowerCase],
  ["trim", steering.trim],
  ["trimStart", steering.trimStart],
  ["trimEnd", steering.trimEnd],
  ["padStart", steering.padStart],
  ["padEnd", steering.padEnd],
  ["repeat", steering.repeat],
  ["replace", steering.replaceText],
  ["replaceAll", steering.replaceAllText],
  ["concat", steering.concat],
  ["normalize", steering.normalize],
  ["localeCompare", steering.localeCompare],
]);

const ofNumbers: ReadonlyMap<string, Op> = new Map<string, Op>([
  ["toFixed", steering.toFixed],
  ["toPrecision", steering.toPrecision],
  ["toExponential", steering.toExponential],
  ["toString", steering.toRadix],
]);

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
  return atom.type.kind === "string" ? atom : apply(cx, steering.toText, [atom], node, hint);
}
