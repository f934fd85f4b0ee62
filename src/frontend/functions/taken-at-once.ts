/** Iterators of maps and sets, which follow what is changed meanwhile: an array is as good where nothing can be. */
import type { ts } from "ts-morph";
import type { Context, Frame } from "../context.js";
import { holderOf } from "../syntax.js";

/** What the expression gives is gone through, or its first elements are taken, where it stands. */
export function isTakenAtOnce(cx: Context, node: ts.Expression): boolean {
  const { ts: tsc } = cx;
  let at: ts.Node = node;
  let frame: Frame | null = cx.frame;
  for (;;) {
    const holder = holderOf(tsc, at);
    if (isOneOf(cx, holder, at)) at = holder;
    else if (tsc.isReturnStatement(holder) || (tsc.isArrowFunction(holder) && !tsc.isBlock(at))) {
      // What a function returns is taken where it is called.
      const callee = tsc.findAncestor(holder, (each) => tsc.isFunctionLike(each));
      if (frame === null || frame.call === null || callee !== frame.closure?.node) return false;
      [at, frame] = [frame.call, frame.caller];
    } else return takes(cx, holder, at);
  }
}

/** `list ?? []`, `c ? list : []`. */
function isOneOf({ ts: tsc }: Context, holder: ts.Node, at: ts.Node): boolean {
  if (tsc.isConditionalExpression(holder)) return holder.condition !== at;
  if (tsc.isNonNullExpression(holder)) return true;
  return tsc.isBinaryExpression(holder) && holder.operatorToken.kind === tsc.SyntaxKind.QuestionQuestionToken;
}

function takes({ ts: tsc }: Context, holder: ts.Node, at: ts.Node): boolean {
  if (tsc.isSpreadElement(holder)) return true;
  if (tsc.isForOfStatement(holder)) return true;
  if (tsc.isYieldExpression(holder)) return holder.asteriskToken !== undefined;
  // The first step of it.
  if (tsc.isPropertyAccessExpression(holder)) return holder.name.text === "next";
  if (tsc.isNewExpression(holder) || tsc.isCallExpression(holder)) return holder.expression !== at;
  return tsc.isVariableDeclaration(holder) && tsc.isArrayBindingPattern(holder.name);
}
