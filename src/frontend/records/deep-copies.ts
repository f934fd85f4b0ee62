/** Copies of memory from outside that is written to: of those parts of it that are. */
import type { ts } from "ts-morph";
import { withoutPrivacy } from "../../ir/privacy.js";
import { isMemory, isWhole, nameOfShape, unfolded } from "../../ir/shapes.js";
import type { Atom, Hint, MemoryShape, RefType, RegionId, Shape, Type, Value } from "../../ir/types.js";
import { bool, suggested } from "../../ir/builder.js";
import { type Context, origin, refuseExpression } from "../context.js";
import { branch } from "../control/join.js";
import { type Key, cellName, cellType, referenceRegion, stepOf, storeCell, textOf } from "../memory.js";
import { stringLiteral, undefinedLiteral } from "../names.js";
import type { Bound } from "../scope.js";
import type { Regions } from "../types/regions.js";
import { type RefValue, isRef } from "../values.js";

/** What is copied of a parameter. */
export interface CopiedParts {
  /** The parts that are written to, by the cells that lead to them: `bodies`, `grid.*.cells`. */
  readonly written: ReadonlySet<string>;
  /** The copies, as they are made. */
  readonly made: MadeCopy[];
  /** Those of objects and tuples, cell by cell. */
  readonly objects: Type[];
}

interface MadeCopy {
  readonly path: readonly string[];
  readonly type: Type;
}

/** A copy of an object or tuple, and of all that it refers to, as far as it is one of the parts. */
export function copyDeep(
  cx: Context,
  value: Atom,
  node: ts.Node,
  hint: Hint | null,
  parts: CopiedParts | null = null,
  path: readonly string[] = [],
): Atom {
  if (parts !== null && !isWritten(parts.written, path)) return value;
  if (isRef(value)) return copyMemory(cx, value, node, hint, parts, path);
  const { type } = value;
  if (value.kind !== "value" || type.kind !== "maybe" || type.type.kind !== "ref") return value;
  return copyWhole(cx, value, type.type, node, hint, parts, path);
}

/** The part, or something that lies in it, is written to. */
function isWritten(written: ReadonlySet<string>, path: readonly string[]): boolean {
  const name = path.join(".");
  return [...written].some((part) => path.length === 0 || part === name || part.startsWith(`${name}.`));
}

function copyMemory(
  cx: Context,
  ref: RefValue,
  node: ts.Node,
  hint: Hint | null,
  parts: CopiedParts | null,
  path: readonly string[],
): Atom {
  const { builder, regions } = cx.unit;
  const { shape } = ref.type;
  if (isWhole(shape)) return copyWhole(cx, ref, ref.type, node, hint, parts, path);
  const copied = (key: Key, cell: Shape): Atom | null => {
    const type = cellType(cx, cell, ref.type.region, cellName(cx, ref.type, key));
    if (type === null) return null;
    const held = builder.load(ref, stepOf(key), type, origin(cx, node));
    const name = hint === null ? null : suggested(`${hint.text}_${textOf(key)}`);
    return copyDeep(cx, held, node, name, parts, [...path, textOf(key)]);
  };
  const isExact = parts !== null && shape.kind === "object" && cx.unit.exact.has(node);
  const mayLack = ([, { kind }]: readonly [Key, Shape]): boolean => isExact && kind === "maybe";
  const cells = cellsOf(shape).flatMap((each) => {
    const value = mayLack(each) ? null : copied(...each);
    return value === null ? [] : [{ key: each[0], value }];
  });
  const made = builder.alloc(
    withoutPrivacy(shape, (below) => parts !== null && !isWritten(parts.written, [...path, ...below])),
    shape.kind === "tuple"
      ? { kind: "elements", elements: cells.map(({ value }) => value) }
      : { kind: "object", entries: cells.map(({ key, value }) => ({ name: textOf(key), value })) },
    origin(cx, node, hint),
  );
  parts?.objects.push(made.type);
  for (const { key, value } of cells) {
    const target = referenceRegion(value.type);
    const region = referenceRegion(made.type);
    if (target !== null && region !== null) regions.put(region, textOf(key), target);
  }
  // JSON has no fields that hold `undefined`, so a copy by its text would not be asked what the original is.
  if (parts !== null) cx.unit.askedObjects.made.set(made.id, { node, isExact });
  for (const each of cellsOf(shape).filter(mayLack))
    giveWhatIsThere(cx, ref, made, textOf(each[0]), () => copied(...each), node);
  return made;
}

/** Gives the copy a field, if the original has it. */
function giveWhatIsThere(
  cx: Context,
  original: RefValue,
  made: Value,
  name: string,
  copied: () => Atom | null,
  node: ts.Node,
): void {
  const { builder } = cx.unit;
  const give = (): Bound => {
    const value = copied();
    if (value !== null && isRef(made)) storeCell(cx, made, name, value, node);
    return undefinedLiteral;
  };
  const step = { kind: "index", index: stringLiteral(name), asks: "in" } as const;
  const test = builder.load(original, step, bool, origin(cx, node));
  branch(cx, node, test, give, () => undefinedLiteral, null);
}

