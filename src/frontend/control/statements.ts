/** Statements, in sequence: each gives its outcome, and what follows is lowered where control comes to it. */
import type { ts } from "ts-morph";
import type { End } from "../../ir/types.js";
import { returnFromCompanion } from "../functions/companion-results.js";
import { lowerCall } from "../functions/calls.js";
import {
  type Outcome,
  type Rest,
  andThen,
  arrive,
  choose,
  fell,
  jump,
  left,
  makeExit,
  mayExit,
} from "./control.js";
import { type Context, inScope, onStatement, poison, refuse, refuseExpression } from "../context.js";
import { declareVariable, lowerDeclarationList, held } from "../expressions/declarations.js";
import { lowerNote } from "./notes.js";
import { closureOf, lowerCondition, lowerExpression } from "../expressions/expressions.js";
import { lowerYield } from "../functions/generators.js";
import { undefinedLiteral } from "../names.js";
import { enterClass } from "../classes/local-classes.js";
import { lowerLoopStatement } from "./loop-statements.js";
import { type Bound, Scope } from "../scope.js";
import { lowerSwitch } from "./switch.js";
import { bare, kindInWords } from "../syntax.js";
import { returnStep } from "../functions/hand-iterators.js";
import { asMade } from "../functions/function-identity.js";
import { settle } from "./openings.js";
import { lowerTry } from "./try.js";
import { lowerThrow, throwUnreached } from "./throws.js";
import { endsUnreached, isUnreached } from "./unreachable.js";
import { numberOf } from "../values.js";

/** The statements of a block, in a scope of its own. */
export function lowerBlock(cx: Context, statements: readonly ts.Statement[], rest: Rest): Outcome {
  const inner = inScope(cx, new Scope(cx.scope));
  hoistFunctions(inner, statements);
  return lowerSequence(inner, statements, 0, rest);
}

/** Functions can be called before the line that declares them. */
export function hoistFunctions(cx: Context, statements: readonly ts.Statement[]): void {
  for (const statement of statements) {
    if (
      !cx.ts.isFunctionDeclaration(statement) ||
      statement.name === undefined ||
      statement.body === undefined
    )
      continue;
    const symbol = cx.checker.getSymbolAtLocation(statement.name);
    const variable = declareVariable(cx, cx.scope, symbol, statement.name.text);
    cx.unit.environment.set(variable, closureOf(cx, statement));
  }
}

/** The statements from one on, and then `rest`. */
export function lowerSequence(
  cx: Context,
  statements: readonly ts.Statement[],
  from: number,
  rest: Rest,
): Outcome {
  for (let i = from; i < statements.length; i++) {
    const statement = statements[i];
    if (statement === undefined) break;
    if (mayExit(cx, statement)) {
      const isLast = i === statements.length - 1;
      return lowerStatement(cx, statement, isLast ? rest : () => lowerSequence(cx, statements, i + 1, rest));
    }
    const outcome = settle(cx, lowerStatement(cx, statement, null));
    if (!outcome.falls) return outcome;
  }
  return rest === null ? fell : rest();
}

function lowerStatement(cx: Context, node: ts.Statement, rest: Rest): Outcome {
  const tsc = cx.ts;
  if (tsc.isIfStatement(node)) return lowerIf(cx, node, rest);
  if (tsc.isReturnStatement(node)) return lowerReturn(onStatement(cx, node), node.expression ?? null, node);
  if (tsc.isThrowStatement(node)) return lowerThrow(onStatement(cx, node), node);
  if (tsc.isBlock(node)) return lowerBlock(cx, node.statements, rest);
  if (tsc.isSwitchStatement(node)) return lowerSwitch(onStatement(cx, node.expression), node, rest);
  if (tsc.isBreakOrContinueStatement(node)) return lowerJump(cx, node);
  if (tsc.isIterationStatement(node, false)) return lowerLoopStatement(cx, node, null, rest);
  if (tsc.isTryStatement(node)) return lowerTry(cx, node, rest);
  if (tsc.isLabeledStatement(node)) return lowerLabeled(cx, node, rest);
  if (tsc.isExpressionStatement(node) && tsc.isYieldExpression(node.expression))
    return lowerYield(onStatement(cx, node), node.expression, rest);
  if (tsc.isExpressionStatement(node))
    return andThen(cx, node, lowerEffect(onStatement(cx, node), node.expression), rest);
  lowerSimple(cx, node);
  return andThen(cx, node, fell, rest);
}

/** An expression for its effects; a call may never return (`fail("…")`). */
function lowerEffect(cx: Context, node: ts.Expression): Outcome {
  if (lowerNote(cx, node)) return fell;
  if (!cx.ts.isCallExpression(node)) {
    lowerExpression(cx, node);
    return fell;
  }
  const ends: End[] = [];
  lowerCall(cx, node, null, (end) => ends.push(end));
  const [end] = ends;
  return end === undefined ? fell : left(end);
}

/** Statements that always run on to the next. */
function lowerSimple(cx: Context, node: ts.Statement): void {
  const tsc = cx.ts;
  if (tsc.isVariableStatement(node)) {
    const isAmbient = node.modifiers?.some(({ kind }) => kind === tsc.SyntaxKind.DeclareKeyword) ?? false;
    if (!isAmbient) lowerDeclarationList(cx, node.declarationList, node);
  } else if (tsc.isClassDeclaration(node)) {
    enterClass(cx, node);
  } else if (tsc.isFunctionDeclaration(node)) {
    makeDeclared(cx, node);
  } else if (!isSilent(cx, node)) {
    refuseStatement(cx, node);
  }
}

