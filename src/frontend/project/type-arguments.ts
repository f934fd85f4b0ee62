/**
 * Type parameters of generic functions and classes, and what they stand for in code that is written out for a call. The
 * lowering of a body is handed a checker that gives types with those in their place.
 */
import type { ts } from "ts-morph";
import type { ClassNode } from "../classes/classes.js";
import type { Context } from "../context.js";
import type { FrontendProject } from "./project.js";
import type { Closure, TypeArguments } from "../scope.js";
import { withoutThis } from "../types/named-types.js";

/** The checker as a body sees it whose type parameters stand for these types. */
export function checkerWith(checker: ts.TypeChecker, types: TypeArguments): ts.TypeChecker {
  if (types.size === 0) return checker;
  const concrete = (type: ts.Type): ts.Type => instantiated(checker, types, type);
  return {
    ...checker,
    getTypeAtLocation: (node) => concrete(checker.getTypeAtLocation(node)),
    getTypeOfSymbol: (symbol) => concrete(checker.getTypeOfSymbol(symbol)),
    getTypeOfSymbolAtLocation: (symbol, node) => concrete(checker.getTypeOfSymbolAtLocation(symbol, node)),
    getReturnTypeOfSignature: (signature) => concrete(checker.getReturnTypeOfSignature(signature)),
    getContextualType: (node: ts.Expression) => {
      const type = checker.getContextualType(node);
      return type === undefined ? undefined : concrete(type);
    },
  };
}

/** What a type is where those parameters stand for those types. */
function instantiated(checker: ts.TypeChecker, types: TypeArguments, type: ts.Type): ts.Type {
  if (types.size === 0) return type;
  // TypeScript has no function for it but where it finds what an instantiated signature returns: that of its target,
  // through its mapper, which is one of two lists (`TypeMapKind.Array`).
  const mapper = { kind: 1, sources: [...types.keys()], targets: [...types.values()] };
  const signature = { flags: 0, target: { resolvedReturnType: type }, mapper };
  return checker.getReturnTypeOfSignature(signature as unknown as ts.Signature);
}

/** What the type parameters that the body of a function sees stand for at a call. */
export function typesAtCall(cx: Context, closure: Closure, call: ts.Node): TypeArguments {
  const own = [...ofFunction(cx, closure, call), ...ofOwner(cx, closure, call)].filter(([, type]) =>
    isKnown(cx, type),
  );
  const { types } = closure.scope;
  return own.length === 0 ? types : new Map([...types, ...own]);
}

/** What the type parameters of a class, or of one that it extends, stand for in an instance of that type. */
export function typesOfClass(cx: Context, node: ClassNode, type: ts.Type): TypeArguments {
  const { project } = cx.unit;
  const found = asInstanceOf(type, project.checker.getTypeAtLocation(node).symbol, project);
  return new Map((found === null ? [] : argumentsOf(found, project)).filter(([, each]) => isKnown(cx, each)));
}

/** What has been found to be unknown is no better than the parameter. */
function isKnown(cx: Context, { flags }: ts.Type): boolean {
  return (flags & (cx.ts.TypeFlags.Any | cx.ts.TypeFlags.Unknown | cx.ts.TypeFlags.Never)) === 0;
}

type Pair = readonly [parameter: ts.Type, stands: ts.Type];

function ofFunction(cx: Context, { node }: Closure, call: ts.Node): readonly Pair[] {
  const { checker } = cx.unit.project;
  if (cx.ts.isConstructorDeclaration(node)) return [];
  const parameters = checker.getSignatureFromDeclaration(node)?.getTypeParameters() ?? [];
  if (parameters.length === 0 || !cx.ts.isCallLikeExpression(call)) return [];
  const signature = checker.getResolvedSignature(call);
  if (signature === undefined || !isDeclaredBy(cx, signature, node)) return [];
  const args = checker.getTypeArgumentsForResolvedSignature(signature) ?? [];
  if (args.length !== parameters.length) return [];
  return parameters.flatMap((parameter, i): readonly Pair[] => {
    const given = args[i];
    return given === undefined ? [] : [[parameter, instantiated(checker, cx.scope.types, given)]];
  });
}

