/**
 * Typed arrays: those that are made with `new` or `slice` are of a narrower type, `Float64Array<ArrayBuffer>`, than those
 * that come from elsewhere. A variable that holds first one of these and then another has to say so.
 */
import { forEachInstr, handedOn, outsOf } from "../ir/visit.js";
import type { Atom, Func, Shape, Type, ValueId } from "../ir/types.js";
import { isKeyed } from "../ir/shapes.js";
import type { Folding } from "./fold.js";
import type { Variables } from "./variables.js";

/** The variables that may hold typed arrays from elsewhere, and those of arrays and objects with any in them. */
export function findForeignBuffers(
  func: Func,
  { conditionals }: Folding,
  variables: Variables,
): ReadonlySet<ValueId> {
  const found = new Set(
    func.params.filter(({ value }) => holdsTyped(value.type)).map(({ value }) => variables.of(value.id)),
  );
  const flows: (readonly [from: ValueId, to: ValueId])[] = [];
  const flow = (from: Atom, to: ValueId): void => {
    if (from.kind === "value" && holdsTyped(from.type)) flows.push([variables.of(from.id), variables.of(to)]);
  };
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "if" || instr.kind === "loop") {
      for (const [from, to] of handedOn(instr)) flow(from, to.id);
      // A variable that is assigned in the arms is declared before them, by its type.
      const outs = instr.kind === "if" && !conditionals.has(instr) ? instr.outs : [];
      for (const { id, type } of outs) if (isTypedArray(type)) found.add(variables.of(id));
      return;
    }
    if (instr.kind === "apply") for (const arg of instr.args) flow(arg, instr.out.id);
    else
      for (const out of outsOf(instr))
        if (instr.kind === "alloc" ? isAround(out.type) : holdsTyped(out.type))
          found.add(variables.of(out.id));
  });
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const [from, to] of flows) if (found.has(from)) found.add(to);
  }
  return found;
}

/** It is a typed array, or holds some. */
export function holdsTyped(type: Type): boolean {
  const inner = type.kind === "maybe" ? type.type : type;
  return inner.kind === "ref" && holdsBuffers(inner.shape);
}

/** Typed arrays are in it: its type is often written out. */
function isAround(type: Type): boolean {
  return type.kind === "ref" && holdsBuffers(type.shape) && !isTyped(type.shape);
}

/** A typed array itself. */
export function isTypedArray(type: Type): boolean {
  return type.kind === "ref" && isTyped(type.shape);
}

function isTyped(shape: Shape): boolean {
  return shape.kind === "array" && !isKeyed(shape) && shape.storage !== "Array";
}

/** A typed array, or something with typed arrays in it. */
function holdsBuffers(shape: Shape): boolean {
  switch (shape.kind) {
    case "maybe":
      return holdsBuffers(shape.shape);
    case "array":
      return isTyped(shape) || holdsBuffers(shape.element);
    case "tuple":
      return shape.elements.some(holdsBuffers);
    case "object":
      return shape.named === undefined && shape.fields.some((field) => holdsBuffers(field.shape));
    default:
      return false;
  }
}
