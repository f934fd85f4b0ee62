/**
 * `a?.b.c(d)?.e`: where `a` is absent, the whole chain is `undefined`. Each `?.` is a conditional around the rest of the
 * chain, which is lowered like any other expression, with what stands before the `?.` known.
 */
import type { ts } from "ts-morph";
import type { Atom, Hint } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { type Context, poison } from "../context.js";
import { ifChosen, isNothingElse, mayBeNone } from "../functions/functions.js";
import { branch } from "../control/join.js";
import { undefinedLiteral } from "../names.js";
import { lowerUnchecked } from "./properties.js";
import { mayBeAbsent } from "./mixed.js";
import { type Bound, type Static, isAtom } from "../scope.js";
import { noteAbsenceTest } from "../control/trust.js";
import { apply, present } from "../values.js";

/** What stands before the first `?.` of the chain that was not looked at; null where there is none. */
export function openBase(cx: Context, node: ts.Expression): ts.Expression | null {
  let base: ts.Expression | null = null;
  for (let link = node; cx.ts.isOptionalChain(link); link = link.expression) {
    const isOpen = !cx.ts.isNonNullExpression(link) && link.questionDotToken !== undefined;
    if (isOpen && !cx.links.has(link.expression)) base = link.expression;
  }
  return base;
}

/** Lowers a chain: `rest` lowers it where its base is known. */
export function followChain(
  cx: Context,
  node: ts.Expression,
  base: ts.Expression,
  hint: Hint | null,
  rest: (inner: Context, hint: Hint | null) => Bound,
): Bound {
  const bound = lowerUnchecked(cx, base);
  const follow = (known: Bound, own: Hint | null): Bound =>
    rest({ ...cx, links: new Map([...cx.links, [base, known]]) }, own);
  if (bound === poison) return poison;
  if (bound.kind === "choice" && mayBeNone(bound)) {
    const given = (one: Static): Bound => follow(one, null);
    const none = (other: Atom): Bound => (isNothingElse(bound) ? undefinedLiteral : follow(other, null));
    return ifChosen(cx, bound, node, given, none, hint);
  }
  if (!isAtom(bound)) return follow(bound, hint);
  if (bound.type.kind === "nothing") return undefinedLiteral;
  noteAbsenceTest(cx, bound, base);
  if (!mayBeAbsent(bound.type)) return follow(bound, hint);
  return branch(
    cx,
    node,
    apply(cx, ops.isNullish, [bound], base),
    () => undefinedLiteral,
    () => follow(present(cx, bound, base), null),
    hint,
  );
}
