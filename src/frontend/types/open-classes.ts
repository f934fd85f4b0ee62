/** Types whose numbers are found in the classes behind them: `Shape[]`, where only circles and boxes have any. */
import type { ts } from "ts-morph";
import type { FrontendProject } from "../project/project.js";

/**
 * Objects of classes with methods, or of interfaces with some, lie in what is of the type. Which classes that may be, and
 * what they hold, is known once the function is lowered.
 */
export function leadsToMethods(
  type: ts.Type,
  project: FrontendProject,
  seen: ReadonlySet<ts.Type> = new Set(),
): boolean {
  if (seen.has(type)) return false;
  const { checker, ts, program } = project;
  const within = new Set([...seen, type]);
  const leads = (each: ts.Type): boolean => leadsToMethods(each, project, within);
  if (type.isUnionOrIntersection()) return type.types.some(leads);
  if ((type.flags & ts.TypeFlags.Object) === 0) return false;
  const [declaration] = type.getSymbol()?.declarations ?? [];
  const isLibrary =
    declaration !== undefined && program.isSourceFileDefaultLibrary(declaration.getSourceFile());
  if (isLibrary) return checker.getTypeArguments(type as ts.TypeReference).some(leads);
  return type.getProperties().some((property) => {
    const isMethod = (property.flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Accessor)) !== 0;
    return isMethod || leads(checker.getTypeOfSymbol(property));
  });
}
