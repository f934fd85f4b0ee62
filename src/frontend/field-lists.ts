/** `Object.keys(p)` and its like for objects whose fields are known, and `Array.isArray`. */
import type { ts } from "ts-morph";
import { boolean } from "../ir/builder.js";
import type { Field, Hint } from "../ir/types.js";
import { type Context, poison, refuseExpression } from "./context.js";
import { allocateElements } from "./elements.js";
import { isKeyedRef } from "./keyed.js";
import { listItems } from "./keyed-lists.js";
import { allocate } from "./literals.js";
import { listOfBounds } from "./functions.js";
import { loadRaw } from "./memory.js";
import { stringLiteral } from "./names.js";
import { type Bound, isAtom } from "./scope.js";
import { isOneOfSeveral } from "../ir/shapes.js";
import { describeType, isRef } from "./values.js";

export type Listing = "keys" | "values" | "entries";

/** The array that the call gives, in the order of the object's type. */
export function listFields(
  cx: Context,
  listing: Listing,
  [object]: readonly Bound[],
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  const [argument] = node.arguments;
  if (object !== undefined && argument !== undefined && isKeyedRef(object))
    return listItems(cx, object, listing, argument, hint);
  const fields = object === undefined ? null : listedFields(cx, object);
  if (object === undefined || fields === null || !isAtom(object) || !isRef(object))
    return refuseExpression(cx, node, "list of the fields of what may lack some of them");
  const elements = fields.map(({ name, shape }): Bound => {
    if (listing === "keys") return stringLiteral(name);
    const value = loadRaw(cx, object, name, node, null);
    if (listing === "values" || value === poison) return value;
    if (!isAtom(value)) return { kind: "list", elements: [stringLiteral(name), value] };
    const cells = [stringLiteral(name), value].map((each, i) => ({ name: String(i), value: each }));
    return allocate(cx, { kind: "tuple", elements: [{ kind: "string" }, shape] }, cells, node, null);
  });
  if (elements.includes(poison)) return poison;
  return listOfBounds(cx, elements) ?? allocateElements(cx, node, elements.filter(isAtom), hint);
}

/** The fields of an object that has them all; null for anything else. */
export function listedFields(cx: Context, bound: Bound): readonly Field[] | null {
  if (!isAtom(bound) || bound.type.kind !== "ref" || bound.type.shape.kind !== "object") return null;
  const { fields } = bound.type.shape;
  if (isOneOfSeveral(bound.type.shape)) return null;
  const members = bound.kind === "value" ? cx.unit.members.get(bound.id) : undefined;
  const mayLack = fields.some(
    ({ name, shape }) => ["maybe", "nothing", "opaque"].includes(shape.kind) && members?.has(name) !== true,
  );
  return mayLack ? null : inKeyOrder(fields);
}

/** Names that are indices come first, by their number. */
function inKeyOrder(fields: readonly Field[]): readonly Field[] {
  const isIndex = ({ name }: Field): boolean => /^(?:0|[1-9]\d*)$/u.test(name);
  const indices = fields.filter(isIndex).sort((a, b) => Number(a.name) - Number(b.name));
  return [...indices, ...fields.filter((field) => !isIndex(field))];
}

/** Known by what the value is. */
export function isArray(cx: Context, bound: Bound | undefined, node: ts.CallExpression): Bound {
  if (bound === undefined || !isAtom(bound)) return boolean(false);
  if (bound === poison) return poison;
  const { type } = bound;
  if (type.kind === "maybe") return refuseExpression(cx, node, `test of ${describeType(type)}`);
  if (type.kind !== "ref") return boolean(false);
  return boolean(
    type.shape.kind === "tuple" || (type.shape.kind === "array" && type.shape.storage === "Array"),
  );
}
