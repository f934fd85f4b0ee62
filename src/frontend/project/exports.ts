/** Under which name a module exports something. */
import type { ts } from "ts-morph";
import type { FrontendProject } from "./project.js";

/** The exported name of a symbol declared in `sourceFile` (`default` included); null if it is not exported. */
export function exportedName(
  { ts, checker }: Pick<FrontendProject, "ts" | "checker">,
  sourceFile: ts.SourceFile,
  symbol: ts.Symbol,
): string | null {
  const module = checker.getSymbolAtLocation(sourceFile);
  if (module === undefined) return null;
  const wanted = checker.getExportSymbolOfSymbol(symbol);
  const names = checker
    .getExportsOfModule(module)
    .filter((each) => resolveAlias(ts, checker, each) === wanted)
    .map((each) => each.name);
  // Its own name if there is one, then any, `default` last: it needs a name anyway.
  return (
    names.find((name) => name === symbol.name) ?? names.find((name) => name !== "default") ?? names[0] ?? null
  );
}

/** What an import or a re-export stands for; the symbol itself if it is neither. */
export function resolveAlias(
  ts: FrontendProject["ts"],
  checker: ts.TypeChecker,
  symbol: ts.Symbol,
): ts.Symbol {
  if ((symbol.flags & ts.SymbolFlags.Alias) === 0) return symbol;
  const aliased = checker.getAliasedSymbol(symbol);
  // `exports.f = lib.f`, where TypeScript does not know the `lib`, is what is assigned.
  return aliased.declarations === undefined && isAssigned(ts, symbol) ? symbol : aliased;
}

function isAssigned(ts: FrontendProject["ts"], { declarations = [] }: ts.Symbol): boolean {
  return declarations.some((each) => ts.isPropertyAccessExpression(each) || ts.isBinaryExpression(each));
}
