/**
 * Shadows as the user sees them. In a shadow, a value of several kinds has a place for each of them (`opened`); what is
 * returned is of the kind that the value is.
 */
import { inBox, isBox } from "./boxes.js";
import { isKeyed, namedType } from "./shapes.js";
import { isReference, makeObject, readCell, variantLike } from "./memory.js";
import type { Field, ObjectShape, Shape } from "./types.js";
import { propertyOf } from "./variant-cells.js";

/** In the interpreter: what the shadow is of the shape, where the value that it belongs to is `like`. */
export function closedLike(shadow: unknown, like: unknown, shape: Shape): unknown {
  switch (shape.kind) {
    case "maybe":
      return closedLike(shadow, like, shape.shape);
    case "knot":
      return closedLike(shadow, like, shape.unfold());
    case "object":
      if (isBox(shape)) return closedBox(shadow, like, shape);
      return isReference(shadow) ? closedObject(shadow, like, shape) : shadow;
    case "tuple":
      return shape.elements.map((element, i) => closedLike(cell(shadow, i), cell(like, i), element));
    case "array":
      if (!isReference(shadow)) return shadow;
      if (ArrayBuffer.isView(shadow)) return shadow;
      if (isKeyed(shape)) return closedKeyed(shadow, like, shape.element);
      return (shadow as unknown[]).map((each, i) => closedLike(each, cell(like, i), shape.element));
    default:
      return shadow;
  }
}

function closedBox(shadow: unknown, like: unknown, { fields }: ObjectShape): unknown {
  const held = fields.find(({ name }) => inBox(like, name) !== undefined) ?? fields.at(-1);
  return held === undefined ? undefined : closedLike(cell(shadow, propertyOf(held.name)), like, held.shape);
}

function closedObject(shadow: unknown, like: unknown, shape: ObjectShape): unknown {
  const named = namedType(shape);
  const variant = named === null ? undefined : variantLike(shadow, named);
  const part = ({ name, shape: inner }: Field): readonly (readonly [string, unknown])[] => {
    const property = propertyOf(name);
    const own = cell(shadow, property);
    return own === undefined ? [] : [[property, closedLike(own, cell(like, property), inner)]];
  };
  return makeObject(shape, (variant ?? shape).fields.flatMap(part));
}

function closedKeyed(shadow: unknown, like: unknown, element: Shape): unknown {
  if (shadow instanceof Map)
    return new Map(
      [...(shadow as Map<string | number | object, unknown>)].map(([key, value]) => [
        key,
        closedLike(value, like instanceof Set ? key : cell(like, key), element),
      ]),
    );
  return Object.fromEntries(
    Object.entries(shadow as Record<string, unknown>).map(([key, value]) => [
      key,
      closedLike(value, cell(like, key), element),
    ]),
  );
}

function cell(memory: unknown, key: string | number | object): unknown {
  return isReference(memory) ? readCell(memory, key) : undefined;
}
