/** The classes of the project: their members, what they extend, and which class an instance has. */
import type { ts } from "ts-morph";
import {
  type ClassNode,
  type Kind,
  type LiteralNode,
  classType,
  instanceType,
  isLiteralNode,
} from "./class-index.js";
import { type Context, refuse, refuseExpression } from "../context.js";
import { noteDeclared } from "./alike.js";
import { knownClasses } from "./known-classes.js";
import { isMethod } from "../types/families.js";
import { type MethodFunction, methodField } from "./method-fields.js";
import { nameAt, symbolOf } from "../names.js";
import type { Bound } from "../scope.js";
import type { RefValue } from "../values.js";

export type { ClassNode, Kind } from "./class-index.js";

/** What an object has under a name, by its class or by what literals of its kind are. */
export type Member = ClassMember | LiteralMember;

/** What lies in a field of an object literal: a function, or anything else. */
type LiteralMember =
  | { readonly kind: "held"; readonly owner: LiteralNode; readonly isOptional: boolean }
  | { readonly kind: "field"; readonly node: null; readonly owner: LiteralNode };

/** What a class declares under a name. */
export type ClassMember =
  | {
      readonly kind: "method";
      readonly node: ts.MethodDeclaration | MethodFunction;
      readonly owner: ClassNode;
    }
  | {
      readonly kind: "accessor";
      readonly get: ts.GetAccessorDeclaration | null;
      readonly set: ts.SetAccessorDeclaration | null;
      readonly owner: ClassNode;
    }
  | {
      readonly kind: "field";
      readonly node: ts.PropertyDeclaration | ts.ParameterPropertyDeclaration;
      readonly owner: ClassNode;
    }
  /** A method that classes which extend this one may have: `reset?(): void`. */
  | { readonly kind: "absent"; readonly owner: Kind };

/** The class that a name stands for. */
export function lowerClass(cx: Context, symbol: ts.Symbol, node: ts.Node): Bound {
  const declaration = classDeclaration(cx, symbol);
  if (declaration === null || declaration.getSourceFile().isDeclarationFile)
    return refuse(cx, "noSource", node, { callee: nameAt(cx, symbol, node) });
  refuseDecorators(cx, declaration);
  return { kind: "class", node: declaration };
}

function classDeclaration(cx: Context, symbol: ts.Symbol): ClassNode | null {
  return symbol.declarations?.find((each) => cx.ts.isClassLike(each)) ?? null;
}

/** The class that a class extends; null for none, "unknown" for one that has no source or is computed. */
export function baseOf(cx: Context, node: ClassNode): ClassNode | "unknown" | null {
  const clause = node.heritageClauses?.find(({ token }) => token === cx.ts.SyntaxKind.ExtendsKeyword);
  const expression = clause?.types[0]?.expression;
  if (expression === undefined) return null;
  const symbol = symbolOf(cx, expression);
  const { project } = cx.unit;
  const declared = symbol === null ? null : classDeclaration(cx, symbol);
  const base = declared ?? project.classes.given(expression, project);
  return base === null || base.getSourceFile().isDeclarationFile ? "unknown" : base;
}

/** The member of that name, of the class itself or of the nearest that it extends. */
export function memberNamed(
  cx: Context,
  start: ClassNode,
  name: string,
  isStatic: boolean,
): ClassMember | null;
export function memberNamed(cx: Context, start: Kind, name: string, isStatic: boolean): Member | null;
export function memberNamed(cx: Context, start: Kind, name: string, isStatic: boolean): Member | null {
  if (isLiteralNode(start, cx.unit.project)) return memberOfLiteral(cx, start, name);
  for (let node: ClassNode | "unknown" | null = start; node !== null; node = baseOf(cx, node)) {
    if (node === "unknown") return null;
    const member = ownMember(cx, node, name, isStatic);
    if (member !== null) return member;
  }
  return null;
}

function memberOfLiteral(cx: Context, owner: LiteralNode, name: string): LiteralMember | null {
  const property = cx.unit.project.checker.getTypeAtLocation(owner).getProperty(name);
  if (property === undefined) return null;
  if (!isMethod(property, cx.unit.project)) return { kind: "field", node: null, owner };
  return { kind: "held", owner, isOptional: (property.flags & cx.ts.SymbolFlags.Optional) !== 0 };
}

