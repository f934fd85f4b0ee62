/**
 * Parts of a text that is kept: `${names.join(", ")}` in the message of an error. What cannot be kept as it is written
 * is computed where the text is needed. Where that cannot be done either, an error is thrown with a shorter message,
 * which is said: nothing that the function computes depends on it.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { type Context, poison } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { isAtom } from "../scope.js";
import { holderOf } from "../syntax.js";
import type { KeptPlace, KeptText } from "./kept-text.js";

/** Stands in a message for what was left out. */
const leftOut = "…";

/** What was left out of a template is no hole in it, and neither are plain words. */
export function withoutHole(text: string): string {
  return text.replaceAll(/\$\{"([^"\\`$]*)"\}/gu, "$1");
}

/** True for a part of a text that is not put together of others itself. */
export function isTextPart({ ts: tsc }: Context, node: ts.Node): node is ts.Expression {
  if (!tsc.isExpression(node) || isComposed(tsc, node)) return false;
  const holder = holderOf(tsc, node);
  return tsc.isTemplateSpan(holder) || (isSum(tsc, holder) && isOfText(tsc, holder));
}

function isComposed(tsc: Context["ts"], node: ts.Expression): boolean {
  return (
    tsc.isLiteralExpression(node) ||
    tsc.isTemplateExpression(node) ||
    tsc.isParenthesizedExpression(node) ||
    isSum(tsc, node)
  );
}

function isSum(tsc: Context["ts"], node: ts.Node): node is ts.BinaryExpression {
  return tsc.isBinaryExpression(node) && node.operatorToken.kind === tsc.SyntaxKind.PlusToken;
}

/** One of the operands is a text as it is written. */
function isOfText(tsc: Context["ts"], node: ts.BinaryExpression): boolean {
  const { left, right } = node;
  return [left, right].some(
    (part) =>
      tsc.isStringLiteralLike(part) ||
      tsc.isTemplateExpression(part) ||
      (isSum(tsc, part) && isOfText(tsc, part)),
  );
}

/** Appends the part as `keep` writes it, or what it comes to. */
export function addPart(
  cx: Context & { readonly place: KeptPlace },
  node: ts.Expression,
  text: KeptText,
  keep: (text: KeptText) => void,
): void {
  const asWritten = tried(cx, () => {
    const own: KeptText = [];
    keep(own);
    return own;
  });
  const found = asWritten ?? tried(cx, () => computed(cx, node));
  if (found !== null) {
    text.push(...found);
    return;
  }
  if (!cx.place.mayShorten) {
    keep(text);
    return;
  }
  cx.unit.diagnostics.report("messageShortened", node, { code: excerpt(node) });
  text.push(JSON.stringify(leftOut));
}

function computed(cx: Context, node: ts.Expression): KeptText | null {
  const bound = lowerExpression(cx, node);
  if (bound === poison || !isAtom(bound)) return null;
  const inner = bound.type.kind === "maybe" ? bound.type.type : bound.type;
  return inner.kind === "ref" ? null : ["(", bound, ")"];
}

/** What `run` gives, if nothing is refused in it; else null, as if it had not been tried. */
function tried<T>({ unit }: Context, run: () => T | null): T | null {
  const told = new Set(unit.told);
  const refused = new Map(unit.refusedCalls);
  const { result, errors } = unit.diagnostics.tried(run);
  if (errors === 0) return result;
  for (const each of unit.told) if (!told.has(each)) unit.told.delete(each);
  for (const node of unit.refusedCalls.keys()) if (!refused.has(node)) unit.refusedCalls.delete(node);
  return null;
}
