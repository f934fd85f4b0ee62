/** `Object.keys(p)` and its like for objects whose fields are known. */
import { inKeyOrder } from "../../support/index-names.js";
import type { ts } from "ts-morph";
import type { Field, Hint, MemoryShape } from "../../ir/types.js";
import { type Context, poison, refuseExpression } from "../context.js";
import { allocateElements } from "../arrays/elements.js";
import { isKeyedRef } from "../records/keyed.js";
import { noteUnlisted } from "../records/missing-fields.js";
import { noteOrder } from "../records/key-order.js";
import { listItems } from "../arrays/keyed-lists.js";
import { allocate } from "../expressions/literals.js";
import { listOfBounds } from "../functions/functions.js";
import { branch } from "../control/join.js";
import { loadRaw, shapeOfType } from "../memory.js";
import { stringLiteral, undefinedLiteral } from "../names.js";
import { type Asked, isAsked, presence } from "../records/presence.js";
import { pushElement } from "../arrays/array-growth.js";
import { emptyArray } from "../arrays/array-spread.js";
import { shapeOf } from "./shapes.js";
import { wantRecord } from "./dictionaries.js";
import { type Bound, isAtom } from "../scope.js";
import { isOneOfSeveral } from "../../ir/shapes.js";
import { type RefValue, atomOf, isRef, present } from "../values.js";

export type Listing = "keys" | "values" | "entries";

/** A field of an object that is listed. */
export interface ListedField extends Field {
  readonly isThere: "always" | Asked;
}

/** The array that the call gives, in the order of the object's type. */
export function listFields(
  cx: Context,
  listing: Listing,
  [object]: readonly Bound[],
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  const [argument] = node.arguments;
  if (object === undefined || argument === undefined) return refuseExpression(cx, node, "list of nothing");
  if (isKeyedRef(object)) return listItems(cx, object, listing, argument, hint);
  const fields = listedFields(cx, object, argument);
  if (object === poison) return poison;
  if (fields === null || !isAtom(object) || !isRef(object)) {
    if (isAtom(object)) wantRecord(cx, object);
    return refuseList(cx, node);
  }
  noteUnlisted(cx, object, argument);
  noteOrder(
    cx,
    object,
    fields.map(({ name }) => name),
    node,
  );
  const item = (field: ListedField): Bound => itemOf(cx, object, listing, field, node);
  if (fields.some(({ isThere }) => isAsked(isThere))) return listPresent(cx, fields, item, node, hint);
  const elements = fields.map(item);
  if (elements.includes(poison)) return poison;
  return listOfBounds(cx, elements) ?? allocateElements(cx, node, elements.filter(isAtom), hint);
}

function refuseList(cx: Context, node: ts.Node): Bound {
  return refuseExpression(cx, node, "list of the fields of what may lack some of them");
}

function itemOf(
  cx: Context,
  object: RefValue,
  listing: Listing,
  field: ListedField,
  node: ts.CallExpression,
): Bound {
  const name = stringLiteral(field.name);
  if (listing === "keys") return name;
  const value = loadField(cx, object, field, node, null);
  if (listing === "values" || value === poison) return value;
  if (!isAtom(value)) return { kind: "list", elements: [name, value] };
  const cells = [name, value].map((each, i) => ({ name: String(i), value: each }));
  const shape: MemoryShape = { kind: "tuple", elements: [{ kind: "string" }, shapeOfType(value.type)] };
  return allocate(cx, shape, cells, node, null);
}

/** Those that are there, one after the other. */
function listPresent(
  cx: Context,
  fields: readonly ListedField[],
  item: (field: ListedField) => Bound,
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  const shape = shapeOf(cx.checker.getTypeAtLocation(node), node, cx.unit.project);
  if (shape.kind !== "array") return refuseList(cx, node);
  const out = emptyArray(cx, shape, node, hint);
  const add = (field: ListedField): Bound => {
    pushElement(cx, out, atomOf(cx, item(field), node), node);
    return undefinedLiteral;
  };
  for (const field of fields) {
    if (!isAsked(field.isThere)) add(field);
    else {
      const test = field.isThere.test();
      branch(
        cx,
        node,
        test,
        () => add(field),
        () => undefinedLiteral,
        null,
      );
    }
  }
  return out;
}

/** What a field holds that is there. */
export function loadField(
  cx: Context,
  object: RefValue,
  { name, isThere }: ListedField,
  node: ts.Expression,
  hint: Hint | null,
): Bound {
  const value = loadRaw(cx, object, name, node, isAsked(isThere) ? null : hint);
  return isAsked(isThere) && isAtom(value) ? present(cx, value, node, hint) : value;
}

/** The fields of the object that `node` gives; null where it is not known which there may be. */
export function listedFields(cx: Context, bound: Bound, node: ts.Expression): readonly ListedField[] | null {
  if (!isAtom(bound) || !isRef(bound) || bound.type.shape.kind !== "object") return null;
  const { fields } = bound.type.shape;
  if (isOneOfSeveral(bound.type.shape)) return null;
  const members = cx.unit.members.get(bound.id);
  const listed: ListedField[] = [];
  for (const field of inKeyOrder(fields)) {
    const isMember = members?.has(field.name) === true;
    if (field.shape.kind === "opaque" && !isMember) return null;
    const isThere = isMember ? "always" : presence(cx, bound, field.name, field.shape, node);
    if (isThere === "unknown") return null;
    if (isThere !== "never") listed.push({ ...field, isThere });
  }
  return listed;
}

