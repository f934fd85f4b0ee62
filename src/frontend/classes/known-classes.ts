/**
 * Which classes a value may be of, where that is known better than the type says by which it is used: from the
 * expression that gave it, from what a call hands over, from what the constructor put into a field.
 */
import type { ts } from "ts-morph";
import { noteDeclared } from "./alike.js";
import { type Kind, classType } from "./class-index.js";
import type { Context } from "../context.js";
import { candidatesFor } from "../types/families.js";
import { cellName } from "../types/shapes.js";
import { isOfClass, membersOf } from "../types/named-types.js";
import { type Bound, isAtom } from "../scope.js";
import { type RefValue, isRef } from "../values.js";
import { isAssigned } from "./method-fields.js";

/** Null where nothing is known but the type. */
export function knownClasses(cx: Context, { id }: RefValue): readonly Kind[] | null {
  const exact = cx.unit.classes.get(id);
  if (exact !== undefined) return [exact];
  const [own, here] = [cx.unit.allowed.get(id), cx.facts.get(id)];
  if (own === undefined || here === undefined) return own ?? here ?? null;
  const both = own.filter((each) => here.includes(each));
  return both.length === 0 ? here : both;
}

/** The context of a function that is called with these arguments, for parameters of more general types. */
export function withArgumentClasses(
  cx: Context,
  args: readonly Bound[],
  nodes: readonly ts.Expression[],
): Context {
  if (args.length !== nodes.length || nodes.some((each) => cx.ts.isSpreadElement(each))) return cx;
  const found = args.flatMap((bound, i): (readonly [number, readonly Kind[]])[] => {
    const node = nodes[i];
    if (node === undefined || !isInstance(bound)) return [];
    const classes = classesAt(cx, node, bound);
    const known = knownClasses(cx, bound);
    const both = known === null ? classes : classes.filter((each) => known.includes(each));
    return both.length === 0 ? [] : [[bound.id, both]];
  });
  return found.length === 0 ? cx : { ...cx, facts: new Map([...cx.facts, ...found]) };
}

/** What `node` has read of a field: its type holds wherever the value goes. */
export function noteRead(
  cx: Context,
  from: RefValue,
  field: string,
  bound: Bound,
  node: ts.Expression,
): void {
  if (!isInstance(bound)) return;
  const classes = cx.unit.heldClasses.get(from.id)?.get(field) ?? classesAt(cx, node, bound);
  if (classes.length > 0) cx.unit.allowed.set(bound.id, classes);
}

/** What the fields of an instance hold that are never assigned again. */
export function noteHeld(
  cx: Context,
  made: RefValue,
  type: ts.Type,
  fields: ReadonlyMap<string, Bound>,
): void {
  const held = cx.checker
    .getPropertiesOfType(type)
    .flatMap((property): (readonly [string, readonly Kind[]])[] => {
      const name = cellName(property.name);
      const bound = fields.get(name);
      const known = bound !== undefined && isInstance(bound) ? knownClasses(cx, bound) : null;
      return known === null || !isKept(cx, property) ? [] : [[name, known]];
    });
  if (held.length > 0) cx.unit.heldClasses.set(made.id, new Map(held));
}

/** Nothing but the constructor assigns it. */
function isKept(cx: Context, { name, declarations = [] }: ts.Symbol): boolean {
  const { Readonly } = cx.ts.ModifierFlags;
  const isReadonly = declarations.every((each) => (cx.ts.getCombinedModifierFlags(each) & Readonly) !== 0);
  return (isReadonly && declarations.length > 0) || !isAssigned(name, cx.unit.project);
}

function isInstance(bound: Bound): bound is RefValue {
  return isAtom(bound) && isRef(bound) && bound.type.shape.kind === "object";
}

/** The classes that the type of an expression allows, where it names classes; none where it does not. */
function classesAt(cx: Context, node: ts.Expression, ref: RefValue): readonly Kind[] {
  const { project, dispatch } = cx.unit;
  const type = classType(cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node)), project);
  if (!membersOf(type, project).every((each) => isOfClass(each, project))) return [];
  noteDeclared(cx, ref, type, node);
  return candidatesFor(type, project, new Set([...dispatch.made, ...dispatch.making]));
}
