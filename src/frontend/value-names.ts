/** How the emitted file comes by functions and objects of the source: they are imported from where the source has them. */
import type { ts } from "ts-morph";
import type { ImportedName } from "../ir/types.js";
import type { FrontendProject } from "./project/project.js";
import { type TypeNames, emittedName } from "./types/type-names.js";

/** The file that is emitted, and the source whose style it is written in. */
export interface Emitted {
  readonly project: FrontendProject;
  readonly sourceFile: ts.SourceFile;
  /** The folder of the emitted file. */
  readonly folder: string;
}

/** A value as the emitted file names it. */
export interface NamedValue {
  readonly text: string;
  readonly imports: readonly ImportedName[];
}

/**
 * What `names`, the first of which stands for `symbol` in `file`, are written as in the emitted file; null where it
 * cannot name them.
 */
export function namedValue(
  emitted: Emitted,
  file: ts.SourceFile,
  symbol: ts.Symbol,
  names: readonly [string, ...string[]],
): NamedValue | null {
  const scope: TypeNames = {
    project: emitted.project,
    sourceFile: file,
    folder: emitted.folder,
    imports: new Map(),
    declarations: new Map(),
  };
  const text = emittedName(symbol, names, scope, () => null);
  if (text === null) return null;
  const imports = [...scope.imports.values()];
  // Two modules may have functions of one name; in the source's own file its own names come first.
  const [only] = imports;
  if (file === emitted.sourceFile || only === undefined) return { text, imports };
  const [head = text, ...rest] = text.split(".");
  const free = freeName(head, symbol, emitted);
  const renamed = { ...only, alias: free === only.name ? null : free };
  return { text: [free, ...rest].join("."), imports: [renamed] };
}

/** The name, or with a number behind it where the source file means something else by it. */
function freeName(name: string, meant: ts.Symbol, { project, sourceFile }: Emitted): string {
  const { ts, checker } = project;
  const resolve = (symbol: ts.Symbol): ts.Symbol =>
    (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
  const others = new Map(
    checker.getSymbolsInScope(sourceFile, ts.SymbolFlags.Value).map((symbol) => [symbol.name, symbol]),
  );
  let candidate = name;
  for (let count = 2; ; count++) {
    const other = others.get(candidate);
    if (other === undefined || resolve(other) === resolve(meant)) return candidate;
    candidate = `${name}${String(count)}`;
  }
}
