/**
 * `throw`. What leaves the function is kept as text, with the values that it mentions in place of the expressions that
 * compute them; what a `try` catches is a jump to its handler.
 */
import type { ts } from "ts-morph";
import { type Thrown, textOf, throwInto } from "./catching.js";
import { type Outcome, fell, left } from "./control.js";
import { type Context, poison, refuse } from "../context.js";
import { isSilent } from "../classes/error-effects.js";
import { libraryError } from "../classes/errors.js";
import { excerpt } from "../../diagnostics/collector.js";
import { lowerExpression } from "../expressions/expressions.js";
import { keptText } from "../functions/kept-text.js";
import { stringLiteral } from "../names.js";
import { type Bound, type ErrorValue, isAtom } from "../scope.js";
import { unwrapped } from "../syntax.js";

const inThrow = { name: "a `throw`", takesMemory: true } as const;

/** Leaves the function by an exception, or goes to what catches it. */
export function lowerThrow(cx: Context, node: ts.ThrowStatement): Outcome {
  const expression = unwrapped(cx.ts, node.expression);
  const caught = cx.ts.isIdentifier(expression) ? lowerExpression(cx, expression) : null;
  if (caught?.kind === "error") return throwAgain(cx, caught, expression);
  if (cx.catches === null) {
    const { text, imports } = keptText(cx, node.expression, inThrow);
    return left({ kind: "throw", text, imports, statement: cx.statement });
  }
  const { wants } = cx.catches;
  const hasEffects = !isSilent(cx, expression);
  const error = wants.value || hasEffects ? thrownValue(cx, expression, caught) : null;
  if (error === "refused") return fell;
  const isAgain = wants.again(error);
  if (isAgain && hasEffects) {
    refuse(cx, "tryStatement", node, { what: "an error that may be thrown again, and is made with effects" });
    return fell;
  }
  return throwInto(cx, cx.catches, { error, again: isAgain ? keptText(cx, node.expression, inThrow) : null });
}

/** `throw e;` of what was caught. */
export function throwAgain(cx: Context, error: ErrorValue, node: ts.Node): Outcome {
  const again = error.again === null ? null : textOf(cx, error.again);
  const { catches } = cx;
  const needsText = catches === null || catches.wants.again(error);
  if (again === null && needsText) {
    refuse(cx, "tryStatement", node, {
      what: `\`throw ${excerpt(node)}\` of an error that was not made here`,
    });
    return fell;
  }
  if (catches !== null) return throwInto(cx, catches, { error, again });
  const { text, imports } = again ?? { text: [], imports: [] };
  return left({ kind: "throw", text, imports, statement: cx.statement });
}

/** What is thrown, as the handler sees it. */
function thrownValue(cx: Context, node: ts.Expression, known: Bound | null): Thrown["error"] | "refused" {
  const bound = known ?? lowerExpression(cx, node);
  if (bound === poison) return "refused";
  if (bound.kind === "error" || isAtom(bound)) return bound;
  refuse(cx, "tryStatement", node, { what: `\`throw ${excerpt(node)}\`, which is no \`new Error(…)\`,` });
  return "refused";
}

/** Leaves the function where it is never reached: by TypeScript, there is no value of `node`. */
export function throwUnreached(cx: Context, node: ts.Expression): Outcome {
  return throwLibrary(cx, "TypeError", `no case for ${excerpt(node)}`);
}

/** Throws an error of the library, as JavaScript does by itself. */
export function throwLibrary(cx: Context, name: string, message: string): Outcome {
  const text = [`new ${name}(${JSON.stringify(message)})`];
  if (cx.catches === null) return left({ kind: "throw", text, statement: cx.statement });
  const error = libraryError(cx, name, stringLiteral(message));
  return throwInto(cx, cx.catches, { error, again: { text, imports: [] } });
}
