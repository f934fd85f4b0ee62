/**
 * Generators: going through what one gives is its body, written out, with what is done with a value in place of each
 * `yield`. What needs all of the values at once collects them in an array.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { suggested } from "../../ir/builder.js";
import type { Atom, Hint, MemoryShape } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { keyOfIndex, pushElement, zero } from "../arrays/array-growth.js";
import { emptyArray } from "../arrays/array-spread.js";
import { allocateElements } from "../arrays/elements.js";
import { leaveAlways } from "./calls.js";
import {
  type Outcome,
  type Rest,
  andThen,
  arrive,
  fell,
  jumpsOf,
  makeExit,
  withRest,
} from "../control/control.js";
import {
  type Context,
  type LoopJumps,
  type Yielding,
  onStatement,
  poison,
  refuse,
  refuseExpression,
} from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { activate, bodyOf, hasRoom, lowerBody } from "./inline.js";
import { settle } from "../control/openings.js";
import { mayInterleave } from "./interleaving.js";
import { callCompanion } from "./companions.js";
import { overSteps } from "./hand-iterators.js";
import { lowerIterable } from "./iterators.js";
import { listed } from "../arrays/keyed-lists.js";
import { assignedIn } from "../control/loop-assigned.js";
import { emitIndexLoop } from "../control/loops.js";
import { lengthOf, loadCell, loadLength } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import type { Bound, Generated, GeneratorCall } from "../scope.js";
import { callsItself } from "./recursion.js";
import { isStraight, valuesOf } from "./taken.js";
import { shapeOf } from "../types/shapes.js";
import { type RefValue, apply, atomOf, isRef } from "../values.js";

/** What is done with each value, which is made for a name. */
export interface Taking {
  readonly take: Yielding["take"];
  /** The text that does it, and the loop that `break` leaves. */
  readonly text: ts.Node | null;
  readonly collector?: RefValue;
  /** It takes no more than it needs. */
  readonly leaves?: boolean;
}

/** Goes through what a generator gives. */
export function goThrough(cx: Context, node: ts.Node, generated: Generated, taking: Taking): Outcome {
  const { take, text, collector = null, leaves = false } = taking;
  if (!isFirstUse(cx, node, generated)) return fell;
  const jumps = text === null ? null : jumpsOf(cx, text);
  const breaks = makeExit(cx, `${cx.frame.prefix}broke`);
  const outer = cx.yields?.mayLeave === true && jumps?.yields === true;
  const yields: Yielding = {
    take,
    breaks,
    consumer: cx,
    place: node,
    collector,
    text,
    mayContinue: jumps !== null && (jumps.continues || jumps.labels),
    mayLeave: leaves || (jumps !== null && (jumps.breaks || jumps.returns || jumps.labels || outer)),
  };
  return settle(cx, arrive(cx, breaks, run(cx, node, generated, yields)));
}

function run(cx: Context, node: ts.Node, generated: Generated, yields: Yielding): Outcome {
  const { of } = generated;
  if (of.kind === "value") return isRef(of) ? overElements({ ...cx, yields }, node, of, null) : fell;
  if (of.kind === "iterator") {
    const inner = { ...cx, yields };
    return overSteps(inner, node, of.next, (value, rest) => takeOne(inner, node, value, rest));
  }
  const { closure } = of;
  if (callsItself(cx, closure.node)) return runCalled(cx, node, generated, of, yields);
  const body = bodyOf(cx, closure, generated.node);
  if (body === null) return fell;
  const { inner, exit } = activate(cx, { ...closure, prefix: "" }, of.args, generated.node, null);
  return arrive(cx, exit, lowerBody({ ...inner, yields }, body));
}

