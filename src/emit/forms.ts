/** Questions about what an expression is made of. */
import type { Atom, Block } from "../ir/types.js";

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
