/**
 * A parameter of which nothing is used but its copy: the cotangent of the copy is the parameter's own, so that no memory
 * is made for it and nothing is added up.
 */
import { isLength, regionOf } from "../ir/places.js";
import type { Definitions } from "../analysis/definitions.js";
import type { Stability } from "../analysis/stability.js";
import type { Alloc, Func, Instr, Param, ValueId } from "../ir/types.js";
import { atomsOf, endAtoms, forEachBlock, forEachInstr } from "../ir/visit.js";

/** The copies that have cotangents, each with its parameter. */
export function findAdopted(
  func: Func,
  definitions: Definitions,
  stability: Stability,
  hasCotangents: (copy: Alloc) => boolean,
): ReadonlyMap<Alloc, Param> {
  const readers = new Map<ValueId, Instr[]>();
  forEachInstr(func.body, (instr) => {
    for (const atom of atomsOf(instr)) {
      if (atom.kind !== "value" || (instr.kind === "load" && isLength(instr.place))) continue;
      const known = readers.get(atom.id);
      if (known === undefined) readers.set(atom.id, [instr]);
      else known.push(instr);
    }
  });
  const left = new Set<ValueId>();
  forEachBlock(func.body, ({ end }) => {
    for (const atom of endAtoms(end)) if (atom.kind === "value") left.add(atom.id);
  });
  const adopted = new Map<Alloc, Param>();
  for (const param of func.params) {
    const [only, ...more] = readers.get(param.value.id) ?? [];
    if (!param.wrt || only?.kind !== "alloc" || more.length > 0 || left.has(param.value.id)) continue;
    const isOpen = definitions.homeOf.get(only)?.block === func.body;
    const region = regionOf(only.out);
    if (!isOpen || !isWholeCopy(only, param) || !hasCotangents(only)) continue;
    if (region !== null && !stability.isResized(region)) adopted.set(only, param);
  }
  return adopted;
}

/** Of a plain row of numbers. */
function isWholeCopy({ init, out }: Alloc, { value }: Param): boolean {
  const isWhole = init.kind === "clone" || (init.kind === "slice" && init.from === null && init.to === null);
  if (!isWhole || out.type.kind !== "ref" || value.type.kind !== "ref") return false;
  const [copy, original] = [out.type.shape, value.type.shape];
  if (copy.kind !== "array" || original.kind !== "array") return false;
  return (
    copy.element.kind === "real" && original.element.kind === "real" && copy.storage === original.storage
  );
}
