/**
 * Which of the fields that it may lack an object has that is made here. There is a variable for each of these, which an
 * assignment of the field sets; whether nothing else can have given it one is known when all is lowered.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean } from "../../ir/builder.js";
import { regionOf } from "../../ir/places.js";
import { isOneOfSeveral } from "../../ir/shapes.js";
import type { Block, RegionId, Type, Value } from "../../ir/types.js";
import { propertyOf } from "../../ir/variant-cells.js";
import { forEachInstr } from "../../ir/visit.js";
import type { Context, Unit } from "../context.js";
import { pairsOf } from "../functions/linking.js";
import { type Bound, type Variable, isAtom } from "../scope.js";
import { wantRecordShape } from "../types/dictionaries.js";
import { noteHeld } from "./inherited-presence.js";
import type { FieldPresence, Presence } from "./presence.js";

/** Where it matters which fields an object has, or in which order. */
interface PresenceAsk {
  readonly node: ts.Node;
  readonly isOrdered: boolean;
}

/** An object, and what is known of it. */
export interface MadeObject {
  readonly type: Type;
  readonly flags: ReadonlyMap<string, Variable>;
  /** How many loops are around the place where it is made. */
  readonly loops: number;
  /** Where it matters what it has. */
  readonly asks: PresenceAsk[];
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
  cx.unit.absent.set(made.id, new Map([...absent, ...lackedFields(type, cells)]));
  noteHeld(cx, made, cells);
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

/** Of the fields that objects of a union may have, those that one with these cells has not. */
function lackedFields(
  type: Type,
  cells: ReadonlyMap<string, Bound>,
): readonly (readonly [string, Presence])[] {
  if (type.kind !== "ref" || type.shape.kind !== "object" || !isOneOfSeveral(type.shape)) return [];
  const names = new Set(type.shape.fields.map(({ name }) => propertyOf(name)));
  return [...names].filter((name) => !cells.has(name)).map((name) => [name, "never"]);
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
export function madePresence(
  cx: Context,
  { id }: Value,
  name: string,
  ask: PresenceAsk,
): FieldPresence | null {
  const { madeObjects, environment } = cx.unit;
  const object = madeObjects.get(id);
  const flag = object?.flags.get(name);
  if (object === undefined || flag === undefined) return null;
  const isThere = object.isLost ? undefined : environment.get(flag);
  if (isThere === undefined || !isAtom(isThere) || isThere.type.kind !== "bool") return "unknown";
  object.asks.push(ask);
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
    const called = functions.flatMap((each) => (each.unit === unit ? [] : storesIn(each)));
    const elsewhere = [...storesIn({ unit, body }), ...storesOfCalls(unit, called)];
    for (const { type, flags, asks, isLost } of asked) {
      if (type.kind !== "ref") continue;
      const region = unit.regions.canonical(type.region);
      if (!isLost && !elsewhere.some((each) => each.region === region && flags.has(each.name))) continue;
      for (const { node, isOrdered } of asks) if (!isOrdered) unit.exact.add(node);
      const ordered = asks.filter(({ isOrdered }) => isOrdered).map(({ node }) => node);
      if (ordered.length > 0) wantRecordShape(unit, type.shape);
      const what = "use of the fields of an object that are given to it in a loop, or under another name";
      for (const node of new Set(ordered))
        unit.diagnostics.report("unsupportedExpression", node, { code: excerpt(node), what });
    }
  }
}

/** A field that is assigned through a reference which is not followed. */
interface FieldStore {
  readonly region: RegionId;
  readonly name: string;
}

function storesIn({ unit: { regions, madeObjects }, body }: Body): readonly FieldStore[] {
  const found: FieldStore[] = [];
  forEachInstr(body, (instr) => {
    if (instr.kind !== "store" || instr.place.step.kind !== "field") return;
    const { ref, step } = instr.place;
    const region = regionOf(ref);
    if (region === null || madeObjects.has(ref.id)) return;
    found.push({ region: regions.canonical(region), name: step.name });
  });
  return found;
}

/** What the functions that are called may assign; `called` are all stores in any of them. */
function storesOfCalls(
  { regions, program, builder }: Unit,
  called: readonly FieldStore[],
): readonly FieldStore[] {
  const names = new Set(called.map(({ name }) => name));
  return program.calls
    .filter(({ unit }) => unit.builder === builder)
    .flatMap((call) =>
      pairsOf(call).flatMap(([inner, outer]) =>
        call.callee.unit.regions.writtenAt(inner) === null
          ? []
          : [...names].map((name) => ({ region: regions.canonical(outer), name })),
      ),
    );
}
