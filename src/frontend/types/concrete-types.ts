/** Types in generic functions, as the call that is written out has them. */
import type { ts } from "ts-morph";
import type { Context, Frame } from "../context.js";
import { holderOf } from "../syntax.js";

/**
 * The type of an expression, where that depends on type parameters and the expression is what the function returns: what
 * TypeScript takes the call to give.
 */
export function concreteType(cx: Context, node: ts.Expression, type: ts.Type): ts.Type {
  let [at, found] = [node, type];
  for (let frame: Frame | null = cx.frame; frame !== null && isGeneric(cx, found); frame = frame.caller) {
    const { call } = frame;
    if (call === null || !cx.ts.isCallExpression(call) || !isReturned(cx, at, frame)) return found;
    const signature = cx.checker.getResolvedSignature(call);
    if (signature === undefined || signature.declaration !== frame.closure?.node) return found;
    const given = cx.checker.getNonNullableType(cx.checker.getReturnTypeOfSignature(signature));
    [at, found] = [call, wantedType(cx, call, given)];
  }
  return found;
}

/** `Result<never>`, say, is taken to be the `Result<number>` that is wanted of it. */
function wantedType(cx: Context, call: ts.CallExpression, given: ts.Type): ts.Type {
  const contextual = cx.checker.getContextualType(call);
  if (contextual === undefined) return given;
  const wanted = cx.checker.getNonNullableType(contextual);
  const symbolOf = ({ aliasSymbol, symbol }: ts.Type): ts.Symbol | undefined => aliasSymbol ?? symbol;
  return symbolOf(wanted) === symbolOf(given) ? wanted : given;
}

function isReturned(cx: Context, node: ts.Expression, { closure }: Frame): boolean {
  const holder = holderOf(cx.ts, node);
  if (cx.ts.isArrowFunction(holder)) return holder === closure?.node;
  return (
    cx.ts.isReturnStatement(holder) &&
    cx.ts.findAncestor(holder, (each) => cx.ts.isFunctionLike(each)) === closure?.node
  );
}

/** A type parameter, or nothing at all, is somewhere in it, in a place that matters for arrays and objects. */
function isGeneric(cx: Context, type: ts.Type): boolean {
  const { TypeParameter, Instantiable, Never } = cx.ts.TypeFlags;
  if ((type.flags & (TypeParameter | Instantiable | Never)) !== 0) return true;
  if (type.aliasTypeArguments?.some((each) => isGeneric(cx, each)) === true) return true;
  if (type.isUnionOrIntersection()) return type.types.some((each) => isGeneric(cx, each));
  const isReference = (type.flags & cx.ts.TypeFlags.Object) !== 0 && "target" in type;
  const args = isReference ? cx.checker.getTypeArguments(type as ts.TypeReference) : [];
  return args.some((each) => isGeneric(cx, each));
}
