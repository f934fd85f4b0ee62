/** Stores that only add to what is there: its cotangent stays as it is. */
import { isSamePlace, regionOf } from "../ir/places.js";
import { countUses, forEachInstr, outsOf } from "../ir/visit.js";
import type { Op } from "../ir/op.js";
import type { Apply, Atom, If, Instr, Load, Place, RegionId, Store } from "../ir/types.js";
import { add, isNullish, isUndefined, narrow, sub, truthy } from "../ops/scalar.js";
import type { Sweep } from "./reverse.js";

export interface Update {
  readonly load: Load;
  readonly addend: Atom;
  readonly sign: 1 | -1;
}

/** `place = place ± e`, and `place = (place ?? 0) ± e`, where nothing else sees what was there; null for others. */
export function updateOf(sweep: Sweep, store: Store): Update | null {
  const { value, place } = store;
  if (value.kind !== "value" || value.hint?.declared === true) return null;
  const sum = sweep.definitions.of.get(value.id)?.instr;
  if (sum?.kind !== "apply" || (sum.op !== add && sum.op !== sub)) return null;
  const [first, second] = sum.args;
  if (first === undefined || second === undefined) return null;
  const read = readOf(sweep, first, place);
  if (read !== null && isOnlyUse(sweep, read, sum, store))
    return { load: read.load, addend: second, sign: sum.op === add ? 1 : -1 };
  const other = sum.op === add ? readOf(sweep, second, place) : null;
  return other !== null && isOnlyUse(sweep, other, sum, store)
    ? { load: other.load, addend: first, sign: 1 }
    : null;
}

/** What was in a place, and the instructions by which it gets into a sum. */
interface Read {
  readonly load: Load;
  readonly way: readonly Instr[];
}

function readOf(sweep: Sweep, atom: Atom, place: Place): Read | null {
  if (atom.kind !== "value" || atom.hint?.declared === true) return null;
  const instr = sweep.definitions.of.get(atom.id)?.instr;
  if (instr?.kind === "load") return isSamePlace(instr.place, place) ? { load: instr, way: [instr] } : null;
  if (instr?.kind === "apply" && instr.op === narrow) {
    const [source] = instr.args;
    const read = source === undefined ? null : readOf(sweep, source, place);
    return read === null ? null : { ...read, way: [...read.way, instr] };
  }
  return instr?.kind === "if" ? orZero(sweep, instr, place) : null;
}

/** `place ?? 0`, `place || 0`: where nothing was there, nothing asks for its cotangent. */
function orZero(sweep: Sweep, instr: If, place: Place): Read | null {
  const { test, consequent, alternate, outs } = instr;
  const asked = test.kind === "value" ? sweep.definitions.of.get(test.id)?.instr : undefined;
  const ends = [consequent, alternate].map(({ end }) => (end.kind === "yield" ? end.values[0] : undefined));
  const kept = ends.find((end) => end?.kind === "value");
  const other = ends.find((end) => end !== kept);
  const [subject] = asked?.kind === "apply" && presenceTests.has(asked.op) ? asked.args : [];
  if (
    outs.length !== 1 ||
    asked === null ||
    asked === undefined ||
    kept === undefined ||
    subject === undefined
  )
    return null;
  if (other?.kind !== "literal" || other.value !== 0) return null;
  const [tested, read] = [readOf(sweep, subject, place), readOf(sweep, kept, place)];
  if (tested === null || read === null || tested.load !== read.load) return null;
  const way = [...new Set([...tested.way, ...read.way, asked, instr])];
  return [...consequent.instrs, ...alternate.instrs].every((inner) => way.includes(inner))
    ? { load: read.load, way }
    : null;
}

const presenceTests: ReadonlySet<Op> = new Set<Op>([isNullish, isUndefined, truthy]);

/** Read, sum and store stand in one block, nothing else uses the first two, and nothing is written in between. */
function isOnlyUse(sweep: Sweep, { load, way }: Read, sum: Apply, store: Store): boolean {
  const { definitions } = sweep;
  const home = definitions.homeOf.get(store);
  if (home === undefined || definitions.homeOf.get(load) !== home || definitions.homeOf.get(sum) !== home)
    return false;
  // What stands in an arm is counted with its `if`.
  const outer = way.filter((instr) => definitions.homeOf.get(instr) === home);
  const inside = countUses({ instrs: [...outer, sum, store], end: { kind: "yield", values: [] } });
  const made = [...way, sum].flatMap((instr) => outsOf(instr));
  if (made.some(({ id }) => sweep.uses.get(id) !== inside.get(id))) return false;
  const { instrs } = home.block;
  const between = instrs.slice(instrs.indexOf(load) + 1, instrs.indexOf(store));
  const region = regionOf(store.place.ref);
  return !between.some((instr) => writesTo(instr, region));
}

function writesTo(instr: Instr, region: RegionId | null): boolean {
  let writes = false;
  forEachInstr({ instrs: [instr], end: { kind: "yield", values: [] } }, (inner) => {
    if (inner.kind === "store") writes ||= regionOf(inner.place.ref) === region;
    if (inner.kind === "push" || inner.kind === "pop") writes ||= regionOf(inner.ref) === region;
    if (inner.kind === "call" && region !== null) writes ||= inner.writes.includes(region);
  });
  return writes;
}

/** The loads that are the reading half of such stores. */
export function findUpdates(sweep: Sweep): ReadonlySet<Load> {
  const found = new Set<Load>();
  forEachInstr(sweep.func.body, (instr) => {
    if (instr.kind !== "store") return;
    const update = updateOf(sweep, instr);
    if (update !== null) found.add(update.load);
  });
  return found;
}
