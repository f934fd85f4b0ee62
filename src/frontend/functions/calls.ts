/** Calls: the function that is called must be known while compiling. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean, suggested } from "../../ir/builder.js";
import type { End, Hint } from "../../ir/types.js";
import { isKeyed } from "../../ir/shapes.js";
import * as ops from "../../ops/scalar.js";
import { lowerArrayFrom, lowerFilled, lowerNewArray } from "../arrays/array-making.js";
import { lowerArrayMethod } from "../arrays/array-methods.js";
import { type Part, foldSpread, hypotOfSpread, isOpenSpread, partsOfCall } from "../arrays/array-spread.js";
import { lowerBuiltin } from "../expressions/builtins.js";
import { type Context, poison, refuse, refuseExpression, unset } from "../context.js";
import { lowerCallback, lowerConsole } from "../control/effects.js";
import { lowerExpression } from "../expressions/expressions.js";
import { inlineCall, valueParameters } from "./inline.js";
import { lowerRuled } from "../targets/rule-calls.js";
import { overChoice, throwAlways } from "./functions.js";
import { isUnfit, unfitCall, withoutUnfit } from "./unfit-arguments.js";
import { functionOf, openKept, readHeld } from "./kept-calls.js";
import { lowerOpenArguments, takenBy } from "./open-arguments.js";
import { lowerFunctionMethod } from "./function-methods.js";
import { lowerStep } from "./cursors.js";
import { lowerFirstStep } from "./first-step.js";
import { lowerIterator } from "./iterators.js";
import { lowerListMethod } from "../arrays/lists.js";
import { withArgumentClasses } from "../classes/known-classes.js";
import { lowerElements } from "../arrays/elements.js";
import { type Bound, type Static, isAtom } from "../scope.js";
import { memberOf } from "../expressions/properties.js";
import { lowerJsonCopy } from "../records/structured-clone.js";
import { lowerOwnKey } from "../records/own-keys.js";
import { type KeyedRef, isKeyedRef } from "../records/keyed.js";
import { callOfKeyed, lowerKeyedCall, mayBeKeyed } from "../records/keyed-calls.js";
import { lowerListedMethod } from "../records/keyed-callbacks.js";
import { lowerFromEntries } from "../records/new-map.js";
import { lowerPatternMethod } from "../expressions/text-patterns.js";
import { lowerTextMethod, methodOfText } from "../expressions/strings.js";
import { lowerWrittenText } from "../expressions/written-texts.js";
import { followChain, openBase } from "../expressions/optional-chains.js";
import { bare } from "../syntax.js";
import { lowerStop } from "../control/stops.js";
import { isMatch, libraryName } from "../types/array-shapes.js";
import { typedStorage } from "../arrays/storage.js";
import { moduleOf } from "../project/common-modules.js";
import { isRef, narrowed, present, referenceOf } from "../values.js";

/** Called for a function that never returns, with how it leaves. */
export type OnLeft = (end: End) => void;

/** Lowers a call; a value made for its result gets the hint. */
export function lowerCall(cx: Context, node: ts.CallExpression, hint: Hint | null, onLeft?: OnLeft): Bound {
  if (node.expression.kind === cx.ts.SyntaxKind.ImportKeyword)
    return refuseExpression(cx, node, "dynamic import");
  if (node.expression.kind === cx.ts.SyntaxKind.SuperKeyword) {
    return refuse(cx, "classMember", node, { what: "`super`" });
  }
  const callback = lowerCallback(cx, node);
  if (callback !== null) return callback;
  const base = openBase(cx, node);
  if (base !== null) return followChain(cx, node, base, hint, (inner, own) => lowerCall(inner, node, own));
  const special =
    lowerConsole(cx, node) ??
    lowerWrittenText(cx, node, hint) ??
    lowerIterator(cx, node) ??
    lowerFirstStep(cx, node, hint) ??
    lowerStep(cx, node, hint) ??
    lowerJsonCopy(cx, node, hint) ??
    lowerStop(cx, node, hint) ??
    lowerListedMethod(cx, node, hint) ??
    lowerArrayCall(cx, node, hint) ??
    lowerPatternMethod(cx, node, hint) ??
    lowerTextMethod(cx, node, hint) ??
    lowerKeyedCall(cx, node, hint) ??
    lowerOwnKey(cx, node, hint) ??
    lowerFromEntries(cx, node, hint) ??
    lowerFunctionMethod(cx, node, hint);
  if (special !== null) return special;
  const method = lowerUntypedMethod(cx, node, hint);
  if (method?.kind === "done") return method.bound;
  const value = method === null ? lowerExpression(cx, node.expression) : method.bound;
  const callee = functionOf(cx, value, node) ?? value;
  // Refused already, or never reached.
  if (callee === poison || callee === unset) {
    for (const argument of node.arguments) if (!isFunction(cx, argument)) lowerArgument(cx, argument);
    return callee;
  }
  if (isAtom(callee)) return refuse(cx, "unknownCallee", node, { code: excerpt(node) });
  return narrowed(cx, callOnce(cx, callee, node, hint, onLeft), node, hint);
}

