/** Code that gathers what it is given into sums, products, the largest or the smallest, in whatever order it comes. */
import type { ts } from "ts-morph";
import { descendants } from "../classes/descendants.js";
import { hasOuterEffects } from "./outer-effects.js";
import { isAssignmentOperator, unwrapped } from "../syntax.js";

type TypeScript = typeof ts;

/** Sums and products, the largest and the smallest come out the same in any order, up to rounding. */
export type Group = "sum" | "product" | "max" | "min";

interface Search {
  readonly ts: TypeScript;
  readonly checker: ts.TypeChecker;
  readonly head: ts.Node;
}

/** Statements of an iteration, after which nothing can tell which one came first; `head` declares its names. */
export function isFreeBody(
  tsc: TypeScript,
  checker: ts.TypeChecker,
  statements: readonly ts.Statement[],
  head: ts.Node,
): boolean {
  const search: Search = { ts: tsc, checker, head };
  if (hasOuterEffects(tsc, checker, [...statements, head])) return false;
  const assigned = new Map<string, Group | "once" | null>();
  const local = new Set<string>();
  for (const each of statements.flatMap((statement) => [...descendants(tsc, statement)])) {
    if (tsc.isReturnStatement(each) || tsc.isBreakStatement(each) || tsc.isThrowStatement(each)) return false;
    if (tsc.isVariableDeclaration(each) && tsc.isIdentifier(each.name)) local.add(each.name.text);
    if (!tsc.isExpressionStatement(each)) continue;
    const effect = effectOf(search, each);
    if (effect === null) return false;
    const known = assigned.get(effect.target);
    assigned.set(effect.target, known === undefined || known === effect.group ? effect.group : null);
  }
  const outer = [...assigned.keys()].filter((name) => !local.has(name));
  if (outer.some((name) => assigned.get(name) === null)) return false;
  // Nothing else may look at what has been gathered so far.
  return outer.every((name) => countOf(tsc, statements, name) === effectsOn(search, statements, name));
}

interface Effect {
  readonly target: string;
  /** "once" for what is put where no other iteration puts anything. */
  readonly group: Group | "once";
  /** How often the target is named in it. */
  readonly mentions: number;
}

/** The expression gathers something, and looks at nothing that it has gathered. */
export function isFreeEffect(
  tsc: TypeScript,
  checker: ts.TypeChecker,
  node: ts.Expression,
  head: ts.Node,
): boolean {
  if (hasOuterEffects(tsc, checker, [node])) return false;
  const effect = effectOfExpression({ ts: tsc, checker, head }, node);
  return effect !== null && countOf(tsc, [node], effect.target) === effect.mentions;
}

function effectOf(search: Search, statement: ts.ExpressionStatement): Effect | null {
  return replacementOf(search, statement) ?? effectOfExpression(search, statement.expression);
}

/** `if (x > best) best = x;`, whatever else the condition asks. */
function replacementOf({ ts: tsc }: Search, statement: ts.ExpressionStatement): Effect | null {
  const node = unwrapped(tsc, statement.expression);
  const { parent } = statement;
  const whole = tsc.isBlock(parent) && parent.statements.length === 1 ? parent.parent : parent;
  if (!tsc.isIfStatement(whole) || whole.elseStatement !== undefined) return null;
  const { SyntaxKind } = tsc;
  let test = unwrapped(tsc, whole.expression);
  while (tsc.isBinaryExpression(test) && test.operatorToken.kind === SyntaxKind.AmpersandAmpersandToken)
    test = unwrapped(tsc, test.right);
  if (!tsc.isBinaryExpression(node) || !tsc.isBinaryExpression(test)) return null;
  const { kind } = test.operatorToken;
  const isMore = kind === SyntaxKind.GreaterThanToken || kind === SyntaxKind.GreaterThanEqualsToken;
  const isLess = kind === SyntaxKind.LessThanToken || kind === SyntaxKind.LessThanEqualsToken;
  if (node.operatorToken.kind !== SyntaxKind.EqualsToken || (!isMore && !isLess)) return null;
  const [target, value] = [node.left.getText(), node.right.getText()];
  const isFirst = test.left.getText() === value && test.right.getText() === target;
  const isSecond = test.left.getText() === target && test.right.getText() === value;
  if (!tsc.isIdentifier(node.left) || isFirst === isSecond) return null;
  return { target, group: isMore === isFirst ? "max" : "min", mentions: 2 };
}

