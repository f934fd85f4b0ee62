/** Elements of lists that are there only at times: `fs.filter(Boolean)`, `[f, ...(k > 0 ? [g] : [])]`. */
import type { ts } from "ts-morph";
import { whole } from "../../ir/builder.js";
import type { Atom } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import type { Context } from "../context.js";
import { branch } from "../control/join.js";
import { undefinedLiteral } from "../names.js";
import { type Bound, type Perhaps, isAtom } from "../scope.js";
import { apply } from "../values.js";

export function isPerhaps(bound: Bound): bound is Perhaps {
  return bound.kind === "perhaps";
}

/** The element itself. */
export function valueOf(element: Bound): Bound {
  return isPerhaps(element) ? element.value : element;
}

/** What is done with an element that is there, or what stands for the result where it is not. */
export function whereThere(
  cx: Context,
  element: Bound,
  node: ts.Node,
  there: (value: Bound) => Bound,
  missing: () => Bound,
): Bound {
  if (!isPerhaps(element)) return there(element);
  return branch(cx, node, element.when, () => there(element.value), missing, null);
}

/** Does something with an element that is there. */
export function doWhereThere(cx: Context, element: Bound, node: ts.Node, act: (value: Bound) => void): void {
  const done = (value: Bound): Bound => {
    act(value);
    return undefinedLiteral;
  };
  whereThere(cx, element, node, done, () => undefinedLiteral);
}

/** What the elements' indices are, and behind the last one how many there are. */
export function indicesOf(cx: Context, elements: readonly Bound[], node: ts.Node): readonly Atom[] {
  let next: Atom = whole(0);
  const indices: Atom[] = [next];
  for (const element of elements) {
    const one = whereThere(
      cx,
      element,
      node,
      () => whole(1),
      () => whole(0),
    );
    if (isAtom(one)) next = apply(cx, ops.add, [next, one], node);
    indices.push(next);
  }
  return indices;
}