/** A generator that calls itself is a function, which puts its values in an array. */
function runCalled(
  cx: Context,
  node: ts.Node,
  { node: at }: Generated,
  { closure, args }: GeneratorCall,
  yields: Yielding,
): Outcome {
  const { collector } = yields;
  if (collector !== null) {
    callCompanion(cx, closure, args, at, null, collector);
    return fell;
  }
  if (mayInterleave(cx, closure.node, yields)) {
    const reason = "gives values one by one, in turns with code that may change what it reads";
    refuse(cx, "recursion", at, { name: closure.name ?? "function", reason });
    return fell;
  }
  const shape = collectedShape(cx, at);
  const out = shape === null ? null : emptyArray(cx, shape, at, suggested("values"));
  if (out === null) {
    refuseExpression(cx, at, "generator of values whose type is not known");
    return fell;
  }
  callCompanion(cx, closure, args, at, null, out);
  return overElements({ ...cx, yields }, node, out, null);
}

/** In a function that puts what it yields in an array. */
export function collecting(cx: Context, out: RefValue, node: ts.Node): Context {
  const yields: Yielding = {
    take: takingInto(cx, out, node),
    breaks: makeExit(cx, "broke"),
    consumer: cx,
    place: node,
    text: null,
    collector: out,
    mayContinue: false,
    mayLeave: false,
  };
  return { ...cx, yields };
}

function takingInto(cx: Context, out: RefValue, node: ts.Node): Yielding["take"] {
  return (value, _, rest) => {
    pushElement(cx, out, atomOf(cx, value(null), node), node);
    return rest?.() ?? fell;
  };
}

export function collectedShape(cx: Context, node: ts.Node): MemoryShape | null {
  const element = yieldedType(cx, cx.checker.getTypeAtLocation(node));
  const shape = element === null ? null : shapeOf(element, node, cx.unit.project);
  return shape === null || shape.kind === "unsupported"
    ? null
    : { kind: "array", element: shape, storage: "Array" };
}

/** What has been gone through gives nothing more. */
function isFirstUse(cx: Context, node: ts.Node, generated: Generated): boolean {
  const isAgain = generated.use.isUsed || cx.unit.loopDepths.some((depth) => depth >= generated.depth);
  generated.use.isUsed = true;
  const at = cx.ts.isForOfStatement(node) ? node.expression : node;
  if (isAgain) refuseExpression(cx, at, "second use of what a generator has given");
  return !isAgain;
}

/** `yield e;` and `yield* e;` as statements, and then `rest`. */
export function lowerYield(cx: Context, node: ts.YieldExpression, rest: Rest): Outcome {
  const { expression } = node;
  if (cx.yields === null) {
    refuse(cx, "generator", node, { name: excerpt(node) });
    return fell;
  }
  if (node.asteriskToken === undefined || expression === undefined) {
    const give = (hint: Hint | null): Bound =>
      expression === undefined ? undefinedLiteral : lowerExpression(cx, expression, hint);
    return takeOne(cx, node, give, rest);
  }
  const here = onStatement(cx, node);
  const source = lowerIterable(here, expression);
  if (source.kind === "generated") {
    if (!isFirstUse(cx, node, source)) return fell;
    return andThen(cx, node, run(cx, node, source, cx.yields), rest);
  }
  const bound = listed(here, source, expression, null);
  if (isRef(bound) && bound.type.shape.kind === "array") return overElements(here, node, bound, rest);
  if (isRef(bound) && bound.type.shape.kind === "tuple") return overTuple(here, node, bound, 0, rest);
  if (bound !== poison)
    refuseExpression(cx, expression, "`yield*` of what is neither an array nor a generator");
  return fell;
}

function takeOne(cx: Context, node: ts.Node, give: (hint: Hint | null) => Bound, rest: Rest): Outcome {
  const { yields } = cx;
  if (yields === null || !hasRoom(cx, node, cx.frame.closure?.name ?? "generator")) return fell;
  // At the end of an iteration of the generator, the next value is that of its next iteration.
  const own = isLastInLoop(cx, node) ? cx.continues : null;
  const continues = own ?? makeExit(cx, `${cx.frame.prefix}continued`);
  const jumps: LoopJumps = { breaks: yields.breaks, continues };
  if (!yields.mayContinue || own !== null) return yields.take(give, jumps, rest);
  return andThen(cx, node, arrive(cx, continues, yields.take(give, jumps, null)), rest);
}