/** `sum += e`, `best = Math.max(best, e)`, `out[key] = e`. */
function effectOfExpression({ ts: tsc, checker, head }: Search, whole: ts.Expression): Effect | null {
  const node = unwrapped(tsc, whole);
  const { SyntaxKind } = tsc;
  if (tsc.isPostfixUnaryExpression(node) || tsc.isPrefixUnaryExpression(node))
    return tsc.isIdentifier(node.operand) ? { target: node.operand.text, group: "sum", mentions: 1 } : null;
  if (!tsc.isBinaryExpression(node) || !isAssignmentOperator(tsc, node.operatorToken.kind)) return null;
  const left = unwrapped(tsc, node.left);
  if (tsc.isElementAccessExpression(left) && tsc.isIdentifier(left.expression)) {
    const target = left.expression.text;
    const key = unwrapped(tsc, left.argumentExpression);
    const declaration = tsc.isIdentifier(key)
      ? checker.getSymbolAtLocation(key)?.valueDeclaration
      : undefined;
    const isOwn = declaration !== undefined && declaration.pos >= head.pos && declaration.end <= head.end;
    return isOwn ? { target, group: "once", mentions: countOf(tsc, [node], target) } : null;
  }
  if (!tsc.isIdentifier(left)) return null;
  switch (node.operatorToken.kind) {
    case SyntaxKind.PlusEqualsToken:
    case SyntaxKind.MinusEqualsToken:
      return { target: left.text, group: "sum", mentions: 1 };
    case SyntaxKind.AsteriskEqualsToken:
    case SyntaxKind.SlashEqualsToken:
      return { target: left.text, group: "product", mentions: 1 };
    case SyntaxKind.EqualsToken: {
      const group = groupOf(tsc, node.right, left.text);
      return group === null || group === "any" ? null : { target: left.text, group, mentions: 2 };
    }
    default:
      return null;
  }
}

/** How an expression gathers more into what the name stands for; "any" for the name alone. */
export function groupOf(tsc: TypeScript, whole: ts.Expression, name: string): Group | "any" | null {
  const node = unwrapped(tsc, whole);
  const { SyntaxKind } = tsc;
  if (tsc.isIdentifier(node)) return node.text === name ? "any" : null;
  if (tsc.isConditionalExpression(node)) {
    if (mentions(tsc, node.condition, name)) return null;
    const groups = [groupOf(tsc, node.whenTrue, name), groupOf(tsc, node.whenFalse, name)];
    return areOne(groups) ? (groups.find((each) => each !== "any") ?? "any") : null;
  }
  if (tsc.isCallExpression(node)) {
    const group =
      node.expression.getText() === "Math.max"
        ? "max"
        : node.expression.getText() === "Math.min"
          ? "min"
          : null;
    const [holder, ...more] = node.arguments.filter((each) => mentions(tsc, each, name));
    if (group === null || holder === undefined || more.length > 0) return null;
    return joined(groupOf(tsc, holder, name), group);
  }
  if (!tsc.isBinaryExpression(node)) return null;
  const [left, right] = [node.left, node.right].map((each) => mentions(tsc, each, name));
  if (left === right) return null;
  const inner = groupOf(tsc, left === true ? node.left : node.right, name);
  switch (node.operatorToken.kind) {
    case SyntaxKind.PlusToken:
      return joined(inner, "sum");
    case SyntaxKind.AsteriskToken:
      return joined(inner, "product");
    case SyntaxKind.MinusToken:
      return left === true ? joined(inner, "sum") : null;
    case SyntaxKind.SlashToken:
      return left === true ? joined(inner, "product") : null;
    default:
      return null;
  }
}

function joined(inner: Group | "any" | null, group: Group): Group | null {
  return inner === "any" || inner === group ? group : null;
}

export function areOne(groups: readonly (Group | "any" | null)[]): boolean {
  return !groups.includes(null) && new Set(groups.filter((each) => each !== "any")).size <= 1;
}

export function mentions(tsc: TypeScript, node: ts.Node, name: string): boolean {
  return countOf(tsc, [node], name) > 0;
}

function countOf(tsc: TypeScript, nodes: readonly ts.Node[], name: string): number {
  let count = 0;
  for (const node of nodes)
    for (const each of descendants(tsc, node))
      if (tsc.isIdentifier(each) && isVariable(tsc, each) && each.text === name) count++;
  return count;
}

/** A name that is not that of a property. */
function isVariable(tsc: TypeScript, node: ts.Identifier): boolean {
  const { parent } = node;
  if (tsc.isPropertyAccessExpression(parent)) return parent.expression === node;
  return !tsc.isPropertyAssignment(parent) || parent.name !== node;
}

/** How often the name stands for what an effect gathers into. */
function effectsOn(search: Search, statements: readonly ts.Statement[], name: string): number {
  const { ts: tsc } = search;
  let count = 0;
  for (const statement of statements)
    for (const each of descendants(tsc, statement)) {
      const effect = tsc.isExpressionStatement(each) ? effectOf(search, each) : null;
      if (effect?.target === name) count += effect.mentions;
    }
  return count;
}

/** The names that are assigned to in a node, or whose parts are. */
export function assignedIn(tsc: TypeScript, node: ts.Node): ReadonlySet<string> {
  const found = new Set<string>();
  for (const each of descendants(tsc, node)) {
    const target =
      tsc.isBinaryExpression(each) && isAssignmentOperator(tsc, each.operatorToken.kind)
        ? each.left
        : (tsc.isPostfixUnaryExpression(each) || tsc.isPrefixUnaryExpression(each)) &&
            isStep(tsc, each.operator)
          ? each.operand
          : null;
    if (target !== null) found.add(target.getText());
  }
  return found;
}

function isStep({ SyntaxKind }: TypeScript, operator: ts.SyntaxKind): boolean {
  return operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken;
}
