/** `throw`: kept as text, with the values that it mentions in place of the expressions that compute them. */
import type { ts } from "ts-morph";
import { type Outcome, left } from "./control.js";
import type { Context } from "../context.js";
import { excerpt } from "../../diagnostics/collector.js";
import { keptText } from "../functions/kept-text.js";

const inThrow = { name: "a `throw`", takesMemory: true } as const;

/** Leaves the function by an exception. */
export function lowerThrow(cx: Context, node: ts.ThrowStatement): Outcome {
  const { text, imports } = keptText(cx, node.expression, inThrow);
  return left({ kind: "throw", text, imports, statement: cx.statement });
}

/** Leaves the function where it is never reached: by TypeScript, there is no value of `node`. */
export function throwUnreached(cx: Context, node: ts.Expression): Outcome {
  const text = [`new TypeError(${JSON.stringify(`no case for ${excerpt(node)}`)})`];
  return left({ kind: "throw", text, statement: cx.statement });
}
