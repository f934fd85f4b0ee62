/** From shapes to types. */
import type { Builder } from "./builder.js";
import type { Shape, Type } from "./types.js";

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
