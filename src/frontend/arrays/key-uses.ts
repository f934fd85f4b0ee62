/** What becomes of keys that are listed: as indices and in tests they need no derivative. */
import { isLength, regionOf } from "../../ir/places.js";
import { forEachBlock, forEachInstr, handedOn, initAtoms } from "../../ir/visit.js";
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
    if (atom.type.kind === "int" || atom.type.kind === "string") keys.add(atom.id);
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
        // How long a text is, or where a part of it lies, is no number of the user's.
        if (instr.args.some((atom) => isKey(atom) && !(isText(atom) && instr.out.type.kind === "int")))
          note(instr.out);
        return;
      case "call":
      case "foreign":
        read.asNumber ||= instr.args.some((atom) => isKey(atom) || holdsKeys(atom));
        return;
      case "if":
      case "loop":
        for (const [from, to] of handedOn(instr)) if (isKey(from)) note(to);
        return;
      case "guard":
      case "lambda":
      case "order":
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
      if (source !== undefined && (isKey(source) || isListed(regionOf(source))))
        holders.add(cellIn(out, "*"));
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
  forEachBlock(body, ({ end }) => {
    read.asNumber ||= end.kind === "return" && end.values.some(isKey);
  });
  return read.asNumber;
}

function isText({ type }: Atom): boolean {
  return type.kind === "string";
}

function isArray({ type }: Atom): boolean {
  return type.kind === "ref" && type.shape.kind === "array";
}

function literalOf(index: Atom): string {
  return index.kind === "literal" ? String(index.value) : "*";
}
