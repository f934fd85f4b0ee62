/** Methods of arrays that look for something, and `sort`. */
import { boolean, number, suggested } from "../../ir/builder.js";
import type { Atom } from "../../ir/types.js";
import type { ts } from "ts-morph";
import * as ops from "../../ops/scalar.js";
import { toText } from "../../ops/text.js";
import { keyOfIndex, one, zero } from "./array-growth.js";
import { type Call, argument, callbackOf, iterate } from "./array-iteration.js";
import { callStatic } from "../functions/calls.js";
import { identifyFor } from "../functions/function-identity.js";
import { type Context, poison, refuseExpression } from "../context.js";
import { compareReferences } from "../expressions/identity.js";
import { choose, fell, goOn, jump } from "../control/control.js";
import { branch } from "../control/join.js";
import { assignedIn } from "../control/loop-assigned.js";
import { countedLoop, indexLoop, lowerLoop } from "../control/loops.js";
import { loadCell, loadLength, storeCell } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import { type Bound, type Variable, isAtom } from "../scope.js";
import { apply, atomOf, isReference, not, numberOf, truthOf } from "../values.js";

export type Search = "some" | "every" | "find" | "findIndex" | "findLast" | "findLastIndex";

export function search(call: Call, kind: Search): Bound {
  const { cx, ref, node, hint } = call;
  const callback = callbackOf(call);
  if (callback === null) return poison;
  const { environment } = cx.unit;
  const found = foundBy(call);
  const isIndex = kind !== "some" && kind !== "every";
  const backward = kind === "findLast" || kind === "findLastIndex";
  environment.set(found, isIndex ? number(-1) : boolean(kind === "every"));
  iterate(call, { callback, backward, extra: [found] }, (each) => {
    const passed = truthOf(cx, each.call(null), node);
    return choose(
      cx,
      node,
      kind === "every" ? not(cx, passed, node) : passed,
      () => {
        environment.set(found, isIndex ? each.index : boolean(kind === "some"));
        return jump(cx, each.jumps.breaks);
      },
      goOn,
      each.rest,
    );
  });
  const result = environment.get(found) ?? poison;
  if ((kind !== "find" && kind !== "findLast") || !isAtom(result)) return result;
  return branch(
    cx,
    node,
    apply(cx, ops.ge, [result, zero], node),
    () => loadCell(cx, ref, keyOfIndex(result), node, null),
    () => undefinedLiteral,
    hint,
  );
}

/** What is searched for; of objects, the very same one. */
function wantedBy(call: Call): Atom {
  const { cx, node, ref } = call;
  const wanted = argument(call, 0);
  if (wanted === null || wanted === poison) return poison;
  const { shape } = ref.type;
  if (identifyFor(cx, shape.kind === "array" ? shape.element : null, wanted)) return poison;
  return atomOf(cx, wanted, node);
}

function isSame(cx: Context, a: Atom, b: Atom, node: ts.Node): Atom {
  return isReference(a) || isReference(b)
    ? compareReferences(cx, node, a, b, false)
    : apply(cx, ops.eq, [a, b], node);
}

function foundBy({ hint }: Call): Variable {
  return { name: "found", hint: hint ?? suggested("found"), depth: null };
}

export function indexOf(call: Call, asBoolean: boolean): Bound {
  const { cx, ref, node } = call;
  const value = wantedBy(call);
  if (value === poison) return poison;
  const { environment } = cx.unit;
  const found = foundBy(call);
  environment.set(found, asBoolean ? boolean(false) : number(-1));
  indexLoop(cx, node, {
    from: zero,
    test: (index) => apply(cx, ops.lt, [index, loadLength(cx, ref, node)], node),
    assignedIn: [],
    extra: [found],
    body: (index, jumps, rest) => {
      const element = atomOf(cx, loadCell(cx, ref, keyOfIndex(index), node, null), node);
      return choose(
        cx,
        node,
        isSame(cx, element, value, node),
        () => {
          environment.set(found, asBoolean ? boolean(true) : index);
          return jump(cx, jumps.breaks);
        },
        goOn,
        rest,
      );
    },
  });
  return environment.get(found) ?? poison;
}

