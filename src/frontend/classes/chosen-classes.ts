/** Classes as values: which of several it is may be known only to the call. */
import type { ts } from "ts-morph";
import type { Hint } from "../../ir/types.js";
import { type Context, poison } from "../context.js";
import { functionsIn, overChoice } from "../functions/functions.js";
import { functionOf, functionsOf, openKept } from "../functions/kept-calls.js";
import type { Bound, Class, Static } from "../scope.js";

/** What `use` gives for the class that it is; null for what is no class. */
export function chosenClass(
  cx: Context,
  bound: Bound,
  node: ts.Node,
  use: (one: Class, hint: Hint | null) => Bound,
  hint: Hint | null,
): Bound | null {
  if (bound.kind === "class") return use(bound, hint);
  const isChosen = bound.kind === "choice" || bound.kind === "kept" || functionsOf(bound) !== null;
  const callee = isChosen ? functionOf(cx, bound, node) : null;
  if (callee === null || !functionsIn(callee).every(isClass)) return null;
  const each = (one: Static, own: Hint | null): Bound => {
    const opened = one.kind === "kept" ? openKept(cx, one, node) : one;
    return opened?.kind === "class" ? use(opened, own) : poison;
  };
  return callee.kind === "choice"
    ? overChoice(cx, callee, node, (one) => each(one, null), hint)
    : each(callee, hint);
}

function isClass(one: Static): boolean {
  return one.kind === "class" || (one.kind === "kept" && one.text.plain?.kind === "class");
}
