/** What functions that lie in memory are called, in the tags of their records and in the type of these. */
import type { ts } from "ts-morph";
import type { Context } from "../context.js";
import type { KeptText } from "./function-records.js";
import type { Closure } from "../scope.js";
import { holderOf } from "../syntax.js";

export type KeptNames = Pick<KeptText, "name" | "typeName">;

/** By its own name, the list that it is put into, or the function that makes it. */
export function namesOf(cx: Context, { node, name }: Closure): KeptNames {
  const tsc = cx.ts;
  if (!tsc.isArrowFunction(node) && !tsc.isFunctionExpression(node)) return { name, typeName: null };
  const type = cx.checker.getContextualType(node);
  return { name: name ?? nameAround(cx, node), typeName: type?.aliasSymbol?.name ?? null };
}

function nameAround(cx: Context, node: ts.Expression): string | null {
  const tsc = cx.ts;
  const holder = holderOf(tsc, node);
  if (tsc.isPropertyAssignment(holder) && tsc.isIdentifier(holder.name)) return holder.name.text;
  if (tsc.isBinaryExpression(holder)) return nameOf(cx, holder.left);
  if (tsc.isCallExpression(holder) && tsc.isPropertyAccessExpression(holder.expression))
    return singular(nameOf(cx, holder.expression.expression));
  const maker = tsc.findAncestor(node.parent, (each) => tsc.isFunctionLike(each));
  const isMade = tsc.isReturnStatement(holder) || (tsc.isArrowFunction(holder) && holder === maker);
  if (!isMade || maker === undefined) return null;
  if (tsc.isFunctionDeclaration(maker)) return maker.name?.text ?? null;
  const around = tsc.isArrowFunction(maker) || tsc.isFunctionExpression(maker) ? holderOf(tsc, maker) : null;
  return around !== null && tsc.isVariableDeclaration(around) && tsc.isIdentifier(around.name)
    ? around.name.text
    : null;
}

/** The last name of `x`, `this.terms` or `m.terms`. */
function nameOf({ ts: tsc }: Context, node: ts.Expression): string | null {
  if (tsc.isIdentifier(node)) return node.text;
  return tsc.isPropertyAccessExpression(node) ? node.name.text.replace("#", "") : null;
}

/** Of `terms`, one is a `term`; `fs` says nothing. */
function singular(name: string | null): string | null {
  return name !== null && /^\p{L}{3,}s$/u.test(name) ? name.slice(0, -1) : null;
}
