/** Questions about what an expression is made of. */
import type { Atom, Block, If } from "../ir/types.js";

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

/** Whether a conditional that gives `true` or `false` is its test; false for the opposite, null for any other. */
export function isTestItself({ consequent, alternate }: If): boolean | null {
  const [a, b] = [consequent.end, alternate.end].map((end) =>
    end.kind === "yield" && end.values.length === 1 ? end.values[0] : undefined,
  );
  if (a === undefined || b === undefined) return null;
  if (isLiteral(a, true) && isLiteral(b, false)) return true;
  return isLiteral(a, false) && isLiteral(b, true) ? false : null;
}
