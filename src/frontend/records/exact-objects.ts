/**
 * Objects that have just the fields which the source gives them. Elsewhere a field that may be missing is there, and
 * `undefined`. Where one of these objects is asked whether it has a field, the literals that may have made it are lowered
 * so in the next attempt: what is missing is left out, and what may be missing is given to the object by a store.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import type { Alloc, Atom, Block, RegionId, ValueId } from "../../ir/types.js";
import { forEachInstr } from "../../ir/visit.js";
import { type Context, type Unit, poison } from "../context.js";
import { branch } from "../control/join.js";
import { cellShape, storeCell } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { regionsAnywhere } from "../types/widening.js";
import { atomOf, isRef } from "../values.js";
import { followFields, reportMadeFields } from "./made-fields.js";
import { type Presence, reportFieldAsks } from "./presence.js";

/** An object is asked whether it has a field. */
interface ObjectAsk {
  readonly region: RegionId;
  readonly name: string;
  readonly node: ts.Node;
}

/** Where objects are asked which fields they have, and which of them literals have made. */
export interface AskedObjects {
  readonly asks: ObjectAsk[];
  readonly made: Map<ValueId, Exactness>;
}

/** The literal that has made an object, and whether that has just the fields that it should have. */
interface Exactness {
  readonly node: ts.Node;
  readonly isExact: boolean;
}

/** Makes the object of the literal by `make`, which leaves out some fields; `absent` says of some whether it has them. */
export function makeExactly(
  cx: Context,
  node: ts.Node,
  cells: ReadonlyMap<string, Bound>,
  absent: ReadonlyMap<string, Presence>,
  make: (left: ReadonlySet<string>) => Bound,
): Bound {
  const { exact, askedObjects } = cx.unit;
  const isWanted = exact.has(node);
  const left = new Set(isWanted ? absent.keys() : []);
  const made = make(left);
  if (!isAtom(made) || made.kind !== "value") return made;
  for (const name of left)
    giveField(cx, made, name, { test: absent.get(name), bound: cells.get(name) }, node);
  followFields(cx, made, cells, absent);
  askedObjects.made.set(made.id, { node, isExact: isWanted || absent.size === 0 });
  return made;
}

/** Gives the object a field that it may have. */
function giveField(
  cx: Context,
  made: Atom,
  name: string,
  { test, bound }: { readonly test: Presence | undefined; readonly bound: Bound | undefined },
  node: ts.Node,
): void {
  if (test === undefined || typeof test === "string" || bound === undefined || !isRef(made)) return;
  const give = (): Bound => {
    const value = atomOf(cx, bound, node);
    if (value !== poison) storeCell(cx, made, name, value, node);
    return undefinedLiteral;
  };
  branch(cx, node, test, give, () => undefinedLiteral, null);
}

interface Body {
  readonly unit: Unit;
  readonly body: Block;
}

/** Wants the objects that are asked to be exact, and reports what cannot be known of the fields of objects. */
export function reportObjectAsks(functions: readonly Body[]): void {
  for (const { unit } of functions) reportFieldAsks(unit, unit.diagnostics);
  reportMadeFields(functions);
  const asks = functions.flatMap(({ unit }) => unit.askedObjects.asks.map((ask) => ({ unit, ask })));
  if (asks.length === 0) return;
  const allocs = new Map(functions.map(({ unit, body }) => [unit, allocsIn(body)]));
  const failed = new Map<ts.Node, string>();
  for (const { unit, ask } of asks)
    for (const [here, region] of regionsAnywhere(unit, ask.region))
      if (!(allocs.get(here) ?? []).every((alloc) => fits(here, alloc, region, ask.name)))
        failed.set(ask.node, ask.name);
  const [first] = functions;
  for (const [node, name] of failed) {
    const what = `test whether an object has \`${name}\` that may have been copied, or made by a class`;
    first?.unit.diagnostics.report("unsupportedExpression", node, { code: excerpt(node), what });
  }
}

/** Nothing of the region is made there, or what is has the field just where it should. */
function fits(unit: Unit, { out, init }: Alloc, region: RegionId, name: string): boolean {
  if (out.type.kind !== "ref") return true;
  const { regions, askedObjects, exact } = unit;
  const isSame = (each: RegionId): boolean => regions.canonical(each) === region;
  if (init.kind !== "object")
    return init.kind !== "clone" || ![...regions.below(out.type.region)].some(isSame);
  const cell = cellShape(out.type.shape, name);
  if (!isSame(out.type.region) || (cell?.kind !== "maybe" && cell?.kind !== "nothing")) return true;
  const made = askedObjects.made.get(out.id);
  if (made === undefined) return false;
  if (!made.isExact) exact.add(made.node);
  return true;
}

function allocsIn(body: Block): readonly Alloc[] {
  const found: Alloc[] = [];
  forEachInstr(body, (instr) => {
    if (instr.kind === "alloc") found.push(instr);
  });
  return found;
}
