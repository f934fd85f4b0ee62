/** Whether objects have fields that they may lack. */
import type { ts } from "ts-morph";
import type { Atom } from "../../ir/types.js";
import * as steering from "../../ops/steering.js";
import type { Context } from "../context.js";
import { stringLiteral } from "../names.js";
import { madePresence } from "./made-fields.js";
import { type RefValue, apply } from "../values.js";

/**
 * Whether an object that is made here has a field: certainly not, it cannot be told, or the condition under which it
 * has it. Fields that it certainly has are not noted.
 */
export type Presence = "never" | "unknown" | Atom;

/** The same of any field; where only the call can tell, what asks it. */
export type FieldPresence = "always" | "never" | "unknown" | Asked;

export interface Asked {
  readonly test: () => Atom;
}

export function isAsked(presence: FieldPresence): presence is Asked {
  return typeof presence === "object";
}

/** Whether the object that `node` gives has the field, as far as it is known; `cell` is what it holds. */
export function presence(
  cx: Context,
  ref: RefValue,
  name: string,
  cell: { readonly kind: string },
  node: ts.Expression,
): FieldPresence {
  if (cell.kind !== "maybe" && cell.kind !== "nothing") return "always";
  const made = madePresence(cx, ref, name, node);
  if (made !== null) return made;
  const { given, absent, regions } = cx.unit;
  if (given.has(ref.id))
    return isOptional(cx, node, name) ? { test: () => hasField(cx, ref, name, node) } : "always";
  const known = absent.get(ref.id);
  if (known === undefined || regions.writtenAt(ref.type.region) !== null) return "unknown";
  const noted = known.get(name) ?? "always";
  return typeof noted === "string" ? noted : { test: () => noted };
}

function isOptional(cx: Context, node: ts.Expression, name: string): boolean {
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  const property = cx.checker.getPropertyOfType(type, name);
  return property === undefined || (property.flags & cx.ts.SymbolFlags.Optional) !== 0;
}

/** Asks the object itself. */
function hasField(cx: Context, ref: RefValue, name: string, node: ts.Node): Atom {
  return apply(cx, steering.hasField, [stringLiteral(name), ref], node);
}
