/** Small questions about shapes and ids that passes ask. */
import type { Builder } from "../ir/builder.js";
import type { Atom, MemoryShape, RegionId, Shape, Type } from "../ir/types.js";
import { invariant } from "../support/invariant.js";

/** Keys of the cells of an object or a tuple, in order. */
export function cellKeys(shape: MemoryShape): readonly string[] {
  if (shape.kind === "object")
    return shape.fields.filter((f) => f.shape.kind !== "opaque").map((f) => f.name);
  return shape.kind === "tuple" ? shape.elements.map((_, index) => String(index)) : [];
}

export function cellShape(shape: MemoryShape, key: string): Shape {
  const cell =
    shape.kind === "object"
      ? shape.fields.find((field) => field.name === key)?.shape
      : shape.kind === "tuple"
        ? shape.elements[Number(key)]
        : shape.element;
  invariant(cell, "shapes", `no cell \`${key}\``);
  return cell;
}

/** The type of a value of this shape, with a region of its own where it is memory. */
export function typeOfShape(shape: Shape, builder: Builder): Type {
  switch (shape.kind) {
    case "maybe": {
      const inner = typeOfShape(shape.shape, builder);
      return inner.kind === "maybe" ? inner : { kind: "maybe", type: inner };
    }
    case "object":
    case "tuple":
    case "array":
      return { kind: "ref", shape, region: builder.region() };
    case "opaque":
      return { kind: "nothing" };
    case "real":
    case "int":
    case "bool":
    case "string":
    case "nothing":
      return shape;
  }
}

/** The region that a reference points into; null for what is none. */
export function regionOf(atom: Atom): RegionId | null {
  const type = atom.type.kind === "maybe" ? atom.type.type : atom.type;
  return type.kind === "ref" ? type.region : null;
}
