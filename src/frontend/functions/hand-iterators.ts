/** Iterators that are written by hand: `{ next: () => (i < n ? { done: false, value } : { done: true, value: undefined }) }`. */
import type { ts } from "ts-morph";
import { boolean } from "../../ir/builder.js";
import type { Hint } from "../../ir/types.js";
import { type Context, type Return, poison, refuseExpression, unset } from "../context.js";
import { type Outcome, type Rest, andThen, arrive, choose, fell, jump } from "../control/control.js";
import { assignedIn } from "../control/loop-assigned.js";
import { emitLoop } from "../control/loops.js";
import { lowerCondition, lowerExpression } from "../expressions/expressions.js";
import { propertyName } from "../expressions/literals.js";
import { loadMember } from "../memory.js";
import { type Bound, type Closure, type Variable, isAtom } from "../scope.js";
import { bare } from "../syntax.js";
import { isRef, truthOf } from "../values.js";
import { activate, bodyOf, lowerBody } from "./inline.js";

/** What a step of an iterator has given. */
export interface Step {
  readonly done: Variable;
  readonly value: Variable;
}

/** The `next` of such an iterator; null for anything else. */
export function nextOf(cx: Context, bound: Bound): Closure | null {
  const member = isRef(bound) ? loadMember(cx, bound, "next") : null;
  return member?.kind === "closure" ? member : null;
}

/** Calls `next` until it is done; `take` is given the value of each step. */
export function overSteps(
  cx: Context,
  node: ts.Node,
  next: Closure,
  take: (value: (hint: Hint | null) => Bound, rest: Rest) => Outcome,
): Outcome {
  const { environment } = cx.unit;
  const body = bodyOf(cx, next, node);
  if (body === null) return fell;
  const step: Step = {
    done: { name: "done", hint: null, depth: null },
    value: { name: "value", hint: null, depth: null },
  };
  return emitLoop(cx, node, assignedIn({ ...cx, scope: next.scope }, [next.node]), {
    kind: "while",
    test: null,
    update: null,
    continues: false,
    body: (jumps, rest) => {
      environment.set(step.done, boolean(false));
      environment.set(step.value, unset);
      const { inner, exit } = activate(cx, { ...next, prefix: "" }, [], node, null);
      const frame = { ...inner.frame, returns: { ...inner.frame.returns, step } };
      const stepped = arrive(cx, exit, lowerBody({ ...inner, frame }, body));
      return andThen(cx, node, stepped, () => {
        const done = environment.get(step.done) ?? poison;
        return choose(
          cx,
          node,
          isAtom(done) ? done : poison,
          () => jump(cx, jumps.breaks),
          (then) => take(() => environment.get(step.value) ?? poison, then),
          rest,
        );
      });
    },
  });
}

/** `return { done, value }` of a `next`. */
export function returnStep(
  cx: Context,
  returns: Extract<Return, { kind: "exit" }>,
  step: Step,
  expression: ts.Expression,
): Outcome {
  const { environment } = cx.unit;
  const result = bare(cx.ts, expression);
  if (cx.ts.isConditionalExpression(result)) {
    return choose(
      cx,
      result,
      lowerCondition(cx, result.condition),
      () => returnStep(cx, returns, step, result.whenTrue),
      () => returnStep(cx, returns, step, result.whenFalse),
      null,
    );
  }
  if (!cx.ts.isObjectLiteralExpression(result)) {
    refuseExpression(cx, expression, "step of an iterator that is not written as `{ done, value }`");
    return jump(cx, returns.exit);
  }
  let isDone: Bound = boolean(false);
  let value: Bound = unset;
  for (const property of result.properties) {
    const name = property.name === undefined ? null : propertyName(cx, property.name);
    const initializer = cx.ts.isPropertyAssignment(property)
      ? property.initializer
      : cx.ts.isShorthandPropertyAssignment(property)
        ? property.name
        : null;
    if (initializer === null || (name !== "done" && name !== "value")) {
      refuseExpression(cx, property, "step of an iterator that is not written as `{ done, value }`");
    } else if (name === "done") isDone = truthOf(cx, lowerExpression(cx, initializer), initializer);
    else value = lowerExpression(cx, initializer);
  }
  const isLast = isDone.kind === "literal" && isDone.value === true;
  environment.set(step.done, isDone);
  environment.set(step.value, isLast ? unset : value);
  return jump(cx, returns.exit);
}
