/**
 * What carries a derivative. A value varies if it depends on a differentiated parameter; it is active if it also
 * reaches the result. Memory is judged cell by cell: one field of all objects of a region, all elements of its arrays.
 *
 * Both are least solutions, found by going over the function until nothing changes; loops make that a few rounds.
 */
import { findContained } from "../ir/contained.js";
import { regionOf } from "../ir/places.js";
import { forEachBlock } from "../ir/visit.js";
import type { Func, RegionId, Step, Value, ValueId } from "../ir/types.js";
import { cellOf, splitKey } from "./cells.js";
import type { CallSummary, Summaries } from "./summaries.js";
import { Backward } from "./useful.js";
import { Forward } from "./varied.js";

export interface Activity {
  /** Ids of all varied values; references count as varied where what they point to may be. */
  readonly varied: ReadonlySet<ValueId>;
  /** Numbers that vary and reach the result. */
  readonly active: ReadonlySet<ValueId>;
  /** True for a cell of memory that may hold an active number. */
  readonly isActiveCell: (ref: Value, step: Step) => boolean;
  /** True if the region has an active cell. */
  readonly isActiveRegion: (region: RegionId) => boolean;
}

/** `own`: what is known of the function itself, where it is one that is called. */
export function findActivity(
  func: Func,
  summaries: Summaries = new Map(),
  own: CallSummary | null = null,
): Activity {
  const contained = findContained(func);
  const forward = new Forward(func, { summaries, contained });
  const backward = new Backward(func, false, { summaries, contained, own });
  func.params.forEach(({ value }, index) => {
    if (backward.reaches(value)) own?.useful.add(index);
    if (forward.variesIn(value)) own?.left.add(index);
  });
  if (own !== null) {
    forEachBlock(func.body, ({ end }) => {
      if (end.kind !== "return") return;
      end.values.forEach((atom, index) => {
        if (forward.variesIn(atom)) own.given.add(index);
      });
    });
  }
  const active = new Set<ValueId>();
  for (const id of forward.varied) if (backward.useful.has(id)) active.add(id);
  const isActiveCell = (ref: Value, step: Step): boolean => {
    const region = regionOf(ref);
    if (region === null) return false;
    return forward.varies(region, cellOf(ref, step)) && backward.isUseful(region, cellOf(ref, step));
  };
  const regions = new Set<RegionId>();
  for (const key of backward.cells) {
    const [region, cell] = splitKey(key);
    if (forward.varies(region, cell)) regions.add(region);
  }
  for (const region of backward.whole) if (forward.variesSomewhere(region)) regions.add(region);
  return { varied: forward.varied, active, isActiveCell, isActiveRegion: (region) => regions.has(region) };
}

/** From the result back: what its derivative flows through, or all that its value is computed from. */
