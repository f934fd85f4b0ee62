/** Objects that become text by a `toString` of their own: `` `division by ${z}` ``, `"" + z`, `String(z)`. */
import type { ts } from "ts-morph";
import { isKeyed } from "../../ir/shapes.js";
import type { Atom, Hint } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import * as steering from "../../ops/steering.js";
import { computedMember } from "../classes/class-members.js";
import { memberNamed as classMember } from "../classes/classes.js";
import { eachError, isOfErrors } from "../classes/kept-errors.js";
import { type Context, poison } from "../context.js";
import { branch } from "../control/join.js";
import { leaveAlways } from "../functions/calls.js";
import { overChoice } from "../functions/functions.js";
import { inlineCall } from "../functions/inline.js";
import { openKept, readHeld } from "../functions/kept-calls.js";
import { loadMember } from "../memory.js";
import { isOfLibrary, stringLiteral, symbolOf } from "../names.js";
import { type Bound, type ErrorValue, type Static, isAtom } from "../scope.js";
import { type RefValue, apply, atomOf, isRef, present } from "../values.js";

/** What the object's `toString` gives; null for one that has none, and for what is no object. */
export function textOfObject(cx: Context, bound: Bound, node: ts.Node): Atom | null {
  if (isOfErrors(cx, bound)) {
    const text = eachError(cx, bound, node, (error) => textOfError(cx, error, node) ?? poison);
    return text === null || text === poison ? null : atomOf(cx, text, node);
  }
  const atom = bound.kind === "value" ? present(cx, bound, node) : bound;
  if (!isRef(atom) || atom.type.shape.kind !== "object" || isKeyed(atom.type.shape)) return null;
  // Where numbers are wanted too, JavaScript asks for this first.
  if (isJoined(cx, node) && memberNamed(cx, atom, "valueOf", node) !== null) return null;
  const method = memberNamed(cx, atom, "toString", node);
  if (method === null || method === poison) return method;
  if (isAtom(method)) return null;
  return atomOf(cx, callWithout(cx, method, node, null), node);
}

function memberNamed(cx: Context, ref: RefValue, name: string, node: ts.Node): Bound | null {
  return loadMember(cx, ref, name) ?? computedMember(cx, ref, { kind: "implied", owner: node, name }, null);
}

/** As the library has it; null for one of which that is not known, and for a class with a `toString`. */
function textOfError(cx: Context, error: ErrorValue, node: ts.Node): Atom | null {
  const hasOwn = error.class !== null && classMember(cx, error.class, "toString", false) !== null;
  const held = (each: string): Bound | undefined => {
    const variable = error.cells.get(each);
    return variable === undefined ? undefined : cx.unit.environment.get(variable);
  };
  const name = error.name === undefined ? held("name") : stringLiteral(error.name);
  const message = held("message");
  if (hasOwn || !isText(name) || !isText(message)) return null;
  const isEmpty = (text: Atom): Atom => apply(cx, ops.eq, [text, stringLiteral("")], node);
  const both = (): Bound => apply(cx, steering.template, [name, stringLiteral(": "), message], node);
  const named = (): Bound => branch(cx, node, isEmpty(message), () => name, both, null);
  return atomOf(
    cx,
    branch(cx, node, isEmpty(name), () => message, named, null),
    node,
  );
}

function isText(bound: Bound | undefined): bound is Atom {
  return bound !== undefined && isAtom(bound) && bound.type.kind === "string";
}

/** Calls the function without arguments. */
function callWithout(cx: Context, callee: Static, node: ts.Node, hint: Hint | null): Bound {
  switch (callee.kind) {
    case "closure":
      return inlineCall(cx, callee, [], node, hint, (end) => {
        leaveAlways(cx, end);
      });
    case "choice":
      return overChoice(cx, callee, node, (one) => callWithout(cx, one, node, null), hint);
    case "kept":
    case "held": {
      const opened = callee.kind === "kept" ? openKept(cx, callee, node) : readHeld(cx, callee, node);
      return opened === null ? poison : callWithout(cx, opened, node, hint);
    }
    default:
      return poison;
  }
}

/** An operand of `+`. */
function isJoined({ ts: tsc }: Context, node: ts.Node): boolean {
  const { parent } = node;
  return tsc.isBinaryExpression(parent);
}

/** What the expression gives is made text by what is around it. */
export function becomesText(cx: Context, node: ts.Node): node is ts.Expression {
  const { ts: tsc, checker } = cx;
  const { parent } = node;
  if (tsc.isTemplateSpan(parent)) return parent.expression === node;
  if (tsc.isBinaryExpression(parent))
    return (
      node !== parent.operatorToken &&
      parent.operatorToken.kind === tsc.SyntaxKind.PlusToken &&
      (checker.getTypeAtLocation(parent).flags & tsc.TypeFlags.StringLike) !== 0
    );
  if (!tsc.isCallExpression(parent) || !tsc.isIdentifier(parent.expression)) return false;
  const symbol = symbolOf(cx, parent.expression);
  return parent.expression.text === "String" && symbol !== null && isOfLibrary(cx, symbol);
}
