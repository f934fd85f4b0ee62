/** What functions that lie in memory are called, in the tags of their records and in the type of these. */
import type { ts } from "ts-morph";
import type { Context } from "../context.js";
import type { KeptText } from "./function-texts.js";
import type { Closure } from "../scope.js";
import { holderOf } from "../syntax.js";
import { capitalized } from "../types/named-types.js";

export type KeptNames = Pick<KeptText, "name" | "owner" | "typeName">;

/** By its own name, the list that it is put into, or the function that makes it. */
export function namesOf(cx: Context, { node, name }: Closure): KeptNames {
  const tsc = cx.ts;
  const owner = ownerOf(cx, node);
  if (!tsc.isArrowFunction(node) && !tsc.isFunctionExpression(node)) return { name, owner, typeName: null };
  const type = cx.checker.getContextualType(node);
  return { name: name ?? nameBeside(cx, node), owner, typeName: type?.aliasSymbol?.name ?? null };
}

/**
 * What tells the object with the function from its like: `relu` in `{ relu: { f: … } }` and `["relu", { f: … }]`, or the
 * function that makes it.
 */
function ownerOf(cx: Context, node: ts.Node): string | null {
  return tableOf(cx, node) ?? makerOf(cx, node);
}

/** The nearest function around that has a name. */
function makerOf({ ts: tsc }: Context, node: ts.Node): string | null {
  const maker = tsc.findAncestor(node.parent, (each) => tsc.isFunctionLike(each));
  if (maker === undefined) return null;
  const isNamed = maker.name !== undefined && !tsc.isConstructorDeclaration(maker);
  return textOf(tsc, isNamed ? maker.name : nameAround(tsc, maker));
}

/** `const mul = (a, b) => …`. */
function nameAround(tsc: Context["ts"], maker: ts.Node): ts.Node | undefined {
  const holder = holderOf(tsc, maker);
  return tsc.isVariableDeclaration(holder) || tsc.isPropertyAssignment(holder) ? holder.name : undefined;
}

function tableOf({ ts: tsc }: Context, node: ts.Node): string | null {
  const object = tsc.findAncestor(node.parent, (each) => tsc.isObjectLiteralExpression(each));
  if (object === undefined || holderOf(tsc, node).parent !== object) return null;
  const holder = holderOf(tsc, object);
  if (tsc.isPropertyAssignment(holder) || tsc.isVariableDeclaration(holder)) return textOf(tsc, holder.name);
  if (tsc.isArrayLiteralExpression(holder)) return textOf(tsc, holder.elements[0]);
  const clause = tsc.findAncestor(
    holder,
    (each) => tsc.isCaseOrDefaultClause(each) || tsc.isFunctionLike(each),
  );
  if (clause === undefined || !tsc.isCaseOrDefaultClause(clause)) return null;
  return tsc.isDefaultClause(clause) ? "other" : textOf(tsc, clause.expression);
}

/** The word that is written, as a name: `leakyRelu` of `"leaky-relu"`. */
function textOf(tsc: Context["ts"], node: ts.Node | undefined): string | null {
  if (node !== undefined && tsc.isComputedPropertyName(node)) return textOf(tsc, node.expression);
  const name = node !== undefined && tsc.isPropertyAccessExpression(node) ? node.name : node;
  if (name === undefined || (!tsc.isIdentifier(name) && !tsc.isStringLiteralLike(name))) return null;
  const text = capitalized(name.text);
  const own = text.slice(0, 1).toLowerCase() + text.slice(1);
  return /^\p{ID_Start}/u.test(own) ? own : null;
}

function nameBeside(cx: Context, node: ts.Expression): string | null {
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
