/** Arrow functions that are called and see the `this` of the place where they are written: it is handed over like their own. */
import type { ts } from "ts-morph";
import type { Value } from "../../ir/types.js";
import type { Context, Unit } from "../context.js";
import { descendants } from "../classes/descendants.js";
import type { Bound, Closure } from "../scope.js";

/** The object that `this` is in a scope; null where there is none, or it is not made yet. */
function selfIn(self: Bound | null): Value | null {
  const made = self?.kind === "draft" ? self.made : self;
  return made?.kind === "value" ? made : null;
}

/** What `this` of a scope is in the function that is being lowered, which it may have been handed to. */
export function selfHere({ selves }: Unit, self: Bound): Bound {
  const value = selfIn(self);
  return value === null ? self : (selves.get(value) ?? value);
}

/** The function with the `this` that it sees, if it sees any. */
export function withOuterThis(cx: Context, closure: Closure): Closure {
  const outer = outerThis(cx, closure);
  if (closure.self !== undefined || outer === null || !mayNameThis(cx, closure.node)) return closure;
  return { ...closure, self: selfHere(cx.unit, outer) };
}

/** The value that an arrow function has for `this` where it was written. */
export function outerThis({ ts: tsc }: Context, { node, scope, seen }: Closure): Value | null {
  if (seen !== undefined || !tsc.isArrowFunction(node) || tsc.isPropertyDeclaration(node.parent)) return null;
  return selfIn(scope.self);
}

/** It is named in the function, or in another arrow function of the method around, which this one may call. */
function mayNameThis({ ts: tsc }: Context, node: ts.Node): boolean {
  const method = tsc.findAncestor(node, (each) => tsc.isFunctionLike(each) && !tsc.isArrowFunction(each));
  return [...descendants(tsc, method ?? node)].some(
    (each) =>
      tsc.isArrowFunction(each) &&
      [...descendants(tsc, each)].some(({ kind }) => kind === tsc.SyntaxKind.ThisKeyword),
  );
}
