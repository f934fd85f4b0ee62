/**
 * An object of one union, a `Result<number>`, that is handed on as one of another, a `Result<number[]>`: TypeScript has
 * found it to be of a kind that both have. It is copied, which is the same as long as nothing writes to either.
 */
import type { ts } from "ts-morph";
import { isOneOfSeveral } from "../../ir/shapes.js";
import type { Hint, ObjectShape, Variant } from "../../ir/types.js";
import { propertyOf } from "../../ir/variant-cells.js";
import { type Context, poison } from "../context.js";
import { loadCopied } from "../memory.js";
import type { Bound } from "../scope.js";
import { holderOf, isAssignmentOperator } from "../syntax.js";
import { joinShapes } from "../types/joined-types.js";
import { eachVariant, tagOf, variantsAt } from "../types/variant-arms.js";
import { type RefValue, isRef } from "../values.js";
import { returnedBy } from "./boxes.js";
import { allocateObject } from "./literals.js";
import { namedShape } from "../types/meant-shapes.js";

/** The value, or a copy of it that is of the union wanted at `node`. */
export function asWantedUnion(cx: Context, node: ts.Expression, bound: Bound, hint: Hint | null): Bound {
  if (!isRef(bound) || !isOneOfSeveral(bound.type.shape) || cx.ts.isObjectLiteralExpression(node))
    return bound;
  const wanted = wantedUnion(cx, node);
  if (wanted === null || joinShapes(wanted, bound.type.shape) !== null) return bound;
  const variants = variantsAt(cx, bound.type.shape, node);
  if (variants?.every((variant) => hasKind(wanted, variant)) !== true) return bound;
  const give = (variant: Variant): Bound => copyAs(cx, bound, variant, wanted, node);
  return eachVariant(cx, bound, variants, node, give, hint);
}

/** The other union has objects of that kind. */
function hasKind({ named }: ObjectShape, { test, fields }: Variant): boolean {
  const names = new Set(fields.map(({ name }) => propertyOf(name)));
  return (named?.variants ?? []).some(
    (other) =>
      other.fields.every(({ name, shape }) => names.has(propertyOf(name)) || shape.kind === "maybe") &&
      (test.kind !== "tag" ||
        (other.test.kind === "tag" &&
          test.values.every((value) => other.test.kind === "tag" && other.test.values.includes(value)))),
  );
}

function copyAs(
  cx: Context,
  ref: RefValue,
  variant: Variant,
  wanted: ObjectShape,
  node: ts.Expression,
): Bound {
  const cells = new Map<string, Bound>();
  for (const { name, shape } of variant.fields) {
    const property = propertyOf(name);
    if (shape.kind === "opaque") continue;
    cells.set(property, tagOf(cx, variant, property, node) ?? loadCopied(cx, ref, name, node));
  }
  if ([...cells.values()].includes(poison)) return poison;
  const made = allocateObject(cx, node, cells, null, wanted);
  const what = "an object is handed on as one of another union";
  if (isRef(made)) cx.unit.standIns.push({ original: ref.type, copy: made.type, node, what });
  return made;
}

/** The union of which the expression is meant to be, where it is put somewhere. */
function wantedUnion(cx: Context, node: ts.Expression): ObjectShape | null {
  const tsc = cx.ts;
  let inner: ts.Node = node;
  let holder = holderOf(tsc, node);
  while (tsc.isConditionalExpression(holder) && holder.condition !== inner) {
    inner = holder;
    holder = holderOf(tsc, holder);
  }
  const isReturned = tsc.isReturnStatement(holder) || tsc.isArrowFunction(holder);
  const isPut =
    tsc.isArrayLiteralExpression(holder) ||
    tsc.isPropertyAssignment(holder) ||
    tsc.isShorthandPropertyAssignment(holder) ||
    tsc.isVariableDeclaration(holder) ||
    (tsc.isBinaryExpression(holder) &&
      holder.left !== inner &&
      isAssignmentOperator(tsc, holder.operatorToken.kind));
  if (!isReturned && !isPut) return null;
  const type = isReturned ? returnedBy(cx, holder) : cx.checker.getContextualType(node);
  return type === undefined ? null : namedShape(cx, node, type);
}
