/** Regular expressions that ask for something in a string: they stay as they are written. */
import type { ts } from "ts-morph";
import type { Op } from "../../ir/op.js";
import type { Atom, Hint, Literal, MemoryShape } from "../../ir/types.js";
import { patternText } from "../../ops/patterns.js";
import * as ops from "../../ops/scalar.js";
import * as steering from "../../ops/steering.js";
import { zero } from "../arrays/array-growth.js";
import { type Context, origin, poison, refuseExpression } from "../context.js";
import { lowerExpression } from "./expressions.js";
import { branch } from "../control/join.js";
import { loadLength } from "../memory.js";
import { nullLiteral, symbolOf } from "../names.js";
import type { Bound } from "../scope.js";
import { holderOf, unwrapped } from "../syntax.js";
import { apply, atomOf, isRef, isReference } from "../values.js";

/** A regular expression as an argument; null for an expression that is none, or not known while compiling. */
export function patternOf(cx: Context, node: ts.Expression): Literal | null {
  const inner = unwrapped(cx.ts, node);
  if (cx.ts.isRegularExpressionLiteral(inner))
    return {
      kind: "literal",
      type: { kind: "string" },
      value: patternText(inner.text),
      spelling: inner.text,
    };
  const symbol = cx.ts.isIdentifier(inner) ? symbolOf(cx, inner) : null;
  const declaration = symbol?.valueDeclaration;
  if (declaration === undefined || !cx.ts.isVariableDeclaration(declaration)) return null;
  const isConstant = (cx.ts.getCombinedNodeFlags(declaration) & cx.ts.NodeFlags.Const) !== 0;
  const { initializer } = declaration;
  return isConstant && initializer !== undefined && initializer !== node ? patternOf(cx, initializer) : null;
}

/** `/…/.test(text)` and `/…/.exec(text)`; null for other calls. */
export function lowerPatternMethod(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  const { expression } = node;
  const [argument] = node.arguments;
  if (!cx.ts.isPropertyAccessExpression(expression) || argument === undefined) return null;
  const { name } = expression;
  if (name.text !== "test" && name.text !== "exec") return null;
  const pattern = patternOf(cx, expression.expression);
  if (pattern === null) return null;
  if (/[gy][a-z]*$/u.test(pattern.spelling))
    return refuseExpression(
      cx,
      node,
      "pattern with the flag `g` or `y`, which goes on where its last call has ended",
    );
  const text = atomOf(cx, lowerExpression(cx, argument), argument);
  if (text === poison) return poison;
  if (name.text === "test") return apply(cx, steering.patternTest, [pattern, text], node, hint);
  return matched(cx, steering.patternMatch, [text, pattern], pattern, node, hint);
}

/** Methods of strings that take a pattern; null for other calls. */
export function lowerTextWithPattern(
  cx: Context,
  node: ts.CallExpression,
  receiver: ts.Expression,
  hint: Hint | null,
): Bound | null {
  const { expression } = node;
  const [first, ...others] = node.arguments;
  if (!cx.ts.isPropertyAccessExpression(expression) || first === undefined) return null;
  const pattern = patternOf(cx, first);
  const method = expression.name.text;
  const op = withPatterns.get(method);
  if (pattern === null || (op === undefined && method !== "match" && method !== "split")) return null;
  const atoms = [receiver, ...others].map((each) => atomOf(cx, lowerExpression(cx, each), each));
  const [text, ...more] = atoms;
  if (text === undefined || atoms.includes(poison)) return poison;
  if (atoms.some((atom) => isReference(atom)))
    return refuseExpression(cx, node, "call with an object or a function");
  const args = [text, pattern, ...more];
  if (method === "match") return matched(cx, steering.patternMatch, args, pattern, node, hint);
  if (method !== "split") return op === undefined ? null : apply(cx, op, args, node, hint);
  return cx.unit.builder.alloc(
    ofParts(pattern),
    { kind: "listing", op: steering.split, args },
    origin(cx, node, hint),
  );
}

const withPatterns: ReadonlyMap<string, Op> = new Map<string, Op>([
  ["replace", steering.replaceText],
  ["replaceAll", steering.replaceAllText],
  ["search", steering.patternSearch],
]);

/** The match and its groups, or all matches; `null` where there is none. */
function matched(
  cx: Context,
  op: Op,
  args: readonly Atom[],
  pattern: Literal,
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  const parts = cx.unit.builder.alloc(
    ofParts(pattern),
    { kind: "listing", op, args },
    origin(cx, node, null),
  );
  if (!isRef(parts)) return poison;
  if (isOrNone(cx, node)) return parts;
  const isFound = apply(cx, ops.gt, [loadLength(cx, parts, node), zero], node);
  return branch(
    cx,
    node,
    isFound,
    () => parts,
    () => nullLiteral,
    hint,
  );
}

/** `text.match(/…/g) ?? []`. */
function isOrNone({ ts: tsc }: Context, node: ts.CallExpression): boolean {
  const holder = holderOf(tsc, node);
  if (!tsc.isBinaryExpression(holder)) return false;
  const { BarBarToken, QuestionQuestionToken } = tsc.SyntaxKind;
  const { kind } = holder.operatorToken;
  if (kind !== BarBarToken && kind !== QuestionQuestionToken) return false;
  const other = unwrapped(tsc, holder.right);
  return tsc.isArrayLiteralExpression(other) && other.elements.length === 0;
}

/** A group may have no part in the match. */
function ofParts({ spelling }: Literal): MemoryShape {
  const isWhole = /g[a-z]*$/u.test(spelling) || !spelling.includes("(");
  const element = isWhole
    ? ({ kind: "string" } as const)
    : ({ kind: "maybe", shape: { kind: "string" }, none: "undefined" } as const);
  return { kind: "array", element, storage: "Array" };
}
