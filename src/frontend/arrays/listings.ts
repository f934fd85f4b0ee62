/** Lists of what is in records, maps and sets: what has to hold of them is known when all is lowered. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { isSameAtom, regionOf } from "../../ir/places.js";
import { forEachInstr, outsOf, paramsOf } from "../../ir/visit.js";
import type { Op } from "../../ir/op.js";
import type { Apply, Atom, Block, Instr, Loop, RegionId, Value, ValueId } from "../../ir/types.js";
import * as steering from "../../ops/steering.js";
import type { Unit } from "../context.js";
import type { Code, Varying } from "../control/varying.js";
import { areReadAsNumbers } from "./key-uses.js";

/** A list that code of the user's goes through while it may change what is listed. */
export interface Listing {
  /** What is listed. */
  readonly ref: Value;
  /** The keys of iterations. */
  readonly keys: Set<Value>;
  readonly node: ts.Node;
}

/** A list of keys that are numbers or texts. */
export interface KeyList {
  readonly region: RegionId;
  readonly node: ts.Node;
}

/** Reports lists that would not be what JavaScript makes of them, or would lose a derivative; of all functions. */
export function reportListings(unit: Unit, body: Block, varying: () => Varying): void {
  const called = unit.program.functions.flatMap(({ func, unit: inner }) =>
    func === null ? [] : [{ unit: inner, body: func.body }],
  );
  const all = [{ unit, body }, ...called];
  for (const each of all) reportChanges(each.unit, each.body);
  if (!all.some((each) => each.unit.keyLists.length > 0)) return;
  const lost = losses(all, varying);
  if (lost.size > 0) for (const each of all) reportNumbers(each.unit, each.body, each.body === body, lost);
}

/** What puts something under a key that depends on what is differentiated. */
function losses(all: readonly Code[], varying: () => Varying): ReadonlySet<Instr> {
  let known: Varying | null = null;
  const lost = new Set<Instr>();
  for (const { unit, body } of all) {
    const texts = new Map<ValueId, Apply>();
    const isVaried = (atom: Atom): boolean => {
      if (atom.kind === "literal") return false;
      if (atom.type.kind === "real") return (known ??= varying()).isVaried(unit, atom);
      return texts.get(atom.id)?.args.some(isVaried) === true;
    };
    forEachInstr(body, (instr) => {
      if (instr.kind === "apply" && hasAllDigits(instr.op)) texts.set(instr.out.id, instr);
      if (instr.kind !== "store" || instr.place.step.kind !== "index") return;
      if (isVaried(instr.place.step.index)) lost.add(instr);
    });
  }
  return lost;
}

/** A number can be read again from the text that is made of it. */
function hasAllDigits(op: Op): boolean {
  return op === steering.template || op === steering.toText;
}

/** Keys have no derivative: those that are listed and read as numbers may not depend on what is differentiated. */
function reportNumbers(unit: Unit, body: Block, isTarget: boolean, lost: ReadonlySet<Instr>): void {
  const { keyLists, regions, diagnostics } = unit;
  for (const { region, node } of keyLists) {
    const isListed = (each: RegionId | null): boolean =>
      each !== null && regions.canonical(each) === regions.canonical(region);
    const losesKey = (instr: Instr): boolean =>
      instr.kind === "call"
        ? instr.writes.some(isListed)
        : instr.kind === "store" && lost.has(instr) && isListed(regionOf(instr.place.ref));
    const instrs: Instr[] = [];
    forEachInstr(body, (instr) => instrs.push(instr));
    const isMade =
      isTarget || instrs.some((instr) => instr.kind === "alloc" && isListed(regionOf(instr.out)));
    if (isMade && !instrs.some(losesKey)) continue;
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
