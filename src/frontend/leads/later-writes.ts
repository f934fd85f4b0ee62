/** What the project writes to a constant of a module, by whatever name it has it. */
import type { ts } from "ts-morph";
import type { Changing, Context } from "../context.js";
import { Following } from "./following.js";
import { anyStep } from "./lead.js";

/** `apart`: code that belongs to the making of the constant. */
export function laterWrites(cx: Context, symbol: ts.Symbol, apart: readonly ts.Node[]): Changing {
  const known = cx.unit.project.laterWrites.get(symbol);
  if (known !== undefined) return known;
  const isApart = (node: ts.Node): boolean => apart.some((each) => isInside(node, each));
  const following = new Following(cx, isApart);
  const start = { cell: null, path: [], entered: null };
  const isField = (symbol.flags & cx.ts.SymbolFlags.Property) !== 0;
  if (isField) following.field(symbol, start);
  else following.variable(symbol, start);
  following.run();
  const { cells, resizes } = following;
  const found = { cells, resizes, isAny: cells.has(anyStep) };
  cx.unit.project.laterWrites.set(symbol, found);
  return found;
}

function isInside(node: ts.Node, outer: ts.Node): boolean {
  return node.getSourceFile() === outer.getSourceFile() && node.pos >= outer.pos && node.end <= outer.end;
}
