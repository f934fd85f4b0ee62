/** Names of types that the emitted file has from elsewhere. */
import type { ts } from "ts-morph";
import type { ImportedName } from "../../ir/types.js";
import type { FrontendProject } from "../project/project.js";

/** The names of types that the source declares or imports, or that are imported for the parameters. */
export function typeNamesInUse(
  sourceFile: ts.SourceFile,
  imports: Iterable<ImportedName>,
  { ts, checker, isOwn }: FrontendProject,
): ReadonlySet<string> {
  const { Type, Alias } = ts.SymbolFlags;
  const own = checker
    .getSymbolsInScope(sourceFile, Type | Alias)
    .filter(({ declarations = [] }) => declarations.some((each) => isOwn(each.getSourceFile())))
    .map(({ name }) => name);
  return new Set([...own, ...[...imports].map(({ name, alias }) => alias ?? name)]);
}
