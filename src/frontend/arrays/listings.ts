/** Lists of what is in records, maps and sets: what has to hold of them is known when all is lowered. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { isSameAtom, regionOf } from "../../ir/places.js";
import { forEachInstr, outsOf, paramsOf } from "../../ir/visit.js";
import type { Block, Instr, Loop, RegionId, Value, ValueId } from "../../ir/types.js";
import type { Unit } from "../context.js";
import type { Varying } from "../control/varying.js";
import { areReadAsNumbers } from "./key-uses.js";

/** A list that code of the user's goes through while it may change what is listed. */
export interface Listing {
  /** What is listed. */
  readonly ref: Value;
  /** The keys of iterations. */
  readonly keys: Set<Value>;
  readonly node: ts.Node;
}

/** A list of keys that are numbers. */
export interface KeyList {
  readonly region: RegionId;
  readonly node: ts.Node;
}

/** Reports lists that would not be what JavaScript makes of them, or would lose a derivative; of all functions. */
export function reportListings(unit: Unit, body: Block, varying: () => Varying): void {
  reportChanges(unit, body);
  reportNumbers(unit, body, true, varying);
  for (const { func, unit: inner } of unit.program.functions) {
    if (func === null) continue;
    reportChanges(inner, func.body);
    reportNumbers(inner, func.body, false, varying);
  }
}

/** Keys have no derivative: those that are listed and read as numbers may not depend on what is differentiated. */
function reportNumbers(unit: Unit, body: Block, isTarget: boolean, varying: () => Varying): void {
  const { keyLists, regions, diagnostics } = unit;
  for (const { region, node } of keyLists) {
    const isListed = (each: RegionId | null): boolean =>
      each !== null && regions.canonical(each) === regions.canonical(region);
    const isWrittenElsewhere = (instr: Instr): boolean =>
      instr.kind === "call" && instr.writes.some(isListed);
    const losesKey = (instr: Instr): boolean =>
      instr.kind === "store" &&
      isListed(regionOf(instr.place.ref)) &&
      instr.place.step.kind === "index" &&
      instr.place.step.index.kind === "value" &&
      instr.place.step.index.type.kind === "real" &&
      varying().isVaried(unit, instr.place.step.index);
    const instrs: Instr[] = [];
    forEachInstr(body, (instr) => instrs.push(instr));
    const isMade =
      isTarget || instrs.some((instr) => instr.kind === "alloc" && isListed(regionOf(instr.out)));
    if (isMade && !instrs.some((instr) => isWrittenElsewhere(instr) || losesKey(instr))) continue;
    if (!areReadAsNumbers(body, isListed, (each) => regions.canonical(each))) continue;
    const what = "list of keys that are numbers, whose derivatives would be lost";
    diagnostics.report("unsupportedExpression", node, { code: excerpt(node), what });
  }
}

/**
 * Reports what is changed while it is listed, but for what is under the key of the iteration itself: the list is made
 * beforehand, where JavaScript would go on to what is new.
 */
function reportChanges({ listings, regions, diagnostics }: Unit, body: Block): void {
  if (listings.length === 0) return;
  const positions = positionsIn(body);
  for (const { ref, keys, node } of listings) {
    const listed = regionOf(ref) ?? -1;
    const isListed = (each: RegionId | null): boolean =>
      each !== null && regions.canonical(each) === regions.canonical(listed);
    const changes = (instr: Instr): boolean => {
      if (instr.kind === "call") return instr.writes.some(isListed);
      if (instr.kind !== "store" || !isListed(regionOf(instr.place.ref))) return false;
      const { step } = instr.place;
      const isOwn = step.kind === "index" && [...keys].some((key) => isSameAtom(step.index, key));
      return !isOwn && !areApart(positions, ref, instr.place.ref);
    };
    const loops: Loop[] = [];
    forEachInstr(body, (instr) => {
      if (instr.kind === "loop" && readsKey(instr, keys)) loops.push(instr);
    });
    const inner: Instr[] = [];
    for (const loop of loops) forEachInstr(loop.body, (instr) => inner.push(instr));
    if (!inner.some(changes)) continue;
    const what = "list of what is changed while it is gone through";
    diagnostics.report("unsupportedExpression", node, { code: excerpt(node), what });
  }
}

interface Position {
  readonly at: number;
  /** The value is memory that is made there. */
  readonly isMade: boolean;
}

function positionsIn(body: Block): ReadonlyMap<ValueId, Position> {
  const positions = new Map<ValueId, Position>();
  forEachInstr(body, (instr) => {
    const isMade = instr.kind === "alloc" && instr.init.kind !== "view";
    const at = positions.size;
    for (const { id } of [...outsOf(instr), ...paramsOf(instr)]) positions.set(id, { at, isMade });
  });
  return positions;
}

/** Where both are known, and the later one is memory that was made there, the earlier one cannot lead to it. */
function areApart(positions: ReadonlyMap<ValueId, Position>, a: Value, b: Value): boolean {
  const [first, second] = [positions.get(a.id), positions.get(b.id)];
  const [one, other] = [first?.at ?? -1, second?.at ?? -1];
  return one > other ? first?.isMade === true : other > one && second?.isMade === true;
}

function readsKey({ body }: Loop, keys: ReadonlySet<Value>): boolean {
  return body.instrs.some((instr) => instr.kind === "load" && keys.has(instr.out));
}
