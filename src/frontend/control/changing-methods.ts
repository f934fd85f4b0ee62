/** Methods that write to the object that they are called on, or to what the closures of that object share. */
import type { ts } from "ts-morph";
import { descendants } from "../classes/descendants.js";
import type { Context } from "../context.js";
import { unwrapped } from "../syntax.js";
import { isRootOfWrite } from "./written.js";

/** True if a call of the member may write to its object, as far as the project has its text. */
export function changesItsObject(cx: Context, access: ts.PropertyAccessExpression): boolean {
  const isOfProject = (each: ts.Declaration): boolean => !each.getSourceFile().isDeclarationFile;
  return declarationsOf(cx, access).some((each) => isOfProject(each) && mayChange(cx, each));
}

/** True for a member whose text is known, whatever its name. */
export function hasOwnText(cx: Context, access: ts.PropertyAccessExpression): boolean {
  const { ts: tsc } = cx;
  const declarations = declarationsOf(cx, access);
  const isOwn = (each: ts.Declaration): boolean => {
    const text = tsc.isPropertyAssignment(each) ? each.initializer : each;
    return tsc.isFunctionLike(text) && "body" in text && text.body !== undefined;
  };
  return declarations.length > 0 && declarations.every(isOwn);
}

/** Of a constant that is declared as an interface, what its literal says rather than the interface. */
function declarationsOf(
  cx: Context,
  { expression, name }: ts.PropertyAccessExpression,
): readonly ts.Declaration[] {
  const { ts: tsc, checker } = cx;
  const holder = tsc.isIdentifier(expression)
    ? checker.getSymbolAtLocation(expression)?.valueDeclaration
    : null;
  const isConstant =
    holder != null &&
    tsc.isVariableDeclaration(holder) &&
    (tsc.getCombinedNodeFlags(holder) & tsc.NodeFlags.Const) !== 0;
  const literal = isConstant && holder.initializer !== undefined ? unwrapped(tsc, holder.initializer) : null;
  const own =
    literal !== null && tsc.isObjectLiteralExpression(literal)
      ? literal.properties.find((each) => each.name?.getText() === name.text)
      : undefined;
  return own === undefined ? (checker.getSymbolAtLocation(name)?.declarations ?? []) : [own];
}

function mayChange(cx: Context, declaration: ts.Declaration): boolean {
  const { facts } = cx.unit.project;
  const key = `changes ${declaration.getSourceFile().fileName} ${String(declaration.pos)}`;
  const known = facts.get(key);
  if (known !== undefined) return known;
  const [begun, own] = ["changes", `${key} begun`];
  if (facts.get(own) === true) {
    // One that calls itself does nothing else by that; what lies in between is not known by it.
    facts.set("changes: circle", true);
    return false;
  }
  const isFirst = facts.get(begun) !== true;
  facts.set(begun, true);
  facts.set(own, true);
  const found = [declaration, ...overriding(cx, declaration)].some((each) => writes(cx, each));
  facts.delete(own);
  if (found || isFirst || facts.get("changes: circle") !== true) facts.set(key, found);
  if (isFirst) for (const each of [begun, "changes: circle"]) facts.delete(each);
  return found;
}

/** The members of that name of classes that extend or implement its own. */
function overriding(cx: Context, member: ts.Declaration): readonly ts.Node[] {
  const { ts: tsc } = cx;
  const { project } = cx.unit;
  const name = tsc.getNameOfDeclaration(member)?.getText();
  const below = (owner: ts.Declaration): readonly ts.Node[] =>
    project.classes
      .below(owner, project)
      .flatMap((each) => [...each.members.filter((own) => own.name?.getText() === name), ...below(each)]);
  const { parent } = member;
  return tsc.isClassLike(parent) || tsc.isInterfaceDeclaration(parent) ? below(parent) : [];
}

/** It writes to `this`, hands that on, or writes to a variable of a function around it. */
function writes(cx: Context, member: ts.Node): boolean {
  const { ts: tsc } = cx;
  return [...descendants(tsc, member)].some((each) => {
    if (each.kind === tsc.SyntaxKind.ThisKeyword) return isRootOfWrite(cx, each) || isArgument(cx, each);
    return tsc.isIdentifier(each) && isRootOfWrite(cx, each) && isOfFunctionAround(cx, each, member);
  });
}

function isArgument({ ts: tsc }: Context, node: ts.Node): boolean {
  return tsc.isCallExpression(node.parent) && node.parent.expression !== node;
}

function isOfFunctionAround(cx: Context, name: ts.Identifier, member: ts.Node): boolean {
  const declaration = cx.checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (declaration === undefined || declaration.getSourceFile() !== member.getSourceFile()) return false;
  const isInside = declaration.pos >= member.pos && declaration.end <= member.end;
  return !isInside && cx.ts.findAncestor(declaration.parent, cx.ts.isFunctionLike) !== undefined;
}
