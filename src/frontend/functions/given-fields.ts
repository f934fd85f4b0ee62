/**
 * Functions that the code around gives fields: `function force() {…}`, `force.strength = (s) => …`. Until the last of
 * these statements the fields are kept with the function, and from there on all of it is one object.
 */
import type { ts } from "ts-morph";
import { type Context, poison } from "../context.js";
import { assign } from "../expressions/declarations.js";
import { lowerExpression } from "../expressions/expressions.js";
import type { Access } from "../expressions/properties.js";
import { symbolOf } from "../names.js";
import type { Bound, Closure, Variable } from "../scope.js";
import { bare, unwrapped } from "../syntax.js";
import { suggested } from "../../ir/builder.js";
import { withFields } from "./callable-objects.js";

/** A function under the name by which it is declared. */
interface Declared {
  readonly closure: Closure;
  readonly symbol: ts.Symbol;
  readonly variable: Variable;
  readonly name: ts.Identifier;
  /** The statement that declares it. */
  readonly statement: ts.Node;
}

/** `force.strength = …`; null where that is an ordinary assignment. */
export function giveField(cx: Context, node: ts.BinaryExpression): Bound | null {
  const field = fieldGiven(cx, node);
  const own = field === null ? null : declaredFunction(cx, field.of);
  if (field === null || own === null) return null;
  const givers = giversOf(cx, own);
  if (!givers.includes(node)) return null;
  const hint = suggested(`${own.variable.hint?.text ?? own.name.text}_${field.name}`);
  const bound = lowerExpression(cx, node.right, hint);
  return give(cx, own, new Map([[field.name, bound]]), givers.at(-1) === node) === poison ? poison : bound;
}

/** `Object.assign(force, { … })`; null where the function has no name of its own. */
export function giveFields(
  cx: Context,
  cells: ReadonlyMap<string, Bound>,
  node: ts.CallExpression,
): Bound | null {
  const [target] = node.arguments;
  const own = target === undefined ? null : declaredFunction(cx, target);
  if (own === null) return null;
  const givers = giversOf(cx, own);
  const isLast = givers.includes(node) ? givers.at(-1) === node : isBehind(cx, node, own, givers);
  return isLast || givers.includes(node) ? give(cx, own, cells, isLast) : null;
}

/** What a function that is given fields has been given so far, under its own name; null for other members. */
export function fieldGivenSoFar(cx: Context, { fields }: Closure, node: Access): Bound | null {
  if (fields === undefined || !cx.ts.isPropertyAccessExpression(node)) return null;
  return symbolOf(cx, bare(cx.ts, node.expression)) === fields.owner
    ? (fields.cells.get(node.name.text) ?? null)
    : null;
}

function give(cx: Context, own: Declared, added: ReadonlyMap<string, Bound>, isLast: boolean): Bound {
  const { closure, variable, symbol: owner, name } = own;
  const { fields, ...callee } = closure;
  const cells = new Map([...(fields?.cells ?? []), ...added]);
  const given: Closure = { ...closure, fields: { owner, cells } };
  cx.unit.environment.set(variable, given);
  if (!isLast) return given;
  const made = [...cells.values()].includes(poison)
    ? poison
    : (withFields(cx, callee, cells, name, variable.hint) ?? poison);
  return assign(cx, variable, made, name);
}

/** The function that is meant, where it is a local one which still is no more than that. */
function declaredFunction(cx: Context, node: ts.Expression): Declared | null {
  const tsc = cx.ts;
  const name = bare(tsc, node);
  const symbol = tsc.isIdentifier(name) ? symbolOf(cx, name) : null;
  const variable = symbol === null ? null : cx.scope.lookup(symbol);
  const closure = variable === null ? undefined : cx.unit.environment.get(variable);
  if (symbol === null || variable === null || closure?.kind !== "closure") return null;
  if (variable.isShared === true || variable.keeps !== undefined) return null;
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined) return null;
  if (tsc.isFunctionDeclaration(declaration)) {
    return closure.node === declaration && declaration.name !== undefined
      ? { closure, symbol, variable, name: declaration.name, statement: declaration }
      : null;
  }
  if (!tsc.isVariableDeclaration(declaration) || !tsc.isIdentifier(declaration.name)) return null;
  const { initializer, parent } = declaration;
  const isConst = (parent.flags & tsc.NodeFlags.Const) !== 0;
  if (!isConst || initializer === undefined || unwrapped(tsc, initializer) !== closure.node) return null;
  return { closure, symbol, variable, name: declaration.name, statement: declaration.parent.parent };
}

/** What gives it fields, in the block in which it is declared. */
function giversOf(cx: Context, { statement, symbol }: Declared): readonly ts.Expression[] {
  const tsc = cx.ts;
  const block = statement.parent;
  if (!tsc.isBlock(block) && !tsc.isCaseOrDefaultClause(block)) return [];
  return block.statements.flatMap((each) => {
    if (!tsc.isExpressionStatement(each)) return [];
    const { expression } = each;
    const of = fieldGiven(cx, expression)?.of ?? targetOfAssign(cx, expression);
    return of !== undefined && symbolOf(cx, bare(tsc, of)) === symbol ? [expression] : [];
  });
}

/** The object and the field that an assignment is to. */
function fieldGiven(cx: Context, node: ts.Expression): { of: ts.Expression; name: string } | null {
  if (!cx.ts.isBinaryExpression(node) || node.operatorToken.kind !== cx.ts.SyntaxKind.EqualsToken)
    return null;
  const { left } = node;
  return cx.ts.isPropertyAccessExpression(left) ? { of: left.expression, name: left.name.text } : null;
}

function targetOfAssign({ ts: tsc }: Context, node: ts.Expression): ts.Expression | undefined {
  if (!tsc.isCallExpression(node) || node.expression.getText() !== "Object.assign") return undefined;
  return node.arguments[0];
}

/** In the same function, and behind all other statements that give it fields. */
function isBehind(
  cx: Context,
  node: ts.Node,
  { statement }: Declared,
  givers: readonly ts.Expression[],
): boolean {
  const around = (each: ts.Node): ts.Node | undefined =>
    cx.ts.findAncestor(each.parent, cx.ts.isFunctionLike);
  return around(node) === around(statement) && givers.every((each) => each.getEnd() < node.getStart());
}
