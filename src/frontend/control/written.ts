/** Which variables of modules the project writes to: they may hold another value at each call. */
import type { ts } from "ts-morph";
import type { Context } from "../context.js";
import type { Changes } from "./module-memory.js";
import { changesItsObject, hasOwnText } from "./changing-methods.js";
import { descendants } from "../classes/descendants.js";
import { isExportsObject, isFilledInFactory } from "../project/common-modules.js";
import { holderOf, isAssignmentOperator } from "../syntax.js";

/** True if the project assigns the variable, or a part of the object that it holds, anywhere. */
export function isChanged(cx: Context, symbol: ts.Symbol): boolean {
  return changesOf(cx, symbol).length > 0;
}

/** What it assigns of that. */
export function changesIn(cx: Context, symbol: ts.Symbol): Changes {
  const changes = changesOf(cx, symbol);
  if (changes.length === 0) return "nothing";
  return changes.some((name) => isResized(cx, name)) ? "lengths" : "contents";
}

/** `x.push(…)`, `x.rows.length = 0`, or a function that `x` is handed to. */
function isResized({ ts: tsc }: Context, name: ts.MemberName): boolean {
  let node: ts.Node = name;
  while (!tsc.isStatement(node.parent) && !tsc.isFunctionLike(node.parent)) {
    node = node.parent;
    if (tsc.isPropertyAccessExpression(node) && resizers.has(node.name.text)) return true;
    if (tsc.isCallExpression(node)) return node.arguments.some((each) => each === name);
  }
  return false;
}

/** What changes the length of an array. */
export const resizers: ReadonlySet<string> = new Set(["push", "pop", "shift", "unshift", "splice", "length"]);

/** The names by which the project does so. */
export function changesOf(cx: Context, symbol: ts.Symbol): readonly ts.MemberName[] {
  const { assigned } = cx.unit.project;
  if (assigned.size === 0) collectAssigned(cx, assigned);
  return (assigned.get(nameOf(symbol)) ?? []).filter(
    (name) => isSame(aliased(cx, name) ?? symbolAt(cx, name), symbol) && isWritten(cx, name),
  );
}

/** A field read of `this`, or of an instance of a generic class, has a symbol of its own. */
function isSame(a: ts.Symbol | undefined, b: ts.Symbol): boolean {
  return a === b || (b.valueDeclaration !== undefined && a?.valueDeclaration === b.valueDeclaration);
}

/** As it is written: that of a private field is made unique. */
function nameOf({ name }: ts.Symbol): string {
  return /^__#\d+@(#.*)$/u.exec(name)?.[1] ?? name;
}

/** The names that the project's files may assign to, by the name at their declaration. */
function collectAssigned(cx: Context, assigned: Map<string, ts.MemberName[]>): void {
  const { program } = cx.unit.project;
  // Never empty again, so that this is done once.
  assigned.set("", []);
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile) continue;
    for (const node of descendants(cx.ts, file)) {
      if (!cx.ts.isMemberName(node) || !isWritten(cx, node, "any")) continue;
      const isMember = cx.ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
      const name =
        (isMember && !isWritten(cx, node, "library") ? null : aliased(cx, node))?.name ?? node.text;
      const others = assigned.get(name);
      if (others === undefined) assigned.set(name, [node]);
      else others.push(node);
    }
  }
}

function symbolAt(cx: Context, node: ts.MemberName): ts.Symbol | undefined {
  const { parent } = node;
  return cx.ts.isShorthandPropertyAssignment(parent)
    ? cx.checker.getShorthandAssignmentValueSymbol(parent)
    : cx.checker.getSymbolAtLocation(node);
}

/** What an imported name stands for. */
function aliased(cx: Context, node: ts.MemberName): ts.Symbol | null {
  const found = symbolAt(cx, node);
  return found !== undefined && (found.flags & cx.ts.SymbolFlags.Alias) !== 0
    ? cx.checker.getAliasedSymbol(found)
    : null;
}

/** Methods of the library that change what they are called on. */
export const mutators: ReadonlySet<string> = new Set([
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "sort",
  "reverse",
  "fill",
  "copyWithin",
  "set",
  "add",
  "delete",
  "clear",
]);

/**
 * True where the name is the root of what is assigned: `x = …`, `x.a.b += …`, `x[0]++`, `x.push(…)`. A name behind a dot
 * is the root of what follows it, since what is before the dot may be a module.
 */
export function isWritten(cx: Context, name: ts.MemberName, by: Mutation = "known"): boolean {
  const tsc = cx.ts;
  const { parent: access } = name;
  const isMember = tsc.isPropertyAccessExpression(access) && access.name === name;
  // `exports.x = …` says what `x` is from the start.
  const isPart = isExports(cx, name) || isExports(cx, access);
  if (isPart || (isMember && isExports(cx, access.expression) && isTarget(cx, access))) return false;
  return isRootOfWrite(cx, isMember ? access : name, by);
}

/** Which methods count as writing: those of the library that do, also those of the project that do, or all. */
type Mutation = "library" | "known" | "any";

