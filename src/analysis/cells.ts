/** Parts of memory as activity sees them: one field of all objects of a region, all elements of its arrays. */
import type { Atom, Instr, Step, Type, Value, ValueId } from "../ir/types.js";
import { isFlatZero, partialsOf } from "../ops/partials.js";

/** Elements of arrays and tuples are one cell. */
export const elements = "*";

/** The cell that an entry of a literal fills: those of a record are one. */
export function entryCell({ type }: Value, name: string): string {
  return type.kind === "ref" && type.shape.kind === "array" ? elements : name;
}

/** The cell of a region that a step leads to. */
export function cellOf(ref: Value, step: Step): string {
  if (step.kind === "field") return step.name;
  const type = ref.type.kind === "maybe" ? ref.type.type : ref.type;
  const isObject = type.kind === "ref" && type.shape.kind === "object";
  return isObject && step.index.kind === "literal" ? String(step.index.value) : elements;
}

export function flows(instr: Extract<Instr, { kind: "apply" }>, varied: ReadonlySet<ValueId>): boolean {
  if (!instr.args.some((arg) => isVaried(arg, varied))) return false;
  const partials = partialsOf(instr);
  return instr.args.some((arg, i) => {
    const partial = partials?.[i];
    return partial !== undefined && isVaried(arg, varied) && !isFlatZero(partial);
  });
}

/** A value of this type can carry a derivative, or point to something that does. */
export function carries(type: Type): boolean {
  if (type.kind === "maybe") return carries(type.type);
  return type.kind === "real" || type.kind === "ref";
}

export function isVaried(atom: Atom, varied: ReadonlySet<ValueId>): boolean {
  return atom.kind === "value" && varied.has(atom.id);
}
