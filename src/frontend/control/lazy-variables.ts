/**
 * Variables of modules, and static fields, that are given their value once, when they are first asked for:
 * `if (table === null) table = …`. What is done there is done ahead of the body, as if the module had: so the variable
 * is a constant, and nobody finds it empty.
 */
import type { ts } from "ts-morph";
import { descendants } from "../classes/descendants.js";
import { type Context, type Frame, refuse } from "../context.js";
import type { Changes } from "./module-memory.js";
import { symbolOf } from "../names.js";
import type { Scope, Variable } from "../scope.js";
import { bare } from "../syntax.js";
import { changesIn, changesOf } from "./written.js";

/** Where the variable is given its value, and all that is done for that. */
export interface Filling {
  readonly kind: "expression" | "statement" | "body";
  readonly node: ts.Node;
  /** Of a variable of a function that has run when its module was made: what can be seen there. */
  readonly scope?: Scope;
}

/** Null for a variable that the project assigns elsewhere too, or by what calls may give it in different ways. */
export function fillingOf(cx: Context, symbol: ts.Symbol): Filling | null {
  const block = staticBlockOf(cx, symbol);
  if (block !== null) return isClosed(cx, block, symbol) ? { kind: "statement", node: block } : null;
  const [first, ...more] = assignmentsOf(cx, symbol);
  const filling = first === undefined ? null : fillingAt(cx, targetAt(cx, first), symbol);
  if (filling === null || !more.every((site) => isInside(site, filling.node))) return null;
  return isClosed(cx, filling.node, symbol) ? filling : null;
}

/** The body of the `static { … }` beside a static field in which all of its changes are. */
function staticBlockOf(cx: Context, symbol: ts.Symbol): ts.Block | null {
  const tsc = cx.ts;
  const owner = symbol.valueDeclaration?.parent;
  if (owner === undefined || !tsc.isClassLike(owner)) return null;
  const [first, ...more] = changesOf(cx, symbol);
  const block = tsc.findAncestor(first, (each) => tsc.isClassStaticBlockDeclaration(each));
  const isInIt = (site: ts.Node): boolean =>
    block !== undefined && isInside(site, block) && functionAround(cx, site) === functionAround(cx, block);
  if (first === undefined || block?.parent !== owner || ![first, ...more].every(isInIt)) return null;
  return block.body;
}

/** The project assigns it where it finds nothing there, whatever it is given then. */
export function isFilled(cx: Context, symbol: ts.Symbol): boolean {
  const all = assignmentsOf(cx, symbol);
  return all.length > 0 && all.some((site) => fillingAt(cx, targetAt(cx, site), symbol) !== null);
}

function assignmentsOf(cx: Context, symbol: ts.Symbol): readonly ts.MemberName[] {
  return changesOf(cx, symbol).filter((site) => !isPart(cx, targetAt(cx, site)));
}

/** What the project overwrites of it, but for what fills it. */
export function changesApart(cx: Context, symbol: ts.Symbol, filling: Filling | null): Changes {
  const isApart = (site: ts.Node): boolean => filling === null || !isInside(site, filling.node);
  return changesOf(cx, symbol).some(isApart) ? changesIn(cx, symbol) : "nothing";
}

/** The name, or the field that it is the name of. */
function targetAt({ ts: tsc }: Context, site: ts.MemberName): ts.Expression {
  const { parent } = site;
  return tsc.isPropertyAccessExpression(parent) && parent.name === site ? parent : site;
}

/** What the variable holds is changed, not the variable. */
function isPart({ ts: tsc }: Context, target: ts.Expression): boolean {
  const { parent } = target;
  return (
    (tsc.isPropertyAccessExpression(parent) || tsc.isElementAccessExpression(parent)) &&
    parent.expression === target
  );
}

function fillingAt(cx: Context, target: ts.Expression, symbol: ts.Symbol): Filling | null {
  const tsc = cx.ts;
  const { parent } = target;
  if (!tsc.isBinaryExpression(parent) || parent.left !== target) return null;
  const { QuestionQuestionEqualsToken, BarBarEqualsToken, EqualsToken } = tsc.SyntaxKind;
  const { kind } = parent.operatorToken;
  if (kind === QuestionQuestionEqualsToken || kind === BarBarEqualsToken)
    return { kind: "expression", node: parent };
  if (kind !== EqualsToken) return null;
  let inner: ts.Node = parent;
  for (let node = parent.parent; !tsc.isFunctionLike(node) && !tsc.isSourceFile(node); node = node.parent) {
    if (tsc.isIfStatement(node) && node.thenStatement === inner && asks(cx, node.expression, symbol, false))
      return node.elseStatement === undefined ? { kind: "statement", node } : null;
    if (tsc.isBlock(node) && isBehindReturn(cx, node, symbol)) return { kind: "body", node };
    const { QuestionQuestionToken, BarBarToken } = tsc.SyntaxKind;
    const isOr =
      tsc.isBinaryExpression(node) &&
      [QuestionQuestionToken, BarBarToken].some((kind) => kind === node.operatorToken.kind);
    if (isOr && tsc.isBinaryExpression(node) && node.right === inner && isName(cx, node.left, symbol))
      return { kind: "expression", node };
    inner = node;
  }
  return null;
}

