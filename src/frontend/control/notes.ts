/**
 * What is noted in an object of a module or in a static field: `stats.calls++`, `stats.last = x`, `Ball.count++`. The
 * gradient does the same to the same object, once per call and in its order. What is read there again is a constant, so
 * it must be nothing that the function has computed.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { real } from "../../ir/builder.js";
import type { Atom, ForeignFunction, Hint } from "../../ir/types.js";
import { type Context, type Unit, origin, poison, refuse } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { type Bound, isAtom } from "../scope.js";
import { isAssignmentOperator, unwrapped } from "../syntax.js";
import { type NotedPlace, notedPlace } from "./noted-places.js";
import { isAssignmentTarget } from "./written.js";

type Noting = ts.BinaryExpression | ts.PrefixUnaryExpression | ts.PostfixUnaryExpression;

/** A statement that notes something; false for any other expression. */
export function lowerNote(cx: Context, node: ts.Expression): boolean {
  if (!isNoting(cx, node)) return false;
  const place = placeOf(cx, node);
  if (place === null) return false;
  if (!cx.ts.isBinaryExpression(node)) {
    emitNote(cx, node, place, [signOf(cx, node)], []);
    return true;
  }
  const value = lowerExpression(cx, node.right);
  if (value === poison) return true;
  if (!isAtom(value) || value.type.kind === "ref" || value.type.kind === "maybe") {
    const reason = "only a number, a string or a boolean can be kept outside of the function";
    refuse(cx, "unsupportedAssignment", node, { code: excerpt(node), reason });
    return true;
  }
  if (value.kind === "value") cx.unit.notes.computed.add(place.text);
  emitNote(cx, node, place, [` ${node.operatorToken.getText()} `, ""], [value]);
  return true;
}

/** The value of `stats.calls++`, `stats.calls += 1`; null for any other expression. */
export function lowerNoteValue(cx: Context, node: Noting, hint: Hint | null): Bound | null {
  const isCount = !cx.ts.isBinaryExpression(node) || cx.ts.isNumericLiteral(unwrapped(cx.ts, node.right));
  const place = isCount ? placeOf(cx, node) : null;
  if (place === null || !isNumber(cx, node)) return null;
  const after = cx.ts.isBinaryExpression(node)
    ? ` ${node.operatorToken.getText()} ${node.right.getText()}`
    : cx.ts.isPostfixUnaryExpression(node)
      ? signOf(cx, node)
      : "";
  const before = cx.ts.isPrefixUnaryExpression(node) ? signOf(cx, node) : "";
  return emitRead(cx, node, place, before, after, hint);
}

/** What is noted in a field of an object that the project assigns; null for other expressions. */
export function lowerNoted(cx: Context, node: ts.Node, hint: Hint | null, isStatic = false): Bound | null {
  const isRead =
    cx.ts.isPropertyAccessExpression(node) &&
    isNumber(cx, node) &&
    !isAssignmentTarget(cx, node, node.parent);
  const place = isRead ? notedPlace(cx, node) : null;
  return place !== null && (isStatic || place.changes) ? emitRead(cx, node, place, "", "", hint) : null;
}

/** Reports what is read of a place where the function has noted what it has computed. */
export function reportNotes({ notes, diagnostics }: Unit): void {
  for (const [text, node] of notes.reads)
    if (notes.computed.has(text)) diagnostics.report("mutableOuter", node, { name: text, shown: "" });
}

function isNoting({ ts: tsc }: Context, node: ts.Expression): node is Noting {
  return (
    tsc.isBinaryExpression(node) || tsc.isPrefixUnaryExpression(node) || tsc.isPostfixUnaryExpression(node)
  );
}

function placeOf(cx: Context, node: Noting): NotedPlace | null {
  const tsc = cx.ts;
  const target = tsc.isBinaryExpression(node)
    ? isAssignmentOperator(tsc, node.operatorToken.kind)
      ? node.left
      : null
    : isCounting(cx, node.operator)
      ? node.operand
      : null;
  if (target === null) return null;
  const bare = unwrapped(tsc, target);
  return tsc.isPropertyAccessExpression(bare) ? notedPlace(cx, bare) : null;
}

function isCounting({ ts: { SyntaxKind } }: Context, operator: ts.SyntaxKind): boolean {
  return operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken;
}

function signOf(
  { ts: { SyntaxKind } }: Context,
  node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
): string {
  return node.operator === SyntaxKind.PlusPlusToken ? "++" : "--";
}

function isNumber({ checker, ts: tsc }: Context, node: ts.Node): boolean {
  return (checker.getTypeAtLocation(node).flags & tsc.TypeFlags.NumberLike) !== 0;
}

function emitNote(
  cx: Context,
  node: ts.Node,
  { text, imports, module, name, path }: NotedPlace,
  [first = "", ...others]: readonly string[],
  args: readonly Atom[],
): void {
  const source = { module, name, access: [`${path}${first}`, ...others] };
  const callee: ForeignFunction = { source, text: [`${text}${first}`, ...others], imports, rule: null };
  cx.unit.builder.foreign(callee, args, null, origin(cx, node));
}

function emitRead(
  cx: Context,
  node: ts.Node,
  { text, imports, module, name, path }: NotedPlace,
  before: string,
  after: string,
  hint: Hint | null,
): Bound {
  const source = { module, name, access: [`${path}${after}`], before };
  const callee: ForeignFunction = { source, text: [`${before}${text}${after}`], imports, rule: null };
  const from = origin(cx, node, hint);
  const out = cx.unit.builder.value(real, from);
  cx.unit.builder.foreign(callee, [], out, from);
  cx.unit.notes.reads.set(text, node);
  return out;
}
