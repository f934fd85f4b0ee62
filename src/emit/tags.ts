/** Gradients of a member of a union, which have no tags, where gradients of the whole union have some. */
import { tagsOf } from "../ir/gradient-shapes.js";
import { unfolded } from "../ir/shapes.js";
import type { Shape, Type } from "../ir/types.js";

/** True if what is given lacks tags that what is wanted has. */
export function lacksTags(given: Type, wanted: Type): boolean {
  const [from, to] = [given, wanted].map((type) => (type.kind === "maybe" ? type.type : type));
  return from?.kind === "ref" && to?.kind === "ref" && lacksIn(from.shape, to.shape);
}

function lacksIn(a: Shape, b: Shape): boolean {
  const [given, wanted] = [a, b].map((shape) => unfolded(shape.kind === "maybe" ? shape.shape : shape));
  if (given === undefined || wanted === undefined) return false;
  if (given.kind === "array" && wanted.kind === "array") return lacksIn(given.element, wanted.element);
  if (given.kind === "tuple" && wanted.kind === "tuple")
    return given.elements.some((element, i) => lacksIn(element, wanted.elements[i] ?? element));
  if (given.kind !== "object" || wanted.kind !== "object" || given.named !== undefined) return false;
  const { fields } = given;
  if (wanted.named !== undefined)
    return [...tagsOf(wanted.named)].some((tag) => fields.every(({ name }) => name !== tag));
  return fields.some(({ name, shape }) =>
    wanted.fields.some((field) => field.name === name && lacksIn(shape, field.shape)),
  );
}
