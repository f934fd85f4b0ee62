/** The cells of unions: one shape for the fields of all variants. */
import type { Field, ObjectShape, Shape, Variant } from "../../ir/types.js";
import { cellOfVariant, propertyOf } from "../../ir/variant-cells.js";
import { isBox } from "../../ir/boxes.js";
import { joinShapes } from "./joined-types.js";

/**
 * The fields of all variants. Where those of one name hold different kinds of things, each kind has a cell of its own,
 * and under the bare name lies what is not looked into.
 */
export function mergedVariants(variants: readonly Variant[]): {
  readonly fields: readonly Field[];
  readonly variants: readonly Variant[];
} {
  const merged = new Map<string, Shape>();
  const kinds = new Map<string, readonly Field[]>();
  for (const name of new Set(variants.flatMap(({ fields }) => fields.map((field) => field.name)))) {
    const groups = kindsOf(variants, name);
    const [first, ...more] = groups ?? [];
    merged.set(name, first === undefined || more.length > 0 ? { kind: "opaque" } : first.shape);
    if (groups === null || more.length === 0) continue;
    kinds.set(name, groups);
    for (const group of groups) merged.set(group.name, group.shape);
  }
  const privates = new Map(
    variants.flatMap(({ fields }) => fields.map((field) => [field.name, field] as const)),
  );
  const renamed = (field: Field): Field => cellFor(kinds.get(field.name) ?? [], field.shape) ?? field;
  return {
    fields: [...merged].map(([name, shape]) => {
      const { isPrivate } = privates.get(propertyOf(name)) ?? {};
      return isPrivate === true ? { name, shape, isPrivate } : { name, shape };
    }),
    variants: variants.map((variant) => ({
      ...variant,
      fields: variant.fields.map((field) => ({ ...field, name: renamed(field).name })),
    })),
  };
}

/** The cells for the fields of that name, one for each kind of thing; null where one of them is not looked into. */
function kindsOf(variants: readonly Variant[], property: string): readonly Field[] | null {
  const groups: Field[] = [];
  for (const { name: variant, fields, test } of variants) {
    const shape = fields.find(({ name }) => name === property)?.shape;
    if (shape === undefined) continue;
    if (shape.kind === "opaque") return null;
    const known = groups.findIndex((group) => joinShapes(group.shape, shape) !== null);
    const group = groups[known];
    if (group === undefined) groups.push({ name: cellOfVariant(property, variant), shape });
    else groups[known] = { ...group, shape: joinShapes(group.shape, shape) ?? shape };
    if (groups.length > 1 && test.kind === "tag" && test.field === property) return null;
  }
  return groups;
}

/** The cell that holds things of the shape; null where none does, or it could be one of several. */
export function cellFor(cells: readonly Field[], shape: Shape): Field | null {
  const fitting = cells.filter((cell) => joinShapes(bare(cell.shape), bare(shape)) !== null);
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

/** The same where it may be that only a part of what the cell may hold is seen: a number of what is a number or an array. */
export function cellHolding(cells: readonly Field[], shape: Shape): Field | null {
  const found = cellFor(cells, shape);
  const others = cells.filter((cell) => cell !== found && mayHold(bare(cell.shape), bare(shape)));
  if (found !== null) return others.length === 0 ? found : null;
  return others.length === 1 ? (others[0] ?? null) : null;
}

function mayHold(cell: Shape, shape: Shape): boolean {
  if (joinShapes(cell, shape) !== null) return true;
  return isBox(cell) && cell.fields.some((field) => joinShapes(bare(field.shape), shape) !== null);
}

function bare(shape: Shape): Shape {
  return shape.kind === "maybe" && shape.other === undefined ? shape.shape : shape;
}

/** The cells for fields of that name that hold different kinds of things; none where they hold one kind. */
export function cellsOf({ fields }: ObjectShape, property: string): readonly Field[] {
  return fields.filter(({ name }) => name !== property && propertyOf(name) === property);
}

/** The fields of an object that is made, by the names of the cells that the union has for them. */
export function asCellsOf({ fields }: ObjectShape, union: ObjectShape, variant?: Variant): readonly Field[] {
  const own = ({ name }: Field): Field | undefined =>
    variant?.fields.find((each) => each.name !== name && propertyOf(each.name) === name);
  return fields
    .map((field) => own(field) ?? cellHolding(cellsOf(union, field.name), field.shape) ?? field)
    .map(named(fields));
}

function named(fields: readonly Field[]): (cell: Field, index: number) => Field {
  return ({ name }, index) => ({ name, shape: fields[index]?.shape ?? { kind: "opaque" } });
}

/** True for a field that is of another kind in each of several variants. */
export function isOfDifferentKinds(shape: ObjectShape, name: string): boolean {
  return cellsOf(shape, name).length > 0;
}