/** A copy at once, of what has no cells of its own in the IR: what is found by keys, has a type with a name or may be missing. */
function copyWhole(
  cx: Context,
  value: Value,
  { shape }: RefType,
  node: ts.Node,
  hint: Hint | null,
  parts: CopiedParts | null,
  path: readonly string[],
): Atom {
  const { builder, regions } = cx.unit;
  if (parts !== null && copiesKeys(shape, parts.written, path)) {
    const what = "change of an object in a set that comes from outside, by which its gradient is found";
    return refuseExpression(cx, node, what);
  }
  const shared = new Set(parts === null ? [] : unwritten(shape, parts.written, path, []));
  const plain = withoutPrivacy(shape, (below) => shared.has(below.join(".")));
  const out = builder.clone(value, shared, origin(cx, node, hint), plain);
  parts?.made.push({ path, type: out.type });
  const [name, region] = [nameOfShape(shape), referenceRegion(out.type)];
  if (name !== null && region !== null) regions.tie(region, name);
  return out;
}

/** What belongs to the objects of a set is found by these, which have to be those of the caller. */
function copiesKeys(whole: Shape, written: ReadonlySet<string>, path: readonly string[]): boolean {
  const shape = unfolded(whole.kind === "maybe" ? whole.shape : whole);
  if (!isMemory(shape) || !isWritten(written, path)) return false;
  return cellsOf(shape).some(([key, cell]) => {
    const inner = [...path, textOf(key)];
    const isKey = shape.kind === "array" && shape.keeps === "keys";
    return (isKey && isWritten(written, inner)) || copiesKeys(cell, written, inner);
  });
}

/** The parts of memory that nothing is written to, as seen from the copy that they lie in. */
function unwritten(
  whole: Shape,
  written: ReadonlySet<string>,
  path: readonly string[],
  inside: readonly string[],
): readonly string[] {
  const shape = whole.kind === "maybe" ? whole.shape : whole;
  if (!isMemory(unfolded(shape))) return [];
  if (!isWritten(written, [...path, ...inside])) return [inside.join(".")];
  // Of objects of one type there is one function that copies them.
  if (nameOfShape(shape) !== null || !isMemory(shape)) return [];
  return cellsOf(shape).flatMap(([key, cell]) => unwritten(cell, written, path, [...inside, textOf(key)]));
}

/** The parts of a parameter that are written to, or of a copy that was made of a part of it. */
export function writtenParts(
  regions: Regions,
  type: Type,
  copied: readonly string[] | null = null,
): readonly string[] {
  const found: string[] = [];
  visit(type, copied ?? []);
  return found;

  function visit(whole: Type, path: readonly string[]): void {
    const each = whole.kind === "maybe" ? whole.type : whole;
    if (each.kind !== "ref") return;
    const { shape, region } = each;
    const isNamed = nameOfShape(shape) !== null;
    if (isAnyWritten(region, isNamed)) found.push(path.join("."));
    if (isNamed) return;
    for (const [key, cell] of cellsOf(shape)) {
      const name = textOf(key);
      const inner = unfolded(cell.kind === "maybe" ? cell.shape : cell);
      if (isMemory(inner) && regions.cellsOf(region).includes(name))
        visit({ kind: "ref", shape: inner, region: regions.child(region, name) }, [...path, name]);
    }
  }

  /** What is written to a copy right where it is made counts as well. */
  function isAnyWritten(region: RegionId, isNamed: boolean): boolean {
    const isCopy = copied !== null;
    if (!isNamed) return regions.writtenAt(region, isCopy) !== null;
    return (isCopy ? regions.storedIn(region) : regions.overwrittenIn(region)) !== null;
  }
}

/** The parts that have fields which only their class lets one read. */
export function partsWithPrivacy(whole: Shape, path: readonly string[] = []): readonly string[] {
  const shape = whole.kind === "maybe" ? whole.shape : whole;
  if (nameOfShape(shape) !== null || !isMemory(shape)) return [];
  const isOne = shape.kind === "object" && shape.fields.some((field) => field.isPrivate === true);
  const inside = cellsOf(shape).flatMap(([key, cell]) => partsWithPrivacy(cell, [...path, textOf(key)]));
  return isOne ? [path.join("."), ...inside] : inside;
}

/** The memory in a parameter that the function has come to, by the cells that lead to it. */
export function partsLookedAt(regions: Regions, type: Type, path: readonly string[] = []): readonly string[] {
  const each = type.kind === "maybe" ? type.type : type;
  if (each.kind !== "ref") return [];
  const { shape, region } = each;
  if (nameOfShape(shape) !== null) return [path.join(".")];
  const inside = cellsOf(shape).flatMap(([key, cell]) => {
    const name = textOf(key);
    const inner = unfolded(cell.kind === "maybe" ? cell.shape : cell);
    if (!isMemory(inner) || !regions.cellsOf(region).includes(name)) return [];
    return partsLookedAt(regions, { kind: "ref", shape: inner, region: regions.child(region, name) }, [
      ...path,
      name,
    ]);
  });
  return [path.join("."), ...inside];
}

function cellsOf(shape: MemoryShape): readonly (readonly [Key, Shape])[] {
  switch (shape.kind) {
    case "array":
      return [["*", shape.element]];
    case "tuple":
      return shape.elements.map((element, i) => [i, element] as const);
    case "object":
      return shape.fields.map((field) => [field.name, field.shape] as const);
  }
}
