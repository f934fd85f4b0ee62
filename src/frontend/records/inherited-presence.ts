/** What is known of the fields of an object holds under every name that it has. */
import type { Atom, Value, ValueId } from "../../ir/types.js";
import type { Context, Unit } from "../context.js";
import type { Key } from "../memory.js";
import type { Bound } from "../scope.js";
import type { RefValue } from "../values.js";

/** Of what a value is the same object as. */
export function copyPresence({ unit }: Context, from: ValueId, to: ValueId): void {
  const { given, absent, chosen, foundIn } = unit;
  if (given.has(from)) given.add(to);
  const known = absent.get(from);
  if (known !== undefined) absent.set(to, known);
  const choice = chosen.get(from);
  if (choice !== undefined) chosen.set(to, choice);
  const found = foundIn.get(from);
  if (found !== undefined) foundIn.set(to, found);
}

/** Notes the objects that an object is made with. */
export function noteHeld({ unit }: Context, made: Value, cells: ReadonlyMap<string, Bound>): void {
  const held = new Map<string, ValueId>();
  for (const [name, bound] of cells) if (bound.kind === "value") held.set(name, bound.id);
  if (held.size > 0) unit.held.set(made.id, held);
}

/** Of what is read from a cell: that of what the caller gave is the caller's, that of an object made here is what it was made with. */
export function inheritPresence(cx: Context, ref: RefValue, key: Key, out: Value): void {
  const { given, held, foundIn } = cx.unit;
  if (given.has(ref.id)) given.add(out.id);
  const inside = typeof key === "string" ? held.get(ref.id)?.get(key) : undefined;
  if (inside === undefined) return;
  copyPresence(cx, inside, out.id);
  foundIn.set(out.id, [...(foundIn.get(ref.id) ?? []), ...(foundIn.get(out.id) ?? []), ref.type.region]);
}

/** The object is from the caller of the target, or there is none: whether it has a field can be asked of itself. */
export function isGiven({ unit }: Context, bound: Atom): boolean {
  return bound.kind === "literal" || unit.given.has(bound.id);
}

/** True for an object that can be asked which fields it has: from now on, the function is given no others. */
export function mayBeAsked({ given, presences }: Unit, id: ValueId): boolean {
  if (!given.has(id) || !presences.mayBeAsked) return false;
  presences.areAsked = true;
  return true;
}

/**
 * True for a function that may be given an object that is made here, as it asks none whether it has a field: from now on
 * it must not.
 */
export function takesMade({ presences }: Unit): boolean {
  if (presences.areAsked) return false;
  presences.mayBeAsked = false;
  return true;
}
