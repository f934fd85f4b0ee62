/**
 * Fields that a generic class declares to be of its parameter, `options: O`. Which type that is differs from instance to
 * instance, so among its like such a field may hold whatever it holds in any of them.
 */
import type { ts } from "ts-morph";
import type { Field, ObjectShape, Shape } from "../../ir/types.js";
import type { FrontendProject } from "../project/project.js";
import { joinShapes } from "./joined-types.js";
import { type ShapeResult, cellName } from "./shapes.js";

/**
 * The classes of a family; `shapeOf` gives what the bounds of their parameters stand for. Where such a field holds
 * different kinds of things, the generic class itself is taken to have none.
 */
export function withOpenFields(
  parts: readonly ObjectShape[],
  types: readonly ts.Type[],
  project: FrontendProject,
  shapeOf: (type: ts.Type) => ShapeResult,
): readonly ObjectShape[] {
  const bounds = parts.map(({ fields }, i) => {
    const open = fields.filter(({ shape }) => shape.kind === "opaque");
    return open.flatMap(({ name }) => ({ name, bound: boundOf(types[i], name, project) }));
  });
  const open = bounds.flat().filter(({ bound }) => bound !== null);
  if (open.length === 0) return parts;
  const told = new Map(
    open.map(({ name }) => {
      const own = open.flatMap(({ name: other, bound }) => {
        const shape = other === name && bound !== null && bound !== "any" ? shapeOf(bound) : null;
        return shape === null || shape.kind === "unsupported" ? [] : [shape];
      });
      return [name, [...shapesOf(parts, name), ...own]] as const;
    }),
  );
  const held = new Map([...told].map(([name, shapes]) => [name, joinAll(shapes)] as const));
  return parts.map((part, i) => {
    const isOpen = (field: string): boolean =>
      bounds[i]?.some(({ name, bound }) => name === field && bound !== null) === true;
    const fields = part.fields.flatMap((field): readonly Field[] => {
      const shape = held.get(field.name) ?? null;
      // What is told nowhere is learnt from what instances are made with.
      const isOfDifferent = isOpen(field.name) && told.get(field.name)?.length !== 0;
      return shape !== null ? [{ ...field, shape }] : isOfDifferent ? [] : [field];
    });
    return { ...part, fields };
  });
}

function shapesOf(parts: readonly ObjectShape[], name: string): readonly Shape[] {
  const all = parts.flatMap(({ fields }) => fields.filter((each) => each.name === name));
  return all.map(({ shape }) => shape).filter(({ kind }) => kind !== "opaque");
}

function joinAll([first, ...more]: readonly Shape[]): Shape | null {
  return more.reduce<Shape | null>(
    (joined, each) => (joined === null ? null : joinShapes(joined, each)),
    first ?? null,
  );
}

/** What the parameter that the field is of extends; "any" where it may be anything, null for a field of another type. */
function boundOf(
  type: ts.Type | undefined,
  field: string,
  { ts: tsc, checker }: FrontendProject,
): ts.Type | "any" | null {
  const properties = type === undefined ? [] : checker.getPropertiesOfType(type);
  const property = properties.find(({ name }) => cellName(name) === field);
  const own = property === undefined ? null : checker.getTypeOfSymbol(property);
  if (own === null || (own.flags & tsc.TypeFlags.TypeParameter) === 0) return null;
  return checker.getBaseConstraintOfType(own) ?? "any";
}
