/**
 * Variables of modules that are given their value once, when they are first asked for: `if (table === null) table = …`.
 * In the gradient each is a variable of the call, which begins with what the module gives it.
 */
import type { ts } from "ts-morph";
import type { Atom } from "../../ir/types.js";
import { regionOf, writtenRef } from "../../ir/places.js";
import { atomsOf, forEachInstr, outsOf } from "../../ir/visit.js";
import type { Context, Unit } from "../context.js";
import { symbolOf } from "../names.js";
import { isAtom } from "../scope.js";
import type { Bound } from "../scope.js";
import { moduleVariable } from "../expressions/constants.js";
import { bare } from "../syntax.js";
import type { Assigned } from "./loop-assigned.js";
import type { Whole } from "./memos.js";
import { Origins } from "./origins.js";
import { Varying } from "./varying.js";
import { changesOf } from "./written.js";

/** A value that such a variable was given. */
export interface LazyFill {
  readonly unit: Unit;
  readonly name: string;
  readonly bound: Bound;
  readonly node: ts.Node;
}

/** Wherever the project assigns the variable, there is nothing in it yet. */
export function isLazy(cx: Context, symbol: ts.Symbol): boolean {
  const sites = changesOf(cx, symbol);
  return sites.length > 0 && sites.every((site) => isPart(cx, site) || isFirst(cx, site, symbol));
}

/** What the variable holds is changed, not the variable. */
function isPart({ ts: tsc }: Context, { parent }: ts.Identifier): boolean {
  return tsc.isPropertyAccessExpression(parent) || tsc.isElementAccessExpression(parent);
}

function isFirst(cx: Context, site: ts.Identifier, symbol: ts.Symbol): boolean {
  const tsc = cx.ts;
  const { parent } = site;
  if (!tsc.isBinaryExpression(parent) || parent.left !== site) return false;
  const { QuestionQuestionEqualsToken, BarBarEqualsToken, EqualsToken } = tsc.SyntaxKind;
  const { kind } = parent.operatorToken;
  if (kind === QuestionQuestionEqualsToken || kind === BarBarEqualsToken) return true;
  if (kind !== EqualsToken) return false;
  let inner: ts.Node = parent;
  for (let node = parent.parent; !tsc.isFunctionLike(node) && !tsc.isSourceFile(node); node = node.parent) {
    if (tsc.isIfStatement(node) && node.thenStatement === inner && asks(cx, node.expression, symbol, false))
      return true;
    if (tsc.isBlock(node) && isBehindReturn(cx, node, inner, symbol)) return true;
    const { QuestionQuestionToken, BarBarToken } = tsc.SyntaxKind;
    const isOr =
      tsc.isBinaryExpression(node) &&
      [QuestionQuestionToken, BarBarToken].some((kind) => kind === node.operatorToken.kind);
    if (isOr && tsc.isBinaryExpression(node) && node.right === inner && isName(cx, node.left, symbol))
      return true;
    inner = node;
  }
  return false;
}

/** `if (table) return table;` stands above. */
function isBehindReturn(cx: Context, block: ts.Block, inner: ts.Node, symbol: ts.Symbol): boolean {
  const above = block.statements.slice(
    0,
    Math.max(
      0,
      block.statements.findIndex((each) => each === inner),
    ),
  );
  return above.some((each) => {
    if (!cx.ts.isIfStatement(each) || each.elseStatement !== undefined) return false;
    const leaves = cx.ts.isBlock(each.thenStatement)
      ? each.thenStatement.statements.at(-1)
      : each.thenStatement;
    return leaves !== undefined && cx.ts.isReturnStatement(leaves) && asks(cx, each.expression, symbol, true);
  });
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
  return cx.ts.isIdentifier(inner) && symbolOf(cx, inner) === symbol;
}

/** In the next attempt, the variable goes round loops; false where that is nothing new. */
export function carryLazy({ unit: { records } }: Context, symbol: ts.Symbol): boolean {
  if (records.lazies.has(symbol)) return false;
  records.lazies.add(symbol);
  records.changes++;
  return true;
}

/** With the variables that loops give their value. */
export function withLazy(cx: Context, assigned: Assigned): Assigned {
  const found = new Map(assigned);
  for (const symbol of cx.unit.records.lazies) {
    const declaration = symbol.valueDeclaration;
    const variable = declaration === undefined ? null : moduleVariable(cx, symbol, declaration);
    if (variable !== null && !found.has(variable)) found.set(variable, { symbol, sites: [], counts: false });
  }
  return found;
}

/** Reports variables that were given what another call would not give them. */
export function reportLazy({ unit }: Context, { all, calls, given }: Whole): void {
  const { fills, diagnostics } = unit;
  if (fills.length === 0) return;
  const varying = new Varying(all, calls, given);
  const known = new Set(unit.entry.flatMap((instr) => outsOf(instr).map(({ id }) => id)));
  for (const fill of fills) {
    const code = all.find((each) => each.unit === fill.unit);
    if (code === undefined || !isAtom(fill.bound)) {
      diagnostics.report("mutableOuter", fill.node, { name: fill.name, shown: "" });
      continue;
    }
    const { regions } = fill.unit;
    const region = fill.bound.kind === "value" ? regionOf(fill.bound) : null;
    const below = region === null ? new Set<number>() : regions.below(region);
    const isWithin = (atom: Atom): boolean => {
      const at = atom.kind === "value" ? regionOf(atom) : null;
      return at !== null && below.has(regions.canonical(at));
    };
    const own = new Set(known);
    const parts: Atom[] = region === null ? [fill.bound] : [];
    forEachInstr(code.body, (instr) => {
      for (const out of outsOf(instr)) if (isWithin(out)) own.add(out.id);
      const written = writtenRef(instr);
      const isMade = instr.kind === "alloc" && isWithin(instr.out);
      if (isMade || (written !== null && isWithin(written))) parts.push(...atomsOf(instr));
    });
    const origins = new Origins(code.body);
    const isSame = parts.every((atom) => origins.isAlways(atom, own));
    if (!isSame || [...below].some((each) => varying.holds(fill.unit, each)))
      diagnostics.report("moduleState", fill.node, { name: fill.name });
  }
}
