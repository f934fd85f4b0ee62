/** `while ((m = re.exec(text)) !== null)` with a pattern that is there for nothing else: the matches, one by one. */
import type { ts } from "ts-morph";
import { suggested } from "../../ir/builder.js";
import type { Atom, Literal } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { keyOfIndex, zero } from "../arrays/array-growth.js";
import { descendants } from "../classes/descendants.js";
import { type Context, type LoopJumps, inScope, refuseExpression } from "../context.js";
import { assign, declareVariable } from "../expressions/declarations.js";
import { lowerExpression } from "../expressions/expressions.js";
import { isGlobal, listMatches, patternOf } from "../expressions/text-patterns.js";
import { loadCell, loadLength } from "../memory.js";
import { symbolOf } from "../names.js";
import { Scope } from "../scope.js";
import { bare } from "../syntax.js";
import { apply, atomOf, isRef } from "../values.js";
import { type Outcome, type Rest, fell } from "./control.js";
import { assignedIn } from "./loop-assigned.js";
import { emitIndexLoop } from "./loops.js";

const readLater = "use of the last match behind the loop";

/** What the head of such a loop says. */
interface Matching {
  readonly pattern: Literal;
  /** The constant that holds it. */
  readonly holder: ts.Identifier;
  readonly text: ts.Expression;
  /** The variable of the match. */
  readonly match: ts.Identifier;
}

/** Lowers the loop; null where its head says something else. */
export function lowerMatchLoop(
  cx: Context,
  node: ts.WhileStatement,
  body: (cx: Context, jumps: LoopJumps, rest: Rest) => Outcome,
): Outcome | null {
  const matching = matchingOf(cx, node.expression);
  if (matching === null) return null;
  const { pattern, text, match } = matching;
  const obstacle = obstacleTo(cx, node, matching);
  if (obstacle === readLater) {
    refuseExpression(cx, node.expression, obstacle);
    return fell;
  }
  // Otherwise it is a loop like any other.
  if (obstacle !== null) return null;
  const searched = atomOf(cx, lowerExpression(cx, text), text);
  const list = listMatches(cx, searched, pattern, node.expression, suggested("matches"));
  if (!isRef(list)) return fell;
  return emitIndexLoop(cx, node, {
    from: zero,
    name: null,
    test: (index) => apply(cx, ops.lt, [index, loadLength(cx, list, node.expression)], node.expression),
    body: (index: Atom, jumps, rest) => {
      const inner = inScope(cx, new Scope(cx.scope));
      const symbol = cx.checker.getSymbolAtLocation(match);
      const variable = declareVariable(inner, inner.scope, symbol, match.text);
      assign(inner, variable, loadCell(inner, list, keyOfIndex(index), match, variable.hint), match);
      return body(inner, jumps, rest);
    },
    assigned: assignedIn(cx, [node.statement]),
  });
}

function matchingOf(cx: Context, condition: ts.Expression): Matching | null {
  const tsc = cx.ts;
  let tested = bare(tsc, condition);
  if (tsc.isBinaryExpression(tested) && isUnequal(cx, tested)) tested = bare(tsc, tested.left);
  if (!tsc.isBinaryExpression(tested) || tested.operatorToken.kind !== tsc.SyntaxKind.EqualsToken)
    return null;
  const call = bare(tsc, tested.right);
  const match = bare(tsc, tested.left);
  if (!tsc.isIdentifier(match) || !tsc.isCallExpression(call)) return null;
  const { expression } = call;
  const [text] = call.arguments;
  if (!tsc.isPropertyAccessExpression(expression) || expression.name.text !== "exec" || text === undefined)
    return null;
  const holder = bare(tsc, expression.expression);
  const pattern = tsc.isIdentifier(holder) ? patternOf(cx, holder) : null;
  if (pattern === null || !tsc.isIdentifier(holder) || !isGlobal(pattern)) return null;
  return { pattern, holder, text, match };
}

/** `… !== null`, `… != null`. */
function isUnequal({ ts: tsc }: Context, { operatorToken, right }: ts.BinaryExpression): boolean {
  const { ExclamationEqualsToken, ExclamationEqualsEqualsToken, NullKeyword } = tsc.SyntaxKind;
  const { kind } = operatorToken;
  return (
    (kind === ExclamationEqualsToken || kind === ExclamationEqualsEqualsToken) && right.kind === NullKeyword
  );
}

/** Why the loop may go over something else than all matches. */
function obstacleTo(cx: Context, loop: ts.WhileStatement, { holder, text, match }: Matching): string | null {
  const tsc = cx.ts;
  const declaration = symbolOf(cx, holder)?.valueDeclaration;
  const owner = functionAround(cx, loop);
  const isReadLater = owner !== undefined && usesOf(cx, owner, match).some((use) => use.pos > loop.end);
  if (isReadLater) return readLater;
  const isLocal =
    declaration !== undefined && owner !== undefined && functionAround(cx, declaration) === owner;
  if (!isLocal || loopAround(cx, loop, owner) !== loopAround(cx, declaration, owner))
    return "pattern with the flag `g` that goes on where an earlier call has ended: declare it before the loop";
  if (usesOf(cx, owner, holder).length > 2) return "pattern with the flag `g` that is used elsewhere as well";
  const inner = bare(tsc, text);
  const variables = new Set(assignedIn(cx, [loop.statement]).keys());
  const symbol = tsc.isIdentifier(inner) ? symbolOf(cx, inner) : null;
  const held = symbol === null ? null : cx.scope.lookup(symbol);
  const isFixed = tsc.isStringLiteralLike(inner) || (held !== null && !variables.has(held));
  if (!isFixed) return "search in a text that may change in the loop";
  const asks = ({ parent }: ts.Node): boolean =>
    tsc.isPropertyAccessExpression(parent) && ["index", "input"].includes(parent.name.text);
  if (usesOf(cx, owner, match).some(asks)) return "place of a match in the text";
  return null;
}

function functionAround({ ts: tsc }: Context, node: ts.Node): ts.Node | undefined {
  return tsc.findAncestor(node.parent, (each) => tsc.isFunctionLike(each));
}

/** The innermost loop around a node, within its function. */
function loopAround({ ts: tsc }: Context, node: ts.Node, owner: ts.Node): ts.Node | undefined {
  return tsc.findAncestor(node.parent, (each) => each === owner || tsc.isIterationStatement(each, false));
}

function usesOf(cx: Context, owner: ts.Node, name: ts.Identifier): readonly ts.Node[] {
  const symbol = cx.checker.getSymbolAtLocation(name);
  return [...descendants(cx.ts, owner)].filter(
    (each) => cx.ts.isIdentifier(each) && cx.checker.getSymbolAtLocation(each) === symbol,
  );
}
