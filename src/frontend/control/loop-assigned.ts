/** Which variables a loop may assign: by its own text, and through closures that it may call. */
import type { ts } from "ts-morph";
import type { Context } from "../context.js";
import { jumpsOf } from "./control.js";
import { descendants } from "../classes/descendants.js";
import { partsOf } from "../functions/known-parts.js";
import { symbolOf } from "../names.js";
import type { Bound, Closure, Scope, Variable } from "../scope.js";
import { unwrapped } from "../syntax.js";
import { isAtEntry } from "./lazy-variables.js";
import { isAssignmentTarget } from "./written.js";

/** What is known of a variable that is assigned. */
export interface AssignedVariable {
  /** Null for variables of the compiler. */
  readonly symbol: ts.Symbol | null;
  /** The names that are assigned to. */
  readonly sites: readonly ts.Identifier[];
  /** Whole numbers are added to it and nothing else happens to it: a whole number stays one. */
  readonly counts: boolean;
}

export type Assigned = ReadonlyMap<Variable, AssignedVariable>;

/** The variables from outside that the text of `nodes` assigns, functions in it included, and `extra` ones. */
export function assignedIn(
  cx: Context,
  nodes: ts.Node | readonly ts.Node[],
  extra: Iterable<Variable> = [],
): Assigned {
  const found = new Map<Variable, AssignedVariable>();
  for (const node of "kind" in nodes ? [nodes] : nodes) addAssigned(cx, node, cx.scope, found);
  for (const variable of extra) add(found, variable, { symbol: null, sites: [], counts: false });
  return found;
}

/** The same, and what the closures that can be called here assign, and who takes what is yielded here. */
export function withClosures(cx: Context, loop: ts.Node, assigned: Assigned): Assigned {
  const found = new Map(assigned);
  for (const { node, scope } of reachableClosures(cx)) addAssigned(cx, node, scope, found);
  if (cx.yields === null || !(jumpsOf(cx, loop).yields || loop === cx.yields.place)) return found;
  const { consumer, text } = cx.yields;
  if (text !== null) addAssigned(consumer, text, consumer.scope, found);
  return withClosures(consumer, text ?? loop, found);
}

function addAssigned(cx: Context, node: ts.Node, scope: Scope, found: Map<Variable, AssignedVariable>): void {
  for (const info of assignmentsIn(cx, node)) {
    const variable = info.symbol === null ? null : scope.lookup(info.symbol);
    // A module's own variables are never assigned, and of those that lie in memory it is the memory.
    if (
      variable !== null &&
      variable.isShared !== true &&
      info.symbol !== null &&
      (cx.unit.globals.own(info.symbol) !== variable || isFilledHere(cx, variable))
    )
      add(found, variable, info);
  }
}

/** It is being given its value, ahead of the body. */
function isFilledHere({ frame }: Context, { filling }: Variable): boolean {
  return filling !== undefined && isAtEntry(frame);
}

function add(found: Map<Variable, AssignedVariable>, variable: Variable, info: AssignedVariable): void {
  const known = found.get(variable);
  if (known === undefined) {
    found.set(variable, info);
    return;
  }
  found.set(variable, {
    symbol: known.symbol ?? info.symbol,
    sites: [...known.sites, ...info.sites],
    counts: known.counts && info.counts,
  });
}

/** Where the text assigns the symbol. */
export function sitesOf(cx: Context, root: ts.Node, symbol: ts.Symbol): readonly ts.Identifier[] {
  return assignmentsIn(cx, root).find((each) => each.symbol === symbol)?.sites ?? [];
}

/** The symbols that a piece of text assigns; found once. */
function assignmentsIn(cx: Context, root: ts.Node): readonly AssignedVariable[] {
  const known = cx.unit.assignments.get(root);
  if (known !== undefined) return known;
  const found = new Map<ts.Symbol, AssignedVariable>();
  for (const node of descendants(cx.ts, root)) {
    if (!cx.ts.isIdentifier(node) || !(isAssignedName(cx, node) || isDeclaredAgain(cx, node))) continue;
    const symbol = symbolOf(cx, node);
    if (symbol === null) continue;
    const before = found.get(symbol);
    found.set(symbol, {
      symbol,
      sites: [...(before?.sites ?? []), node],
      counts: (before?.counts ?? true) && isCount(cx, node),
    });
  }
  const all = [...found.values()];
  cx.unit.assignments.set(root, all);
  return all;
}

function isAssignedName(cx: Context, name: ts.Identifier): boolean {
  const tsc = cx.ts;
  let node: ts.Node = name;
  while (
    tsc.isParenthesizedExpression(node.parent) ||
    tsc.isNonNullExpression(node.parent) ||
    tsc.isAsExpression(node.parent) ||
    tsc.isSatisfiesExpression(node.parent)
  ) {
    node = node.parent;
  }
  return isAssignmentTarget(cx, node, node.parent);
}

/** A `var` with a value assigns the variable of the whole function. */
function isDeclaredAgain(cx: Context, name: ts.Identifier): boolean {
  const tsc = cx.ts;
  let node: ts.Node = name.parent;
  if (!(tsc.isVariableDeclaration(node) || tsc.isBindingElement(node)) || node.name !== name) return false;
  while (tsc.isBindingElement(node)) node = node.parent.parent;
  return (
    tsc.isVariableDeclaration(node) &&
    tsc.isVariableDeclarationList(node.parent) &&
    (node.parent.flags & tsc.NodeFlags.BlockScoped) === 0
  );
}

/** `i++`, `i -= 2`. */
function isCount(cx: Context, name: ts.Identifier): boolean {
  const tsc = cx.ts;
  const { parent } = name;
  if (tsc.isPrefixUnaryExpression(parent) || tsc.isPostfixUnaryExpression(parent)) return true;
  if (!tsc.isBinaryExpression(parent) || parent.left !== name) return false;
  const { kind } = parent.operatorToken;
  const step = unwrapped(tsc, parent.right);
  return (
    (kind === tsc.SyntaxKind.PlusEqualsToken || kind === tsc.SyntaxKind.MinusEqualsToken) &&
    tsc.isNumericLiteral(step) &&
    Number.isInteger(Number(step.text))
  );
}

/** The functions that code in this scope can name, and those that these can. */
function reachableClosures(cx: Context): ReadonlySet<Closure> {
  const closures = new Set<Closure>();
  const scopes = new Set<Scope>();
  const seen = new Set<Bound>();
  const addBound = (bound: Bound | undefined): void => {
    if (bound === undefined || seen.has(bound)) return;
    seen.add(bound);
    for (const part of partsOf(cx, bound)) addBound(part);
    if (bound.kind !== "closure") return;
    closures.add(bound);
    addScope(bound.scope);
  };
  const addScope = (from: Scope): void => {
    for (let scope: Scope | null = from; scope !== null && !scopes.has(scope); scope = scope.outer) {
      scopes.add(scope);
      for (const variable of scope.variables()) addBound(cx.unit.environment.peek(variable));
    }
  };
  addScope(cx.scope);
  for (const members of cx.unit.members.values()) for (const member of members.values()) addBound(member);
  return closures;
}
