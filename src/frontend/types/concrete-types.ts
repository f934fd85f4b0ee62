/** Types in generic functions, as the call that is written out has them. */
import type { ts } from "ts-morph";
import type { Context, Frame } from "../context.js";
import { holderOf, unwrapped } from "../syntax.js";

/** What the expression is for, or what it is cast to in the end: `{ … } as unknown as Edge`. */
export function meantType(cx: Context, node: ts.Expression): ts.Type | undefined {
  const { ts: tsc, checker } = cx;
  const { Any, Unknown } = tsc.TypeFlags;
  let type = checker.getContextualType(node);
  let holder = holderOf(tsc, node);
  if (tsc.isPropertyAssignment(holder)) {
    const whole = wantedOfCallback(cx, holder.parent);
    const property = whole?.getProperty(holder.name.getText());
    if (property !== undefined) return checker.getTypeOfSymbol(property);
  }
  while (type !== undefined && (type.flags & (Any | Unknown)) !== 0 && tsc.isAssertionExpression(holder)) {
    type = checker.getTypeAtLocation(holder);
    holder = holderOf(tsc, holder);
  }
  return type;
}

/**
 * The type of an expression, where that depends on type parameters and the expression is what the function returns: what
 * TypeScript takes the call to give.
 */
export function concreteType(cx: Context, node: ts.Expression, type: ts.Type): ts.Type {
  let [at, found] = [node, wantedOfCallback(cx, node) ?? type];
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

/** `[leaf(), { w, next: null }]`: the literal is of the type that TypeScript has found for all elements. */
export function impliedType(cx: Context, node: ts.Expression): ts.Type | undefined {
  const { ts: tsc, checker } = cx;
  const holder = holderOf(tsc, node);
  if (tsc.isArrayLiteralExpression(holder)) {
    const type = checker.getTypeAtLocation(holder).getNumberIndexType();
    return type?.isUnion() === true ? undefined : type;
  }
  if (!tsc.isPropertyAssignment(holder)) return undefined;
  const property = impliedType(cx, holder.parent)?.getProperty(holder.name.getText());
  return property === undefined ? undefined : checker.getTypeOfSymbol(property);
}

/** `const ok = (value: T): Ok<T> => ({ ok: true, value })`, called where a `Result<T>` is wanted: the union; null for others. */
export function unionMeant(cx: Context, node: ts.Expression, type: ts.Type): ts.Type | null {
  const { checker } = cx;
  const own = concreteType(cx, node, checker.getNonNullableType(type));
  let at = node;
  for (let frame: Frame | null = cx.frame; frame !== null; frame = frame.caller) {
    const { call } = frame;
    if (call === null || !cx.ts.isCallExpression(call) || !isReturned(cx, at, frame)) return null;
    const wanted = checker.getNonNullableType(checker.getContextualType(call) ?? own);
    const members = wanted.isUnion() ? wanted.types : [];
    if (members.filter((member) => checker.isTypeAssignableTo(own, member)).length === 1) return wanted;
    at = call;
  }
  return null;
}

/**
 * In `const nodes: Link[] = xs.map((x) => ({ x, next: null }))` the literal is meant to be a `Link`: what a callback
 * returns is of the kind that is wanted of the call. Null where that says nothing.
 */
function wantedOfCallback(cx: Context, node: ts.Expression): ts.Type | null {
  const { ts: tsc, checker } = cx;
  const returned = holderOf(tsc, node);
  const callback =
    tsc.isReturnStatement(returned) || tsc.isArrowFunction(returned)
      ? tsc.findAncestor(returned, (each) => tsc.isFunctionLike(each))
      : undefined;
  const call = callback === undefined ? undefined : holderOf(tsc, callback);
  if (callback === undefined || call === undefined || !tsc.isCallExpression(call)) return null;
  const declaration = checker.getResolvedSignature(call)?.declaration;
  const wanted = isDestructured(cx, call) ? undefined : checker.getContextualType(call);
  if (declaration === undefined || tsc.isJSDocSignature(declaration) || wanted === undefined) return null;
  const at = call.arguments.findIndex((each) => unwrapped(tsc, each) === callback);
  const taken = declaration.parameters[at];
  const [own] = taken === undefined ? [] : checker.getTypeAtLocation(taken).getCallSignatures();
  const signature = checker.getSignatureFromDeclaration(declaration);
  if (own === undefined || signature === undefined) return null;
  const part = own.getReturnType();
  const whole = signature.getReturnType();
  const isOpen = (part.flags & tsc.TypeFlags.TypeParameter) !== 0;
  const found = checker.getNonNullableType(wanted);
  if (isOpen && whole === part) return found;
  return isOpen && elementOf(cx, whole) === part ? elementOf(cx, found) : null;
}

/** What a pattern takes apart tells no types. */
function isDestructured({ ts: tsc }: Context, call: ts.CallExpression): boolean {
  const holder = holderOf(tsc, call);
  return tsc.isVariableDeclaration(holder) && holder.type === undefined && !tsc.isIdentifier(holder.name);
}

function elementOf({ checker }: Context, type: ts.Type): ts.Type | null {
  if (!checker.isArrayType(type)) return null;
  return checker.getTypeArguments(type as ts.TypeReference)[0] ?? null;
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

/** A generic type may be made of ever new versions of itself. */
const mostParts = 100;

/** A type parameter, or nothing at all, is somewhere in it, in a place that matters for arrays and objects. */
function isGeneric(cx: Context, type: ts.Type, met = new Set<ts.Type>()): boolean {
  const { TypeParameter, Instantiable, Never } = cx.ts.TypeFlags;
  if ((type.flags & (TypeParameter | Instantiable | Never)) !== 0) return true;
  if (met.has(type) || met.size > mostParts) return false;
  met.add(type);
  if (type.aliasTypeArguments?.some((each) => isGeneric(cx, each, met)) === true) return true;
  if (type.isUnionOrIntersection()) return type.types.some((each) => isGeneric(cx, each, met));
  const isReference = (type.flags & cx.ts.TypeFlags.Object) !== 0 && "target" in type;
  const args = isReference ? cx.checker.getTypeArguments(type as ts.TypeReference) : [];
  return args.some((each) => isGeneric(cx, each, met));
}
