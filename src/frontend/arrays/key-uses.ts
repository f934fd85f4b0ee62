/** What becomes of keys that are listed: as indices and in tests they need no derivative. */
import { isLength, regionOf } from "../../ir/places.js";
import { initAtoms, blocksOf, forEachInstr } from "../../ir/visit.js";
import type { Alloc, Atom, Block, Instr, Place, RegionId, ValueId } from "../../ir/types.js";

/**
 * True if keys of what is listed may come to stand for numbers: in arithmetic that gives a number, in a call, in what
 * the function gives. `isListed` says whether a region is that of the map or the set.
 */
export function areReadAsNumbers(
  body: Block,
  isListed: (region: RegionId | null) => boolean,
  canonical: (region: RegionId) => RegionId,
): boolean {
  const keys = new Set<ValueId>();
  /** Cells that hold keys, by region and name. */
  const holders = new Set<string>();
  const isKey = (atom: Atom | undefined): boolean => atom?.kind === "value" && keys.has(atom.id);
  const cellIn = (ref: Atom, name: string): string => {
    const region = regionOf(ref);
    return region === null ? "" : `${String(canonical(region))}.${name}`;
  };
  const placeOf = ({ ref, step }: Place): string =>
    cellIn(ref, isArray(ref) ? "*" : step.kind === "field" ? step.name : literalOf(step.index));
  const read = { asNumber: false };
  const note = (atom: Atom): void => {
    if (atom.kind !== "value") return;
    if (atom.type.kind === "int") keys.add(atom.id);
    else if (atom.type.kind === "real" || atom.type.kind === "maybe") read.asNumber = true;
  };
  const visit = (instr: Instr): void => {
    switch (instr.kind) {
      case "alloc":
        noteInit(instr);
        return;
      case "load":
        if (holders.has(placeOf(instr.place)) && !isLength(instr.place)) note(instr.out);
        return;
      case "store":
        if (isKey(instr.value)) holders.add(placeOf(instr.place));
        return;
      case "push":
        if (isKey(instr.value)) holders.add(cellIn(instr.ref, "*"));
        return;
      case "pop":
        if (holders.has(cellIn(instr.ref, "*"))) note(instr.out);
        return;
      case "apply":
        if (instr.args.some(isKey)) note(instr.out);
        return;
      case "call":
      case "foreign":
        read.asNumber ||= instr.args.some((atom) => isKey(atom) || holdsKeys(atom));
        return;
      case "if":
        instr.outs.forEach((out, i) => {
          if (
            [instr.consequent, instr.alternate].some(
              ({ end }) => end.kind === "yield" && isKey(end.values[i]),
            )
          )
            note(out);
        });
        return;
      case "loop":
        instr.carried.forEach(({ init, param, out }, i) => {
          const { end } = instr.body;
          if (!isKey(init) && !isKey(param) && !(end.kind === "yield" && isKey(end.values[i + 1]))) return;
          note(param);
          note(out);
        });
        return;
      case "guard":
      case "lambda":
        return;
    }
  };
  function noteInit({ init, out }: Alloc): void {
    if (init.kind === "object") {
      for (const { name, value } of init.entries) if (isKey(value)) holders.add(cellIn(out, name));
    } else if (init.kind === "elements") {
      init.elements.forEach((value, i) => {
        if (isKey(value)) holders.add(cellIn(out, isArray(out) ? "*" : String(i)));
      });
    } else if (init.kind === "listing") {
      const [source] = init.args;
      if (source !== undefined && isListed(regionOf(source))) holders.add(cellIn(out, "*"));
    } else if (initAtoms(init).some((atom) => isKey(atom) || holders.has(cellIn(atom, "*")))) {
      holders.add(cellIn(out, "*"));
    }
  }
  function holdsKeys(atom: Atom): boolean {
    const start = cellIn(atom, "");
    return start !== "" && [...holders].some((each) => each.startsWith(start));
  }
  let before = -1;
  while (before !== keys.size + holders.size) {
    before = keys.size + holders.size;
    forEachInstr(body, visit);
  }
  return read.asNumber || returns(body, isKey);
}

function isArray({ type }: Atom): boolean {
  return type.kind === "ref" && type.shape.kind === "array";
}

function literalOf(index: Atom): string {
  return index.kind === "literal" ? String(index.value) : "*";
}

function returns(block: Block, isKey: (atom: Atom) => boolean): boolean {
  if (block.end.kind === "return" && block.end.values.some(isKey)) return true;
  return block.instrs.some((instr) => blocksOf(instr).some((inner) => returns(inner, isKey)));
}
