/**
 * Which of the fields that it may lack an object has that is made here. There is a variable for each of these, which an
 * assignment of the field sets; whether nothing else can have given it one is known when all is lowered.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean } from "../../ir/builder.js";
import { regionOf } from "../../ir/places.js";
import type { Block, RegionId, Type, Value } from "../../ir/types.js";
import { forEachInstr } from "../../ir/visit.js";
import type { Context, Unit } from "../context.js";
import { pairsOf } from "../functions/linking.js";
import { type Bound, type Variable, isAtom } from "../scope.js";
import { wantRecordShape } from "../types/dictionaries.js";
import type { FieldPresence, Presence } from "./presence.js";

/** An object, and what is known of it. */
export interface MadeObject {
  readonly type: Type;
  readonly flags: ReadonlyMap<string, Variable>;
  /** How many loops are around the place where it is made. */
  readonly loops: number;
  /** Where it matters what it has. */
  readonly asks: ts.Node[];
  /** A loop gives it fields that it may then have from the start. */
  isLost: boolean;
  /** It has been given fields, which come behind those that it was made with. */
  isGrown: boolean;
}

/** Follows an object with these cells; `absent` says of some whether it has them. */
export function followFields(
  cx: Context,
  made: Value,
  cells: ReadonlyMap<string, Bound>,
  absent: ReadonlyMap<string, Presence>,
): void {
  const { type } = made;
  cx.unit.absent.set(made.id, absent);
  if (type.kind !== "ref" || type.shape.kind !== "object" || type.shape.named !== undefined) return;
  const { environment, madeObjects, loopDepths } = cx.unit;
  const flags = new Map<string, Variable>();
  for (const { name } of type.shape.fields) {
    const isThere = absent.get(name) ?? (cells.has(name) ? "always" : "never");
    if (isThere === "always" || isThere === "unknown") continue;
    const flag: Variable = { name, hint: null, depth: null };
    environment.set(flag, typeof isThere === "string" ? boolean(false) : isThere);
    flags.set(name, flag);
  }
  if (flags.size > 0)
    madeObjects.set(made.id, {
      type,
      flags,
      loops: loopDepths.length,
      asks: [],
      isLost: false,
      isGrown: false,
    });
}

/** The field has been assigned. */
export function noteAssigned(cx: Context, { id }: Value, name: string): void {
  const { madeObjects, environment, loopDepths } = cx.unit;
  const object = madeObjects.get(id);
  const flag = object?.flags.get(name);
  if (object === undefined || flag === undefined) return;
  object.isGrown = true;
  if (loopDepths.length > object.loops) object.isLost = true;
  else environment.set(flag, boolean(true));
}

/** Whether the object has the field; null where the object is not followed, or the field is in it in any case. */
export function madePresence(cx: Context, { id }: Value, name: string, node: ts.Node): FieldPresence | null {
  const { madeObjects, environment } = cx.unit;
  const object = madeObjects.get(id);
  const flag = object?.flags.get(name);
  if (object === undefined || flag === undefined) return null;
  const isThere = object.isLost ? undefined : environment.get(flag);
  if (isThere === undefined || !isAtom(isThere) || isThere.type.kind !== "bool") return "unknown";
  object.asks.push(node);
  if (isThere.kind === "literal") return isThere.value === true ? "always" : "never";
  return { test: () => isThere };
}

interface Body {
  readonly unit: Unit;
  readonly body: Block;
}

/** Reports where it matters what an object has which is given fields under another name, or in a loop. */
export function reportMadeFields(functions: readonly Body[]): void {
  for (const { unit, body } of functions) {
    const asked = [...unit.madeObjects.values()].filter(({ asks }) => asks.length > 0);
    if (asked.length === 0) continue;
    const elsewhere = writtenElsewhere(unit, body);
    for (const { type, asks, isLost } of asked) {
      const region = type.kind === "ref" ? unit.regions.canonical(type.region) : null;
      if (!isLost && (region === null || !elsewhere.has(region))) continue;
      const what = "use of the fields of an object that are given to it in a loop, or under another name";
      if (type.kind === "ref") wantRecordShape(unit, type.shape);
      for (const node of new Set(asks))
        unit.diagnostics.report("unsupportedExpression", node, { code: excerpt(node), what });
    }
  }
}

/** Memory that is written to through references that are not followed. */
function writtenElsewhere(
  { regions, madeObjects, program, ...unit }: Unit,
  body: Block,
): ReadonlySet<RegionId> {
  const found = new Set<RegionId>();
  forEachInstr(body, (instr) => {
    if (instr.kind !== "store" || madeObjects.has(instr.place.ref.id)) return;
    const region = regionOf(instr.place.ref);
    if (region !== null) found.add(regions.canonical(region));
  });
  for (const call of program.calls) {
    if (call.unit.builder !== unit.builder) continue;
    for (const [inner, outer] of pairsOf(call))
      if (call.callee.unit.regions.writtenAt(inner) !== null) found.add(regions.canonical(outer));
  }
  return found;
}
