/**
 * Functions with fields: `Object.assign((x: number) => …, { gain: 3 })` is an object of these fields, with the function in
 * one more; `relu.slope = 0.1`, of a function of a module, is a constant of that module.
 */
import type { ts } from "ts-morph";
import { whole } from "../../ir/builder.js";
import type { Hint } from "../../ir/types.js";
import { type Context, refuse } from "../context.js";
import { changesOf } from "../control/written.js";
import { expressionVariable } from "../expressions/constants.js";
import { allocateObject } from "../expressions/literals.js";
import { cellShape, loadRaw } from "../memory.js";
import type { Bound, Static } from "../scope.js";
import type { Access } from "../expressions/properties.js";
import { isAtom } from "../scope.js";
import { stringLiteral } from "../names.js";
import { type RefValue, isRef, present } from "../values.js";
import { fieldGivenSoFar } from "./given-fields.js";

/** The field that the function itself lies in. */
export const ownFunction = "run";

/** The function with these fields; null where one of them has the name of that. */
export function withFields(
  cx: Context,
  callee: Static,
  fields: ReadonlyMap<string, Bound>,
  node: ts.CallExpression | ts.Identifier,
  hint: Hint | null,
): Bound | null {
  return fields.has(ownFunction)
    ? null
    : allocateObject(cx, node, new Map([[ownFunction, callee], ...fields]), hint);
}

/** What a call of an object with fields goes to; null for other objects. */
export function functionIn(cx: Context, bound: Bound, node: ts.Node): Bound | null {
  const ref = isAtom(bound) ? present(cx, bound, node) : null;
  if (ref === null || !isRef(ref) || !hasFunction(ref)) return null;
  const found = loadRaw(cx, ref, ownFunction, node, null);
  // The object is not what `this` means in it.
  if (found.kind !== "closure" || found.self !== ref) return found;
  const { self: _, ...callee } = found;
  return callee;
}

function hasFunction({ type: { shape } }: RefValue): boolean {
  return shape.kind === "object" && shape.functions === undefined && cellShape(shape, ownFunction) !== null;
}

/** What the module gives to a field of a function of it; null for another symbol. */
export function fieldOfFunction(cx: Context, symbol: ts.Symbol, node: ts.Node): Bound | null {
  const { ts: tsc } = cx;
  const place = symbol.valueDeclaration;
  const assignment = place?.parent;
  if (place === undefined || !tsc.isPropertyAccessExpression(place)) return null;
  if (assignment === undefined || !tsc.isBinaryExpression(assignment) || assignment.left !== place)
    return null;
  const isOfModule =
    tsc.isExpressionStatement(assignment.parent) && tsc.isSourceFile(assignment.parent.parent);
  if (!isOfModule || changesOf(cx, symbol).some((each) => each !== place.name))
    return refuse(cx, "mutableOuter", node, { name: symbol.name, shown: "" });
  const variable = expressionVariable(cx, symbol, assignment.right, node);
  return variable === null ? null : (cx.unit.environment.get(variable) ?? null);
}

/** `f.length`, `f.name`, and what the function is given under its own name; null for other members. */
export function memberOfFunction(cx: Context, base: Bound, node: Access): Bound | null {
  if (!cx.ts.isPropertyAccessExpression(node)) return null;
  const given = base.kind === "closure" ? fieldGivenSoFar(cx, base, node) : null;
  if (given !== null) return given;
  const { text } = node.name;
  if (text !== "length" && text !== "name") return null;
  const closure =
    isRef(base) && !hasCell(base, text) && hasFunction(base) ? functionIn(cx, base, node) : base;
  if (closure?.kind !== "closure") return null;
  const { node: called } = closure;
  if (text === "length") return lengthOf(cx, called);
  const name = nameOf(cx, called);
  return name === null ? null : stringLiteral(name);
}

function hasCell({ type: { shape } }: RefValue, name: string): boolean {
  return cellShape(shape, name) !== null;
}

/** How many arguments it is declared to take, up to the first that may be left out. */
function lengthOf({ ts: tsc }: Context, called: ts.FunctionLikeDeclaration): Bound {
  const parameters = called.parameters.filter(({ name }) => !tsc.isIdentifier(name) || name.text !== "this");
  const end = parameters.findIndex(
    ({ initializer, dotDotDotToken }) => initializer !== undefined || dotDotDotToken !== undefined,
  );
  return whole(end < 0 ? parameters.length : end);
}

/** Its own, or that of what it is made for; null where that is not a plain name. */
function nameOf({ ts: tsc }: Context, called: ts.FunctionLikeDeclaration): string | null {
  const { name } = called;
  if (name !== undefined) return tsc.isIdentifier(name) ? name.text : null;
  let { parent }: { parent: ts.Node } = called;
  while (tsc.isParenthesizedExpression(parent)) ({ parent } = parent);
  if (tsc.isVariableDeclaration(parent) || tsc.isPropertyAssignment(parent))
    return tsc.isIdentifier(parent.name) ? parent.name.text : null;
  return tsc.isCallExpression(parent) ? "" : null;
}
