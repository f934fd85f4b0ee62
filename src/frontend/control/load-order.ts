/** In which order modules are loaded: what a module imports comes first. */
import type { ts } from "ts-morph";
import type { Context } from "../context.js";

/** The modules that are loaded with the file of the target, itself included, in their order. */
export function loadOrder(cx: Context): readonly ts.SourceFile[] {
  const order: ts.SourceFile[] = [];
  const met = new Set<ts.SourceFile>();
  const load = (file: ts.SourceFile): void => {
    if (met.has(file)) return;
    met.add(file);
    for (const statement of file.statements) {
      const imported = importedBy(cx, statement);
      if (imported !== null) load(imported);
    }
    order.push(file);
  };
  load(cx.unit.emitted.sourceFile);
  return order;
}

/** The module that a statement loads; null for types, and for what is no module of the project. */
function importedBy(cx: Context, statement: ts.Statement): ts.SourceFile | null {
  const { ts: tsc } = cx;
  if (tsc.isImportDeclaration(statement) && !importsValues(cx, statement.importClause)) return null;
  if (tsc.isExportDeclaration(statement) && statement.isTypeOnly) return null;
  if (!tsc.isImportDeclaration(statement) && !tsc.isExportDeclaration(statement)) return null;
  const { moduleSpecifier } = statement;
  const symbol = moduleSpecifier === undefined ? undefined : cx.checker.getSymbolAtLocation(moduleSpecifier);
  const file = symbol?.valueDeclaration;
  return file !== undefined && tsc.isSourceFile(file) && !file.isDeclarationFile ? file : null;
}

/** TypeScript leaves out imports of nothing but types. */
function importsValues(cx: Context, clause: ts.ImportClause | undefined): boolean {
  const { ts: tsc } = cx;
  // `import "./builtins"`
  if (clause === undefined) return true;
  if (clause.phaseModifier === tsc.SyntaxKind.TypeKeyword) return false;
  const { namedBindings } = clause;
  const names =
    namedBindings === undefined
      ? []
      : tsc.isNamespaceImport(namedBindings)
        ? [namedBindings]
        : namedBindings.elements.filter(({ isTypeOnly }) => !isTypeOnly);
  return [...(clause.name === undefined ? [] : [clause]), ...names].some(({ name }) => {
    const symbol = name === undefined ? undefined : cx.checker.getSymbolAtLocation(name);
    if (symbol === undefined) return false;
    const isAlias = (symbol.flags & tsc.SymbolFlags.Alias) !== 0;
    const meant = isAlias ? cx.checker.getAliasedSymbol(symbol) : symbol;
    return (meant.flags & tsc.SymbolFlags.Value) !== 0;
  });
}
