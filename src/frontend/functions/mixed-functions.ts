/** What may be a function or a value of another kind, `number | ((i: number) => number)`, where tests have told which. */
import type { ts } from "ts-morph";
import type { Context } from "../context.js";
import type { Bound } from "../scope.js";
import { isErrorType, isFunctionType } from "../types/function-shapes.js";
import { narrowed } from "../values.js";
import { chosenOf, insteadOf, isNothingElse, mayBeNone } from "./functions.js";

/** The function, or what there is instead, where TypeScript has found that it is one of these. */
export function ofKindAt(cx: Context, bound: Bound, node: ts.Expression): Bound {
  if (bound.kind !== "choice" || !mayBeNone(bound) || isNothingElse(bound)) return bound;
  const type = cx.checker.getTypeAtLocation(node);
  const parts = type.isUnion() ? type.types : [type];
  const { Any, Unknown, TypeParameter, Never } = cx.ts.TypeFlags;
  if (parts.some(({ flags }) => (flags & (Any | Unknown | TypeParameter | Never)) !== 0)) return bound;
  const isOfThese = (part: ts.Type): boolean => isFunctionType(part) || isErrorType(part, cx.unit.project);
  if (!parts.some(isOfThese)) return narrowed(cx, insteadOf(bound), node);
  return parts.every(isOfThese) ? chosenOf(bound) : bound;
}
