/** `Object.keys(p)` and its like for objects whose fields are known, and `Array.isArray`. */
import type { ts } from "ts-morph";
import { boolean } from "../ir/builder.js";
import type { Atom, Field, Hint } from "../ir/types.js";
import { type Context, poison, refuseExpression } from "./context.js";
import { allocateElements } from "./elements.js";
import { isKeyedRef, keysOf } from "./keyed.js";
import { allocate } from "./literals.js";
import { loadRaw } from "./memory.js";
import { stringLiteral } from "./names.js";
import { type Bound, isAtom } from "./scope.js";
import { isOneOfSeveral } from "../ir/shapes.js";
import { atomOf, describeType, isRef } from "./values.js";

export type Listing = "keys" | "values" | "entries";

/** The array that the call gives, in the order of the object's type. */
export function listFields(
  cx: Context,
  listing: Listing,
  [object]: readonly Bound[],
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  if (object !== undefined && isKeyedRef(object) && listing === "keys") return keysOf(cx, object, node, hint);
  const fields = object === undefined ? null : listedFields(object);
  if (object === undefined || fields === null || !isAtom(object) || !isRef(object))
    return refuseExpression(cx, node, "list of the fields of what may lack some of them");
  const elements = fields.map(({ name, shape }): Atom => {
    if (listing === "keys") return stringLiteral(name);
    const value = atomOf(cx, loadRaw(cx, object, name, node, null), node);
    if (listing === "values" || value === poison) return value;
    const cells = [stringLiteral(name), value].map((each, i) => ({ name: String(i), value: each }));
    return allocate(cx, { kind: "tuple", elements: [{ kind: "string" }, shape] }, cells, node, null);
  });
  return elements.includes(poison) ? poison : allocateElements(cx, node, elements, hint);
}

/** The fields of an object that has them all; null for anything else. */
export function listedFields(bound: Bound): readonly Field[] | null {
  if (!isAtom(bound) || bound.type.kind !== "ref" || bound.type.shape.kind !== "object") return null;
  const { fields } = bound.type.shape;
  if (isOneOfSeveral(bound.type.shape)) return null;
  const mayLack = fields.some(({ shape }) => ["maybe", "nothing", "opaque"].includes(shape.kind));
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