export function lastIndexOf(call: Call): Bound {
  const { cx, ref, node } = call;
  const value = wantedBy(call);
  if (value === poison) return poison;
  const { environment } = cx.unit;
  const found = foundBy(call);
  environment.set(found, apply(cx, ops.sub, [loadLength(cx, ref, node), one], node));
  const at = (): Atom => atomOf(cx, environment.get(found) ?? poison, node);
  lowerLoop(cx, node, assignedIn(cx, [], [found]), {
    kind: "while",
    test: () => apply(cx, ops.ge, [at(), zero], node),
    body: (jumps, rest) => {
      const element = atomOf(cx, loadCell(cx, ref, keyOfIndex(at()), node, null), node);
      return choose(
        cx,
        node,
        isSame(cx, element, value, node),
        () => jump(cx, jumps.breaks),
        (then) => {
          environment.set(found, apply(cx, ops.sub, [at(), one], node));
          return goOn(then);
        },
        rest,
      );
    },
  });
  return environment.get(found) ?? poison;
}

/**
 * `xs.sort(compare)` in place (typed arrays, texts and numbers need no comparison), by insertion: stable, as the library's is, so that the order is the same for every
 * comparison that is consistent.
 */
export function sort(call: Call): Bound {
  const { cx, ref, node } = call;
  const { shape } = ref.type;
  const isTyped = shape.kind === "array" && shape.storage !== "Array";
  const isOfTexts = shape.kind === "array" && shape.element.kind === "string";
  // Without a comparison, an array of numbers is in the order of their texts.
  const isAsTexts = shape.kind === "array" && !isTyped && ["real", "int"].includes(shape.element.kind);
  const byValue = (isTyped || isOfTexts || isAsTexts) && node.arguments.length === 0;
  const callback = byValue ? null : callbackOf(call);
  if (callback === null && !byValue)
    return node.arguments.length === 0 ? refuseExpression(cx, node, "`sort` without a comparison") : poison;
  const { environment } = cx.unit;
  const hole: Variable = { name: "hole", hint: suggested("hole"), depth: null };
  const text = callback?.kind === "closure" ? callback.node : [];
  const isAfter = (a: Bound, b: Bound): Atom => {
    if (byValue && !isTyped) {
      const texts = [a, b].map((each) => {
        const atom = atomOf(cx, each, node);
        return isOfTexts ? atom : apply(cx, toText, [atom], node);
      });
      return apply(cx, ops.gt, texts, node);
    }
    const order = byValue
      ? apply(cx, ops.sub, [numberOf(cx, a, node), numberOf(cx, b, node)], node)
      : numberOf(cx, compare(a, b), node);
    return apply(cx, ops.gt, [order, zero], node);
  };
  const compare = (a: Bound, b: Bound): Bound =>
    callback === null ? poison : callStatic(cx, callback, [a, b], node, null, () => undefined);
  countedLoop(cx, node, {
    from: one,
    to: loadLength(cx, ref, node),
    assignedIn: text,
    body: (index) => {
      const moving = loadCell(cx, ref, keyOfIndex(index), node, suggested("moving"));
      environment.set(hole, index);
      const at = (): Atom => atomOf(cx, environment.get(hole) ?? poison, node);
      lowerLoop(cx, node, assignedIn(cx, text, [hole]), {
        kind: "while",
        test: () => apply(cx, ops.gt, [at(), zero], node),
        body: (jumps, rest) => {
          const before = apply(cx, ops.sub, [at(), one], node);
          const other = loadCell(cx, ref, keyOfIndex(before), node, null);
          return choose(
            cx,
            node,
            isAfter(other, moving),
            (then) => {
              if (isAtom(other)) storeCell(cx, ref, keyOfIndex(at()), other, node);
              environment.set(hole, before);
              return goOn(then);
            },
            () => jump(cx, jumps.breaks),
            rest,
          );
        },
      });
      if (isAtom(moving)) storeCell(cx, ref, keyOfIndex(at()), moving, node);
      return fell;
    },
  });
  return ref;
}
