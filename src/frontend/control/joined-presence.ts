/** Which fields an object has that is one of two. */
import type { Atom, Instr, ValueId } from "../../ir/types.js";
import { outsOf } from "../../ir/visit.js";
import type { Context } from "../context.js";
import type { Bound } from "../scope.js";
import { isNothing } from "./join.js";

/** What an arm gives, and what else is in it. */
interface Given {
  readonly bound: Bound;
  readonly instrs: readonly Instr[];
}

/** What is known of the fields of objects holds of what is one of them. */
export function notePresence(cx: Context, joined: ValueId, test: Atom, arms: readonly Given[]): void {
  const { given, absent, chosen } = cx.unit;
  const objects = arms.filter(({ bound }) => !isNothing(bound));
  const [first] = objects;
  if (first !== undefined && objects.every(({ bound }) => isComplete(cx, bound))) given.add(joined);
  if (objects.length === 1) {
    const known = first?.bound.kind === "value" ? absent.get(first.bound.id) : undefined;
    if (known === undefined) return;
    // Conditions of an arm are not known outside of it.
    const outside = [...known].map(
      ([name, each]) => [name, typeof each === "string" ? each : ("unknown" as const)] as const,
    );
    absent.set(joined, new Map(outside));
  } else if (objects.every((each) => isToldOutside(cx, each))) {
    const ids = objects.flatMap(({ bound }) => (bound.kind === "value" ? [bound.id] : []));
    chosen.set(joined, { test, arms: ids });
  }
}

/** What tells which fields the object has is known outside of the arm too. */
function isToldOutside({ unit: { absent, chosen } }: Context, { bound, instrs }: Given): boolean {
  if (bound.kind !== "value") return false;
  const inside = new Set(instrs.flatMap((instr) => outsOf(instr).map(({ id }) => id)));
  const conditions = [...(absent.get(bound.id)?.values() ?? []), chosen.get(bound.id)?.test ?? "always"];
  return conditions.every(
    (each) => typeof each === "string" || each.kind === "literal" || !inside.has(each.id),
  );
}

/** An object that has just the fields that it was made with, in the emitted code too. */
function isComplete({ unit: { given, absent, regions } }: Context, bound: Bound): boolean {
  if (bound.kind !== "value") return false;
  if (given.has(bound.id)) return true;
  if (bound.type.kind !== "ref") return false;
  return absent.get(bound.id)?.size === 0 && regions.writtenAt(bound.type.region) === null;
}
