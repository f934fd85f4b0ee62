/** The fields of an instance, and what they hold before the constructor has given them a value. */
import type { ts } from "ts-morph";
import { number } from "../../ir/builder.js";
import { isKeyed } from "../../ir/shapes.js";
import type { ObjectShape } from "../../ir/types.js";
import { type Context, refuse, unset } from "../context.js";
import { placeholder } from "../control/join.js";
import { allocate, allocateKeyed } from "../expressions/literals.js";
import { undefinedLiteral } from "../names.js";
import type { Bound, Draft } from "../scope.js";
import { isOfPrototype } from "../types/own-fields.js";
import { cellName, heldShapeOf, shapeOf } from "../types/shapes.js";
import { methodField } from "./method-fields.js";
import { isFunctionType } from "../types/function-shapes.js";

export interface InstanceField {
  readonly name: string;
  readonly type: ts.Type;
}

/** The fields that an instance has, in the order of its class. */
export function fieldsOf(cx: Context, { node, type }: Draft): readonly InstanceField[] {
  const { Property } = cx.ts.SymbolFlags;
  return cx.checker
    .getPropertiesOfType(type)
    .filter(({ flags, name }) => (flags & Property) !== 0 && !name.startsWith("__@"))
    .filter(
      (each) =>
        !isOfPrototype(each, cx.unit.project) &&
        !(each.declarations ?? []).some((one) => methodField(one, cx.unit.project) !== null),
    )
    .map((symbol) => ({
      name: cellName(symbol.name),
      type: cx.checker.getTypeOfSymbolAtLocation(symbol, node),
    }));
}

/** What a field holds that is given its value later, or never; a shape shared with others has no room for nothing. */
export function withoutValue(
  cx: Context,
  { node }: Draft,
  { name, type }: InstanceField,
  shared: ObjectShape | null,
): Bound {
  const shape = shapeOf(type, node, cx.unit.project);
  const mayMiss = shared?.fields.some((field) => field.name === name && field.shape.kind === "maybe") ?? true;
  switch (shape.kind) {
    case "real":
      return number(NaN, "NaN");
    case "int":
    case "bool":
    case "string":
      return placeholder(shape);
    case "nothing":
    case "maybe":
      return undefinedLiteral;
    case "array":
      if (isKeyed(shape)) return allocateKeyed(cx, shape, [], node, null);
      if (shape.storage === "Array") return allocate(cx, shape, [], node, null);
      if (mayMiss) return undefinedLiteral;
      break;
    case "object":
    case "tuple":
      if (mayMiss) return undefinedLiteral;
      break;
    case "unsupported": {
      if (isFunction(cx, type)) return undefinedLiteral;
      const made = cx.unit.records.isMadeFirst(node) ? emptyOf(cx, node, type) : null;
      if (made !== null) return made;
      break;
    }
    default:
  }
  return refuse(cx, "fieldWithoutValue", node, { name });
}

/** A table or a list of functions that nothing is in yet. */
function emptyOf(cx: Context, node: ts.Node, type: ts.Type): Bound | null {
  const shape = heldShapeOf(cx.checker.getNonNullableType(type), node, cx.unit.project);
  if (shape.kind !== "array") return null;
  return isKeyed(shape) ? allocateKeyed(cx, shape, [], node, null) : allocate(cx, shape, [], node, null);
}

function isFunction(cx: Context, type: ts.Type): boolean {
  return isFunctionType(cx.checker.getNonNullableType(type));
}

/** A field that has no value yet is of a kind that has none by itself. */
export function isOpen(cx: Context, draft: Draft): boolean {
  if (cx.unit.records.isMadeFirst(draft.node)) return false;
  return fieldsOf(cx, draft).some(({ name, type }) => {
    const variable = draft.cells.get(name);
    const bound = variable === undefined ? undefined : cx.unit.environment.get(variable);
    return bound === unset && shapeOf(type, draft.node, cx.unit.project).kind === "unsupported";
  });
}
