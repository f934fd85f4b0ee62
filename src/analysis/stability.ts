/**
 * Whether a load may be repeated later: it may as long as nothing has been written to its cell in between. Memory
 * that belongs to one iteration of a loop is another one in the next.
 */
import { findGrowing } from "../ir/growth.js";
import { forEachInstr } from "../ir/visit.js";
import type { Func, Instr, Load, Loop, RegionId } from "../ir/types.js";
import { cellOf } from "./cells.js";
import { regionOf } from "../ir/places.js";
import { findIterations } from "./iterations.js";
import { type Definitions, loopsAround } from "./definitions.js";

interface Write {
  readonly order: number;
  readonly loops: readonly Loop[];
  /** The loops around the allocation of what is written to, where it is written to by the very value that it made. */
  readonly made: readonly Loop[] | null;
}

export interface Stability {
  /**
   * True if the load gives the same when the whole function has run. `live` are loops whose iteration has not ended
   * where it is repeated.
   */
  readonly isStable: (load: Load, live: ReadonlySet<Loop>) => boolean;
  /** True if nothing of the region is written to, once the instruction has run. */
  readonly isSettled: (region: RegionId, at: Instr) => boolean;
  /** True if the length of some array of the region changes. */
  readonly isResized: (region: RegionId) => boolean;
}

const length = "length";

/** All cells of a region, its lengths apart. */
const any = "any";

/** Memory in which some cells alone come to refer to something else when the function has run. */
export interface Replaceable {
  readonly regions: ReadonlySet<RegionId>;
  /** As `cellOf` names them. */
  readonly cells: ReadonlySet<string>;
}

/** `unsettled`: memory of the caller that is written to when the function has run; `replaceable` is its shadows. */
export function findStability(
  func: Func,
  definitions: Definitions,
  order: ReadonlyMap<Instr, number>,
  unsettled: ReadonlySet<RegionId> = new Set(),
  replaceable: Replaceable = { regions: new Set(), cells: new Set() },
): Stability {
  const writes = new Map<string, Write[]>();
  const born = new Map<RegionId, readonly Loop[]>();
  const grown = new Set<RegionId>();
  const growing = findGrowing(func);
  forEachInstr(func.body, visit);
  const isOwn = findIterations(func, definitions, born);
  return {
    isStable,
    isSettled: isSettledAt,
    isResized: (region) => grown.has(region) || growing.has(region) || unsettled.has(region),
  };

  function visit(instr: Instr): void {
    switch (instr.kind) {
      case "store":
        write(instr.place.ref, cellOf(instr.place.ref, instr.place.step), instr);
        if (growing.has(regionOf(instr.place.ref) ?? -1)) write(instr.place.ref, length, instr);
        return;
      case "push":
        write(instr.ref, length, instr);
        resize(instr.ref);
        return;
      case "pop":
        // What is pushed afterwards takes the place of what was popped.
        write(instr.ref, length, instr);
        write(instr.ref, "*", instr);
        resize(instr.ref);
        return;
      case "call":
        for (const region of instr.writes) writeAll(region, instr);
        for (const region of instr.resizes) {
          note(`${String(region)}.${length}`, {
            order: order.get(instr) ?? 0,
            loops: around(instr),
            made: null,
          });
          grown.add(region);
        }
        return;
      case "alloc": {
        const region = regionOf(instr.out);
        if (region === null || instr.init.kind === "view") return;
        const loops = around(instr);
        const known = born.get(region);
        born.set(region, known === undefined ? loops : known.filter((loop) => loops.includes(loop)));
        return;
      }
      default:
        return;
    }
  }

  function write(ref: Load["place"]["ref"], cell: string, instr: Instr): void {
    const region = regionOf(ref);
    if (region === null) return;
    note(`${String(region)}.${cell}`, {
      order: order.get(instr) ?? 0,
      loops: around(instr),
      made: madeIn(ref),
    });
  }

  /** Any of the cells. */
  function writeAll(region: RegionId, instr: Instr): void {
    note(`${String(region)}.${any}`, { order: order.get(instr) ?? 0, loops: around(instr), made: null });
  }

  function note(key: string, one: Write): void {
    const found = writes.get(key);
    if (found === undefined) writes.set(key, [one]);
    else found.push(one);
  }

  function resize(ref: Load["place"]["ref"]): void {
    const region = regionOf(ref);
    if (region !== null) grown.add(region);
  }

  function isStable(load: Load, live: ReadonlySet<Loop>): boolean {
    const region = regionOf(load.place.ref);
    if (region === null || unsettled.has(region)) return false;
    const cell = cellOf(load.place.ref, load.place.step);
    if (replaceable.regions.has(region) && replaceable.cells.has(cell)) return false;
    const found = [
      ...(writes.get(`${String(region)}.${cell}`) ?? []),
      ...(cell === length ? [] : (writes.get(`${String(region)}.${any}`) ?? [])),
    ];
    if (found.length === 0) return true;
    const at = order.get(load) ?? 0;
    const loops = around(load).filter((loop) => !isOwn(region, loop) && !live.has(loop));
    return found.every(
      (one) =>
        (one.order < at && !one.loops.some((loop) => loops.includes(loop))) || isSettled(one, load, at),
    );
  }

  function isSettledAt(region: RegionId, instr: Instr): boolean {
    if (unsettled.has(region) || (replaceable.regions.has(region) && replaceable.cells.size > 0))
      return false;
    const at = order.get(instr) ?? 0;
    const loops = around(instr).filter((loop) => !isOwn(region, loop));
    for (const [key, found] of writes) {
      if (!key.startsWith(`${String(region)}.`)) continue;
      const isLate = found.some(
        (one) => one.order > at || (one.order <= at && one.loops.some((loop) => loops.includes(loop))),
      );
      if (isLate) return false;
    }
    return true;
  }

  /**
   * The load reads what an earlier iteration has left to its own, and the write is to what its own iteration has made:
   * `h = next`, where `next` is filled before and never again.
   */
  function isSettled(one: Write, load: Load, at: number): boolean {
    const { made } = one;
    const carrier = definitions.of.get(load.place.ref.id)?.instr;
    if (made === null || carrier?.kind !== "loop") return false;
    // Behind the loop, the reference is what the last iteration has left: that may still be written to.
    if (!carrier.carried.some(({ param }) => param.id === load.place.ref.id)) return false;
    if (made.includes(carrier)) return true;
    const shared = around(load).filter((loop) => one.loops.includes(loop));
    return one.order < at && shared.every((loop) => made.includes(loop));
  }

  function madeIn(ref: Load["place"]["ref"]): readonly Loop[] | null {
    const instr = definitions.of.get(ref.id)?.instr;
    return instr?.kind === "alloc" && instr.init.kind !== "view" ? around(instr) : null;
  }

  function around(instr: Instr): readonly Loop[] {
    const site = definitions.homeOf.get(instr);
    return site === undefined ? [] : loopsAround(site);
  }
}
