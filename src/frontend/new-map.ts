/** `new Map([["a", x], …])`, whose keys are known. */
import type { ts } from "ts-morph";
import { type KeyedShape, isKeyed } from "../ir/shapes.js";
import type { Atom, Hint } from "../ir/types.js";
import { type Context, poison, refuseExpression } from "./context.js";
import { lowerExpression } from "./expressions.js";
import { allocateKeyed } from "./literals.js";
import { knownKey } from "./names.js";
import type { Bound } from "./scope.js";
import { shapeOf } from "./shapes.js";
import { bare } from "./syntax.js";
import { atomOf } from "./values.js";

/** Null for what makes no map. */
export function lowerNewMap(cx: Context, node: ts.NewExpression, hint: Hint | null): Bound | null {
  const type = cx.checker.getTypeAtLocation(node);
  const shape = shapeOf(type, node, cx.unit.project);
  if (shape.kind === "unsupported" || !isKeyed(shape) || shape.storage !== "Map") return null;
  const entries = entriesOf(cx, node, shape);
  if (entries === null) return refuseExpression(cx, node, "map whose keys are not known");
  if (entries.some(({ value }) => value === poison)) return poison;
  return allocateKeyed(cx, shape, entries, node, hint);
}

/** The pairs that are written out; null where there are others. */
function entriesOf(
  cx: Context,
  node: ts.NewExpression,
  shape: KeyedShape,
): readonly { readonly name: string; readonly value: Atom }[] | null {
  const [argument] = node.arguments ?? [];
  if (argument === undefined) return [];
  const list = bare(cx.ts, argument);
  if (!cx.ts.isArrayLiteralExpression(list)) return null;
  const entries: { name: string; value: Atom }[] = [];
  for (const element of list.elements) {
    const pair = bare(cx.ts, element);
    const [key, value] = cx.ts.isArrayLiteralExpression(pair) ? pair.elements : [];
    if (key === undefined || value === undefined) return null;
    const name = knownKey(cx, lowerExpression(cx, key));
    if (name === null || typeof name !== (shape.key ?? "string")) return null;
    // A later entry of one key replaces the earlier one, but is evaluated behind it.
    const atom = atomOf(cx, lowerExpression(cx, value), value);
    const known = entries.find((each) => each.name === String(name));
    if (known === undefined) entries.push({ name: String(name), value: atom });
    else known.value = atom;
  }
  return entries;
}
