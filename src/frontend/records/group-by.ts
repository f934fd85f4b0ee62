/** `Object.groupBy(xs, f)`, `Map.groupBy(xs, f)`: as a loop that puts each element with its like. */
import type { ts } from "ts-morph";
import { suggested } from "../../ir/builder.js";
import type { KeyedShape } from "../../ir/shapes.js";
import type { Hint, MemoryShape, Shape } from "../../ir/types.js";
import { iterate } from "../arrays/array-iteration.js";
import { pushElement } from "../arrays/array-growth.js";
import { elementShape } from "../arrays/array-results.js";
import { listed } from "../arrays/keyed-lists.js";
import { type Context, poison, refuse, refuseExpression } from "../context.js";
import { choose, fell } from "../control/control.js";
import { allocate, allocateKeyed } from "../expressions/literals.js";
import { functionOf } from "../functions/kept-calls.js";
import { type Bound, isAtom } from "../scope.js";
import { atomOf, present, referenceOf } from "../values.js";
import { isKey, isKeyedRef, loadPresence, loadUnder, storeUnder } from "./keyed.js";

export function groupBy(
  cx: Context,
  storage: "Record" | "Map",
  [source, given]: readonly Bound[],
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  const [argument, text] = node.arguments;
  if (source === undefined || given === undefined || argument === undefined || text === undefined)
    return poison;
  const callback = functionOf(cx, given, text) ?? given;
  if (isAtom(callback)) return refuse(cx, "unknownCallee", text, { code: text.getText() });
  const ref = referenceOf(cx, listed(cx, source, argument, null), argument);
  if (ref === null) return poison;
  const element = elementShape(ref.type.shape);
  if (element === null) return refuseExpression(cx, argument, "groups of what is no array");
  const group: MemoryShape = { kind: "array", element, storage: "Array" };
  const out = allocateKeyed(cx, keyedBy(cx, storage, group, node), [], node, hint);
  if (!isKeyedRef(out)) return poison;
  iterate({ cx, ref, node, hint }, { callback }, (each) => {
    const item = atomOf(cx, each.element(), node);
    const key = atomOf(cx, each.call(suggested("key")), text);
    if (key === poison || item === poison) return fell;
    if (!isKey(key)) {
      refuseExpression(cx, text, "key that is neither a string nor a number");
      return fell;
    }
    const isThere = loadPresence(cx, out, key, storage === "Map" ? "has" : "own", node, null);
    return choose(
      cx,
      node,
      isThere,
      () => {
        const list = referenceOf(
          cx,
          present(cx, atomOf(cx, loadUnder(cx, out, key, argument, null), node), argument),
          node,
        );
        if (list !== null) pushElement(cx, list, item, node);
        return fell;
      },
      () => {
        const list = allocate(cx, group, [{ name: "0", value: item }], node, suggested("group"));
        storeUnder(cx, out, key, list, node);
        return fell;
      },
      each.rest,
    );
  });
  return out;
}

function keyedBy(
  cx: Context,
  storage: "Record" | "Map",
  group: MemoryShape,
  node: ts.CallExpression,
): KeyedShape {
  const element: Shape = { kind: "maybe", shape: group, none: "undefined" };
  if (storage === "Record") return { kind: "array", element, storage, key: "string" };
  const [key] = cx.checker.getTypeArguments(cx.checker.getTypeAtLocation(node) as ts.TypeReference);
  const isNumber = key !== undefined && (key.flags & cx.ts.TypeFlags.NumberLike) !== 0;
  return { kind: "array", element, storage, key: isNumber ? "number" : "string" };
}