/** Evaluates the arguments for the function, and calls it. */
function callOnce(
  cx: Context,
  callee: Static,
  node: ts.CallExpression,
  hint: Hint | null,
  onLeft?: OnLeft,
): Bound {
  if (node.arguments.some((each) => isOpenSpread(cx, each))) {
    // How many of the elements a function takes is its own matter.
    if (callee.kind === "choice")
      return overChoice(cx, callee, node, (one) => callOnce(cx, one, node, null), hint);
    const spread = callSpread(cx, callee, partsOfCall(cx, node), node, hint);
    if (spread !== null) return spread;
  }
  const hints = (i: number): Hint | null => argumentHint(cx, callee, i);
  const args =
    lowerOpenArguments(cx, takenBy(cx, callee), node, hints) ?? lowerElements(cx, node.arguments, hints);
  if (args === null) return poison;
  const leave =
    onLeft ??
    ((end: End) => {
      leaveAlways(cx, end);
    });
  return callStatic(withArgumentClasses(cx, args, node.arguments), callee, args, node, hint, leave);
}

/**
 * `xs.map(f)` on what has no type, as in JavaScript, or `cache.get(k)` on what may be a map: the value says what it is.
 * Gives the result, or the function that is called; null for other calls.
 */
function lowerUntypedMethod(
  cx: Context,
  node: ts.CallExpression,
  hint: Hint | null,
): { readonly kind: "done" | "callee"; readonly bound: Bound } | null {
  const { expression } = node;
  if (!cx.ts.isPropertyAccessExpression(expression) || cx.ts.isOptionalChain(node)) return null;
  const isUntyped = (cx.checker.getTypeAtLocation(expression.expression).flags & cx.ts.TypeFlags.Any) !== 0;
  if (!isUntyped && !mayBeKeyed(cx, expression)) return null;
  if (isUntyped && moduleOf(cx.unit.project, expression.expression) !== null) return null;
  const receiver = lowerExpression(cx, expression.expression);
  const bound = isAtom(receiver) ? present(cx, receiver, expression.expression) : receiver;
  const isMap = bound.kind === "map" || (bound !== poison && isKeyedRef(bound) && !isRecord(bound));
  if (isMap) {
    const found = callOfKeyed(cx, bound, node, expression, hint) ?? poison;
    return { kind: "done", bound: narrowed(cx, found, node, hint) };
  }
  if (!isUntyped) return { kind: "callee", bound: memberOf(cx, bound, expression, null) };
  const called =
    lowerMethodOfArray(cx, bound, node, expression, hint) ??
    (isAtom(bound) && bound !== poison ? methodOfText(cx, bound, node, expression, hint) : null);
  if (called !== null) return { kind: "done", bound: called };
  return { kind: "callee", bound: memberOf(cx, bound, expression, null) };
}

function isRecord({ type: { shape } }: KeyedRef): boolean {
  return shape.storage === "Record";
}

/** A method of an array, a tuple or a list; null for those of other values. */
function lowerMethodOfArray(
  cx: Context,
  bound: Bound,
  node: ts.CallExpression,
  { name }: ts.PropertyAccessExpression,
  hint: Hint | null,
): Bound | null {
  if (bound.kind === "list") return lowerListMethod(cx, bound, name.text, node, hint);
  if (!isRef(bound) || bound.type.shape.kind === "object" || isKeyed(bound.type.shape)) return null;
  return (
    lowerArrayMethod(cx, bound, name.text, node, hint) ??
    refuse(cx, "arrayMethod", name, { method: name.text })
  );
}

