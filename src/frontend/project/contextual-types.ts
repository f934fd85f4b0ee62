/**
 * A pattern gives TypeScript a type for what it takes apart, made of its names and defaults:
 * `const { pins = {} } = { ...options }` would have it that the object is meant to be a `{ pins?: {} }`.
 */
import type { ts } from "ts-morph";

/** `ContextFlags.SkipBindingPatterns`, which TypeScript's declarations leave out. */
const skipPatterns = 8;

/** The checker, with contextual types that come from a type that is written, or from a value. */
export function withoutPatterns(checker: ts.TypeChecker): ts.TypeChecker {
  const { getContextualType } = checker as unknown as {
    getContextualType: (node: ts.Expression, flags: number) => ts.Type | undefined;
  };
  return { ...checker, getContextualType: (node: ts.Expression) => getContextualType(node, skipPatterns) };
}
