/** The shapes of unions of tuples: those of unions of objects whose fields have the names of the indices. */
import { int } from "../../ir/builder.js";
import { namedType } from "../../ir/shapes.js";
import type { ObjectShape, Shape, TupleShape } from "../../ir/types.js";
import { joinShapes } from "./joined-types.js";
import { cellFor, cellsOf } from "./variant-cells.js";

export function fieldsOfTuple({ elements }: TupleShape): ObjectShape {
  const fields = elements.map((shape, i) => ({ name: String(i), shape }));
  return { kind: "object", fields: [...fields, { name: "length", shape: int }] };
}

export function isTupleUnion(shape: Shape): boolean {
  return namedType(shape)?.isTuple === true;
}

/** A tuple that may be one of the union, were it made as such. */
export function isOneOfTuples(shape: Shape, union: ObjectShape): boolean {
  if (shape.kind !== "tuple" || !isTupleUnion(union)) return false;
  return fieldsOfTuple(shape).fields.every((field) => {
    const cells = cellsOf(union, field.name);
    const own = union.fields.find(({ name }) => name === field.name);
    return (
      cellFor(cells, field.shape) !== null ||
      (own !== undefined && joinShapes(own.shape, field.shape) !== null)
    );
  });
}
