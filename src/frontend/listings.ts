/** Lists of what is in records, maps and sets: what has to hold of them is known when all is lowered. */
import type { ts } from "ts-morph";
import { excerpt } from "../diagnostics/collector.js";
import { isSameAtom, regionOf } from "../ir/places.js";
import { forEachInstr } from "../ir/visit.js";
import type { Block, Instr, Loop, RegionId, Value } from "../ir/types.js";
import type { Unit } from "./context.js";

/** A list that code of the user's goes through while it may change what is listed. */
export interface Listing {
  readonly region: RegionId;
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
export function reportListings(unit: Unit, body: Block): void {
  reportChanges(unit, body);
  reportNumbers(unit, body, true);
  for (const { func, unit: inner } of unit.program.functions) {
    if (func === null) continue;
    reportChanges(inner, func.body);
    reportNumbers(inner, func.body, false);
  }
}

/** Keys have no derivative: those that are listed may only be whole numbers. */
function reportNumbers({ keyLists, regions, diagnostics }: Unit, body: Block, isTarget: boolean): void {
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
      instr.place.step.index.type.kind === "real";
    const instrs: Instr[] = [];
    forEachInstr(body, (instr) => instrs.push(instr));
    const isMade =
      isTarget || instrs.some((instr) => instr.kind === "alloc" && isListed(regionOf(instr.out)));
    if (isMade && !instrs.some((instr) => isWrittenElsewhere(instr) || losesKey(instr))) continue;
    const what = "list of keys that are numbers, whose derivatives would be lost";
    diagnostics.report("unsupportedExpression", node, { code: excerpt(node), what });
  }
}

/**
 * Reports what is changed while it is listed, but for what is under the key of the iteration itself: the list is made
 * beforehand, where JavaScript would go on to what is new.
 */
function reportChanges({ listings, regions, diagnostics }: Unit, body: Block): void {
  for (const { region, keys, node } of listings) {
    const isListed = (each: RegionId | null): boolean =>
      each !== null && regions.canonical(each) === regions.canonical(region);
    const changes = (instr: Instr): boolean => {
      if (instr.kind === "call") return instr.writes.some(isListed);
      if (instr.kind !== "store" || !isListed(regionOf(instr.place.ref))) return false;
      const { step } = instr.place;
      return step.kind !== "index" || ![...keys].some((key) => isSameAtom(step.index, key));
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

function readsKey({ body }: Loop, keys: ReadonlySet<Value>): boolean {
  return body.instrs.some((instr) => instr.kind === "load" && keys.has(instr.out));
}
