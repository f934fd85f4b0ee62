/** `stores[name].has(id)`: one of several maps or sets in the fields of an object, each with other things in it. */
import type { ts } from "ts-morph";
import type { Hint } from "../../ir/types.js";
import { libraryName } from "../types/array-shapes.js";
import { type Context, poison } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { loadCell } from "../memory.js";
import { type Bound, isAtom } from "../scope.js";
import { unwrapped } from "../syntax.js";
import { isRef, present } from "../values.js";
import { among, chosenField } from "./dynamic-fields.js";
import { type KeyedRef, isKeyedRef } from "./keyed.js";

/** What is done with the one that `node` gives, done with each of those that it may be; null for other expressions. */
export function withChosenKeyed(
  cx: Context,
  node: ts.Expression,
  hint: Hint | null,
  each: (ref: KeyedRef) => Bound | null,
): Bound | null {
  const access = unwrapped(cx.ts, node);
  if (!cx.ts.isElementAccessExpression(access) || !isOneOfKeyed(cx, access)) return null;
  const base = lowerExpression(cx, access.expression);
  const ref = isAtom(base) ? present(cx, base, access.expression) : base;
  if (!isRef(ref) || ref.type.shape.kind !== "object") return null;
  const field = chosenField(cx, ref, access.argumentExpression);
  if (field === null) return null;
  const found = (name: string): Bound | null => {
    const value = loadCell(cx, ref, name, access, null);
    const keyed = isAtom(value) ? present(cx, value, access) : value;
    return isKeyedRef(keyed) ? each(keyed) : null;
  };
  if (typeof field === "string") return found(field);
  const results = new Map<string, Bound | null>();
  const result = among(cx, field, node, hint, (name) => {
    results.set(name, found(name));
    return results.get(name) ?? poison;
  });
  return [...results.values()].includes(null) ? null : result;
}

/** Of different types: those of one type are one thing, whichever it is. */
function isOneOfKeyed(cx: Context, node: ts.Expression): boolean {
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  return (
    type.isUnion() && type.types.every((each) => keyedNames.has(libraryName(each, cx.unit.project) ?? ""))
  );
}

const keyedNames: ReadonlySet<string> = new Set(["Map", "ReadonlyMap", "Set", "ReadonlySet"]);