/** The same for what follows behind `start`. */
export function isRootOfWrite(cx: Context, start: ts.Node, by: Mutation = "known"): boolean {
  const tsc = cx.ts;
  let node = start;
  for (;;) {
    const parent: ts.Node = node.parent;
    const isBase =
      (tsc.isPropertyAccessExpression(parent) || tsc.isElementAccessExpression(parent)) &&
      parent.expression === node;
    if (isBase) {
      if (tsc.isPropertyAccessExpression(parent) && isMutation(cx, parent, by)) return true;
    } else if (
      !tsc.isParenthesizedExpression(parent) &&
      !tsc.isNonNullExpression(parent) &&
      !tsc.isAsExpression(parent)
    ) {
      return (
        isAssignmentTarget(cx, node, parent) || isAssigned(cx, node, parent) || isHandedOver(cx, node, parent)
      );
    }
    node = parent;
  }
}

function isTarget(cx: Context, node: ts.Node): boolean {
  return isAssignmentTarget(cx, node, node.parent);
}

/** `exports` and `module.exports` of a CommonJS module. */
export function isExports(cx: Context, node: ts.Node): boolean {
  if ((node.flags & cx.ts.NodeFlags.JavaScriptFile) === 0) return false;
  if (["exports", "module.exports"].includes(node.getText())) return true;
  const declaration = cx.ts.isIdentifier(node) ? symbolAt(cx, node)?.valueDeclaration : undefined;
  return (
    declaration !== undefined &&
    cx.ts.isVariableDeclaration(declaration) &&
    (isExportsObject(cx.ts, declaration) || isFilledInFactory(cx.ts, declaration))
  );
}

function isMutation(cx: Context, access: ts.PropertyAccessExpression, by: Mutation): boolean {
  const { parent, name } = access;
  if (!cx.ts.isCallExpression(parent) || parent.expression !== access) return false;
  // `complex.add(a, b)` of the project's own says itself what it does.
  if (by === "any" || (mutators.has(name.text) && !hasOwnText(cx, access))) return true;
  return by === "known" && changesItsObject(cx, access);
}

/** `Object.assign(x, …)`. */
function isAssigned(cx: Context, node: ts.Node, parent: ts.Node): boolean {
  return (
    cx.ts.isCallExpression(parent) &&
    parent.arguments[0] === node &&
    parent.expression.getText() === "Object.assign"
  );
}

/** `init(x)` among the statements of a module, which may well fill it. */
function isHandedOver(cx: Context, node: ts.Node, parent: ts.Node): boolean {
  if (!cx.ts.isCallExpression(parent) || !parent.arguments.some((argument) => argument === node))
    return false;
  let outer: ts.Node = parent;
  while (!cx.ts.isFunctionLike(outer) && !cx.ts.isSourceFile(outer)) outer = outer.parent;
  if (!cx.ts.isSourceFile(outer) || !cx.ts.isExpressionStatement(parent.parent)) return false;
  // Assignments to static fields of a class name these.
  const symbol = cx.ts.isIdentifier(node) ? (aliased(cx, node) ?? symbolAt(cx, node)) : undefined;
  return symbol === undefined || (symbol.flags & cx.ts.SymbolFlags.Class) === 0;
}

/** True if the expression is assigned to; names in a pattern are too. */
export function isAssignmentTarget(cx: Context, node: ts.Node, parent: ts.Node): boolean {
  const tsc = cx.ts;
  const { PlusPlusToken, MinusMinusToken } = tsc.SyntaxKind;
  if (tsc.isBinaryExpression(parent) && isAssignmentOperator(tsc, parent.operatorToken.kind)) {
    return parent.left === node;
  }
  if (tsc.isPrefixUnaryExpression(parent) || tsc.isPostfixUnaryExpression(parent)) {
    return parent.operator === PlusPlusToken || parent.operator === MinusMinusToken;
  }
  return tsc.isDeleteExpression(parent) || isInAssignmentPattern(cx, node);
}

/** `[x.a, b] = …` and `({ p: x.a } = …)`; also `for (x of …)`. */
function isInAssignmentPattern(cx: Context, start: ts.Node): boolean {
  const tsc = cx.ts;
  let node = start;
  let parent = node.parent;
  while (
    tsc.isArrayLiteralExpression(parent) ||
    tsc.isObjectLiteralExpression(parent) ||
    tsc.isPropertyAssignment(parent) ||
    tsc.isShorthandPropertyAssignment(parent) ||
    tsc.isSpreadElement(parent) ||
    tsc.isSpreadAssignment(parent)
  ) {
    node = parent;
    parent = holderOf(tsc, node);
  }
  if (tsc.isForOfStatement(parent) || tsc.isForInStatement(parent)) return parent.initializer === node;
  return (
    node !== start &&
    tsc.isBinaryExpression(parent) &&
    parent.left === node &&
    parent.operatorToken.kind === tsc.SyntaxKind.EqualsToken
  );
}
