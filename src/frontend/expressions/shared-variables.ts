/**
 * Variables that functions in memory share with the code around, since one of both assigns them: what such a variable
 * holds lies in an object with one field, which both refer to.
 */
import type { ts } from "ts-morph";
import { type Context, poison, refuse, unset } from "../context.js";
import { placeholder } from "../control/join.js";
import { loadRaw, shapeOfType, storeCell } from "../memory.js";
import type { Atom } from "../../ir/types.js";
import { type Bound, type Variable, isAtom } from "../scope.js";
import { shapeOf } from "../types/shapes.js";
import { isBindingPattern } from "../syntax.js";
import { atomOf, isRef, there } from "../values.js";
import { allocate } from "./literals.js";

const cell = "value";

/** A parameter, or `let x = …` in a function, but for the head of a loop. */
export function canBeShared({ ts: tsc }: Context, { valueDeclaration }: ts.Symbol): boolean {
  let declaration: ts.Node | undefined = valueDeclaration;
  while (
    declaration !== undefined &&
    (tsc.isBindingElement(declaration) || isBindingPattern(tsc, declaration))
  )
    declaration = declaration.parent;
  if (declaration === undefined) return false;
  if (tsc.isParameter(declaration))
    return !tsc.isParameterPropertyDeclaration(declaration, declaration.parent);
  const list = declaration.parent;
  if (!tsc.isVariableDeclaration(declaration) || !tsc.isVariableDeclarationList(list)) return false;
  const isLet = (list.flags & tsc.NodeFlags.Let) !== 0;
  const isInFunction = tsc.findAncestor(list, (each) => tsc.isFunctionLike(each)) !== undefined;
  return isLet && isInFunction && tsc.isVariableStatement(list.parent);
}

/** Gives a variable its first value. */
export function begin(cx: Context, variable: Variable, bound: Bound, node: ts.Node): void {
  if (variable.isShared === true) makeShared(cx, variable, bound, node);
  else cx.unit.environment.set(variable, bound);
}

function makeShared(cx: Context, variable: Variable, bound: Bound, name: ts.Node): void {
  const value = bound === unset ? blank(cx, name) : atomOf(cx, bound, name);
  const { environment } = cx.unit;
  if (value === poison) {
    environment.set(variable, poison);
    return;
  }
  const fields = [{ name: cell, shape: shapeOfType(value.type) }];
  const entries = [{ name: cell, value }];
  environment.set(variable, allocate(cx, { kind: "object", fields }, entries, name, variable.hint));
}

/** What TypeScript lets nobody read. */
function blank(cx: Context, name: ts.Node): ReturnType<typeof placeholder> {
  const shape = shapeOf(cx.checker.getTypeAtLocation(name), name, cx.unit.project);
  return shape.kind === "real" || shape.kind === "bool" || shape.kind === "string"
    ? placeholder(shape)
    : placeholder({ kind: "nothing" });
}

export function readShared(cx: Context, variable: Variable, node: ts.Node): Bound {
  const box = boxOf(cx, variable, node);
  return isRef(box) ? loadRaw(cx, box, cell, node, null) : poison;
}

export function writeShared(cx: Context, variable: Variable, bound: Bound, node: ts.Node): Bound {
  if (cx.unit.environment.get(variable) === undefined) {
    makeShared(cx, variable, bound, node);
    return bound;
  }
  const value = atomOf(cx, bound, node);
  const box = boxOf(cx, variable, node);
  if (!isRef(box)) return poison;
  storeCell(cx, box, cell, value, node);
  return value;
}

/** The object; behind arms of which only some make it, it is there wherever one of its functions runs. */
export function boxOf(cx: Context, variable: Variable, node: ts.Node): Atom {
  const bound = cx.unit.environment.get(variable) ?? poison;
  const box = isAtom(bound) && bound.kind === "value" ? there(cx, bound, node) : bound;
  if (isAtom(box) && (isRef(box) || box === poison)) return box;
  return refuse(cx, "keptVariable", node, { name: variable.name });
}
