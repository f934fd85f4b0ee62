/**
 * `throw`. What leaves the function is kept as text, with the values that it mentions in place of the expressions that
 * compute them; what a `try` catches is a jump to its handler.
 */
import type { ts } from "ts-morph";
import { type Catching, type Thrown, textOf, throwInto } from "./catching.js";
import { type Outcome, choose, fell, left } from "./control.js";
import { errorsOf, isOfErrors } from "../classes/kept-errors.js";
import { type Context, poison, refuse } from "../context.js";
import { testOf } from "../functions/functions.js";
import { cellShape, loadMember } from "../memory.js";
import { holdsFunctions } from "../types/function-shapes.js";
import { cellName } from "../types/shapes.js";
import type { Access } from "../expressions/properties.js";
import { isRef, there } from "../values.js";
import { isSilent } from "../classes/error-effects.js";
import { libraryError, ofCalled } from "../classes/errors.js";
import { excerpt } from "../../diagnostics/collector.js";
import { lowerCondition, lowerExpression } from "../expressions/expressions.js";
import { type Kept, keptText } from "../functions/kept-text.js";
import { isUnknownThere } from "../functions/names-in-text.js";
import { madeError } from "./made-errors.js";
import { stringLiteral, symbolOf } from "../names.js";
import { type Bound, type ErrorValue, isAtom } from "../scope.js";
import { unwrapped } from "../syntax.js";

const inThrow = { name: "a `throw`", takesMemory: true, mayShorten: true } as const;

/** Leaves the function by an exception, or goes to what catches it. */
export function lowerThrow(cx: Context, node: ts.ThrowStatement): Outcome {
  return cx.catches === null
    ? leave(cx, node.expression)
    : throwTo(cx, cx.catches, unwrapped(cx.ts, node.expression));
}

function leave(cx: Context, node: ts.Expression): Outcome {
  const known = knownError(cx, unwrapped(cx.ts, node));
  if (known !== null) return throwKnown(cx, known, node);
  const { text, imports } = thrownText(cx, node, null);
  return left({ kind: "throw", text, imports, statement: cx.statement });
}

/** The text of what is thrown; of an error that only the source can make, what it is like. */
function thrownText(cx: Context, node: ts.Expression, known: Thrown["error"] | null): Kept {
  const inner = unwrapped(cx.ts, node);
  const isMade = cx.ts.isNewExpression(inner) || cx.ts.isCallExpression(inner);
  if (!isMade || !isUnknownThere(cx, inner.expression)) return keptText(cx, node, inThrow);
  const error = known ?? lowerExpression(cx, inner);
  const made = error.kind === "error" ? madeError(cx, error) : null;
  return made ?? keptText(cx, node, inThrow);
}

function throwTo(cx: Context, to: Catching, node: ts.Expression): Outcome {
  if (cx.ts.isConditionalExpression(node)) {
    const { condition, whenTrue, whenFalse } = node;
    const test = lowerCondition(cx, condition);
    const either = (part: ts.Expression) => () => throwTo(cx, to, unwrapped(cx.ts, part));
    return choose(cx, node, test, either(whenTrue), either(whenFalse), null);
  }
  const known = knownError(cx, node);
  if (known !== null) return throwKnown(cx, known, node);
  const hasEffects = !isSilent(cx, node);
  const error = to.wants.value || hasEffects ? thrownValue(cx, node) : null;
  if (error === "refused") return fell;
  const isAgain = to.wants.again(error);
  if (isAgain && hasEffects) {
    refuse(cx, "tryStatement", node, { what: "an error that may be thrown again, and is made with effects" });
    return fell;
  }
  return throwInto(cx, to, { error, again: isAgain ? thrownText(cx, node, error) : null });
}

/** What the name of an error, or a place with one, stands for; null for anything else. */
function knownError(cx: Context, node: ts.Expression): Bound | null {
  const isPlace = cx.ts.isPropertyAccessExpression(node) || cx.ts.isElementAccessExpression(node);
  const isError = cx.ts.isIdentifier(node) || (isPlace && (isGetter(cx, node) || holdsError(cx, node)));
  const bound = isError ? lowerExpression(cx, node) : null;
  return bound !== null && isOfErrors(cx, bound) ? bound : null;
}

/** What it gives is made here. */
function isGetter(cx: Context, node: Access): boolean {
  const symbol = cx.ts.isPropertyAccessExpression(node) ? symbolOf(cx, node.name) : null;
  return symbol !== null && (symbol.flags & cx.ts.SymbolFlags.GetAccessor) !== 0;
}

/** It was made here: what the caller has put there is named by the text. */
function holdsError(cx: Context, node: Access): boolean {
  const base = lowerExpression(cx, node.expression);
  if (!isAtom(base)) return true;
  const ref = base.kind === "value" ? there(cx, base, node.expression) : base;
  const name = cx.ts.isPropertyAccessExpression(node) ? cellName(node.name.text) : null;
  if (!isRef(ref)) return false;
  if (name !== null && loadMember(cx, ref, name) !== null) return true;
  const { shape } = ref.type;
  const cell = name === null ? (shape.kind === "array" ? shape.element : null) : cellShape(shape, name);
  return cell !== null && holdsFunctions(cell);
}

/** Throws the error that the value is, whichever it may be. */
function throwKnown(cx: Context, bound: Bound, node: ts.Expression): Outcome {
  const one = errorsOf(cx, bound, node);
  if (one?.kind === "error") return throwAgain(cx, one, node);
  if (one?.kind !== "choice") return fell;
  const from = (at: number): Outcome => {
    const each = one.cases[at];
    if (each === undefined) return one.otherwise === null ? fell : throwKnown(cx, one.otherwise, node);
    const test = testOf(cx, one.key, each.when, node);
    return choose(
      cx,
      node,
      test,
      () => throwKnown(cx, each.then, node),
      () => from(at + 1),
      null,
    );
  };
  return from(0);
}

/** `throw e;` of what was caught. */
export function throwAgain(cx: Context, error: ErrorValue, node: ts.Node): Outcome {
  const again = error.again === null ? madeError(cx, error) : textOf(cx, error.again);
  const { catches } = cx;
  const needsText = catches === null || catches.wants.again(error);
  if (again === null && needsText) {
    refuse(cx, "tryStatement", node, {
      what: `\`throw ${excerpt(node)}\` of ${ofCalled}`,
    });
    return fell;
  }
  if (catches !== null) return throwInto(cx, catches, { error, again });
  const { text, imports } = again ?? { text: [], imports: [] };
  return left({ kind: "throw", text, imports, statement: cx.statement });
}

/** What is thrown, as the handler sees it. */
function thrownValue(cx: Context, node: ts.Expression): Thrown["error"] | "refused" {
  const bound = lowerExpression(cx, node);
  if (bound === poison) return "refused";
  if (bound.kind === "error" || isAtom(bound)) return bound;
  refuse(cx, "tryStatement", node, {
    what: `\`throw\` of \`${excerpt(node)}\`, of which it is not known what it is`,
  });
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
