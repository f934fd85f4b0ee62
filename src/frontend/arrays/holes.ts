/**
 * Arrays made by `new Array(n)` are filled with zeros here, and with nothing in JavaScript. The difference shows only
 * where it is tested whether an element is there, and that is refused.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import type { Diagnostics } from "../../diagnostics/collector.js";
import type { Type } from "../../ir/types.js";
import type { Context, Unit } from "../context.js";
import { referenceRegion } from "../memory.js";
import { callOfPackage } from "../functions/package-calls.js";
import { holderOf, isJavaScript } from "../syntax.js";

/** Notes that an array of this type is made without elements. */
export function noteHoles({ unit }: Context, type: Type): void {
  const region = referenceRegion(type);
  if (region !== null) unit.holes.add(region);
}

/** Notes that it is tested whether the element that `node` reads is there. */
export function noteHoleTest(cx: Context, type: Type, node: ts.Expression): void {
  const region = referenceRegion(type);
  // Under `noUncheckedIndexedAccess`, `xs[i] ?? 0` only satisfies the compiler.
  if (region === null || (isDefaulted(cx, node) && !isJavaScript(cx, node))) return;
  cx.unit.holeTests.push({ region, node: callOfPackage(cx, node) ?? node });
}

function isDefaulted(cx: Context, node: ts.Expression): boolean {
  const holder = holderOf(cx.ts, node);
  return (
    cx.ts.isBinaryExpression(holder) && holder.operatorToken.kind === cx.ts.SyntaxKind.QuestionQuestionToken
  );
}

/** Reports tests of arrays that turned out to be made without elements. */
export function reportHoles(units: readonly Unit[], diagnostics: Diagnostics): void {
  for (const { regions, holes, holeTests } of units) {
    const made = new Set([...holes].map((region) => regions.canonical(region)));
    for (const { region, node } of holeTests) {
      if (!made.has(regions.canonical(region))) continue;
      const what = "test for an element that an array made by `new Array(n)` may not have yet";
      diagnostics.report("unsupportedExpression", node, { code: excerpt(node), what });
    }
  }
}
