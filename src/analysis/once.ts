/**
 * Stores that write each cell once, into memory that held nothing of interest before: `a[i] = …` in one loop over `i`.
 * Their cotangents need no clearing, since nobody asks for them again.
 */
import type { Op } from "../ir/op.js";
import { forEachInstr } from "../ir/visit.js";
import { add, mul, sub } from "../ops/scalar.js";
import type { Alloc, Atom, Func, Loop, RegionId, Store, Value } from "../ir/types.js";
import { isSameAtom, regionOf } from "../ir/places.js";
import { type Definitions, loopsAround } from "./definitions.js";

export function findSingleStores(func: Func, definitions: Definitions): ReadonlySet<Store> {
  const stores = new Map<RegionId, Store | null>();
  const origins = new Map<RegionId, Alloc | null>();
  const note = <T>(map: Map<RegionId, T | null>, ref: Value, value: T | null): void => {
    const region = regionOf(ref);
    if (region !== null) map.set(region, map.has(region) ? null : value);
  };
  for (const { value } of func.params) note(origins, value, null);
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "store") note(stores, instr.place.ref, instr);
    if (instr.kind === "push" || instr.kind === "pop") note(stores, instr.ref, null);
    if (instr.kind === "call") for (const region of instr.writes) stores.set(region, null);
    if (instr.kind === "alloc") note(origins, instr.out, isBlank(instr) ? instr : null);
  });
  const single = new Set<Store>();
  for (const [region, store] of stores) {
    const alloc = origins.get(region) ?? null;
    if (store !== null && alloc !== null && writesApart(store, alloc, definitions)) single.add(store);
  }
  return single;
}

/** Made of constants. */
function isBlank({ init }: Alloc): boolean {
  switch (init.kind) {
    case "filled":
      return init.value.kind === "literal";
    case "elements":
      return init.elements.every((element) => element.kind === "literal");
    default:
      return false;
  }
}

/** No two times does the store write one cell of what the allocation made. */
function writesApart(store: Store, alloc: Alloc, definitions: Definitions): boolean {
  const { ref, step } = store.place;
  const [home, born] = [definitions.homeOf.get(store), definitions.homeOf.get(alloc)];
  if (ref.id !== alloc.out.id || step.kind !== "index" || home === undefined || born === undefined)
    return false;
  const outer = new Set(loopsAround(born));
  const [first, second, ...more] = loopsAround(home).filter((loop) => !outer.has(loop));
  if (first === undefined) return true;
  if (more.length > 0) return false;
  return second === undefined
    ? isShifted(step.index, first, definitions)
    : isRowMajor(step.index, first, second, definitions);
}

/** The loop's own index, or that and something that stays the same in the loop. */
function isShifted(index: Atom, loop: Loop, definitions: Definitions): boolean {
  if (isIndexOf(index, loop)) return true;
  const sum = sumOf(index, definitions, add, sub);
  if (sum === null) return false;
  const [a, b] = sum;
  return (
    (isIndexOf(a, loop) && isOutside(b, loop, definitions)) ||
    (isIndexOf(b, loop) && isOutside(a, loop, definitions))
  );
}

/** `i * n + j`, where `j` runs from 0 up to `n`. */
function isRowMajor(index: Atom, outer: Loop, inner: Loop, definitions: Definitions): boolean {
  const { head } = inner;
  if (head.kind !== "counted" || head.comparison !== "<" || head.step !== 1) return false;
  if (head.from.kind !== "literal" || head.from.value !== 0) return false;
  const isWidth = (atom: Atom | undefined): boolean => atom !== undefined && isSameAtom(atom, head.to);
  const isRow = (atom: Atom): boolean => {
    const product = atom.kind === "value" ? definitions.of.get(atom.id)?.instr : undefined;
    if (product?.kind !== "apply" || product.op !== mul) return false;
    const [a, b] = product.args;
    return (
      (a !== undefined && isIndexOf(a, outer) && isWidth(b)) ||
      (b !== undefined && isIndexOf(b, outer) && isWidth(a))
    );
  };
  const sum = sumOf(index, definitions, add);
  if (sum === null || !isOutside(head.to, outer, definitions)) return false;
  const [a, b] = sum;
  return (isRow(a) && isIndexOf(b, inner)) || (isRow(b) && isIndexOf(a, inner));
}

function sumOf(atom: Atom, definitions: Definitions, ...ops: readonly Op[]): readonly [Atom, Atom] | null {
  const instr = atom.kind === "value" ? definitions.of.get(atom.id)?.instr : undefined;
  if (instr?.kind !== "apply" || !ops.includes(instr.op)) return null;
  const [a, b] = instr.args;
  return a === undefined || b === undefined ? null : [a, b];
}

function isIndexOf(atom: Atom, { head }: Loop): boolean {
  return atom.kind === "value" && head.kind === "counted" && head.index.id === atom.id;
}

/** Defined before the loop is entered. */
function isOutside(atom: Atom, loop: Loop, definitions: Definitions): boolean {
  const site = atom.kind === "value" ? definitions.of.get(atom.id)?.site : undefined;
  return site === undefined || !loopsAround(site).includes(loop);
}
