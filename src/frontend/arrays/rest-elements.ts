/** What a pattern, or a parameter, takes as the rest of an array: `[a, b, ...rest]`. */
import type { ts } from "ts-morph";
import { isBox } from "../../ir/boxes.js";
import { whole } from "../../ir/builder.js";
import { isKeyed } from "../../ir/shapes.js";
import type { ArrayShape, Atom, Hint, Shape } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import type { Context } from "../context.js";
import { fell } from "../control/control.js";
import { countedLoop } from "../control/loops.js";
import { asDeclared } from "../expressions/boxes.js";
import { loadCell, loadLength } from "../memory.js";
import { heldShapeOf } from "../types/shapes.js";
import { type RefValue, apply, atomOf } from "../values.js";
import { startFilling } from "./array-filling.js";
import { keyOfIndex, zero } from "./array-growth.js";
import { copyOf } from "./array-spread.js";
import { withoutHoles } from "./sparse.js";

/** A copy of the elements from an index on; `declared` is the type of what takes them. */
export function restOfArray(
  cx: Context,
  ref: RefValue,
  from: number,
  declared: ts.Type,
  node: ts.Node,
  hint: Hint | null,
): RefValue {
  const start: Atom = whole(from);
  const shape = shapeOfOneKind(cx, ref, declared, node);
  const element = cx.checker.getIndexTypeOfType(declared, cx.ts.IndexKind.Number);
  if (shape === null || element === undefined)
    return withoutHoles(cx, copyOf(cx, ref, node, hint, { from: start, to: null }));
  const length = loadLength(cx, ref, node);
  const left = apply(cx, ops.max, [apply(cx, ops.sub, [length, start], node), zero], node);
  const { out, put } = startFilling(cx, shape, () => left, node, hint);
  countedLoop(cx, node, {
    from: zero,
    to: left,
    assignedIn: [],
    body: (index) => {
      const at = apply(cx, ops.add, [index, start], node);
      const value = asDeclared(cx, loadCell(cx, ref, keyOfIndex(at), node, null), element, node);
      put(index, atomOf(cx, value, node));
      return fell;
    },
  });
  return out;
}

/** The rest of an array of several kinds may be of one of them: `[string, ...number[]]`. */
function shapeOfOneKind(
  cx: Context,
  { type: { shape } }: RefValue,
  declared: ts.Type,
  node: ts.Node,
): ArrayShape | null {
  if (shape.kind !== "array" || !isMixed(shape.element)) return null;
  const rest = heldShapeOf(declared, node, cx.unit.project);
  return rest.kind === "array" && !isKeyed(rest) && !isMixed(rest.element) ? rest : null;
}

function isMixed(shape: Shape): boolean {
  if (shape.kind === "maybe") return shape.other !== undefined || isMixed(shape.shape);
  return shape.kind === "object" && isBox(shape);
}
