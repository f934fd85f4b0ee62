/** What a handler asks of an error, by its text. */
import type { ts } from "ts-morph";
import type { Wants } from "./catching.js";
import type { Context } from "../context.js";
import { descendants } from "../classes/descendants.js";
import { errorTest } from "../classes/errors.js";
import { lowerExpression } from "../expressions/expressions.js";
import { type ErrorValue, isAtom } from "../scope.js";
import { symbolOf } from "../names.js";
import { unwrapped } from "../syntax.js";
import type { Atom } from "../../ir/types.js";

export function wantsOf(cx: Context, { variableDeclaration, block }: ts.CatchClause): Wants {
  const name = variableDeclaration?.name;
  if (name !== undefined && !cx.ts.isIdentifier(name))
    return { value: true, fields: null, again: () => false };
  const symbol = name === undefined ? undefined : cx.checker.getSymbolAtLocation(name);
  if (symbol === undefined) return { value: false, fields: new Set(), again: () => false };
  const names = [...descendants(cx.ts, block)].filter(
    (node): node is ts.Identifier => cx.ts.isIdentifier(node) && symbolOf(cx, node) === symbol,
  );
  const { catches } = cx;
  return {
    value: names.some((each) => !cx.ts.isThrowStatement(each.parent)),
    fields: fieldsAsked(cx, names),
    again: (error) => mayRethrow(cx, block, symbol, error) && (catches?.wants.again(error) ?? true),
  };
}

/** The fields that are read of what these names stand for; null where it is used as a whole. */
function fieldsAsked({ ts: tsc }: Context, names: readonly ts.Identifier[]): ReadonlySet<string> | null {
  const fields = new Set<string>();
  for (const name of names) {
    let node: ts.Node = name;
    while (tsc.isParenthesizedExpression(node.parent) || tsc.isAsExpression(node.parent)) node = node.parent;
    const { parent } = node;
    if (tsc.isThrowStatement(parent)) continue;
    if (tsc.isBinaryExpression(parent) && parent.operatorToken.kind === tsc.SyntaxKind.InstanceOfKeyword)
      continue;
    if (!tsc.isPropertyAccessExpression(parent)) return null;
    fields.add(parent.name.text);
  }
  return fields;
}

/** Whether the handler may throw an error of that class again, as far as the text with its `instanceof`s says. */
function mayRethrow(
  cx: Context,
  block: ts.Block,
  symbol: ts.Symbol,
  error: ErrorValue | Atom | null,
): boolean {
  const tsc = cx.ts;
  let rethrows = false;
  runOn(block.statements);
  return rethrows;

  function isCaught(node: ts.Expression): boolean {
    const inner = unwrapped(tsc, node);
    return tsc.isIdentifier(inner) && symbolOf(cx, inner) === symbol;
  }

  /** False where control does not come to what follows. */
  function runOn(statements: readonly ts.Statement[]): boolean {
    return statements.every((statement) => run(statement));
  }

  function run(node: ts.Statement): boolean {
    if (tsc.isBlock(node)) return runOn(node.statements);
    if (tsc.isIfStatement(node)) {
      const test = truthOf(node.expression);
      const { thenStatement, elseStatement } = node;
      const afterThen = test === false ? false : run(thenStatement);
      const afterElse = test === true ? false : elseStatement === undefined || run(elseStatement);
      return afterThen || afterElse;
    }
    rethrows ||= [...descendants(tsc, node)].some(
      (each) => tsc.isThrowStatement(each) && isCaught(each.expression),
    );
    return !(
      tsc.isReturnStatement(node) ||
      tsc.isThrowStatement(node) ||
      tsc.isBreakOrContinueStatement(node)
    );
  }

  function truthOf(test: ts.Expression): boolean | null {
    const node = unwrapped(tsc, test);
    const { ExclamationToken, AmpersandAmpersandToken, BarBarToken, InstanceOfKeyword } = tsc.SyntaxKind;
    if (tsc.isPrefixUnaryExpression(node) && node.operator === ExclamationToken) {
      const inner = truthOf(node.operand);
      return inner === null ? null : !inner;
    }
    if (!tsc.isBinaryExpression(node)) return null;
    const { kind } = node.operatorToken;
    if (kind === AmpersandAmpersandToken || kind === BarBarToken) {
      const sides = [truthOf(node.left), truthOf(node.right)];
      const decides = kind === BarBarToken;
      if (sides.includes(decides)) return decides;
      return sides.includes(null) ? null : !decides;
    }
    if (kind !== InstanceOfKeyword || !isCaught(node.left) || error === null || isAtom(error)) return null;
    const is = errorTest(cx, error, lowerExpression(cx, node.right), node);
    return is?.kind === "literal" && typeof is.value === "boolean" ? is.value : null;
  }
}
