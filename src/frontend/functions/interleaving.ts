/**
 * The values of a generator that calls itself are collected before the first of them is used. That is the same as
 * taking turns only if neither side changes what the other one reads.
 */
import type { ts } from "ts-morph";
import type { Context, Yielding } from "../context.js";
import { descendants } from "../classes/descendants.js";
import { isAssignmentTarget } from "../control/written.js";

/** True if turns may make a difference. */
export function mayInterleave(cx: Context, generator: ts.Node, yields: Yielding): boolean {
  if (changes(cx, generator).length > 0) return true;
  const read = namesRead(cx, generator);
  return textsOf(yields).some((text) => changes(cx, text).some((name) => name === null || read.has(name)));
}

/** What takes the values, and what that hands them on to. */
function textsOf({ text, consumer }: Yielding): readonly ts.Node[] {
  const outer = consumer.yields === null ? [] : textsOf(consumer.yields);
  return text === null ? outer : [text, ...outer];
}

/** The names of the fields that a piece of code assigns; null for what is not told by a name. */
function changes(cx: Context, root: ts.Node): readonly (string | null)[] {
  const tsc = cx.ts;
  return [...descendants(tsc, root)].flatMap((node): (string | null)[] => {
    if (tsc.isCallExpression(node)) return mayChange(cx, node) ? [null] : [];
    if (!isAssignmentTarget(cx, node, node.parent)) return [];
    if (tsc.isPropertyAccessExpression(node)) return [node.name.text];
    if (!tsc.isElementAccessExpression(node)) return [];
    // Numbers in an array are none of what a walk through a tree reads.
    return isNumber(cx, node) ? ["[]"] : [null];
  });
}

/** Methods that change their array or map, and functions of the project, which may do anything. */
function mayChange(cx: Context, { expression }: ts.CallExpression): boolean {
  const tsc = cx.ts;
  const declaration = declarationOf(cx, expression);
  const isLibrary =
    declaration !== undefined &&
    cx.unit.project.program.isSourceFileDefaultLibrary(declaration.getSourceFile());
  if (!isLibrary) return !isOfGenerator(cx, expression);
  return (
    tsc.isPropertyAccessExpression(expression) &&
    /^(?:push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear)$/u.test(
      expression.name.text,
    )
  );
}

/** What a generator does is looked at by itself. */
function isOfGenerator(cx: Context, callee: ts.Expression): boolean {
  const declaration = declarationOf(cx, callee);
  return (
    declaration !== undefined && "asteriskToken" in declaration && declaration.asteriskToken !== undefined
  );
}

function declarationOf(cx: Context, callee: ts.Expression): ts.Declaration | undefined {
  const symbol = cx.checker.getTypeAtLocation(callee).symbol as ts.Symbol | undefined;
  return symbol?.declarations?.[0];
}

function namesRead(cx: Context, root: ts.Node): ReadonlySet<string> {
  const tsc = cx.ts;
  return new Set(
    [...descendants(tsc, root)].flatMap((node) => {
      if (tsc.isPropertyAccessExpression(node)) return [node.name.text];
      if (tsc.isBindingElement(node)) return [(node.propertyName ?? node.name).getText()];
      return tsc.isElementAccessExpression(node) && isNumber(cx, node) ? ["[]"] : [];
    }),
  );
}

function isNumber(cx: Context, node: ts.Node): boolean {
  return (cx.checker.getTypeAtLocation(node).flags & cx.ts.TypeFlags.NumberLike) !== 0;
}
