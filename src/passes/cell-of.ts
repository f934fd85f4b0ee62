/** What a cell of an object holds, whether the object is split or has come from outside. */
import { type Builder, number, suggested } from "../ir/builder.js";
import type { Atom, Hint, Instr, Shape, Step, Type, Value } from "../ir/types.js";
import type { Heap } from "./heap.js";
import { cellKeys, cellShape } from "./shape.js";

export const absent: Atom = {
  kind: "literal",
  type: { kind: "nothing" },
  value: undefined,
  spelling: "undefined",
};

/** Holds the place of a cell that the object does not have, so that it is not read either. */
export function unread(type: Type): Atom {
  switch (type.kind) {
    case "real":
    case "int":
      return number(0);
    case "bool":
      return { kind: "literal", type, value: false, spelling: "false" };
    case "string":
      return { kind: "literal", type, value: "", spelling: '""' };
    case "nothing":
    case "ref":
    case "maybe":
      return absent;
  }
}

/** What a variable for a cell is called, after the one for the object. */
export function cellHint(hint: Hint | null, key: string): Hint | null {
  return hint === null ? null : suggested(`${hint.text}_${key}`);
}

/** The cell, of the given type in the joined object; that of an object from outside is read by one more of `loads`. */
export function cellOf(
  { builder, resolve }: { readonly builder: Builder; readonly resolve: (atom: Atom) => Atom },
  ref: Atom,
  key: string,
  type: Type,
  heap: Heap,
  loads: Instr[],
): Atom {
  if (ref.kind !== "value") return absent;
  const cells = heap.cells(ref.id);
  if (cells !== null) return resolve(cells.get(key) ?? unread(type));
  const own = ownCell(ref, key);
  if (own === null) return unread(type);
  // The other object may lack what this one certainly has.
  const cellType = type.kind === "maybe" && own.kind !== "maybe" ? type.type : type;
  const out = builder.value(cellType, { span: ref.span, statement: ref.statement });
  loads.push({ kind: "load", out, place: { ref, step: stepTo(ref, key) } });
  return out;
}

/** A field may be called `125`, too. */
function stepTo({ type }: Value, key: string): Step {
  const bare = type.kind === "maybe" ? type.type : type;
  const isTuple = bare.kind === "ref" && bare.shape.kind === "tuple";
  return isTuple ? { kind: "index", index: number(Number(key)) } : { kind: "field", name: key };
}

/** The shape of the cell in the object's own type; null where that has none. */
function ownCell({ type }: Value, key: string): Shape | null {
  const bare = type.kind === "maybe" ? type.type : type;
  const shape = bare.kind === "ref" ? bare.shape : null;
  return shape !== null && cellKeys(shape).includes(key) ? cellShape(shape, key) : null;
}
