/**
 * The values of a generator that calls itself are collected before the first of them is used. That is the same as
 * taking turns only if neither side changes what the other one reads.
 */
import type { ts } from "ts-morph";
import type { Context, Yielding } from "../context.js";
import { descendants } from "../classes/descendants.js";
import { isAssignmentTarget, mutators } from "../control/written.js";
import { bare } from "../syntax.js";
import { yieldedType } from "./generators.js";
import { functionsNamed, functionsNamedIn } from "./recursion.js";
import { kindOfMemory, isFresh } from "./touched-memory.js";

/** True if turns may make a difference. */
export function mayInterleave(cx: Context, generator: ts.FunctionLikeDeclaration, yields: Yielding): boolean {
  const own = touchedBy(cx, [generator]);
  const others = touchedBy(cx, textsOf(yields));
  // What is given may be what is changed afterwards.
  if (own.writes.size > 0 && !givesScalars(cx, generator)) return true;
  // Of a generator that is left early, the rest does not run.
  if (yields.mayLeave && (own.writes.size > 0 || own.throws)) return true;
  if (
    cx.catches !== null &&
    ((own.throws && others.writes.size > 0) || (others.throws && own.writes.size > 0))
  )
    return true;
  return meet(own.writes, others.reads) || meet(own.writes, others.writes) || meet(others.writes, own.reads);
}

function givesScalars(cx: Context, generator: ts.FunctionLikeDeclaration): boolean {
  const signature = cx.checker.getSignatureFromDeclaration(generator);
  const given =
    signature === undefined ? null : yieldedType(cx, cx.checker.getReturnTypeOfSignature(signature));
  const { NumberLike, StringLike, BooleanLike } = cx.ts.TypeFlags;
  return given !== null && (given.flags & (NumberLike | StringLike | BooleanLike)) !== 0;
}

/** What takes the values, and what that hands them on to. */
function textsOf({ text, consumer }: Yielding): readonly ts.Node[] {
  const outer = consumer.yields === null ? [] : textsOf(consumer.yields);
  return text === null ? outer : [text, ...outer];
}

/** A variable, the name of a field, or a kind of memory; null for what is not known. */
type Part = ts.Symbol | string | null;

/** A field that is chosen by a name which only the call knows. */
const anyField = ".*";

interface Touched {
  readonly reads: Set<Part>;
  readonly writes: Set<Part>;
  throws: boolean;
}

function meet(writes: ReadonlySet<Part>, others: ReadonlySet<Part>): boolean {
  if (others.size === 0) return false;
  if (writes.has(null) || (others.has(null) && writes.size > 0)) return true;
  if (others.has(anyField) && [...writes].some((each) => typeof each === "string")) return true;
  return [...writes].some((each) => others.has(each));
}

/** What code reads and changes, with all functions that it names. */
function touchedBy(cx: Context, roots: readonly ts.Node[]): Touched {
  const touched: Touched = { reads: new Set(), writes: new Set(), throws: false };
  const all = new Set<ts.Node>(roots);
  for (const root of all) {
    for (const each of functionsNamedIn(cx, root)) all.add(each);
    for (const node of descendants(cx.ts, root)) {
      note(cx, node, root, touched);
      if (cx.ts.isNewExpression(node)) for (const each of classesOf(cx, node)) all.add(each);
    }
  }
  return touched;
}

function note(cx: Context, node: ts.Node, root: ts.Node, touched: Touched): void {
  const tsc = cx.ts;
  const { reads, writes } = touched;
  if (tsc.isThrowStatement(node)) touched.throws = true;
  if (tsc.isCallExpression(node)) noteCall(cx, node, root, writes);
  if (tsc.isBindingElement(node)) reads.add((node.propertyName ?? node.name).getText());
  if (!tsc.isExpression(node)) return;
  const isTarget = isAssignmentTarget(cx, node, node.parent);
  const kind = kindOfMemory(cx, node);
  if (kind !== null) reads.add(kind);
  if (tsc.isIdentifier(node)) {
    const symbol = outerVariable(cx, node, root);
    if (symbol !== null) (isTarget ? writes : reads).add(symbol);
    // `x += 1` reads it too.
    if (symbol !== null) reads.add(symbol);
  } else if (tsc.isPropertyAccessExpression(node)) {
    reads.add(node.name.text);
    if (isTarget && !isFresh(cx, node.expression, root)) writes.add(node.name.text);
  } else if (tsc.isElementAccessExpression(node)) {
    const held = kindOfMemory(cx, node.expression);
    if (held === null) reads.add(anyField);
    if (isTarget && !isFresh(cx, node.expression, root)) writes.add(held);
  }
}

/** A variable that is declared outside of the code; null for any other name. */
function outerVariable(cx: Context, node: ts.Identifier, root: ts.Node): ts.Symbol | null {
  const tsc = cx.ts;
  const symbol = tsc.isShorthandPropertyAssignment(node.parent)
    ? cx.checker.getShorthandAssignmentValueSymbol(node.parent)
    : cx.checker.getSymbolAtLocation(node);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || (symbol.flags & tsc.SymbolFlags.Variable) === 0)
    return null;
  const isInside =
    declaration.getSourceFile() === root.getSourceFile() &&
    root.pos <= declaration.pos &&
    declaration.end <= root.end;
  return isInside ? null : symbol;
}

function noteCall(cx: Context, node: ts.CallExpression, root: ts.Node, writes: Set<Part>): void {
  const tsc = cx.ts;
  const callee = bare(tsc, node.expression);
  if (tsc.isFunctionLike(callee) || callee.kind === tsc.SyntaxKind.SuperKeyword) return;
  const name = tsc.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (tsc.isIdentifier(name) || tsc.isPrivateIdentifier(name)) {
    if (functionsNamed(cx, name).length > 0) return;
    if (isOfLibrary(cx, callee)) {
      if (!tsc.isPropertyAccessExpression(callee)) return;
      const { expression } = callee;
      const method = callee.name.text;
      // Their order is seen from outside.
      if (expression.getText() === "console" || callee.getText() === "Math.random") writes.add("world");
      else if (callee.getText() === "Object.assign" || method === "next") writes.add(null);
      else if (mutators.has(method) && !isFresh(cx, expression, root))
        writes.add(kindOfMemory(cx, expression));
      return;
    }
  }
  writes.add(null);
}

function isOfLibrary(cx: Context, callee: ts.Expression): boolean {
  const symbol = cx.checker.getTypeAtLocation(callee).symbol as ts.Symbol | undefined;
  const declaration = symbol?.declarations?.[0];
  return (
    declaration !== undefined &&
    cx.unit.project.program.isSourceFileDefaultLibrary(declaration.getSourceFile())
  );
}

/** What runs where an instance of a class of the project is made. */
function classesOf(cx: Context, { expression }: ts.NewExpression): readonly ts.Node[] {
  const symbol = cx.checker.getTypeAtLocation(expression).symbol as ts.Symbol | undefined;
  return (symbol?.declarations ?? []).filter(
    (each) => cx.ts.isClassLike(each) && cx.unit.project.isOwn(each.getSourceFile()),
  );
}
