/**
 * Objects as keys, where they lie in a copy of a parameter. In the copy, what two places lead to are two objects, and
 * neither is the caller's own: which object it is can be told only where all of them come from one place.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { regionOf } from "../../ir/places.js";
import { namesInShape } from "../../ir/shapes.js";
import type { RegionId, Type } from "../../ir/types.js";
import type { Unit } from "../context.js";
import { pairsOf } from "../functions/linking.js";
import { referenceRegion } from "../memory.js";

/** A map or a set, with the objects that are keys in it or are looked for there, by their memory. */
interface Keyed {
  readonly keys: Set<RegionId>;
  /** Where it is in the target, if it is known there. */
  readonly regions: Set<RegionId>;
  readonly nodes: ts.Node[];
}

/**
 * Reports maps and sets of which it cannot be told, for the copies, whether they have a key. `outside` is the memory that
 * the parameters lead to.
 */
export function reportCopiedKeys(root: Unit, copied: readonly Type[], outside: ReadonlySet<RegionId>): void {
  const copies = new Set(copied.flatMap((type) => copiedIn(root, type)));
  const below = new Set(copied.flatMap((type) => [...root.regions.below(referenceRegion(type) ?? -1)]));
  for (const { keys, regions: own, nodes } of collectionsIn(root)) {
    const all = [...keys];
    const fromCopies = all.filter((key) => copies.has(key));
    const fromOutside = all.filter((key) => copies.has(key) || outside.has(key));
    if (fromCopies.length === 0) continue;
    const isGiven = [...own].some((region) => copies.has(region) || outside.has(region));
    const isTold =
      fromOutside.length === 1 &&
      fromCopies.every((key) => !outside.has(key) && isOnePlace(root, key, below));
    if (isTold && !isGiven) continue;
    for (const node of nodes) {
      const what =
        "key that is an object of a parameter that the function changes, and so works on copies of";
      root.diagnostics.report("unsupportedExpression", node, { code: excerpt(node), what });
    }
  }
}

/** What is not written to is that of the original, but in objects of a type that has a name. */
function copiedIn({ regions }: Unit, type: Type): readonly RegionId[] {
  const region = referenceRegion(type);
  const bare = type.kind === "maybe" ? type.type : type;
  if (region === null || bare.kind !== "ref") return [];
  const isNamed = namesInShape(bare.shape).size > 0;
  return [...regions.below(region)].filter((each) => isNamed || regions.storedIn(each) !== null);
}

/**
 * True if each object there is reached in one way only, as far as types tell: an array may have it twice, but no two
 * arrays, or objects of a type that contains itself, lead to it.
 */
function isOnePlace({ regions }: Unit, wanted: RegionId, copies: ReadonlySet<RegionId>): boolean {
  const above = new Set<RegionId>();
  let arrays = 0;
  for (let region = wanted; ;) {
    if (above.has(region)) return false;
    above.add(region);
    const leading = [...copies].flatMap((from) =>
      regions.cellsOf(from).flatMap((cell) => (regions.child(from, cell) === region ? [{ from, cell }] : [])),
    );
    const [only, ...more] = leading;
    if (only === undefined) return true;
    if (only.cell === "*") arrays++;
    if (more.length > 0 || arrays > 1) return false;
    region = only.from;
  }
}

/** The maps and sets of all functions, by the memory of the target. */
function collectionsIn(root: Unit): readonly Keyed[] {
  const found = new Map<string, Keyed>();
  for (const [index, unit] of [root, ...root.program.functions.map((each) => each.unit)].entries()) {
    for (const { ref, key, node } of unit.keyUses) {
      const [own, keys] = [ref, key].map((each) => inTarget(root, unit, regionOf(each) ?? -1));
      const inside = `${String(index)} ${String(unit.regions.canonical(regionOf(ref) ?? -1))}`;
      const name = own === undefined || own.length === 0 ? inside : own.join();
      const keyed: Keyed = found.get(name) ?? { keys: new Set(), regions: new Set(own), nodes: [] };
      found.set(name, keyed);
      for (const each of keys ?? []) keyed.keys.add(each);
      keyed.nodes.push(node);
    }
  }
  return [...found.values()];
}

/** The regions that the target has for memory of a function that is called. */
function inTarget(root: Unit, unit: Unit, region: RegionId): readonly RegionId[] {
  const met: (readonly [Unit, RegionId])[] = [];
  const found = new Set<RegionId>();
  const visit = (here: Unit, at: RegionId): void => {
    const own = here.regions.canonical(at);
    if (met.some(([other, seen]) => other === here && seen === own)) return;
    met.push([here, own]);
    if (here === root) found.add(own);
    for (const call of root.program.calls) {
      if (call.callee.unit !== here) continue;
      for (const [callee, caller] of pairsOf(call)) if (callee === own) visit(call.unit, caller);
    }
  };
  visit(unit, region);
  return [...found];
}