function isLastInLoop({ ts: tsc }: Context, node: ts.Node): boolean {
  const { parent } = node;
  // What `yield*` goes through has a loop of its own.
  if (!tsc.isYieldExpression(node) || node.asteriskToken !== undefined) return false;
  if (!tsc.isExpressionStatement(parent)) return false;
  const { parent: holder } = parent;
  const isInBlock = tsc.isBlock(holder) && holder.statements.at(-1) === parent;
  const whole = isInBlock ? holder : parent;
  return tsc.isIterationStatement(whole.parent, false) && whole.parent.statement === whole;
}

/** Each element of a tuple, one behind the other. */
function overTuple(cx: Context, node: ts.Node, ref: RefValue, from: number, rest: Rest): Outcome {
  if (from === lengthOf(cx, ref)) return rest?.() ?? fell;
  const give = (hint: Hint | null): Bound => loadCell(cx, ref, from, node, hint);
  const next = (): Outcome => overTuple(cx, node, ref, from + 1, rest);
  return withRest(cx, node, (then) => takeOne(cx, node, give, then), next);
}

/** Each element of an array, up to what its length is each time. */
function overElements(cx: Context, node: ts.Node, ref: RefValue, rest: Rest): Outcome {
  const outcome = emitIndexLoop(cx, node, {
    from: zero,
    name: null,
    test: (index) => apply(cx, ops.lt, [index, loadLength(cx, ref, node)], node),
    body: (index: Atom, _, then) =>
      takeOne(cx, node, (hint) => loadCell(cx, ref, keyOfIndex(index), node, hint), then),
    assigned: assignedIn(cx, []),
  });
  return andThen(cx, node, outcome, rest);
}

/** All values, in a new array. */
export function collect(
  cx: Context,
  generated: Generated,
  node: ts.Expression,
  hint: Hint | null,
  source: ts.Expression = node,
): Bound {
  if (isStraight(cx, generated)) {
    const values = valuesOf(cx, generated, source);
    return values === null ? poison : allocateElements(cx, node, values, hint);
  }
  const shape = collectedShape(cx, source);
  if (shape === null) return refuseExpression(cx, node, "generator of values whose type is not known");
  const out = emptyArray(cx, shape, node, hint);
  collectInto(cx, generated, out, source);
  return out;
}

/** What an expression gives; the values of a generator in an array. */
export function lowerCollected(cx: Context, node: ts.Expression): Bound {
  const bound = lowerIterable(cx, node);
  return bound.kind === "generated" ? collect(cx, bound, node, null) : bound;
}

/** All values, at the end of an array. */
export function collectInto(cx: Context, generated: Generated, out: RefValue, node: ts.Expression): void {
  const outcome = goThrough(cx, node, generated, {
    text: null,
    collector: out,
    take: takingInto(cx, out, node),
  });
  if (outcome.end !== null) leaveAlways(cx, outcome.end);
}

/** The type of the values that something gives which can be iterated over. */
export function yieldedType(cx: Context, type: ts.Type): ts.Type | null {
  const name = (type.symbol as ts.Symbol | undefined)?.name ?? "";
  if (/^(?:Generator|Iterable|Iterator|IteratorObject|IterableIterator|ArrayIterator)$/u.test(name)) {
    const [element] = cx.checker.getTypeArguments(type as ts.TypeReference);
    return element ?? null;
  }
  const iterator = type.getProperties().find((each) => each.name.startsWith("__@iterator"));
  const signature =
    iterator === undefined ? undefined : cx.checker.getTypeOfSymbol(iterator).getCallSignatures()[0];
  return signature === undefined ? null : yieldedType(cx, cx.checker.getReturnTypeOfSignature(signature));
}
