/** What the project writes to a constant of a module, by whatever name it has it. */
import type { ts } from "ts-morph";
import type { Context } from "../context.js";
import type { Changing } from "../control/module-memory.js";
import { symbolOf } from "../names.js";
import { Following } from "./following.js";
import { anyStep } from "./lead.js";
import { usesOf } from "./mentions.js";

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
  const { cells, resizes, functions } = following;
  const found = { cells, resizes, functions, isAny: cells.has(anyStep) };
  cx.unit.project.laterWrites.set(symbol, found);
  return found;
}

const nothing: Changing = { cells: new Set(), isAny: false, resizes: false, functions: false };

/** The same for a variable of a function that has run when its module was made: what its closures write. */
export function closedWrites(cx: Context, name: ts.Identifier): Changing {
  const symbol = symbolOf(cx, name);
  const home = functionAround(cx, name);
  if (symbol === null || home === null) return nothing;
  return laterWrites(
    cx,
    symbol,
    usesOf(cx, symbol).filter((each) => functionAround(cx, each) === home),
  );
}

/** That which runs at another time: not one that a method of the library is handed, `forEach((row) => …)`. */
function functionAround({ ts: tsc, unit: { project } }: Context, node: ts.Node): ts.Node | null {
  const found = tsc.findAncestor(node.parent, (each) => {
    if (!tsc.isFunctionLike(each)) return false;
    const { parent } = each;
    if (!tsc.isArrowFunction(each) || !tsc.isCallExpression(parent)) return true;
    return (
      project.checker.getResolvedSignature(parent)?.declaration?.getSourceFile().isDeclarationFile !== true
    );
  });
  return found ?? null;
}

function isInside(node: ts.Node, outer: ts.Node): boolean {
  return node.getSourceFile() === outer.getSourceFile() && node.pos >= outer.pos && node.end <= outer.end;
}
