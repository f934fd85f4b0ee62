/**
 * Which memory cannot be split into scalars: what is accessed under computed keys, grows or is handed on as a whole, and
 * all that lies in it.
 */
import { canGoByCells } from "./carried-objects.js";
import { endAtoms, forEachBlock, forEachInstr, initAtoms } from "../ir/visit.js";
import type { Op } from "../ir/op.js";
import { isKeyed } from "../ir/shapes.js";
import type { Atom, Func, Instr, Loop, Place, RegionId, Value } from "../ir/types.js";
import { copy, narrow } from "../ops/scalar.js";
import { hasField } from "../ops/steering.js";
import { isPresence, regionOf } from "../ir/places.js";

/** Regions whose memory stays, `kept` ones included. */
export function findUnsplittable(func: Func, kept: ReadonlySet<RegionId>): ReadonlySet<RegionId> {
  const found = new Set(kept);
  /** What lies in memory that stays stays as well. */
  const inside: (readonly [RegionId, RegionId])[] = [];
  const keep = (atom: Atom): void => {
    const region = regionOf(atom);
    if (region !== null) found.add(region);
  };
  /** An object is found by its identity. */
  const keepKey = ({ step }: Place): void => {
    if (step.kind === "index") keep(step.index);
  };
  const put = (container: Atom, atom: Atom): void => {
    const [outer, inner] = [regionOf(container), regionOf(atom)];
    if (outer !== null && inner !== null) inside.push([outer, inner]);
  };
  const visit = (instr: Instr, loops: readonly Loop[]): void => {
    switch (instr.kind) {
      case "apply":
        // Which object it is matters for a comparison.
        if (instr.args.filter((arg) => regionOf(arg) !== null).length > 1) instr.args.forEach(keep);
        if (instr.op.impure || asksMemory(instr.op)) instr.args.forEach(keep);
        if (instr.op !== copy && instr.op !== narrow && regionOf(instr.out) !== null) {
          instr.args.forEach(keep);
          keep(instr.out);
        }
        return;
      case "load":
        if (isComputed(instr.place) || isPresence(instr.place)) keep(instr.place.ref);
        keepKey(instr.place);
        put(instr.place.ref, instr.out);
        return;
      case "store":
        if (isComputed(instr.place)) keep(instr.place.ref);
        keepKey(instr.place);
        if (regionOf(instr.value) !== null && loops.length > 0) keep(instr.place.ref);
        put(instr.place.ref, instr.value);
        return;
      case "push":
        keep(instr.ref);
        put(instr.ref, instr.value);
        return;
      case "pop":
        keep(instr.ref);
        put(instr.ref, instr.out);
        return;
      case "alloc": {
        const isLiteral = instr.init.kind === "object" || instr.init.kind === "elements";
        if (!isLiteral || isArray(instr.out)) keep(instr.out);
        for (const atom of initAtoms(instr.init)) {
          if (instr.init.kind === "object" || instr.init.kind === "elements" || instr.init.kind === "filled")
            put(instr.out, atom);
          else keep(atom);
        }
        return;
      }
      case "call":
        for (const atom of [...instr.args, ...instr.outs]) keep(atom);
        return;
      case "loop":
        for (const { init, param, out } of instr.carried)
          if (!canGoByCells(param.type)) [init, param, out].forEach(keep);
        return;
      case "foreign":
        instr.args.forEach(keep);
        if (instr.out !== null) keep(instr.out);
        return;
      case "if":
        // An object, or a value of another kind.
        for (const out of instr.outs)
          if (out.type.kind === "maybe" && out.type.other !== undefined) keep(out);
        return;
      case "order":
        // The indices are those of an array.
        keep(instr.of);
        return;
      case "guard":
      case "lambda":
        return;
    }
  };
  forEachWithLoops(func, visit);
  forEachBlock(func.body, ({ end }) => {
    if (end.kind === "return" || end.kind === "throw") endAtoms(end).forEach(keep);
  });
  let size = -1;
  while (size !== found.size) {
    size = found.size;
    for (const [outer, inner] of inside) if (found.has(outer)) found.add(inner);
  }
  return found;
}

/** The cells that the loop writes to, by region. */
export function writtenCells(loop: Loop): ReadonlyMap<RegionId, ReadonlySet<string>> {
  const written = new Map<RegionId, Set<string>>();
  forEachInstr(loop.body, (instr) => {
    if (instr.kind !== "store") return;
    const region = regionOf(instr.place.ref);
    if (region === null) return;
    const keys = written.get(region) ?? new Set<string>();
    const { step } = instr.place;
    keys.add(
      step.kind === "field" ? step.name : step.index.kind === "literal" ? String(step.index.value) : "",
    );
    written.set(region, keys);
  });
  return written;
}

/** The result depends on the memory that the operation is given a reference to. */
function asksMemory(op: Op): boolean {
  return op === hasField;
}

function isArray({ type }: Value): boolean {
  return type.kind === "ref" && isKeyed(type.shape);
}

function isComputed({ step }: Place): boolean {
  return step.kind === "index" && step.index.kind === "value";
}

function forEachWithLoops(func: Func, visit: (instr: Instr, loops: readonly Loop[]) => void): void {
  const within = new Map<Instr, readonly Loop[]>();
  forEachInstr(func.body, (instr) => {
    const loops = within.get(instr) ?? [];
    visit(instr, loops);
    if (instr.kind === "loop") {
      for (const block of instr.head.kind === "while" ? [instr.head.test, instr.body] : [instr.body])
        forEachInstr(block, (inner) => within.set(inner, [...(within.get(inner) ?? []), instr]));
    }
  });
}
