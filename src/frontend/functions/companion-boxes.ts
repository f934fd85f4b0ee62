/**
 * Variables from outside that a function which is called assigns. While it runs, each lies in an object that goes from
 * caller to callee: the function reads it when it begins, and writes it back before it calls or returns.
 */
import type { ts } from "ts-morph";
import { declared, suggested } from "../../ir/builder.js";
import type { Atom, ObjectShape, Shape, Value } from "../../ir/types.js";
import type { CompanionFunction } from "./companions.js";
import { type Context, poison, refuse, unset } from "../context.js";
import { allocate } from "../expressions/literals.js";
import { loadCell, shapeOfType, storeCell } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import { type Bound, type Variable, isAtom } from "../scope.js";
import { shapeOf } from "../types/shapes.js";
import { isRef } from "../values.js";

const cell = "value";

/** What a variable holds, to be put into its object; null, and a report, where that is no value. */
export function boxed(cx: Context, variable: Variable, node: ts.Node): Value | null {
  const own = cx.unit.boxes.get(variable);
  const found = cx.unit.environment.get(variable);
  const held = found === unset ? undefinedLiteral : found;
  const shape = held === undefined ? null : shapeHeld(cx, variable, held, node);
  if (held === undefined || !isAtom(held) || shape === null) {
    refuse(cx, "recursion", node, {
      name: cx.frame.closure?.name ?? "function",
      reason: `changes \`${variable.name}\`, which is declared outside of it and has no value at the call`,
    });
    return null;
  }
  if (own !== undefined) {
    put(cx, own, held, node);
    return own;
  }
  const whole: ObjectShape = { kind: "object", fields: [{ name: cell, shape }] };
  const entries = [{ name: cell, value: held }];
  return allocate(cx, whole, entries, node, suggested(`${variable.name}_box`));
}

/** What the variable may hold: of one that holds nothing yet, its type says so. */
function shapeHeld(cx: Context, { symbol }: Variable, held: Bound, node: ts.Node): Shape | null {
  if (!isAtom(held)) return null;
  if (held.type.kind !== "nothing") return shapeOfType(held.type);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined) return null;
  const type = cx.checker.getTypeOfSymbolAtLocation(symbol, declaration);
  const shape = shapeOf(type, node, cx.unit.project);
  return shape.kind === "maybe" ? shape : null;
}

/** After a call, and where a function begins: the variables hold what lies in the objects. */
export function unbox(cx: Context, boxes: ReadonlyMap<Variable, Value>, node: ts.Node): void {
  for (const [variable, box] of boxes) {
    if (!isRef(box)) continue;
    cx.unit.environment.set(variable, loadCell(cx, box, cell, node, declared(variable.name)));
  }
}

/** Where a function ends. */
export function saveBoxes(cx: Context, node: ts.Node): void {
  for (const [variable, box] of cx.unit.boxes) {
    const held = cx.unit.environment.get(variable);
    if (held !== undefined && isAtom(held)) put(cx, box, held, node);
  }
}

function put(cx: Context, box: Value, held: Atom, node: ts.Node): void {
  if (isRef(box) && held !== poison) storeCell(cx, box, cell, held, node);
}

/** Variables that the function and its caller both see, in the objects for a call. */
export function boxesFor(
  cx: Context,
  { boxes }: CompanionFunction,
  node: ts.Node,
): ReadonlyMap<Variable, Value> | null {
  const made = new Map<Variable, Value>();
  for (const variable of boxes.keys()) {
    const box = boxed(cx, variable, node);
    if (box === null) return null;
    made.set(variable, box);
  }
  return made;
}
