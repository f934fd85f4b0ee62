/** What a function sees of its surroundings, and whether that can be looked at when the function is made. */
import type { ts } from "ts-morph";
import type { Context } from "../context.js";
import { descendants } from "../classes/descendants.js";
import type { Slot } from "./function-texts.js";
import { assignedIn, sitesOf } from "../control/loop-assigned.js";
import { symbolOf } from "../names.js";
import { type Closure, type Variable, isOfRecord } from "../scope.js";

/** A variable of the surroundings that the text of the function names. */
export interface Seen {
  readonly symbol: ts.Symbol;
  readonly variable: Variable;
}

/** The variables that the function sees, apart from those of modules. */
export function variablesSeen(cx: Context, { node, scope }: Closure): readonly Seen[] {
  const found = new Map<ts.Symbol, Variable>();
  for (const each of descendants(cx.ts, node)) {
    const symbol = cx.ts.isIdentifier(each) ? symbolOf(cx, each) : null;
    const variable = symbol === null ? null : scope.lookup(symbol);
    if (symbol === null || variable === null || cx.unit.globals.own(symbol) === variable) continue;
    found.set(symbol, variable);
  }
  return [...found].map(([symbol, variable]) => ({ symbol, variable }));
}

/** True if the text says `this` or `super`, other than for functions in it that have their own. */
export function usesThis({ ts: tsc }: Pick<Context, "ts">, node: ts.Node): boolean {
  const { ThisKeyword, SuperKeyword } = tsc.SyntaxKind;
  const visit = (each: ts.Node): boolean => {
    if (each.kind === ThisKeyword || each.kind === SuperKeyword) return true;
    const isOwn = tsc.isFunctionLike(each) && !tsc.isArrowFunction(each);
    return (
      !isOwn &&
      !tsc.isClassLike(each) &&
      tsc.forEachChild(each, (child) => visit(child) || undefined) === true
    );
  };
  return tsc.forEachChild(node, (child) => visit(child) || undefined) === true;
}

/** The function without the object of which it is a method, where its body says nothing of that. */
export function withoutIdleSelf(cx: Context, closure: Closure): Closure {
  const { self, ...rest } = closure;
  const isNeeded = isOfRecord(closure) || closure.constructs !== undefined || usesThis(cx, closure.node);
  return self === undefined || isNeeded ? closure : rest;
}

/** The function, or one in it, assigns the variable. */
export function assigns(cx: Context, { node, scope }: Closure, variable: Variable): boolean {
  return assignedIn({ ...cx, scope }, node).has(variable);
}

/** What the variable holds when the function is made, it holds for as long as the function can be called. */
export function isSteady(cx: Context, symbol: Slot, made: ts.Node): boolean {
  const declaration = typeof symbol === "string" ? undefined : symbol.valueDeclaration;
  if (typeof symbol === "string" || declaration === undefined) return true;
  const home = enclosingFunction(cx, declaration);
  return sitesOf(cx, home, symbol).every((site) => isBefore(cx, site, made, declaration, home));
}

/** The assignment has run for the last time when the function is made. */
function isBefore(cx: Context, site: ts.Node, made: ts.Node, declaration: ts.Node, home: ts.Node): boolean {
  const tsc = cx.ts;
  if (isStepOf(cx, site, made, declaration)) return true;
  if (site.pos > made.pos || enclosingFunction(cx, site) !== home || isHoisted(cx, made, home)) return false;
  const scope = isOfFunction(cx, declaration) ? home : declaration;
  const isAround = (loop: ts.Node): boolean =>
    tsc.isIterationStatement(loop, false) &&
    contains(loop, site) &&
    contains(loop, made) &&
    !(contains(loop, declaration) && scope !== home);
  return tsc.findAncestor(made, isAround) === undefined;
}

/** It is made in a function that can be called from above its text. */
function isHoisted(cx: Context, made: ts.Node, home: ts.Node): boolean {
  const around = enclosingFunction(cx, made);
  return around !== home && (cx.ts.isFunctionDeclaration(around) || isHoisted(cx, around, home));
}

/** The step of `for (let i = 0; …; i++)`, which goes from one `i` to the next. */
function isStepOf(cx: Context, site: ts.Node, made: ts.Node, declaration: ts.Node): boolean {
  const loop = loopOf(cx, declaration);
  if (loop?.incrementor === undefined || !contains(loop.statement, made)) return false;
  return contains(loop.incrementor, site);
}

/** `for (let i = 0; …; i++)`: each iteration has an `i` of its own. */
export function isOfIteration(cx: Context, { valueDeclaration }: ts.Symbol): boolean {
  return valueDeclaration !== undefined && loopOf(cx, valueDeclaration) !== null;
}

function loopOf({ ts: tsc }: Context, declaration: ts.Node): ts.ForStatement | null {
  const list = tsc.findAncestor(declaration, (each) => tsc.isVariableDeclarationList(each));
  if (list === undefined || (list.flags & tsc.NodeFlags.BlockScoped) === 0) return null;
  return tsc.isForStatement(list.parent) ? list.parent : null;
}

/** A `var` belongs to the whole function. */
function isOfFunction({ ts: tsc }: Context, declaration: ts.Node): boolean {
  const list = tsc.findAncestor(declaration, (each) => tsc.isVariableDeclarationList(each));
  return list !== undefined && (list.flags & tsc.NodeFlags.BlockScoped) === 0;
}

function enclosingFunction({ ts: tsc }: Context, node: ts.Node): ts.Node {
  return tsc.findAncestor(node.parent, (each) => tsc.isFunctionLike(each)) ?? node.getSourceFile();
}

function contains(outer: ts.Node, inner: ts.Node): boolean {
  return outer.getSourceFile() === inner.getSourceFile() && outer.pos <= inner.pos && inner.end <= outer.end;
}
