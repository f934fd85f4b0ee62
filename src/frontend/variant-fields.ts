/** The fields that an object certainly has, where its type is a union. */
import type { ts } from "ts-morph";
import type { Field } from "../ir/types.js";
import type { Context } from "./context.js";
import type { RefValue } from "./values.js";

/** All fields of the object that `node` gives; null where TypeScript does not know which of a union it is. */
export function fieldsAt(cx: Context, ref: RefValue, node: ts.Node): readonly Field[] | null {
  const { shape } = ref.type;
  if (shape.kind !== "object") return null;
  const variants = shape.named?.variants ?? [];
  if (variants.length < 2) return shape.fields;
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  if (type.isUnion()) return null;
  const names = new Set(cx.checker.getPropertiesOfType(type).map(({ name }) => name));
  const isWhole = variants.some(
    ({ fields }) => fields.length === names.size && fields.every(({ name }) => names.has(name)),
  );
  return isWhole ? shape.fields.filter(({ name }) => names.has(name)) : null;
}
