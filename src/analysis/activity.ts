/**
 * What carries a derivative. A value varies if it depends on a differentiated parameter; it is active if it also
 * reaches the result. Memory is judged cell by cell: one field of all objects of a region, all elements of its arrays.
 *
 * Both are least solutions, found by going over the function until nothing changes; loops make that a few rounds.
 */
import { findContained } from "../ir/contained.js";
import { regionOf, shapeOfCell } from "../ir/places.js";
import { holdsReals, shapeOfType } from "../ir/shapes.js";
import { forEachBlock, forEachValue } from "../ir/visit.js";
import type { Func, RegionId, Step, Value, ValueId } from "../ir/types.js";
import { cellOf } from "./cells.js";
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
  const forward = new Forward(func, { summaries, contained, own });
  const backward = new Backward(func, false, { summaries, contained, own });
  if (own !== null) {
    func.params.forEach(({ value }, index) => {
      if (backward.reaches(value)) own.useful.add(index);
      if (forward.variesIn(value)) own.left.add(index);
    });
    forEachBlock(func.body, ({ end }) => {
      if (end.kind !== "return") return;
      end.values.forEach((atom, index) => {
        if (forward.variesIn(atom)) own.given.add(index);
      });
    });
  }
  const active = new Set<ValueId>();
  for (const id of forward.varied) if (backward.useful.has(id)) active.add(id);
  const others = regionsWithoutNumbers(func);
  const isActiveCell = (ref: Value, step: Step): boolean => {
    const region = regionOf(ref);
    if (region === null || others.has(region)) return false;
    // Memory that is handed over varies as a whole, its flags too.
    const shape = shapeOfCell(ref, step);
    if (shape !== null && !holdsReals(shape)) return false;
    const cell = cellOf(ref, step);
    return forward.cells.has(region, cell) && backward.cells.has(region, cell);
  };
  const regions = backward.cells.common(forward.cells);
  return {
    varied: forward.varied,
    active,
    isActiveCell,
    isActiveRegion: (region) => !others.has(region) && regions.has(region),
  };
}

/** Memory that is handed over counts as a whole, whatever it holds: an object with nothing but a flag is never active. */
function regionsWithoutNumbers(func: Func): ReadonlySet<RegionId> {
  const found = new Set<RegionId>();
  const numeric = new Set<RegionId>();
  forEachValue(func, (value) => {
    const region = regionOf(value);
    if (region !== null) (holdsReals(shapeOfType(value.type)) ? numeric : found).add(region);
  });
  for (const region of numeric) found.delete(region);
  return found;
}
