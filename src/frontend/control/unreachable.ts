/** Code that TypeScript has found to be never reached: where a value would be of type `never`. */
import type { ts } from "ts-morph";
import type { Context } from "../context.js";
import { bare } from "../syntax.js";

/** `return missing` at the end of a clause or a branch, where `missing` is of type `never`. */
export function endsUnreached(cx: Context, statements: readonly ts.Statement[]): boolean {
  const last = statements.at(-1);
  if (last === undefined) return false;
  if (cx.ts.isBlock(last)) return endsUnreached(cx, last.statements);
  return (
    cx.ts.isReturnStatement(last) &&
    last.expression !== undefined &&
    isUnreached(cx, last.expression) &&
    statements.slice(0, -1).every((each) => cx.ts.isVariableStatement(each))
  );
}

/** A variable that no value is left for. What is merely asserted to be `never` is reached. */
export function isUnreached(cx: Context, expression: ts.Expression): boolean {
  const tsc = cx.ts;
  const node = bare(tsc, expression);
  if (tsc.isSatisfiesExpression(node)) return isUnreached(cx, node.expression);
  if (!tsc.isIdentifier(node)) return false;
  if ((cx.checker.getTypeAtLocation(node).flags & tsc.TypeFlags.Never) === 0) return false;
  const declaration = cx.checker.getSymbolAtLocation(node)?.valueDeclaration;
  const isVariable = declaration !== undefined && tsc.isVariableDeclaration(declaration);
  if (!isVariable || declaration.initializer === undefined) return true;
  return declaration.type?.kind === tsc.SyntaxKind.NeverKeyword
    ? isUnreached(cx, declaration.initializer)
    : !tsc.isAsExpression(bare(tsc, declaration.initializer));
}
