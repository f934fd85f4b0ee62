/** Regular expressions that ask for something in a string: they stay as they are written. */
import type { ts } from "ts-morph";
import type { Op } from "../../ir/op.js";
import type { Atom, Hint, Literal, MemoryShape, RegionId } from "../../ir/types.js";
import { patternText } from "../../ops/patterns.js";
import * as ops from "../../ops/scalar.js";
import * as steering from "../../ops/steering.js";
import { zero } from "../arrays/array-growth.js";
import { isTakenAtOnce } from "../functions/taken-at-once.js";
import { type Context, origin, poison, refuseExpression } from "../context.js";
import { lowerExpression } from "./expressions.js";
import { orNull } from "../control/join.js";
import { loadLength, loadRaw } from "../memory.js";
import { isOfLibrary, knownKey, symbolOf, undefinedLiteral } from "../names.js";
import { allocateObject } from "./literals.js";
import type { Bound } from "../scope.js";
import {
  execRemembering,
  newRemembering,
  noteSearched,
  rememberedPattern,
  remembers,
} from "./remembering-patterns.js";
import { holderOf, unwrapped } from "../syntax.js";
import { type RefValue, apply, atomOf, isRef, isReference } from "../values.js";

/** A regular expression as an argument; null for an expression that is none, or not known while compiling. */
export function patternOf(cx: Context, node: ts.Expression): Literal | null {
  const inner = unwrapped(cx.ts, node);
  if (cx.ts.isRegularExpressionLiteral(inner)) return writtenPattern(inner);
  if (cx.ts.isNewExpression(inner) || cx.ts.isCallExpression(inner)) return constructedPattern(cx, inner);
  if (cx.ts.isPropertyAccessExpression(inner) || cx.ts.isElementAccessExpression(inner))
    return givenPattern(cx, inner);
  const symbol = cx.ts.isIdentifier(inner) ? symbolOf(cx, inner) : null;
  const declaration = symbol?.valueDeclaration;
  if (declaration !== undefined && (cx.ts.isParameter(declaration) || cx.ts.isBindingElement(declaration)))
    return givenPattern(cx, inner);
  if (declaration === undefined || !cx.ts.isVariableDeclaration(declaration)) return null;
  const isConstant = (cx.ts.getCombinedNodeFlags(declaration) & cx.ts.NodeFlags.Const) !== 0;
  const { initializer } = declaration;
  return isConstant && initializer !== undefined && initializer !== node ? patternOf(cx, initializer) : null;
}

/** `new RegExp("a+", "g")`, of text that is known while compiling; null for anything else. */
export function constructedPattern(cx: Context, node: ts.NewExpression | ts.CallExpression): Literal | null {
  const { expression } = node;
  const symbol = cx.ts.isIdentifier(expression) ? symbolOf(cx, expression) : null;
  if (symbol === null || symbol.name !== "RegExp" || !isOfLibrary(cx, symbol)) return null;
  const [source, flags, ...more] = (node.arguments ?? []).map((each) => knownText(cx, each));
  if (typeof source !== "string" || flags === null || more.length > 0) return null;
  try {
    const spelling = String(new RegExp(source, flags));
    return { kind: "literal", type: { kind: "string" }, value: patternText(spelling), spelling };
  } catch {
    return null;
  }
}

function knownText(cx: Context, node: ts.Expression): string | null {
  if (isPattern(cx, node)) return null;
  const bound = lowerExpression(cx, node);
  const key = bound.kind === "literal" ? knownKey(cx, bound) : null;
  return typeof key === "string" ? key : null;
}

/** The value of a pattern that is known: it is used where it is read. */
export function patternValue(cx: Context, pattern: Literal, node: ts.Expression, hint: Hint | null): Bound {
  if (remembers(pattern)) return newRemembering(cx, pattern, node, hint);
  const reason = "a pattern can only be used at once, or by the name of a constant or a parameter";
  return { kind: "unknown", untold: { type: "RegExp", reason }, pattern };
}

export function writtenPattern({ text }: ts.RegularExpressionLiteral): Literal {
  return { kind: "literal", type: { kind: "string" }, value: patternText(text), spelling: text };
}

function isPattern(cx: Context, node: ts.Expression): boolean {
  return (cx.checker.getTypeAtLocation(node).symbol as ts.Symbol | undefined)?.name === "RegExp";
}

/** What a parameter stands for in a function that is handed a pattern. */
function givenPattern(cx: Context, node: ts.Expression): Literal | null {
  if (!isPattern(cx, node)) return null;
  const bound = lowerExpression(cx, node);
  const held = rememberedPattern(bound);
  if (held !== null) return held.pattern;
  return bound.kind === "unknown" ? (bound.pattern ?? null) : null;
}

