/** Which reads have to be doubted: those whose values are tested for `undefined` in the end. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import type { Diagnostics } from "../../diagnostics/collector.js";
import type { Block, ValueId } from "../../ir/types.js";
import type { PendingCall } from "../functions/companions.js";
import type { Unit } from "../context.js";
import { type Flow, type Sources, flowOf } from "./absence-flow.js";

/** A function that was lowered. */
export interface Lowered {
  readonly unit: Unit;
  readonly body: Block;
}

/** What following the values has led to. */
export interface Spread {
  /** There is more to doubt than before. */
  readonly isWider: boolean;
  readonly unsure: ReadonlyMap<Unit, ReadonlySet<ValueId>>;
}

/** Doubts what the tests look at. Reports tests that doubts do not reach. */
export function spreadDoubts(
  functions: readonly Lowered[],
  calls: readonly PendingCall[],
  doubted: Set<ts.Node>,
  diagnostics: Diagnostics,
): Spread {
  const unsure = new Map(functions.map(({ unit }) => [unit, new Set<ValueId>()] as const));
  const settled = { isWider: false, unsure };
  const isAny = (has: (unit: Unit) => number): boolean => functions.some(({ unit }) => has(unit) > 0);
  if (!isAny((unit) => unit.absenceTests.length)) return settled;
  if (!isAny((unit) => unit.reads.size + unit.opened.size)) return settled;
  const flow = flowOf(functions, calls);
  const unreached: { readonly test: ts.Node; readonly read: ts.Node }[] = [];
  const before = doubted.size;
  for (const { unit } of functions) {
    for (const { value, node, isForNull } of unit.absenceTests) {
      const { isElementAccessExpression } = unit.project.ts;
      const found = [...readsBehind(functions, flow, unit, value)];
      const reads = found.filter((read) => !isForNull || !isElementAccessExpression(read));
      for (const read of reads) {
        if (doubted.has(read)) unreached.push({ test: node, read });
      }
      for (const read of reads) doubted.add(read);
      const ways = flow.waysTo(unit, value);
      for (const [each, ids] of unsure) {
        for (const [id, { isNumber }] of each.reads) if (isNumber && ways.has(each, id)) ids.add(id);
      }
    }
  }
  if (doubted.size > before) return { isWider: true, unsure };
  for (const { test, read } of unreached)
    diagnostics.report("untypedAbsence", test, { code: excerpt(test), read: excerpt(read) });
  return settled;
}

/** Where the value is read that may be missing, and where a type takes that off which a doubted read has put on. */
function readsBehind(
  functions: readonly Lowered[],
  flow: Flow,
  unit: Unit,
  value: ValueId,
): ReadonlySet<ts.Node> {
  const found = new Set<ts.Node>();
  const sources = flow.sourcesOf(unit, value);
  for (const { unit: each } of functions) {
    for (const [id, { node }] of each.reads) if (sources.has(each, id)) found.add(node);
  }
  // Nothing is narrowed that was not opened by a doubt before.
  if (functions.every(({ unit: { opened } }) => opened.size === 0)) return found;
  for (const { unit: each } of functions) {
    for (const [id, node] of each.narrowed) {
      if (sources.has(each, id) && !found.has(node) && isOpened(functions, flow.originsOf(each, id)))
        found.add(node);
    }
  }
  return found;
}

function isOpened(functions: readonly Lowered[], origins: Sources): boolean {
  return functions.some(({ unit }) => [...unit.opened].some((id) => origins.has(unit, id)));
}
