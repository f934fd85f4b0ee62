/**
 * Runs TypeScript modules from disk or from memory, resolving imports as the compiler does (extensionless, `.js` for
 * `.ts`, path aliases), so that fixtures can be written as users write them. Targets that a module does not export
 * are exported for the test.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { compileFunction } from "node:vm";
import ts from "typescript";
import type { External } from "../../src/ir/interpret-foreign.js";

export type Exports = Readonly<Record<string, unknown>>;

/** Loads the module at a path; `overlay` gives texts that are not (or not so) on disk, `others` all other modules. */
export type Load = (path: string) => Exports;

export function createLoader(
  options: ts.CompilerOptions,
  overlay: ReadonlyMap<string, string> = new Map(),
  output: Readonly<Record<string, unknown>> = silent,
  others: Load | null = null,
): Load {
  const folders = new Set([...overlay.keys()].map((path) => dirname(path)));
  const loaded = new Map<string, Record<string, unknown>>();
  const host: ts.ModuleResolutionHost = {
    fileExists: (path) => overlay.has(path) || ts.sys.fileExists(path),
    readFile: (path) => overlay.get(path) ?? ts.sys.readFile(path),
    directoryExists: (path) => folders.has(path) || ts.sys.directoryExists(path),
    realpath: (path) => path,
  };

  function load(path: string): Exports {
    const known = loaded.get(path);
    if (known) return known;
    if (others !== null && !overlay.has(path)) return others(path);
    const module: { exports: Record<string, unknown> } = { exports: {} };
    loaded.set(path, module.exports);
    const source = implementationOf(path);
    const text = overlay.get(path) ?? readFileSync(source, "utf8");
    const run = compileFunction(toCommonJs(source, text), ["module", "exports", "require", "console"], {
      filename: path,
    });
    run(module, module.exports, (specifier: string) => load(resolve(specifier, path)), output);
    loaded.set(path, module.exports);
    return module.exports;
  }

  function resolve(specifier: string, from: string): string {
    const found = ts.resolveModuleName(specifier, from, options, host).resolvedModule;
    if (!found) throw new Error(`${from}: there is no module "${specifier}" (looked from ${dirname(from)})`);
    const { resolvedFileName } = found;
    // Of a package that is only declared, Node knows where it is implemented.
    return isDeclaration(resolvedFileName) && !existsSync(implementationOf(resolvedFileName))
      ? createRequire(from).resolve(specifier)
      : resolvedFileName;
  }

  return load;
}

function isDeclaration(path: string): boolean {
  return path.endsWith(".d.ts");
}

/** What is only declared is implemented beside its declaration. */
function implementationOf(path: string): string {
  return isDeclaration(path) ? path.replace(/\.d\.ts$/, ".js") : path;
}

/** A console that writes nothing. */
const silent: Readonly<Record<string, unknown>> = new Proxy({}, { get: () => () => undefined });

/** The functions that IR calls by name. */
export function externalsOf(load: Load): External {
  return ({ source, text }) => {
    // A call of the library, such as `JSON.stringify(x)`.
    if (source === null) {
      const params = text.slice(1).map((_, i) => `a${String(i)}`);
      const call = text.map((part, i) => `${i === 0 ? "" : `a${String(i - 1)}`}${part}`).join("");
      const run = new Function(...params, `return ${call};`);
      return (...args) => run(...args) as unknown;
    }
    const { module, name, before = "", access } = source;
    const exports = load(module);
    if (access === undefined) return functionOf(exports, name);
    const params = access.slice(1).map((_, i) => `a${String(i)}`);
    const body = access.map((part, i) => `${i === 0 ? "" : `a${String(i - 1)}`}${part}`).join("");
    const run = new Function("root", ...params, `return ${before}root${body};`);
    return (...args) => run(exports[name], ...args) as unknown;
  };
}

/** The function of that name; throws where there is none. */
export function functionOf(exports: Exports, name: string): (...args: readonly unknown[]) => unknown {
  const found = exports[name];
  if (typeof found !== "function") throw new Error(`there is no function \`${name}\``);
  return (...args) => found(...args) as unknown;
}

/** A block of its own, so that a module may declare `exports`, `Math` or whatever it likes. */
function toCommonJs(path: string, text: string): string {
  const known = translated.get(text);
  if (known !== undefined) return known;
  const { outputText } = ts.transpileModule(text + exportLocals(path, text), {
    fileName: path,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      removeComments: true,
    },
  });
  translated.set(text, outputText);
  return outputText;
}

/** Texts that have been translated: many programs import the same helpers. */
const translated = new Map<string, string>();

/** An export of each top-level function and constant that the module keeps to itself. */
function exportLocals(path: string, text: string): string {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const names = source.statements.flatMap((statement) => {
    if (!ts.isFunctionDeclaration(statement) && !ts.isVariableStatement(statement)) return [];
    if (
      statement.modifiers?.some(
        (m) => m.kind === ts.SyntaxKind.ExportKeyword || m.kind === ts.SyntaxKind.DeclareKeyword,
      )
    ) {
      return [];
    }
    if (ts.isFunctionDeclaration(statement))
      return statement.name && statement.body ? [statement.name.text] : [];
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    );
  });
  const exported = new Set(
    source.statements.flatMap((s) =>
      ts.isExportDeclaration(s) && s.exportClause && ts.isNamedExports(s.exportClause)
        ? s.exportClause.elements.map((e) => e.name.text)
        : [],
    ),
  );
  const missing = names.filter((name) => !exported.has(name));
  return missing.length > 0 ? `\nexport { ${[...new Set(missing)].join(", ")} };\n` : "";
}
