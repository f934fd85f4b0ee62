/** The loops of the language: `for`, `while`, `do`, `for…of`, `for…in`. */
import type { ts } from "ts-morph";
import { suggested } from "../../ir/builder.js";
import { type Outcome, type Rest, andThen, choose, fell, jumpsOf, left, makeExit } from "./control.js";
import {
  type Context,
  type Exit,
  type Frame,
  type LabelJumps,
  type LoopJumps,
  inScope,
  onStatement,
  poison,
  unset,
} from "../context.js";
import { lowerDeclarationList } from "../expressions/declarations.js";
import { lowerCondition, lowerExpression } from "../expressions/expressions.js";
import { assignedIn } from "./loop-assigned.js";
import { lowerEach } from "./loop-each.js";
import { lowerMatchLoop } from "./match-loops.js";
import { type IterationBody, emitLoop } from "./loops.js";
import { type Bound, Scope, type Variable, isAtom } from "../scope.js";
import { lowerSequence } from "./statements.js";
import { endOfCompanion } from "../functions/companion-results.js";
import { bare } from "../syntax.js";

/** Lowers a loop, with its label if it has one, and then `rest`. */
export function lowerLoopStatement(
  cx: Context,
  node: ts.IterationStatement,
  label: string | null,
  rest: Rest,
): Outcome {
  return withReturnBehind(cx, node, (inner) => lowerLoopKind(inner, node, label), rest);
}

/**
 * Lowers what `lower` does as a statement which the function is not left from within: a `return` leaves the statement,
 * and what it returns is returned behind it.
 */
export function withReturnBehind(
  cx: Context,
  node: ts.Node,
  lower: (inner: Context) => Outcome,
  rest: Rest,
): Outcome {
  const { environment } = cx.unit;
  const { kind } = cx.frame.returns;
  if ((kind !== "leave" && kind !== "companion") || !jumpsOf(cx, node).returns)
    return andThen(cx, node, lower(cx), rest);

  const hint = suggested("result");
  const result: Variable = { name: "result", hint, depth: environment.depth };
  const exit = makeExit(cx, "returned", { carries: [result] });
  environment.set(result, unset);
  const frame: Frame = {
    ...cx.frame,
    returns: { kind: "exit", exit, result, hint, isTarget: !givesMemory(cx) },
  };
  return returnBehind(cx, node, lower({ ...cx, frame }), exit, result, rest);
}

function returnBehind(
  cx: Context,
  node: ts.Node,
  outcome: Outcome,
  exit: Exit,
  result: Variable,
  rest: Rest,
): Outcome {
  const { environment } = cx.unit;
  if (!outcome.exits.includes(exit)) return andThen(cx, node, outcome, rest);
  const { returns } = cx.frame;
  const returned = (): Outcome => {
    const atom = atomOrPoison(environment.get(result));
    if (returns.kind === "companion") return left(endOfCompanion(cx, atom, returns.result, node));
    return left({ kind: "return", values: [atom], statement: cx.statement });
  };
  const others = { ...outcome, exits: outcome.exits.filter((each) => each !== exit) };
  if (!others.falls && others.exits.length === 0) return returned();
  return choose(
    cx,
    node,
    atomOrPoison(environment.get(exit.flag)),
    returned,
    (then) => andThen(cx, node, others, then),
    rest,
  );
}

/** What is returned is no number. */
function givesMemory({ frame: { returns } }: Context): boolean {
  return returns.kind === "companion" && returns.result?.kind !== "real";
}

function atomOrPoison(bound: Bound | undefined): typeof poison | Extract<Bound, { kind: "value" }> {
  return bound !== undefined && isAtom(bound) ? bound : poison;
}

function lowerLoopKind(cx: Context, node: ts.IterationStatement, label: string | null): Outcome {
  const tsc = cx.ts;
  if (tsc.isForStatement(node)) return lowerFor(cx, node, label);
  const matches = tsc.isWhileStatement(node)
    ? lowerMatchLoop(onStatement(cx, node.expression), node, (inner, jumps, rest) =>
        bodyOf(inner, node.statement, label, jumps, rest),
      )
    : null;
  if (matches !== null) return matches;
  if (tsc.isWhileStatement(node) || tsc.isDoStatement(node)) return lowerWhile(cx, node, label);
  if (tsc.isForOfStatement(node) || tsc.isForInStatement(node)) {
    return lowerEach(cx, node, (inner, jumps, rest) => bodyOf(inner, node.statement, label, jumps, rest));
  }
  return fell;
}

