/** Calls of methods of arrays: their arguments, and callbacks that run over the elements. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { suggested } from "../../ir/builder.js";
import type { Atom, Hint } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { keyOfIndex, one, zero } from "./array-growth.js";
import { callStatic } from "../functions/calls.js";
import { type Context, type LoopJumps, poison, refuse } from "../context.js";
import { type Outcome, type Rest, choose, fell, goOn } from "../control/control.js";
import { lowerExpression } from "../expressions/expressions.js";
import { assignedIn } from "../control/loop-assigned.js";
import { countedLoop, lowerLoop } from "../control/loops.js";
import { loadCell, loadLength } from "../memory.js";
import { functionOf } from "../functions/kept-calls.js";
import { type Bound, type Static, type Variable, isAtom } from "../scope.js";
import { type RefValue, apply, atomOf, not, numberOf, there } from "../values.js";

/** A call of a method of the array or tuple `ref`. */
export interface Call {
  readonly cx: Context;
  readonly ref: RefValue;
  readonly node: ts.CallExpression;
  readonly hint: Hint | null;
  /** What stands for an element, where `ref` has only the keys. */
  readonly item?: (index: Atom, hint: Hint | null) => Bound;
}

/** The element at an index. */
export function elementAt({ cx, ref, node, item }: Call, index: Atom, hint: Hint | null): Bound {
  return item === undefined ? loadCell(cx, ref, keyOfIndex(index), node, hint) : item(index, hint);
}

export function argument({ cx, node }: Call, index: number): Bound | null {
  const expression = node.arguments[index];
  return expression === undefined ? null : lowerExpression(cx, expression);
}

export function numberArgument(call: Call, index: number): Atom | null {
  const bound = argument(call, index);
  return bound === null ? null : numberOf(call.cx, bound, call.node.arguments[index] ?? call.node);
}

/** The function that is the argument, known while compiling. */
export function callbackOf(call: Call, index = 0): Static | null {
  const { cx, node } = call;
  const bound = argument(call, index);
  if (bound === null || bound === poison) return null;
  const callback = functionOf(cx, bound, node) ?? bound;
  if (!isAtom(callback)) return callback;
  refuse(cx, "unknownCallee", node.arguments[index] ?? node, { code: excerpt(node) });
  return null;
}

export interface Each {
  readonly index: Atom;
  readonly jumps: LoopJumps;
  /** What follows in the iteration, for a branch that goes on. */
  readonly rest: Rest;
  /** Calls the callback with what comes before the element, the element, its index and the array. */
  readonly call: (hint: Hint | null, ...before: readonly Bound[]) => Bound;
  readonly element: () => Bound;
}

export interface Iterating {
  readonly callback: Static;
  readonly extra?: readonly Variable[];
  readonly backward?: boolean;
  readonly from?: Atom;
  /** How many parameters come before the element. */
  readonly offset?: number;
}

/** Whether what was read of an array that may have holes is an element. */
export function isFound(cx: Context, found: Atom, node: ts.Node): Atom {
  return not(cx, apply(cx, ops.isUndefined, [found], node), node);
}

/** The first element that there is, or the last one, and with how many the iteration goes on behind it. */
export function firstOf(call: Call, backward: boolean): { readonly element: Bound; readonly behind: Atom } {
  const { cx, ref, node } = call;
  const { environment, skipping } = cx.unit;
  const last = backward ? apply(cx, ops.sub, [loadLength(cx, ref, node), one], node) : null;
  if (!skipping.has(node)) return { element: elementAt(call, last ?? zero, null), behind: one };
  const elementBehind = (skipped: Atom): Bound =>
    elementAt(call, last === null ? skipped : apply(cx, ops.sub, [last, skipped], node), null);
  const holes: Variable = { name: "holes", hint: suggested("holes"), depth: null };
  environment.set(holes, zero);
  const count = (): Atom => atomOf(cx, environment.get(holes) ?? poison, node);
  const found = (): Atom => atomOf(cx, elementBehind(count()), node);
  lowerLoop(cx, node, assignedIn(cx, [], [holes]), {
    kind: "while",
    test: () => apply(cx, ops.isUndefined, [found()], node),
    body: () => {
      environment.set(holes, apply(cx, ops.add, [count(), one], node));
      return fell;
    },
  });
  return { element: there(cx, found(), node), behind: apply(cx, ops.add, [count(), one], node) };
}

/** Runs over the elements there are at the start. */
export function iterate(call: Call, it: Iterating, body: (each: Each) => Outcome): void {
  const { cx, ref, node } = call;
  const { callback, extra = [], backward = false, from = zero, offset = 0 } = it;
  const parameters = callback.kind === "closure" ? callback.node.parameters : [];
  const nameOf = (at: number): string | null => {
    const name = parameters[at]?.name;
    return name !== undefined && cx.ts.isIdentifier(name) ? name.text : null;
  };
  const elementName = nameOf(offset);
  const length = loadLength(cx, ref, node);
  const last = backward ? apply(cx, ops.sub, [length, one], node) : null;
  const run = (at: Atom, jumps: LoopJumps, rest: Rest): Outcome => {
    const index = last === null ? at : apply(cx, ops.sub, [last, at], node);
    const name = elementName === null ? null : suggested(elementName);
    const each = (element: () => Bound, then: Rest): Outcome =>
      body({
        index,
        jumps,
        rest: then,
        element,
        call: (hint, ...before) =>
          callStatic(cx, callback, [...before, element(), index, ref], node, hint, () => undefined),
      });
    if (!cx.unit.skipping.has(node)) return each(() => elementAt(call, index, name), rest);
    const found = atomOf(cx, elementAt(call, index, name), node);
    return choose(
      cx,
      node,
      isFound(cx, found, node),
      (then) => each(() => there(cx, found, node), then),
      goOn,
      rest,
    );
  };
  const indexName = backward ? null : nameOf(offset + 1);
  countedLoop(cx, node, {
    from,
    to: length,
    indexName,
    assignedIn: callback.kind === "closure" ? callback.node : [],
    extra,
    body: run,
  });
}
