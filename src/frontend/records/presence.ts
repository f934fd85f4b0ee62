/** Whether objects have fields that they may lack. */
import type { ts } from "ts-morph";
import { type Diagnostics, excerpt } from "../../diagnostics/collector.js";
import { bool, boolean } from "../../ir/builder.js";
import { regionOf } from "../../ir/places.js";
import { isOneOfSeveral } from "../../ir/shapes.js";
import type { Atom, RegionId, Value, ValueId } from "../../ir/types.js";
import * as steering from "../../ops/steering.js";
import { type Context, type Unit, origin } from "../context.js";
import { branch } from "../control/join.js";
import { stringLiteral } from "../names.js";
import { mayBeAsked } from "./inherited-presence.js";
import { madePresence } from "./made-fields.js";
import { apply } from "../values.js";

/**
 * Whether an object that is made here has a field: certainly not, it cannot be told, or the condition under which it
 * has it. Fields that it certainly has are not noted.
 */
export type Presence = "never" | "unknown" | Atom;

/** The same of any field; where only the call can tell, what asks it. */
export type FieldPresence = "always" | "never" | "unknown" | Asked;

export interface Asked {
  readonly test: () => Atom;
  /** It asks an object that is made here. */
  readonly isOfMade?: true;
}

/** Where it matters, in a loop, which fields an object has; these regions must not be written to. */
export interface FieldAsk {
  readonly regions: readonly RegionId[];
  readonly node: ts.Node;
  readonly isOrdered: boolean;
}

/** An object that is one of two, by a condition. */
export interface Choice {
  readonly test: Atom;
  readonly arms: readonly ValueId[];
}

export function isAsked(presence: FieldPresence): presence is Asked {
  return typeof presence === "object";
}

/** Whether the object that `node` gives has the field, as far as it is known; `cell` is what it holds. */
export function presence(
  cx: Context,
  ref: Value,
  name: string,
  cell: { readonly kind: string },
  node: ts.Node,
  isOrdered = false,
): FieldPresence {
  if (cell.kind !== "maybe" && cell.kind !== "nothing") return "always";
  const question = { ref, name, node, isOrdered };
  if (!isOrdered && cx.unit.exact.has(node)) return askObject(cx, question);
  const found = madePresence(cx, ref, name, { node, isOrdered }) ?? presenceOf(cx, ref.id, question);
  return found === "unknown" && !isOrdered ? askObject(cx, question) : found;
}

/** What is asked for a field. */
interface Question {
  readonly ref: Value;
  readonly name: string;
  readonly node: ts.Node;
  /** The order of the fields matters as well. */
  readonly isOrdered: boolean;
}

/** The same where the object is the one that `id` stands for. */
function presenceOf(cx: Context, id: ValueId, question: Question): FieldPresence {
  const { absent, chosen, given } = cx.unit;
  const { name, isOrdered } = question;
  if (isOrdered ? mayBeAsked(cx.unit, id) : given.has(id)) return askObject(cx, question);
  const choice = chosen.get(id);
  if (choice !== undefined) return presenceInEither(cx, choice, question);
  const known = absent.get(id);
  if (known === undefined || !isUnchanged(cx, id, question)) return "unknown";
  const noted = known.get(name) ?? "always";
  return typeof noted === "string" ? noted : { test: () => noted };
}

/** Nothing has been written so far to the object, nor to what it was found in; whether anything will be, a loop has to wait for. */
function isUnchanged({ unit }: Context, id: ValueId, { ref, node, isOrdered }: Question): boolean {
  const { regions, foundIn, loopDepths, fieldAsks } = unit;
  const own = regionOf(ref);
  const all = [...(own === null ? [] : [own]), ...(foundIn.get(id) ?? [])];
  if (all.some((region) => regions.writtenAt(region) !== null)) return false;
  if (loopDepths.length > 0) fieldAsks.push({ regions: all, node, isOrdered });
  return true;
}

/** Of objects that are written to later in a loop, what was asked there is asked of themselves, or reported. */
export function reportFieldAsks({ regions, fieldAsks, exact }: Unit, diagnostics: Diagnostics): void {
  for (const { regions: all, node, isOrdered } of fieldAsks) {
    if (all.every((region) => regions.writtenAt(region) === null)) continue;
    if (!isOrdered) {
      exact.add(node);
      continue;
    }
    const what = "use of the fields of an object that are given to it in a loop, or under another name";
    diagnostics.report("unsupportedExpression", node, { code: excerpt(node), what });
  }
}

/** Of an object that is one of two. */
function presenceInEither(cx: Context, { test, arms }: Choice, question: Question): FieldPresence {
  const [a, b] = arms.map((arm) => presenceOf(cx, arm, question));
  if (a === undefined || b === undefined || a === "unknown" || b === "unknown") return "unknown";
  if (a === b) return a;
  const asked = (each: FieldPresence) => (): Atom =>
    isAsked(each) ? each.test() : boolean(each === "always");
  return { test: () => branch(cx, question.node, test, asked(a), asked(b), null) as Atom };
}

function isOptional(cx: Context, node: ts.Node, name: string): boolean {
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  const property = cx.checker.getPropertyOfType(type, name);
  return property === undefined || (property.flags & cx.ts.SymbolFlags.Optional) !== 0;
}

/** Asks the object itself, which has to be made with just the fields that it has. */
function askObject(cx: Context, { ref, name, node }: Question): FieldPresence {
  if (!isOptional(cx, node, name)) return "always";
  const { builder, given, askedObjects } = cx.unit;
  // Where that tells which kind of object it is, TypeScript has to see it as a test.
  if (ref.type.kind === "ref" && isOneOfSeveral(ref.type.shape))
    return mayBeAsked(cx.unit, ref.id)
      ? { test: () => apply(cx, steering.hasField, [stringLiteral(name), ref], node) }
      : "unknown";
  const step = { kind: "index", index: stringLiteral(name), asks: "in" } as const;
  const test = (): Atom => {
    const region = regionOf(ref);
    if (region !== null) askedObjects.asks.push({ region, name, node });
    return builder.load(ref, step, bool, origin(cx, node));
  };
  return given.has(ref.id) ? { test } : { test, isOfMade: true };
}
