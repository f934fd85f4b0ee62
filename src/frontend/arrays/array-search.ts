/** Methods of arrays that look for something. */
import { boolean, number, suggested } from "../../ir/builder.js";
import type { Atom } from "../../ir/types.js";
import type { ts } from "ts-morph";
import * as ops from "../../ops/scalar.js";
import { keyOfIndex, one, zero } from "./array-growth.js";
import { type Call, argument, callbackOf, iterate } from "./array-iteration.js";
import { identifyFor } from "../functions/function-identity.js";
import { type Context, poison } from "../context.js";
import { compareReferences } from "../expressions/identity.js";
import { choose, goOn, jump } from "../control/control.js";
import { branch } from "../control/join.js";
import { assignedIn } from "../control/loop-assigned.js";
import { indexLoop, lowerLoop } from "../control/loops.js";
import { loadCell, loadLength } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import { type Bound, type Variable, isAtom } from "../scope.js";
import { apply, atomOf, isReference, not, truthOf } from "../values.js";

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