/** The body of a function that begins with `if (table) return table;`. */
function isBehindReturn(cx: Context, block: ts.Block, symbol: ts.Symbol): boolean {
  const tsc = cx.ts;
  const [first] = block.statements;
  if (first === undefined || !tsc.isFunctionLike(block.parent) || !tsc.isIfStatement(first)) return false;
  const { thenStatement, elseStatement, expression } = first;
  const leaves = tsc.isBlock(thenStatement) ? thenStatement.statements[0] : thenStatement;
  const isReturn = leaves !== undefined && tsc.isReturnStatement(leaves);
  return isReturn && elseStatement === undefined && asks(cx, expression, symbol, true);
}

/** `!table`, `table === null` and their like; `isThere`: the other way round. */
function asks(cx: Context, condition: ts.Expression, symbol: ts.Symbol, isThere: boolean): boolean {
  const tsc = cx.ts;
  const test = bare(tsc, condition);
  if (isName(cx, test, symbol)) return isThere;
  if (tsc.isPrefixUnaryExpression(test) && test.operator === tsc.SyntaxKind.ExclamationToken)
    return !isThere && isName(cx, test.operand, symbol);
  if (!tsc.isBinaryExpression(test) || !isName(cx, test.left, symbol)) return false;
  const operator = test.operatorToken.getText();
  const isNothing = ["null", "undefined"].includes(test.right.getText());
  return isNothing && (isThere ? ["!==", "!="] : ["===", "=="]).includes(operator);
}

function isName(cx: Context, node: ts.Expression, symbol: ts.Symbol): boolean {
  const inner = bare(cx.ts, node);
  const name = cx.ts.isPropertyAccessExpression(inner) ? inner.name : inner;
  return symbolOf(cx, name) === symbol;
}

/** It names nothing that a function around it declares, so that each call would do the same. */
function isClosed(cx: Context, node: ts.Node, variable: ts.Symbol): boolean {
  const tsc = cx.ts;
  const home = functionAround(cx, variable.valueDeclaration);
  return [...descendants(tsc, node)].every((each) => {
    if (each.kind === tsc.SyntaxKind.ThisKeyword)
      return isInside(holderOfThis(cx, each), node) || isOfClass(cx, each);
    if (!tsc.isIdentifier(each)) return true;
    const symbol = symbolOf(cx, each);
    return (symbol?.declarations ?? []).every((declaration) => {
      if (isInside(declaration, node) || !isOfFunction(cx, declaration)) return true;
      const around = functionAround(cx, declaration);
      return home !== undefined && around !== undefined && isInside(home, around);
    });
  });
}

function isOfFunction(cx: Context, declaration: ts.Node): boolean {
  const tsc = cx.ts;
  const isLocal =
    tsc.isVariableDeclaration(declaration) ||
    tsc.isParameter(declaration) ||
    tsc.isBindingElement(declaration) ||
    tsc.isFunctionDeclaration(declaration) ||
    tsc.isClassLike(declaration);
  return (
    isLocal && functionAround(cx, declaration) !== undefined && !declaration.getSourceFile().isDeclarationFile
  );
}

function functionAround({ ts: tsc }: Context, declaration: ts.Node | undefined): ts.Node | undefined {
  return tsc.findAncestor(declaration?.parent, (each) => tsc.isFunctionLike(each));
}

/** The function, or the class, that says what `this` is. */
function holderOfThis({ ts: tsc }: Context, node: ts.Node): ts.Node {
  return (
    tsc.findAncestor(
      node,
      (each) => (tsc.isFunctionLike(each) && !tsc.isArrowFunction(each)) || tsc.isClassElement(each),
    ) ?? node.getSourceFile()
  );
}

export function isOfClass(cx: Context, node: ts.Node): boolean {
  const tsc = cx.ts;
  const holder = holderOfThis(cx, node);
  if (tsc.isClassStaticBlockDeclaration(holder)) return true;
  const modifiers = tsc.canHaveModifiers(holder) ? (tsc.getModifiers(holder) ?? []) : [];
  return modifiers.some(({ kind }) => kind === tsc.SyntaxKind.StaticKeyword);
}

function isInside(node: ts.Node, outer: ts.Node): boolean {
  return node.getSourceFile() === outer.getSourceFile() && node.pos >= outer.pos && node.end <= outer.end;
}

/** Reports a use by code that could find it empty, since nothing has asked for it yet; true if it did. */
export function isReadTooEarly(cx: Context, { filling, name }: Variable, use: ts.Node): boolean {
  const { ts: tsc } = cx;
  if (filling === undefined) return false;
  const access = tsc.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use;
  if (isAtEntry(cx.frame) || isInside(use, filling.node) || tsc.isNonNullExpression(access.parent))
    return false;
  const { project } = cx.unit;
  const { Null, Undefined } = tsc.TypeFlags;
  const type = project.checker.getTypeAtLocation(access);
  const parts = type.isUnion() ? type.types : [type];
  if (!parts.some(({ flags }) => (flags & (Null | Undefined)) !== 0)) return false;
  refuse(cx, "moduleState", use, { name });
  return true;
}

/** The code runs when a module is made, be it in a function that the module calls. */
export function isAtEntry(frame: Frame): boolean {
  for (let each: Frame | null = frame; each !== null; each = each.caller)
    if (each.isEntry === true) return true;
  return false;
}