/** Calls that make arrays, and calls of their methods; null for all others. */
function lowerArrayCall(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  const made = lowerFilled(cx, node, hint) ?? lowerArrayFrom(cx, node, hint) ?? lowerNewArray(cx, node, hint);
  if (made !== null) return made;
  const { expression } = node;
  if (!cx.ts.isPropertyAccessExpression(expression)) return null;
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(expression.expression));
  if (!isArrayLike(cx, type)) return null;
  const bound = lowerExpression(cx, expression.expression);
  const ref = bound.kind === "list" ? bound : referenceOf(cx, bound, expression.expression);
  const result = ref === null ? poison : lowerMethodOfArray(cx, ref, node, expression, hint);
  return result === null || result.kind === "list" ? result : narrowed(cx, result, node, hint);
}

function isArrayLike(cx: Context, type: ts.Type): boolean {
  if (type.isUnion()) return type.types.every((each) => isArrayLike(cx, each));
  if (cx.checker.isArrayType(type) || cx.checker.isTupleType(type)) return true;
  const name = (type.symbol as ts.Symbol | undefined)?.name ?? null;
  return typedStorage(name) !== null || isMatch(libraryName(type, cx.unit.project));
}

/** `Math.max(...xs)`; null for functions that do not go over all of their arguments. */
export function callSpread(
  cx: Context,
  callee: Static,
  parts: readonly Part[],
  node: ts.CallExpression,
  hint: Hint | null,
): Bound | null {
  if (callee.kind !== "builtin") return null;
  switch (callee.name) {
    case "Math.max":
      return foldSpread(cx, ops.max, -Infinity, parts, hint);
    case "Math.min":
      return foldSpread(cx, ops.min, Infinity, parts, hint);
    case "Math.hypot":
      return parts[0]?.isSpread === true ? hypotOfSpread(cx, parts, node, hint) : null;
    default:
      return null;
  }
}

function lowerArgument(cx: Context, node: ts.Expression): void {
  lowerExpression(cx, cx.ts.isSpreadElement(node) ? node.expression : node);
}

function isFunction(cx: Context, node: ts.Expression): boolean {
  return cx.ts.isFunctionLike(bare(cx.ts, node));
}

/** Calls a function that is known, with arguments that are evaluated. */
export function callStatic(
  cx: Context,
  callee: Static,
  args: readonly Bound[],
  node: ts.CallExpression,
  hint: Hint | null,
  onLeft: OnLeft,
): Bound {
  switch (callee.kind) {
    case "closure":
      return inlineCall(cx, callee, args, node, hint, onLeft);
    case "ruled":
      return lowerRuled(cx, callee, args, node, hint);
    case "builtin":
      return lowerBuiltin(cx, callee.name, args, node, hint);
    case "partial":
      return callStatic(cx, callee.callee, [...callee.args, ...args], node, hint, onLeft);
    case "kept": {
      if (isUnfit(cx, callee, args)) return throwAlways(cx, unfitCall(node));
      const opened = openKept(cx, callee, node);
      return opened === null ? poison : callStatic(cx, opened, args, node, hint, onLeft);
    }
    case "held": {
      const read = readHeld(cx, callee, node);
      const { object, of } = callee;
      const facts = of === null ? cx.facts : new Map([...cx.facts, [object.id, [of]] as const]);
      return read === null ? poison : callStatic({ ...cx, facts }, read, args, node, hint, onLeft);
    }
    case "choice":
      return overChoice(
        cx,
        withoutUnfit(cx, callee, args, node),
        node,
        (chosen) =>
          callStatic(cx, chosen, args, node, null, (end) => {
            leaveAlways(cx, end);
          }),
        hint,
      );
    case "list":
    case "perhaps":
    case "map":
    case "generated":
    case "class":
    case "draft":
    case "error":
    case "namespace":
    case "unknown":
      return refuse(cx, "unknownCallee", node, { code: excerpt(node) });
  }
}

/** Within an expression, what follows is never reached. */
export function leaveAlways(cx: Context, end: End): void {
  cx.unit.builder.guard(boolean(true), { instrs: [], end }, cx.statement);
}

/** An argument that has to be bound is called by the parameter. */
function argumentHint(cx: Context, callee: Static, index: number): Hint | null {
  if (callee.kind === "ruled") {
    const { callee: names, params } = callee.rule;
    return suggested(`${names.at(-1) ?? ""}_${params[index]?.name ?? ""}`);
  }
  if (callee.kind !== "closure") return null;
  const name = valueParameters(cx, callee.node.parameters)[index]?.name;
  if (name === undefined || !cx.ts.isIdentifier(name)) return null;
  return suggested(`${callee.prefix}${name.text}`);
}
