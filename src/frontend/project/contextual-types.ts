/**
 * A pattern gives TypeScript a type for what it takes apart, made of its names and defaults:
 * `const { pins = {} } = { ...options }` would have it that the object is meant to be a `{ pins?: {} }`, which tells
 * nothing of the fields of `pins`. What is taken apart by `[a, b]` is a tuple for that reason, and remains one; and so
 * has a parameter its type from its pattern.
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
      if (type === undefined || checker.isTupleType(type) || tsc.isParameter(node.parent)) return type;
      return holdsEmpty(tsc, checker, type) ? getContextualType(node, skipPatterns) : type;
    },
  };
}

/** Some field is an object without fields, as a default `{}` has it: which tells nothing of what is meant. */
function holdsEmpty(tsc: TypeScript, checker: ts.TypeChecker, type: ts.Type): boolean {
  return checker.getPropertiesOfType(type).some((property) => {
    const field = checker.getNonNullableType(checker.getTypeOfSymbol(property));
    return (field.flags & tsc.TypeFlags.Object) !== 0 && checker.getPropertiesOfType(field).length === 0;
  });
}
