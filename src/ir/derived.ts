/** Which references may lead to what a value refers to, or to what lies in that, however they came by it. */
import type { Atom, Block, Instr, RegionId, Value, ValueId } from "./types.js";
import { isLength, regionOf } from "./places.js";
import { forEachInstr, handedOn, initAtoms, outsOf } from "./visit.js";

/**
 * The references in `body` that may have come from `root`: itself, what is read through it, what branches and loops
 * make of these, and what is read from memory that one of them has been put into.
 */
export function derivedFrom(
  root: Value,
  body: Block,
  canonical: (region: RegionId) => RegionId,
): ReadonlySet<ValueId> {
  const found = new Set<ValueId>([root.id]);
  /** Memory that one of them may lie in. */
  const holders = new Set<RegionId>();
  const isFound = (atom: Atom | undefined): boolean => atom?.kind === "value" && found.has(atom.id);
  const add = (value: Value): void => {
    if (regionOf(value) !== null) found.add(value.id);
  };
  const hold = (ref: Value): void => {
    const region = regionOf(ref);
    if (region !== null) holders.add(canonical(region));
  };
  const leads = (ref: Value): boolean => {
    const region = regionOf(ref);
    return isFound(ref) || (region !== null && holders.has(canonical(region)));
  };
  const visit = (instr: Instr): void => {
    switch (instr.kind) {
      case "apply":
        if (instr.args.some(isFound)) add(instr.out);
        return;
      case "load":
        if (leads(instr.place.ref) && !isLength(instr.place)) add(instr.out);
        return;
      case "store":
        if (isFound(instr.value)) hold(instr.place.ref);
        return;
      case "push":
        if (isFound(instr.value)) hold(instr.ref);
        return;
      case "pop":
        if (leads(instr.ref)) add(instr.out);
        return;
      case "alloc": {
        const { init, out } = instr;
        const sources = initAtoms(init).filter((atom) => atom.kind === "value");
        if (init.kind === "view" && sources.some(isFound)) add(out);
        // A copy of all that it leads to has nothing in common with it.
        else if (init.kind !== "clone" && init.kind !== "zeros" && sources.some((each) => leads(each)))
          hold(out);
        return;
      }
      case "if":
      case "loop":
        for (const [from, to] of handedOn(instr)) if (isFound(from)) add(to);
        return;
      case "call":
      case "foreign":
        if (!instr.args.some((atom) => atom.kind === "value" && leads(atom))) return;
        outsOf(instr).forEach(add);
        for (const atom of instr.args) if (atom.kind === "value") hold(atom);
        return;
      case "guard":
      case "lambda":
      case "order":
        return;
    }
  };
  for (let size = -1; size !== found.size + holders.size;) {
    size = found.size + holders.size;
    forEachInstr(body, visit);
  }
  return found;
}
