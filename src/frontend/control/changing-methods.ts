/** Methods that write to the object that they are called on, or to what the closures of that object share. */
import type { ts } from "ts-morph";
import { descendants } from "../classes/descendants.js";
import type { Context } from "../context.js";
import { isRootOfWrite } from "./written.js";

/** True if a call of the member may write to its object, as far as the project has its text. */
export function changesItsObject(cx: Context, member: ts.MemberName): boolean {
  const declarations = cx.checker.getSymbolAtLocation(member)?.declarations ?? [];
  return declarations.some((each) => !each.getSourceFile().isDeclarationFile && mayChange(cx, each));
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
