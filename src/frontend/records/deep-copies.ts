/**
 * Copies of memory from outside that is written to. Of records, unions and what contains itself there are none: a copy
 * of what they lie in refers to the same ones, which is as good as long as nothing writes to them.
 */
import type { ts } from "ts-morph";
import type { Diagnostics } from "../../diagnostics/collector.js";
import { excerpt } from "../../diagnostics/collector.js";
import { hasSharedParts, isMemory, isSharedByCopies, unfolded } from "../../ir/shapes.js";
import { privateFieldIn, withoutPrivacy } from "../../ir/privacy.js";
import type { Atom, Hint, RefType, RegionId, Shape } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { type Context, type Unit, origin, refuse } from "../context.js";
import { branch } from "../control/join.js";
import { type Key, cellName, cellType, referenceRegion, stepOf, textOf } from "../memory.js";
import { isAtom } from "../scope.js";
import { type RefValue, apply, isRef, present } from "../values.js";

/** A copy of an object or tuple, and of all that it refers to. */
export function copyDeep(cx: Context, value: Atom, node: ts.Node, hint: Hint | null): Atom {
  if (!isRef(value)) {
    if (value.type.kind !== "maybe" || value.type.type.kind !== "ref") return value;
    const copied = branch(
      cx,
      node,
      apply(cx, ops.isNullish, [value], node),
      () => value,
      () => copyDeep(cx, present(cx, value, node), node, null),
      hint,
    );
    return isAtom(copied) ? copied : value;
  }
  if (isSharedByCopies(value.type.shape)) {
    const code = excerpt(node);
    return refuse(cx, "unsupportedAssignment", node, { code, reason: uncopied });
  }
  const made = copyMemory(cx, value, node, hint);
  if (made.type.kind === "ref") cx.unit.copies.push({ type: made.type });
  return made;
}

const uncopied =
  "only a copy may be changed, and none is made of a record, a union of objects or a type that contains itself";

function copyMemory(cx: Context, ref: RefValue, node: ts.Node, hint: Hint | null): Atom {
  const { builder, regions } = cx.unit;
  const { shape } = ref.type;
  const copyCell = (key: Key, cell: Shape): Atom | null => {
    const type = cellType(cx, cell, ref.type.region, cellName(cx, ref.type, key));
    if (type === null) return null;
    const held = builder.load(ref, stepOf(key), type, origin(cx, node));
    return isSharedByCopies(cell.kind === "maybe" ? cell.shape : cell)
      ? held
      : copyDeep(cx, held, node, null);
  };
  if (shape.kind === "array") {
    const hidden = privateFieldIn(shape);
    if (hidden !== null) {
      const reason = `only a copy may be changed, and none is made of a list of instances with private fields, as \`${hidden}\``;
      return refuse(cx, "unsupportedAssignment", node, { code: excerpt(node), reason });
    }
    const out = builder.alloc(shape, { kind: "clone", of: ref }, origin(cx, node, hint));
    if (out.type.kind !== "ref" || !hasSharedParts(shape)) return out;
    const originals = sharedParts(cx, ref.type);
    sharedParts(cx, out.type).forEach((part, i) => regions.merge(part, originals[i] ?? part));
    return out;
  }
  const keys: readonly (readonly [Key, Shape])[] =
    shape.kind === "tuple"
      ? shape.elements.map((element, i) => [i, element] as const)
      : shape.fields.map((field) => [field.name, field.shape] as const);
  const cells = keys.flatMap(([key, cell]) => {
    const value = copyCell(key, cell);
    return value === null ? [] : [{ key, value }];
  });
  const made = builder.alloc(
    withoutPrivacy(shape),
    shape.kind === "tuple"
      ? { kind: "elements", elements: cells.map(({ value }) => value) }
      : { kind: "object", entries: cells.map(({ key, value }) => ({ name: textOf(key), value })) },
    origin(cx, node, hint),
  );
  for (const { key, value } of cells) {
    const target = referenceRegion(value.type);
    const region = referenceRegion(made.type);
    if (target !== null && region !== null) regions.put(region, textOf(key), target);
  }
  return made;
}

/** A copy that was made of a parameter. */
export interface DeepCopy {
  readonly type: RefType;
}

/** Reports writes to what the copies share with their originals. */
export function reportSharedParts(cx: Context, { copies, regions }: Unit, diagnostics: Diagnostics): void {
  for (const { type } of copies) {
    const [written] = sharedParts(cx, type).flatMap((region) => regions.overwrittenIn(region) ?? []);
    if (written === undefined) continue;
    diagnostics.report("unsupportedAssignment", written.node, {
      code: excerpt(written.node),
      reason: uncopied,
    });
  }
}

function sharedParts(cx: Context, { shape, region }: RefType): readonly RegionId[] {
  const cells =
    shape.kind === "array"
      ? [["*", shape.element] as const]
      : shape.kind === "tuple"
        ? shape.elements.map((element, i) => [String(i), element] as const)
        : shape.fields.map((field) => [field.name, field.shape] as const);
  return cells.flatMap(([key, cell]) => {
    const memory = unfolded(cell.kind === "maybe" ? cell.shape : cell);
    const type = isMemory(memory) ? cellType(cx, memory, region, key) : null;
    if (type?.kind !== "ref") return [];
    return isSharedByCopies(memory) ? [type.region] : sharedParts(cx, type);
  });
}
