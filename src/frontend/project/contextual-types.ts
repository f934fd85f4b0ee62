/**
 * A pattern gives TypeScript a type for what it takes apart, made of its names and defaults:
 * `const { pins = {} } = { ...options }` would have it that the object is meant to be a `{ pins?: {} }`. What is taken
 * apart by `[a, b]` is a tuple for that reason, and remains one; and so has a parameter its type from its pattern.
 */
import type { ts } from "ts-morph";
import type { TypeScript } from "../syntax.js";

/** `ContextFlags.SkipBindingPatterns`, which TypeScript's declarations leave out. */
const skipPatterns = 8;

/** The checker, with contextual types of objects that come from a type that is written, or from a value. */
export function withoutPatterns(tsc: TypeScript, checker: ts.TypeChecker): ts.TypeChecker {
  const { getContextualType } = checker as unknown as {
    getContextualType: (node: ts.Expression, flags?: number) => ts.Type | undefined;
  };
  return {
    ...checker,
    getContextualType: (node: ts.Expression) => {
      const type = getContextualType(node);
      const isMeant = type === undefined || checker.isTupleType(type) || tsc.isParameter(node.parent);
      return isMeant ? type : getContextualType(node, skipPatterns);
    },
  };
}