/** True for the function itself, and for its overloads, whose type parameters are taken in their order. */
function isDeclaredBy(cx: Context, { declaration }: ts.Signature, node: ts.FunctionLikeDeclaration): boolean {
  if (declaration === node) return true;
  if (declaration === undefined || node.name === undefined) return false;
  const symbol = cx.unit.project.checker.getSymbolAtLocation(node.name);
  return symbol?.declarations?.some((each) => each === declaration) ?? false;
}

/** Of the class that a method belongs to. */
function ofOwner(cx: Context, { node, self }: Closure, call: ts.Node): readonly Pair[] {
  const owner = cx.ts.isPropertyDeclaration(node.parent) ? node.parent.parent : node.parent;
  if (!cx.ts.isClassLike(owner) || self === undefined || self.kind === "class") return [];
  const { project } = cx.unit;
  const type = self.kind === "draft" ? self.type : receiverType(cx, call);
  if (type === null) return [];
  const members = type.isUnion() ? type.types : [type];
  const { symbol } = project.checker.getTypeAtLocation(owner);
  return members.flatMap((member): readonly Pair[] => {
    const found = asInstanceOf(member, symbol, project);
    return found === null ? throughInterface(cx, owner, member) : argumentsOf(found, project);
  });
}

/** `class Line<V> implements Curve<V>`, called as a `Curve<number>`. */
function throughInterface(cx: Context, owner: ts.ClassLikeDeclaration, type: ts.Type): readonly Pair[] {
  const { project } = cx.unit;
  const own = new Map(argumentsOf(type, project));
  if (own.size === 0) return [];
  const clauses = (owner.heritageClauses ?? []).flatMap(({ types }) => types);
  return clauses.flatMap((clause): readonly Pair[] => {
    const implemented = project.checker.getTypeAtLocation(clause);
    if ((implemented.symbol as ts.Symbol | undefined) !== type.symbol) return [];
    // What the interface has for its own parameter is, in the class, one of the class.
    return argumentsOf(implemented, project).flatMap(([parameter, inClass]): readonly Pair[] => {
      const stands = own.get(parameter);
      return stands === undefined || !inClass.isTypeParameter() ? [] : [[inClass, stands]];
    });
  });
}

/** The type of what stands in front of the name of a method, a getter or a setter. */
function receiverType(cx: Context, call: ts.Node): ts.Type | null {
  const access = cx.ts.isCallExpression(call) ? call.expression : call;
  if (!cx.ts.isPropertyAccessExpression(access) && !cx.ts.isElementAccessExpression(access)) return null;
  const { project } = cx.unit;
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(access.expression));
  return instantiated(project.checker, cx.scope.types, withoutThis(type, project));
}

/** The instance as one of that class, which its own extends or is. */
function asInstanceOf(type: ts.Type, symbol: ts.Symbol, project: FrontendProject): ts.Type | null {
  if (!isObject(type, project)) return null;
  if (type.symbol === symbol) return type;
  const target = "target" in type ? (type as ts.TypeReference).target : type;
  if (!target.isClassOrInterface()) return null;
  const { checker } = project;
  const types = new Map(argumentsOf(type, project));
  return (
    checker
      .getBaseTypes(target)
      .map((base) => asInstanceOf(instantiated(checker, types, base), symbol, project))
      .find((found) => found !== null) ?? null
  );
}

function argumentsOf(type: ts.Type, project: FrontendProject): readonly Pair[] {
  if (!isObject(type, project) || !("target" in type)) return [];
  const reference = type as ts.TypeReference;
  const given = project.checker.getTypeArguments(reference);
  return (reference.target.typeParameters ?? []).flatMap((parameter, i): readonly Pair[] => {
    const stands = given[i];
    return stands === undefined || stands === parameter ? [] : [[parameter, stands]];
  });
}

function isObject({ flags }: ts.Type, { ts }: FrontendProject): boolean {
  return (flags & ts.TypeFlags.Object) !== 0;
}
