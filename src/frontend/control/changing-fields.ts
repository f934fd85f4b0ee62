/**
 * Fields of an instance that many have: `Solver.instance`, which all get by a method of the class. What is done to it
 * nowhere names the variable, so that it is the fields that tell whether the project assigns them again.
 */
import type { ts } from "ts-morph";
import type { ClassNode } from "../classes/classes.js";
import { hasModifier } from "../classes/classes.js";
import { descendants } from "../classes/descendants.js";
import type { Context } from "../context.js";
import { symbolOf } from "../names.js";
import type { Changing } from "./module-memory.js";
import { changesOf } from "./written.js";

/**
 * With the fields of the class, and of those that it extends, that may hold something else than the constructor has put
 * there: by the text of the class, since files that are not seen here can have the instance too.
 */
export function withFieldsOf(cx: Context, changing: Changing, type: ts.Type): Changing {
  const fields = cx.checker.getNonNullableType(type).getProperties();
  const changed = fields.filter((each) => isChangedLater(cx, each)).map(({ name }) => name);
  return { ...changing, cells: new Set([...changing.cells, ...changed]) };
}

function isChangedLater(cx: Context, field: ts.Symbol): boolean {
  const owner = field.valueDeclaration?.parent;
  const { Property } = cx.ts.SymbolFlags;
  if (owner === undefined || (field.flags & Property) === 0) return false;
  return changesOf(cx, field).some((site) => !isOfConstruction(cx, site));
}

/** In a constructor, or in a method that only constructors call. */
function isOfConstruction(cx: Context, site: ts.Node, met: ReadonlySet<ts.Node> = new Set()): boolean {
  const tsc = cx.ts;
  const member = tsc.findAncestor(site, (each) => tsc.isClassElement(each));
  if (member === undefined || met.has(member)) return member !== undefined;
  if (tsc.isConstructorDeclaration(member)) return isThis(cx, site);
  if (!tsc.isMethodDeclaration(member) || !isThis(cx, site)) return false;
  const isHidden =
    tsc.isPrivateIdentifier(member.name) || hasModifier(cx, member, tsc.SyntaxKind.PrivateKeyword);
  const calls = isHidden ? usesOf(cx, member.name, member.parent) : [];
  return calls.length > 0 && calls.every((each) => isOfConstruction(cx, each, new Set([...met, member])));
}

/** `this.tol` of the object itself. */
function isThis({ ts: tsc }: Context, { parent }: ts.Node): boolean {
  return tsc.isPropertyAccessExpression(parent) && parent.expression.kind === tsc.SyntaxKind.ThisKeyword;
}

function usesOf(cx: Context, name: ts.PropertyName, owner: ts.Node): readonly ts.Node[] {
  const symbol = symbolOf(cx, name);
  return [...descendants(cx.ts, owner)].filter(
    (each) =>
      each !== name &&
      (cx.ts.isIdentifier(each) || cx.ts.isPrivateIdentifier(each)) &&
      symbolOf(cx, each) === symbol,
  );
}

/** A static field that holds an instance of its own class. */
export function isSingleton({ ts: tsc, checker }: Context, field: ts.Symbol, owner: ClassNode): boolean {
  const declaration = field.valueDeclaration;
  if (declaration === undefined || !tsc.isPropertyDeclaration(declaration)) return false;
  const type = checker.getNonNullableType(checker.getTypeOfSymbol(field));
  return (type.symbol as ts.Symbol | undefined)?.valueDeclaration === owner;
}
