/**
 * Fields that an object is not known to have, read behind a cast: `(shape as Circle).r`. One that is made here has just
 * the fields that it is made with. Of others no more is known than their types say, and these may say less.
 */
import type { ts } from "ts-morph";
import { type Diagnostics, excerpt } from "../../diagnostics/collector.js";
import type { RegionId, Value } from "../../ir/types.js";
import type { Context, Unit } from "../context.js";
import { descendants } from "../classes/descendants.js";
import { cellShape, referenceRegion } from "../memory.js";
import { propertyOf } from "../../ir/variant-cells.js";
import { ownFields } from "../types/own-fields.js";
import { isJavaScript } from "../syntax.js";
import { cellName } from "../types/shapes.js";
import { makersOf, regionsAnywhere } from "../types/widening.js";
import type { RefValue } from "../values.js";

export interface MissingField {
  readonly region: RegionId;
  readonly name: string;
  readonly node: ts.Node;
  /** The type in which the field may be left out, where one says so. */
  readonly optionalIn: ts.Type | null;
}

/** Notes that what is read of the object is taken not to be there. */
export function noteMissingRead(cx: Context, ref: RefValue, name: string, node: ts.Node): void {
  const { ts: tsc } = cx;
  if (
    tsc.isPropertyAccessExpression(node) ||
    tsc.isElementAccessExpression(node) ||
    tsc.isBindingElement(node)
  )
    noteMissing(cx, ref, name, node, optionalIn(cx, node, name));
}

/** The type of the object that is read, if it says that the field may be left out. JavaScript leaves out any. */
function optionalIn(
  cx: Context,
  node: ts.AccessExpression | ts.BindingElement,
  name: string,
): ts.Type | null {
  const { checker, ts: tsc } = cx;
  const holder = tsc.isBindingElement(node) ? node.parent : node.expression;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(holder));
  const property = type.getProperty(name);
  if (isJavaScript(cx, node)) return type;
  return property !== undefined && (property.flags & tsc.SymbolFlags.Optional) !== 0 ? type : null;
}

/** Notes that the object is taken to have no such field. */
export function noteMissing(
  { unit }: Context,
  { type: { region, shape } }: RefValue,
  name: string,
  node: ts.Node,
  optional: ts.Type | null = null,
): void {
  if (shape.kind === "object") unit.missingFields.push({ region, name, node, optionalIn: optional });
}

/** Notes the fields that are there for TypeScript, where all fields are gone over. */
export function noteUnlisted(cx: Context, ref: RefValue, node: ts.Expression): void {
  const { shape } = ref.type;
  if (shape.kind !== "object") return;
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  const known = new Set(shape.fields.map(({ name }) => propertyOf(name)));
  for (const { name } of ownFields(type, cx.unit.project))
    if (!known.has(cellName(name))) noteMissing(cx, ref, name, node);
}

/** Reports those of objects that may have them after all; `given` comes from the caller of the target. */
export function reportMissing(
  units: readonly Unit[],
  main: Unit,
  given: readonly Value[],
  diagnostics: Diagnostics,
): void {
  if (units.every(({ missingFields }) => missingFields.length === 0)) return;
  const roots = given.flatMap(({ type }) => referenceRegion(type) ?? []);
  const outside = new Set(roots.flatMap((root) => [...main.regions.below(root)]));
  for (const unit of units) {
    for (const { region, name, node, optionalIn: optional } of unit.missingFields) {
      const all = regionsAnywhere(unit, region);
      const isOutside = all.some(([here, at]) => here === main && outside.has(main.regions.canonical(at)));
      const makers = all.flatMap(([here, at]) => makersOf(here, at));
      const has = makers.some(({ shape }) => (cellShape(shape, name) ?? nothing).kind !== "nothing");
      if (!isOutside && !has && makers.length > 0) continue;
      const isLeftOut = isOutside && !has && optional !== null && !isCastTo(unit, optional);
      diagnostics.report(isLeftOut ? "fieldLeftOut" : "hiddenField", node, { code: excerpt(node), name });
    }
  }
}

/** Something in the project's own code is cast to the type: then it may have fields that its own type has not. */
function isCastTo({ project: { program, checker, ts: tsc, isOwn } }: Unit, type: ts.Type): boolean {
  const symbol = type.getSymbol();
  const isThat = (each: ts.Type): boolean =>
    each === type ||
    (symbol !== undefined && each.getSymbol() === symbol) ||
    (each.isUnion() && each.types.some(isThat));
  return program
    .getSourceFiles()
    .filter((file) => isOwn(file))
    .some((file) =>
      [...descendants(tsc, file)].some(
        (each) =>
          (tsc.isAsExpression(each) || tsc.isTypeAssertionExpression(each)) &&
          isThat(checker.getTypeAtLocation(each)),
      ),
    );
}

const nothing = { kind: "nothing" } as const;
