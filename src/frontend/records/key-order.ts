/**
 * Fields come in the order in which their object was made, and here in that of its type. Where the order can matter, it
 * has to be the same: which objects those may be is known when all is lowered.
 */
import { isIndexName } from "../../support/index-names.js";
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import type { Diagnostics } from "../../diagnostics/collector.js";
import { forEachInstr } from "../../ir/visit.js";
import { regionOf } from "../../ir/places.js";
import type { Block, Instr, MemoryShape, RefType, RegionId } from "../../ir/types.js";
import type { PendingCall } from "../functions/companions.js";
import type { Context, Unit } from "../context.js";
import { pairsOf } from "../functions/linking.js";
import { wantRecordShape } from "../types/dictionaries.js";
import { isOrderFree } from "../arrays/order-free.js";
import type { RefValue } from "../values.js";

/** Fields of an object that were taken one after the other, and where. */
export interface Ordered {
  readonly region: RegionId;
  readonly shape: MemoryShape;
  /** Null for those of a record, of whatever objects they come from. */
  readonly names: readonly string[] | null;
  readonly node: ts.Node;
}

/** Notes that `node`, which is a list or a loop, goes through the fields. */
export function noteOrder(cx: Context, ref: RefValue, names: readonly string[] | null, node: ts.Node): void {
  // What is made of the list may be a record, which is gone through later.
  if (names !== null) noteCopied(cx, ref.type, names, node);
  if ((names !== null && names.length < 2) || isOrderFree(cx.ts, cx.checker, node)) return;
  const isLoop = cx.ts.isForInStatement(node) || cx.ts.isForOfStatement(node);
  cx.unit.fieldOrders.push({ ...ref.type, names, node: isLoop ? node.expression : node });
}

/** Notes that the fields are copied into an object that is made at or around `node`. */
export function noteCopied(
  cx: Context,
  { region, shape }: Pick<RefType, "region" | "shape">,
  names: readonly string[],
  node: ts.Node,
): void {
  if (names.length > 1) cx.unit.copiedOrders.push({ region, shape, names, node });
}

interface Body {
  readonly unit: Unit;
  readonly body: Block;
}

/** How an object was made. */
type Origin =
  | { readonly kind: "outside" }
  | {
      readonly kind: "made";
      readonly unit: Unit;
      readonly names: readonly string[];
      readonly at: ts.Node | null;
    };

const outside: Origin = { kind: "outside" };

/** Reports lists whose order may not be that in which they are listed here; `given` is to the first function. */
export function reportOrders(
  functions: readonly Body[],
  given: readonly RegionId[],
  calls: readonly PendingCall[],
  diagnostics: Diagnostics,
): void {
  if (functions.every(({ unit }) => unit.fieldOrders.length === 0)) return;
  const origins = new Origins(functions, given, calls);
  for (const { unit } of functions) {
    for (const each of unit.fieldOrders)
      if (!origins.allow(unit, each)) {
        wantRecordShape(unit, each.shape);
        diagnostics.report("fieldOrder", each.node, { code: excerpt(each.node) });
      }
  }
}

class Origins {
  readonly #found = new Map<Unit, Map<RegionId, Set<Origin>>>();

  constructor(functions: readonly Body[], given: readonly RegionId[], calls: readonly PendingCall[]) {
    const [target] = functions;
    for (const region of given) if (target !== undefined) this.#addOutside(target.unit, region);
    for (const { unit, body } of functions) {
      for (const { type, isGrown } of unit.madeObjects.values())
        if (isGrown && type.kind === "ref") this.#at(unit, type.region).add(outside);
      forEachInstr(body, (instr) => {
        this.#addInstr(unit, instr);
      });
    }
    this.#spread(calls);
  }

