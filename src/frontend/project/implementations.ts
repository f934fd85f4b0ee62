/**
 * Functions of which the program has only declarations, because their package comes as JavaScript: which JavaScript has
 * to be read for the targets of the inputs, and what in it is behind what is declared.
 */
import type { ts } from "ts-morph";
import { Diagnostics } from "../../diagnostics/collector.js";
import { type ModuleValue, exportedModule, membersOf, moduleSymbol, wholeOf } from "./common-modules.js";
import { sourcesReachedFrom } from "./dependencies.js";
import { descendants } from "../classes/descendants.js";
import { resolveAlias } from "./exports.js";
import { isPackageImport, macroUses } from "../targets/macro-uses.js";
import type { FrontendProject } from "./project.js";
import { taggedRules } from "../targets/rule-tags.js";
import type { RuntimeResolution } from "./runtime-modules.js";
import { taggedNodes } from "../targets/tagged.js";

/** An import of what is only declared, and the module that does what is declared. */
export interface Implementation {
  /** Path of the file that imports. */
  readonly importer: string;
  readonly specifier: string;
  /** Path of the JavaScript. */
  readonly source: string;
}

/** The imports behind which JavaScript has to be read for the targets of the inputs. */
export function neededImplementations(
  project: FrontendProject,
  resolve: RuntimeResolution,
): readonly Implementation[] {
  const inputs = project.inputs.filter(mayHaveTargets);
  const files = [...new Set(inputs.flatMap((input) => [...sourcesReachedFrom(project, input)]))];
  const imports = files.flatMap((file) =>
    importsOf(project.ts, file).filter(
      (name) => isDeclared(project, name) && !isPackageImport(project.ts, name),
    ),
  );
  if (imports.length === 0) return [];
  const used = usedDeclarations(project, inputs, files);
  if (used.size === 0) return [];
  return imports.flatMap((name): readonly Implementation[] => {
    const exported = exportsOf(project, project.checker.getSymbolAtLocation(name));
    if (![...exported.values()].some((symbol) => used.has(symbol))) return [];
    const [importer, specifier] = [name.getSourceFile().fileName, name.text];
    const source = resolve(specifier, importer, undefined)?.resolvedFileName;
    return source === undefined ? [] : [{ importer, specifier, source }];
  });
}

/** The specifiers of what a file imports and re-exports. */
function importsOf(ts: FrontendProject["ts"], file: ts.SourceFile): readonly ts.StringLiteral[] {
  return file.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    return moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier) ? [moduleSpecifier] : [];
  });
}

function isDeclared({ checker }: FrontendProject, specifier: ts.StringLiteral): boolean {
  const declarations = checker.getSymbolAtLocation(specifier)?.declarations ?? [];
  return declarations.some((each) => each.getSourceFile().isDeclarationFile);
}

function mayHaveTargets({ text }: ts.SourceFile): boolean {
  return text.includes("@grad") || text.includes('"tsad"') || text.includes("'tsad'");
}

/** What the targets lead to, directly or through functions with source, of which there are only declarations. */
function usedDeclarations(
  project: FrontendProject,
  inputs: readonly ts.SourceFile[],
  files: readonly ts.SourceFile[],
): ReadonlySet<ts.Symbol> {
  const { ts, checker, program } = project;
  const ruled = rulesIn(project, files);
  const used = new Set<ts.Symbol>();
  const seen = new Set<ts.Symbol>();
  const open: ts.Node[] = inputs.flatMap((input) => rootsOf(project, input));
  const meet = (symbol: ts.Symbol): void => {
    if (seen.has(symbol) || ruled.has(symbol)) return;
    seen.add(symbol);
    for (const declaration of symbol.declarations ?? []) {
      const file = declaration.getSourceFile();
      if (!file.isDeclarationFile) open.push(declaration);
      else if (!program.isSourceFileDefaultLibrary(file)) used.add(symbol);
    }
  };
  for (let root = open.pop(); root !== undefined; root = open.pop()) {
    if (ts.isSourceFile(root) && root.fileName.endsWith(".json")) continue;
    for (const node of descendants(ts, root)) {
      if (!ts.isIdentifier(node)) continue;
      const symbol = ts.isShorthandPropertyAssignment(node.parent)
        ? checker.getShorthandAssignmentValueSymbol(node.parent)
        : checker.getSymbolAtLocation(node);
      if (symbol !== undefined) meet(resolveAlias(ts, checker, symbol));
    }
  }
  return used;
}