function lowerFor(cx: Context, node: ts.ForStatement, label: string | null): Outcome {
  const { initializer, condition, incrementor, statement } = node;
  const inner = inScope(cx, new Scope(cx.scope));
  if (initializer !== undefined) {
    if (cx.ts.isVariableDeclarationList(initializer)) lowerDeclarationList(inner, initializer, initializer);
    else lowerExpression(onStatement(inner, initializer), initializer);
  }
  const here = onStatement(inner, condition ?? node);
  const parts = [condition, incrementor, statement].filter((part) => part !== undefined);
  return emitLoop(here, node, assignedIn(inner, parts), {
    kind: "while",
    test: condition === undefined ? null : () => lowerCondition(here, condition),
    body: iteration(inner, statement, label),
    update:
      incrementor === undefined
        ? null
        : {
            run: () => void lowerExpression(onStatement(inner, incrementor), incrementor),
            always: isPlainUpdate(inner, incrementor),
          },
    continues: mayContinue(cx, statement),
  });
}

function lowerWhile(cx: Context, node: ts.WhileStatement | ts.DoStatement, label: string | null): Outcome {
  const { expression, statement } = node;
  const here = onStatement(cx, expression);
  return emitLoop(here, node, assignedIn(cx, [expression, statement]), {
    kind: cx.ts.isDoStatement(node) ? "do" : "while",
    test: () => lowerCondition(here, expression),
    body: iteration(cx, statement, label),
    update: null,
    continues: mayContinue(cx, statement),
  });
}

function iteration(cx: Context, statement: ts.Statement, label: string | null): IterationBody {
  return (jumps, rest) => bodyOf(cx, statement, label, jumps, rest);
}

/** One iteration, and then `rest`. */
function bodyOf(
  cx: Context,
  statement: ts.Statement,
  label: string | null,
  jumps: LoopJumps,
  rest: Rest,
): Outcome {
  const labels = label === null ? cx.labels : new Map<string, LabelJumps>([...cx.labels, [label, jumps]]);
  const inner: Context = { ...cx, ...jumps, labels, scope: new Scope(cx.scope) };
  return lowerSequence(inner, [statement], 0, rest);
}

function mayContinue(cx: Context, statement: ts.Statement): boolean {
  const { continues, labels, yields } = jumpsOf(cx, statement);
  return continues || labels || (yields && cx.yields?.mayContinue === true);
}

/** True for `i++`, `i += 2, j--` and the like, where nobody sees the variables behind the loop. */
function isPlainUpdate(cx: Context, node: ts.Expression): boolean {
  const tsc = cx.ts;
  const inner = bare(tsc, node);
  if (tsc.isPrefixUnaryExpression(inner) || tsc.isPostfixUnaryExpression(inner))
    return isOwn(cx, inner.operand) && isUpdate(cx, inner.operator);
  if (!tsc.isBinaryExpression(inner)) return false;
  const { left: target, right, operatorToken } = inner;
  if (operatorToken.kind === tsc.SyntaxKind.CommaToken)
    return isPlainUpdate(cx, target) && isPlainUpdate(cx, right);
  const { EqualsToken, PlusEqualsToken, MinusEqualsToken, AsteriskEqualsToken } = tsc.SyntaxKind;
  const operators: readonly ts.SyntaxKind[] = [
    EqualsToken,
    PlusEqualsToken,
    MinusEqualsToken,
    AsteriskEqualsToken,
  ];
  return operators.includes(operatorToken.kind) && isOwn(cx, target) && isPlainValue(cx, right);
}

function isUpdate(cx: Context, operator: ts.SyntaxKind): boolean {
  return operator === cx.ts.SyntaxKind.PlusPlusToken || operator === cx.ts.SyntaxKind.MinusMinusToken;
}

/** True for a variable declared by the head of the loop. */
function isOwn(cx: Context, node: ts.Expression): boolean {
  const symbol = cx.ts.isIdentifier(node) ? cx.checker.getSymbolAtLocation(node) : undefined;
  return symbol !== undefined && cx.scope.own(symbol) !== null;
}

function isPlainValue(cx: Context, node: ts.Expression): boolean {
  const tsc = cx.ts;
  const inner = bare(tsc, node);
  if (tsc.isIdentifier(inner))
    return (cx.checker.getTypeAtLocation(inner).flags & tsc.TypeFlags.NumberLike) !== 0;
  if (tsc.isNumericLiteral(inner)) return true;
  const { PlusToken, MinusToken, AsteriskToken, SlashToken } = tsc.SyntaxKind;
  const operators: readonly ts.SyntaxKind[] = [PlusToken, MinusToken, AsteriskToken, SlashToken];
  return (
    tsc.isBinaryExpression(inner) &&
    operators.includes(inner.operatorToken.kind) &&
    isPlainValue(cx, inner.left) &&
    isPlainValue(cx, inner.right)
  );
}