/** Functions are hoisted; one that is compared is made where it stands, as what it sees may not be there before. */
function makeDeclared(cx: Context, { name }: ts.FunctionDeclaration): void {
  const symbol = name === undefined ? undefined : cx.checker.getSymbolAtLocation(name);
  const variable = symbol === undefined ? null : cx.scope.lookup(symbol);
  const bound = variable === null ? undefined : cx.unit.environment.get(variable);
  if (variable !== null && bound?.kind === "closure") cx.unit.environment.set(variable, asMade(cx, bound));
}

/** What leaves nothing to do: types. */
function isSilent(cx: Context, node: ts.Statement): boolean {
  const tsc = cx.ts;
  return (
    tsc.isEmptyStatement(node) ||
    tsc.isEnumDeclaration(node) ||
    tsc.isInterfaceDeclaration(node) ||
    tsc.isTypeAliasDeclaration(node)
  );
}

function refuseStatement(cx: Context, node: ts.Statement): void {
  refuse(cx, "unsupportedStatement", node.getFirstToken() ?? node, { what: kindInWords(cx.ts, node) });
}

function lowerIf(cx: Context, node: ts.IfStatement, rest: Rest): Outcome {
  const here = onStatement(cx, node.expression);
  const test = lowerCondition(here, node.expression);
  const { thenStatement, elseStatement } = node;
  if (elseStatement !== undefined && endsUnreached(cx, [elseStatement]))
    return lowerSequence(cx, [thenStatement], 0, rest);
  return choose(
    here,
    node,
    test,
    (then) => lowerSequence(cx, [thenStatement], 0, then),
    (then) => lowerSequence(cx, elseStatement === undefined ? [] : [elseStatement], 0, then),
    rest,
  );
}

/** `break`, `continue`, also out of an outer loop. */
function lowerJump(cx: Context, node: ts.BreakOrContinueStatement): Outcome {
  const isBreak = cx.ts.isBreakStatement(node);
  if (node.label === undefined) {
    const exit = isBreak ? cx.breaks : cx.continues;
    return exit === null ? fell : jump(cx, exit);
  }
  const target = cx.labels.get(node.label.text);
  const exit = isBreak ? target?.breaks : target?.continues;
  return exit == null ? fell : jump(cx, exit);
}

/** A loop with a name, or a statement that `break` leaves by its name. */
function lowerLabeled(cx: Context, node: ts.LabeledStatement, rest: Rest): Outcome {
  const { label, statement } = node;
  if (cx.ts.isIterationStatement(statement, false))
    return lowerLoopStatement(cx, statement, label.text, rest);
  const breaks = makeExit(cx, `${cx.frame.prefix}broke`);
  const labels = new Map([...cx.labels, [label.text, { breaks, continues: null }]]);
  const outcome = lowerSequence({ ...cx, labels }, [statement], 0, null);
  return andThen(cx, node, arrive(cx, breaks, outcome), rest);
}

/** `return e;`, and the value of an arrow function without braces. */
export function lowerReturn(cx: Context, expression: ts.Expression | null, node: ts.Node): Outcome {
  const { returns } = cx.frame;
  const { environment } = cx.unit;
  if (expression !== null && isUnreached(cx, expression)) return throwUnreached(cx, expression);
  switch (returns.kind) {
    case "leave": {
      if (expression !== null && cx.ts.isCallExpression(expression)) {
        if ((cx.checker.getTypeAtLocation(expression).flags & cx.ts.TypeFlags.Never) !== 0) {
          return lowerEffect(cx, expression);
        }
      }
      const bound = expression === null ? undefinedLiteral : lowerExpression(cx, expression);
      const value = bound === poison ? poison : numberOf(cx, bound, expression ?? node);
      return left({ kind: "return", values: [value], statement: cx.statement });
    }
    case "exit": {
      if (returns.step !== undefined && expression !== null)
        return returnStep(cx, returns, returns.step, expression);
      // Behind a branch, the value is named where the branches join.
      const hint = environment.depth === returns.result.depth ? returns.hint : null;
      const value: Bound = expression === null ? undefinedLiteral : lowerExpression(cx, expression, hint);
      const given = returns.isTarget && value !== poison ? numberOf(cx, value, expression ?? node) : value;
      environment.set(returns.result, held(cx, returns.result, given, expression ?? node));
      return jump(cx, returns.exit);
    }
    case "companion": {
      // Each way out has a reverse sweep of its own.
      const bareOne = expression === null ? null : bare(cx.ts, expression);
      if (bareOne !== null && cx.ts.isConditionalExpression(bareOne)) {
        return choose(
          cx,
          node,
          lowerCondition(cx, bareOne.condition),
          () => lowerReturn(cx, bareOne.whenTrue, node),
          () => lowerReturn(cx, bareOne.whenFalse, node),
          null,
        );
      }
      return left(returnFromCompanion(cx, expression, returns.result, node));
    }
    case "none":
      refuseExpression(cx, node, "`return` outside of a function");
      return fell;
  }
}
