/** Constructors that make instances of their own class, directly or through others: such a one is called. */
import type { ts } from "ts-morph";
import type { End, Hint, Type } from "../../ir/types.js";
import type { Context } from "../context.js";
import { callCompanion, mayBeCalled } from "../functions/companions.js";
import { endOfCompanion } from "../functions/companion-results.js";
import { callsItself } from "../functions/recursion.js";
import type { Bound, Closure } from "../scope.js";
import { isRef } from "../values.js";
import type { ClassNode } from "./class-index.js";
import { constructorOf, newInstance } from "./instances.js";
import { scopeOfClass } from "./local-classes.js";

/** What `new C(…)` gives. */
export function constructed(
  cx: Context,
  of: ClassNode,
  args: readonly Bound[],
  node: ts.NewExpression,
  hint: Hint | null,
): Bound {
  const own = constructorOf(cx, of);
  const closure = own === null ? null : closureFor(cx, of, own, node);
  if (closure === null || !mayBeCalled(cx, closure, args)) return newInstance(cx, of, args, node, hint);
  const made = callCompanion(cx, closure, args, node, hint);
  if (made.kind === "value" && isRef(made)) cx.unit.classes.set(made.id, of);
  return made;
}

/** The constructor as a function that gives the instance; null for one that does not come back to itself. */
function closureFor(
  cx: Context,
  of: ClassNode,
  own: ts.ConstructorDeclaration,
  node: ts.NewExpression,
): Closure | null {
  const isGeneric = of.typeParameters !== undefined;
  if (isGeneric || !callsItself(cx, own)) return null;
  const name = of.name === undefined ? "instance" : `new${of.name.text}`;
  const scope = scopeOfClass(cx, of);
  return { kind: "closure", node: own, scope, name, prefix: "", constructs: { class: of, node } };
}

/** The body of such a function. */
export function lowerConstruction(
  cx: Context,
  { class: of, node }: NonNullable<Closure["constructs"]>,
  args: readonly Bound[],
  result: Type | null,
): End {
  return endOfCompanion(cx, newInstance(cx, of, args, node, null), result, node);
}
