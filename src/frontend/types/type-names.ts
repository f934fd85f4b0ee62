/**
 * How the emitted file, a sibling of the source or a file elsewhere, comes by the types that the source mentions: they
 * are imported from where the source has them, or copied where they are not exported.
 */
import { posix } from "node:path";
import type { ts } from "ts-morph";
import { exportedName, resolveAlias } from "../project/exports.js";
import type { FrontendProject } from "../project/project.js";
import { specifierOf } from "../project/specifiers.js";
import type { ImportNeed, TypeDeclaration } from "../targets/target.js";

/** What is collected while types are spelled for one file. */
export interface TypeNames {
  readonly project: FrontendProject;
  readonly sourceFile: ts.SourceFile;
  /** The folder of the emitted file. */
  readonly folder: string;
  readonly imports: Map<string, ImportNeed>;
  /** Null while a declaration is being copied. */
  readonly declarations: Map<string, TypeDeclaration | null>;
}

/** What `spell` gives. Where that is null, it has come by no names: what it has collected on the way is dropped. */
export function attempted({ imports, declarations }: TypeNames, spell: () => string | null): string | null {
  const before = [new Map(imports), new Map(declarations)] as const;
  const text = spell();
  if (text !== null) return text;
  restore(imports, before[0]);
  restore(declarations, before[1]);
  return null;
}

function restore<V>(map: Map<string, V>, before: ReadonlyMap<string, V>): void {
  map.clear();
  for (const [key, value] of before) map.set(key, value);
}

/** Copies the declarations of a type; null if it cannot be copied. Given by the speller, which calls back here. */
export type CopyDeclarations = (symbol: ts.Symbol) => string | null;

/**
 * What `names` (`Point`, or `geo.Point` in parts), whose first stands for `symbol`, must be written as in the emitted
 * file; null if the emitted file cannot name it.
 */
export function emittedName(
  symbol: ts.Symbol,
  names: readonly [string, ...string[]],
  scope: TypeNames,
  copy: CopyDeclarations,
): string | null {
  const { ts, program } = scope.project;
  const [declaration] = symbol.declarations ?? [];
  const [head, ...rest] = names;
  if (declaration === undefined || (symbol.flags & ts.SymbolFlags.TypeParameter) !== 0)
    return names.join(".");
  const file = declaration.getSourceFile();
  if (file === scope.sourceFile) {
    if ((symbol.flags & ts.SymbolFlags.Alias) !== 0) return importedName(declaration, names, scope);
    const exported = exportedName(scope.project, file, symbol);
    if (exported !== null) {
      const local = need(scope, specifierOf(scope.project, file, scope), exported, head);
      return [local, ...rest].join(".");
    }
    return rest.length === 0 ? copy(symbol) : null;
  }
  if (program.isSourceFileDefaultLibrary(file) || !ts.isExternalModule(file)) return names.join(".");
  // A type that the source does not mention itself, met through the type of something else.
  const exported = scope.project.isOwn(file) ? exportedName(scope.project, file, symbol) : null;
  if (exported === null) return null;
  const local = need(scope, specifierOf(scope.project, file, scope), exported, freeName(head, symbol, scope));
  return [local, ...rest].join(".");
}

/** A name that the source file itself imports. */
function importedName(
  declaration: ts.Declaration,
  [head, ...rest]: readonly [string, ...string[]],
  scope: TypeNames,
): string | null {
  const { ts, checker } = scope.project;
  const statement = ts.findAncestor(declaration, (node) => ts.isImportDeclaration(node));
  if (statement === undefined || !ts.isStringLiteral(statement.moduleSpecifier)) return null;
  const from = rebased(statement.moduleSpecifier.text, scope);
  if (ts.isImportSpecifier(declaration)) {
    return [need(scope, from, (declaration.propertyName ?? declaration.name).text, head), ...rest].join(".");
  }
  if (ts.isImportClause(declaration)) return [need(scope, from, "default", head), ...rest].join(".");
  const [member, ...others] = rest;
  if (!ts.isNamespaceImport(declaration) || member === undefined) return null;
  const module = checker.getSymbolAtLocation(statement.moduleSpecifier);
  const symbol = module === undefined ? undefined : checker.tryGetMemberInModuleExports(member, module);
  return [need(scope, from, member, freeName(member, symbol, scope)), ...others].join(".");
}

function need({ imports }: TypeNames, from: string, name: string, local: string): string {
  imports.set(`${from} ${name} ${local}`, { from, name, alias: name === local ? null : local });
  return local;
}

/** `name`, or with a number behind it if it means something else in the source file. */
function freeName(name: string, meant: ts.Symbol | undefined, { project, sourceFile }: TypeNames): string {
  const { ts, checker } = project;
  const flags = ts.SymbolFlags.Type | ts.SymbolFlags.Value | ts.SymbolFlags.Namespace;
  const inScope = new Map(
    checker.getSymbolsInScope(sourceFile, flags).map((symbol) => [symbol.name, symbol]),
  );
  const target = meant === undefined ? undefined : resolveAlias(ts, checker, meant);
  const isFree = (candidate: string): boolean => {
    const other = inScope.get(candidate);
    return other === undefined || resolveAlias(ts, checker, other) === target;
  };
  let candidate = name;
  for (let count = 2; !isFree(candidate); count += 1) candidate = `${name}${String(count)}`;
  return candidate;
}

/** A specifier of the source file, for a file in another folder. */
export function rebased(
  specifier: string,
  { sourceFile, folder }: Pick<TypeNames, "sourceFile" | "folder">,
): string {
  const own = posix.dirname(sourceFile.fileName);
  if (!/^\.\.?(?:\/|$)/u.test(specifier) || own === folder) return specifier;
  const path = posix.relative(folder, posix.join(own, specifier));
  return path.startsWith(".") ? path : `./${path}`;
}