function ownMember(cx: Context, owner: ClassNode, name: string, isStatic: boolean): ClassMember | null {
  const tsc = cx.ts;
  const named = owner.members.filter(
    (member) => nameOf(cx, member) === name && isStaticMember(cx, member) === isStatic,
  );
  for (const each of named) refuseDecorators(cx, each);
  const field = named.find((each) => tsc.isPropertyDeclaration(each));
  const written = field === undefined ? null : methodField(field, cx.unit.project);
  if (written !== null) return { kind: "method", node: written, owner };
  if (field !== undefined) return { kind: "field", node: field, owner };
  const methods = named.filter((each) => tsc.isMethodDeclaration(each));
  const method = methods.find(({ body }) => body !== undefined) ?? methods[0];
  if (method?.questionToken !== undefined && method.body === undefined) return { kind: "absent", owner };
  if (method !== undefined) return { kind: "method", node: method, owner };
  const get = named.find((each) => tsc.isGetAccessorDeclaration(each)) ?? null;
  const set = named.find((each) => tsc.isSetAccessorDeclaration(each)) ?? null;
  if (get !== null || set !== null) return { kind: "accessor", get, set, owner };
  const parameter = isStatic ? undefined : parameterProperty(cx, owner, name);
  return parameter === undefined ? null : { kind: "field", node: parameter, owner };
}

/** `constructor(readonly name: …)`. */
function parameterProperty(
  cx: Context,
  { members }: ClassNode,
  name: string,
): ts.ParameterPropertyDeclaration | undefined {
  return members
    .filter((member) => cx.ts.isConstructorDeclaration(member))
    .flatMap(({ parameters }) => [...parameters])
    .filter((parameter) => cx.ts.isParameterPropertyDeclaration(parameter, parameter.parent))
    .find((parameter) => cx.ts.isIdentifier(parameter.name) && parameter.name.text === name);
}

/** A decorator may put something else in the place of what it stands before. */
export function refuseDecorators(cx: Context, node: ClassNode | ts.ClassElement): void {
  const decorators = cx.ts.canHaveDecorators(node) ? (cx.ts.getDecorators(node) ?? []) : [];
  for (const each of decorators)
    refuseExpression(cx, each, "decorator, which may change what it stands before");
}

function nameOf(cx: Context, { name }: ts.ClassElement): string | null {
  if (name === undefined) return null;
  return cx.ts.isIdentifier(name) || cx.ts.isPrivateIdentifier(name) || cx.ts.isStringLiteralLike(name)
    ? name.text
    : null;
}

export function isStaticMember(cx: Context, member: ts.ClassElement): boolean {
  return hasModifier(cx, member, cx.ts.SyntaxKind.StaticKeyword);
}

export function hasModifier(cx: Context, node: ts.Node, kind: ts.SyntaxKind): boolean {
  return (
    cx.ts.canHaveModifiers(node) && (cx.ts.getModifiers(node)?.some((each) => each.kind === kind) ?? false)
  );
}

/** The class of an instance, where it is certain: it was made here, or nothing extends the class of its type. */
export function exactClassOf(cx: Context, ref: RefValue, at: ts.Node): Kind | null {
  const [only, ...more] = knownClasses(cx, ref) ?? [];
  if (only !== undefined && more.length === 0) return only;
  const declared = declaredClassOf(cx, at);
  if (declared === null) return null;
  noteDeclared(cx, ref, instanceType(declared, cx.unit.project), at);
  // Elsewhere, the same object need not be known to be of it.
  const isOne = subclassesOf(cx, declared).length === 0 && cx.unit.project.alike.of(declared).size === 0;
  return isOne ? declared : null;
}

/** The class that TypeScript takes an expression, or what a pattern takes apart, to be an instance of. */
export function declaredClassOf(cx: Context, at: ts.Node): ClassNode | null {
  const { checker } = cx;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(at));
  // The type of `this` is a type parameter.
  const whole = classType(checker.getBaseConstraintOfType(type) ?? type, cx.unit.project);
  const symbol = whole.symbol as ts.Symbol | undefined;
  if (symbol === undefined || (symbol.flags & cx.ts.SymbolFlags.Class) === 0) return null;
  return classDeclaration(cx, symbol);
}

/** True if an instance of a class that extends this one may have another member of that name. */
export function isOverridden(cx: Context, node: ClassNode, name: string): boolean {
  if (cx.unit.project.alike.of(node).size > 0) return true;
  return isOverriddenBy(cx, node, (each) => ownMember(cx, each, name, false) !== null);
}

/** The same for any kind of member that a class may have. */
export function isOverriddenBy(cx: Context, node: ClassNode, has: (own: ClassNode) => boolean): boolean {
  return subclassesOf(cx, node).some((each) => has(each) || isOverriddenBy(cx, each, has));
}

/** The classes of the project that extend this one directly. */
function subclassesOf({ unit: { project } }: Context, node: ClassNode): readonly ClassNode[] {
  return project.classes.below(node, project);
}
