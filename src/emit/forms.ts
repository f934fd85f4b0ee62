/** Questions about what an expression is made of. */
import type { Atom, Block, Value } from "../ir/types.js";

export const opposites: ReadonlyMap<string, string> = new Map([
  ["===", "!=="],
  ["!==", "==="],
  ["==", "!="],
  ["!=", "=="],
]);

export function isLiteral(atom: Atom, value: boolean): boolean {
  return atom.kind === "literal" && atom.value === value;
}

export function isMade({ instrs }: Block): boolean {
  return instrs.some(({ kind }) => kind === "alloc");
}

export const zero: Atom = { kind: "literal", type: { kind: "int" }, value: 0, spelling: "0" };

export function storageOf(ref: Value): string {
  const type = ref.type.kind === "maybe" ? ref.type.type : ref.type;
  if (type.kind !== "ref") return "Array";
  return type.shape.kind === "array" ? type.shape.storage : type.shape.kind;
}