/** `/…/.test(text)` and `/…/.exec(text)`; null for other calls. */
export function lowerPatternMethod(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  const { expression } = node;
  const [argument] = node.arguments;
  if (!cx.ts.isPropertyAccessExpression(expression) || argument === undefined) return null;
  const { name } = expression;
  if (name.text !== "test" && name.text !== "exec") return null;
  const written = patternOf(cx, expression.expression);
  const isLiteral = cx.ts.isRegularExpressionLiteral(unwrapped(cx.ts, expression.expression));
  const isHeld = !isLiteral && (written === null ? isPattern(cx, expression.expression) : remembers(written));
  const bound = isHeld ? lowerExpression(cx, expression.expression) : null;
  const held = bound === null ? null : rememberedPattern(bound);
  const pattern = held?.pattern ?? written;
  if (pattern === null) return null;
  const text = atomOf(cx, lowerExpression(cx, argument), argument);
  if (text === poison) return poison;
  if (remembers(pattern) && (isLiteral || held !== null))
    return execRemembering(cx, { pattern, ref: held?.ref ?? null }, text, name.text, node, hint);
  if (remembers(pattern))
    return refuseExpression(
      cx,
      node,
      "pattern with the flag `g` or `y` of which it is not known where its last call has ended",
    );
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
  if (pattern === null || (op === undefined && !listing.has(method))) return null;
  const atoms = [receiver, ...others].map((each) => atomOf(cx, lowerExpression(cx, each), each));
  const [text, ...more] = atoms;
  if (text === undefined || atoms.includes(poison)) return poison;
  if (atoms.some((atom) => isReference(atom)))
    return refuseExpression(cx, node, "call with an object or a function");
  const args = [text, pattern, ...more];
  if (method === "match") return matched(cx, steering.patternMatch, args, pattern, node, hint);
  if (method === "matchAll") return allMatched(cx, text, pattern, node, hint);
  if (method !== "split") return op === undefined ? null : apply(cx, op, args, node, hint);
  return cx.unit.builder.alloc(
    ofParts(pattern),
    { kind: "listing", op: steering.split, args },
    origin(cx, node, hint),
  );
}

const listing: ReadonlySet<string> = new Set(["match", "matchAll", "split"]);

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
  noteGroups(cx, parts.type.region, pattern);
  if (isOrNone(cx, node)) return parts;
  const isFound = apply(cx, ops.gt, [loadLength(cx, parts, node), zero], node);
  const found = orNull(cx, node, isFound, parts, hint);
  const [text] = args;
  if (text !== undefined && !remembers(pattern)) noteSearched(cx, found, { pattern, text, from: null });
  return found;
}

/** `text.matchAll(/…/g)`, which is gone through at once. */
function allMatched(
  cx: Context,
  text: Atom,
  pattern: Literal,
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  return isTakenAtOnce(cx, node)
    ? listMatches(cx, text, pattern, node, hint)
    : refuseExpression(cx, node, "list that is kept to be gone through once");
}

/** Every match in the text. */
export function listMatches(
  cx: Context,
  text: Atom,
  pattern: Literal,
  node: ts.Node,
  hint: Hint | null,
): Bound {
  if (!isGlobal(pattern)) return refuseExpression(cx, node, "list of the matches of a pattern without `g`");
  const list = cx.unit.builder.alloc(
    { kind: "array", element: ofGroups(pattern), storage: "Array" },
    { kind: "listing", op: steering.allMatches, args: [text, pattern] },
    origin(cx, node, hint),
  );
  if (isRef(list)) noteGroups(cx, cx.unit.regions.child(list.type.region, "*"), pattern);
  return list;
}

/** Which groups a piece of memory holds. */
export function noteGroups(cx: Context, region: RegionId, pattern: Literal): void {
  cx.unit.matches.set(region, pattern);
}

/** `match.groups`; null where it is no match that is known. */
export function groupsOf(
  cx: Context,
  ref: RefValue,
  node: ts.Expression | ts.BindingName,
  hint: Hint | null,
): Bound | null {
  const { matches, regions } = cx.unit;
  const region = regions.canonical(ref.type.region);
  const patterns = [...matches].filter(([each]) => regions.canonical(each) === region);
  const [first] = patterns;
  // What may be the match of one of several patterns has no groups that are known.
  if (first === undefined || patterns.some(([, { value }]) => value !== first[1].value)) return null;
  const names = groupNames(first[1].spelling);
  if (names.length === 0) return undefinedLiteral;
  const cells = new Map<string, Bound>(
    names.map(({ name, index }) => [name, loadRaw(cx, ref, index, node, null)]),
  );
  return allocateObject(cx, node, cells, hint);
}

/** The groups that have names, with their places. */
function groupNames(pattern: string): readonly { readonly name: string; readonly index: number }[] {
  const opening = /\\.|\[(?:\\.|[^\]\\])*\]|\((?!\?)|\(\?<(?![=!])([^>]*)>/gu;
  return [...pattern.matchAll(opening)]
    .filter(([text]) => text.startsWith("("))
    .map(([, name], i) => ({ name: name ?? "", index: i + 1 }))
    .filter(({ name }) => name !== "");
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

/** Its calls give all matches, or go on where the last one has ended. */
export function isGlobal({ spelling }: Literal): boolean {
  return /g[a-z]*$/u.test(spelling);
}

/** All matches, or the one match with its groups. */
function ofParts(pattern: Literal): MemoryShape {
  return isGlobal(pattern)
    ? { kind: "array", element: { kind: "string" }, storage: "Array" }
    : ofGroups(pattern);
}

/** A group may have no part in the match. */
export function ofGroups({ spelling }: Literal): MemoryShape {
  const element = spelling.includes("(")
    ? ({ kind: "maybe", shape: { kind: "string" }, none: "undefined" } as const)
    : ({ kind: "string" } as const);
  return { kind: "array", element, storage: "Array" };
}
