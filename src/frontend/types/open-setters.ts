/**
 * Writes to fields of objects from outside that an interface describes: where a class of the project has a setter of
 * that name, the object may be of it, and its copy would be written to as if it had a field.
 */
import type { ts } from "ts-morph";
import type { Diagnostics } from "../../diagnostics/collector.js";
import type { Value } from "../../ir/types.js";
import { typeAt } from "../classes/class-tests.js";
import { memberNamed } from "../classes/classes.js";
import type { Context, Unit } from "../context.js";
import { candidatesFor } from "./families.js";
import { referenceRegion } from "../memory.js";
import type { Access } from "../expressions/properties.js";
import type { RefValue } from "../values.js";

/** Notes a write to what is a field as far as is known. */
export function noteOpenWrite(cx: Context, ref: RefValue, node: Access, name: string): void {
  const { project } = cx.unit;
  const classes = candidatesFor(typeAt(cx, node.expression), project, new Set(project.classes.all(project)));
  const isOpen = classes.some((each) => {
    const member = memberNamed(cx, each, name, false);
    return member?.kind === "accessor" && member.set !== null;
  });
  if (isOpen) cx.unit.openWrites.push({ ref, node, name });
}

export interface OpenWrite {
  readonly ref: RefValue;
  readonly node: ts.Node;
  readonly name: string;
}

/** Reports those to what the caller of the function has made. */
export function reportOpenWrites(
  { regions, openWrites }: Unit,
  params: readonly Value[],
  diagnostics: Diagnostics,
): void {
  if (openWrites.length === 0) return;
  const roots = params.map(({ type }) => referenceRegion(type)).filter((each) => each !== null);
  const given = new Set(roots.flatMap((root) => [...regions.below(root)]));
  for (const { ref, node, name } of openWrites) {
    if (given.has(regions.canonical(ref.type.region))) diagnostics.report("dynamicDispatch", node, { name });
  }
}