/** Tagged functions; of a file with macros, all of it. */
function rootsOf({ ts, checker }: FrontendProject, file: ts.SourceFile): readonly ts.Node[] {
  const { calls } = macroUses(ts, checker, file);
  return calls.length > 0 ? [file] : taggedNodes(ts, file).map(({ node }) => node);
}

/** Functions with a derivative by hand are never looked into. */
function rulesIn(project: FrontendProject, files: readonly ts.SourceFile[]): ReadonlySet<ts.Symbol> {
  const unheard = new Diagnostics(() => null);
  return new Set(files.flatMap((file) => taggedRules(project, file, unheard).map(({ primal }) => primal)));
}

/** What is declared, and what does it. */
export interface Implemented {
  /** What is behind a declaration; the symbol itself where nothing else is known. */
  readonly of: (declared: ts.Symbol) => ts.Symbol;
  /** What declares it; the symbol itself where nothing else does. */
  readonly declaredBy: (symbol: ts.Symbol) => ts.Symbol;
}

/** Pairs what modules declare with what the JavaScript behind them exports under the same names. */
export function implementedIn(
  project: Pick<FrontendProject, "ts" | "checker" | "sourceFile">,
  implementations: readonly Implementation[],
): Implemented {
  const sources = new Map<ts.Symbol, ts.Symbol>();
  const declared = new Map<ts.Symbol, ts.Symbol>();
  const { ts, checker, sourceFile } = project;
  for (const { importer, specifier, source } of implementations) {
    const [from, to] = [sourceFile(importer), sourceFile(source)];
    if (from === null || to === null) continue;
    const name = importsOf(ts, from).find(({ text }) => text === specifier);
    const exported = exportsOf(project, moduleSymbol(checker, to));
    for (const [path, symbol] of exportsOf(project, name && checker.getSymbolAtLocation(name))) {
      const found = exported.get(path) ?? exported.get(otherName.get(path) ?? "");
      if (found === undefined) continue;
      if (!sources.has(symbol)) sources.set(symbol, found);
      if (!declared.has(found)) declared.set(found, symbol);
    }
  }
  return {
    of: (symbol) => sources.get(symbol) ?? symbol,
    declaredBy: (symbol) => declared.get(symbol) ?? symbol,
  };
}

/** Where one side is CommonJS and the other is not, these are one. */
const otherName: ReadonlyMap<string, string> = new Map([
  ["default", "export="],
  ["export=", "default"],
]);

/** What a module exports, and what its namespaces export, by their full names. */
function exportsOf(
  project: Pick<FrontendProject, "ts" | "checker">,
  root: ts.Symbol | undefined,
): ReadonlyMap<string, ts.Symbol> {
  const { ts, checker } = project;
  const found = new Map<string, ts.Symbol>();
  const seen = new Set<ts.Symbol>();
  const visit = (value: ModuleValue, prefix: string): void => {
    if (value.kind === "module" && seen.has(value.symbol)) return;
    if (value.kind === "module") seen.add(value.symbol);
    for (const [name, each] of membersOf(project, value)) {
      const named = resolveAlias(ts, checker, each);
      const module =
        name === "export=" ? null : (exportedModule(project, each) ?? exportedModule(project, named));
      const symbol = module?.kind === "module" ? (wholeOf(project, module.symbol) ?? module.symbol) : named;
      const path = `${prefix}${name}`;
      if (!found.has(path)) found.set(path, symbol);
      const isNamespace =
        (symbol.flags & (ts.SymbolFlags.ValueModule | ts.SymbolFlags.NamespaceModule)) !== 0;
      const inner = module ?? (isNamespace ? ({ kind: "module", symbol, isDefault: false } as const) : null);
      if (inner !== null) visit(inner, `${path}.`);
    }
  };
  if (root !== undefined) visit({ kind: "module", symbol: root, isDefault: false }, "");
  return found;
}