  /** All objects in the region have the fields in this order. */
  allow(unit: Unit, { region, shape, names }: Ordered, met = new Set<Origin>()): boolean {
    return [...this.#at(unit, region)].every((origin) => {
      // What the caller has in a record is listed as it is there.
      if (origin.kind === "outside") {
        if (names !== null) wantRecordShape(unit, shape);
        return names === null;
      }
      if (met.has(origin)) return true;
      met.add(origin);
      return (names === null || isSameOrder(origin.names, names)) && this.#allowCopied(origin, names, met);
    });
  }

  #allowCopied(
    { unit, at }: Extract<Origin, { kind: "made" }>,
    names: readonly string[] | null,
    met: Set<Origin>,
  ): boolean {
    return unit.copiedOrders
      .filter(({ node }) => at !== null && contains(at, node) && !isInside(unit, at, node))
      .every((each) => {
        const common = each.names?.filter((name) => names === null || names.includes(name)) ?? null;
        return (common !== null && common.length < 2) || this.allow(unit, { ...each, names: common }, met);
      });
  }

  #at(unit: Unit, region: RegionId): Set<Origin> {
    const regions = this.#found.get(unit) ?? new Map<RegionId, Set<Origin>>();
    this.#found.set(unit, regions);
    const canonical = unit.regions.canonical(region);
    const known = regions.get(canonical) ?? new Set();
    regions.set(canonical, known);
    return known;
  }

  /** The region, and all that is reached from there. */
  #addOutside(unit: Unit, first: RegionId): void {
    const seen = new Set<RegionId>();
    const open = [unit.regions.canonical(first)];
    for (let each = open.pop(); each !== undefined; each = open.pop()) {
      if (seen.has(each)) continue;
      seen.add(each);
      this.#at(unit, each).add(outside);
      for (const cell of unit.regions.cellsOf(each)) open.push(unit.regions.child(each, cell));
    }
  }

  #addInstr(unit: Unit, instr: Instr): void {
    const outs = instr.kind === "foreign" && instr.out !== null ? [instr.out] : [];
    for (const out of outs) {
      const region = regionOf(out);
      if (region !== null) this.#addOutside(unit, region);
    }
    if (instr.kind !== "alloc") return;
    const region = regionOf(instr.out);
    if (region === null) return;
    if (instr.init.kind === "object") {
      const names = instr.init.entries.map(({ name }) => name);
      const at = unit.makers.get(region)?.node ?? null;
      this.#at(unit, region).add({ kind: "made", unit, names, at });
    } else if (instr.init.kind === "clone" || instr.init.kind === "slice")
      this.#copy(unit, region, regionOf(instr.init.of));
  }

  /** A copy has the fields in the order of the original: whose, is told later. */
  readonly #copies: (readonly [Unit, RegionId, RegionId])[] = [];

  #copy(unit: Unit, to: RegionId, from: RegionId | null, met = new Set<RegionId>()): void {
    if (from === null || met.has(unit.regions.canonical(to))) return;
    met.add(unit.regions.canonical(to));
    this.#copies.push([unit, to, from]);
    for (const cell of unit.regions.cellsOf(to))
      if (unit.regions.cellsOf(from).includes(cell))
        this.#copy(unit, unit.regions.child(to, cell), unit.regions.child(from, cell), met);
  }

  /** What is in memory of a caller is in that of the function that it calls, and the other way round. */
  #spread(calls: readonly PendingCall[]): void {
    const pairs = calls.flatMap((call) =>
      pairsOf(call).map(
        ([inner, outer]) => [this.#at(call.callee.unit, inner), this.#at(call.unit, outer)] as const,
      ),
    );
    const copies = this.#copies.map(
      ([unit, to, from]) => [this.#at(unit, to), this.#at(unit, from)] as const,
    );
    const size = (): number => [...pairs, ...copies].reduce((sum, [a, b]) => sum + a.size + b.size, 0);
    for (let before = -1; before !== size();) {
      before = size();
      for (const [a, b] of [...pairs, ...copies]) for (const each of b) a.add(each);
      for (const [a, b] of pairs) for (const each of a) b.add(each);
    }
  }
}

/** Those that are in both come in the same order; indices come first in any case. */
function isSameOrder(made: readonly string[], listed: readonly string[]): boolean {
  const common = made.filter((name) => listed.includes(name)).filter((name) => !isIndexName(name));
  return listed.filter((name) => common.includes(name)).every((name, i) => name === common[i]);
}

/** Within what is made at `outer`, another object is made, of which this is copied into that one. */
function isInside({ makers }: Unit, outer: ts.Node, node: ts.Node): boolean {
  return [...makers.values()].some(
    ({ node: each, shape }) =>
      shape.kind === "object" &&
      each !== outer &&
      each !== node &&
      contains(outer, each) &&
      contains(each, node),
  );
}

function contains(outer: ts.Node, inner: ts.Node): boolean {
  return outer.getSourceFile() === inner.getSourceFile() && outer.pos <= inner.pos && inner.end <= outer.end;
}
