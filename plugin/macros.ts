/** Calls of the macros in a module, replaced by references to modules that hold the compiled gradients. */
import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import MagicString, { type SourceMap } from "magic-string";
import type { Diagnostic, MacroResult, ScriptText } from "../src/index.js";
import type { Compilers } from "./compilers.js";
import { readText } from "./gradients.js";
import { macroSource, macroSpecifier } from "./paths.js";

/** A module with its macros replaced. */
export interface Replaced {
  readonly result: MacroResult;
  /** Null if there is nothing to replace, or if there are errors. */
  readonly code: string | null;
  readonly map: SourceMap | null;
  readonly watch: readonly string[];
}

export class Macros {
  readonly #compilers: Compilers;
  readonly #modules = new Map<string, ScriptText>();
  readonly #known = new Map<string, readonly string[]>();

  constructor(compilers: Compilers) {
    this.#compilers = compilers;
  }

  /** Replaces the macros of the module `path`, whose text the bundler has as `code`. */
  async replace(path: string, code: string): Promise<Replaced> {
    const result = await this.#compile(path, code);
    const { calls, imports, modules, input } = result;
    const watch = [path, ...input.dependencies];
    this.#known.set(path, watch);
    if (calls.length === 0) return { result, code: null, map: null, watch };
    const text = new MagicString(code);
    const used = new Map<string, string>();
    for (const { start, end, module, name } of calls) {
      const local = freeName(`${name}${String(module)}`, code);
      const from = JSON.stringify(macroSpecifier(path, modules[module]?.code ?? ""));
      used.set(local, `import { ${name} as ${local} } from ${from};`);
      text.overwrite(start, end, local);
    }
    for (const { start, end } of imports) text.remove(start, end);
    // Imports count wherever they stand; at the end they move no line, and nothing that has to come first.
    text.append(`\n${[...used.values()].join("\n")}\n`);
    const map = text.generateMap({ source: path, includeContent: true, hires: "boundary" });
    return { result, code: text.toString(), map, watch };
  }

  /** The module of macros of a specifier; null if its source no longer has it. */
  async load(specifier: string): Promise<(ScriptText & { readonly watch: readonly string[] }) | null> {
    const source = macroSource(specifier);
    // A bundler with a cache on disk may ask for it in another process than the one that replaced the call.
    if (!this.#modules.has(specifier)) await this.#compile(source, readText(source) ?? "");
    const module = this.#modules.get(specifier);
    if (module === undefined) return null;
    const code = withAbsoluteImports(module.code, dirname(source));
    return { ...module, code, watch: this.#known.get(source) ?? [source] };
  }

  /** The modules met so far whose macros depend on a file. */
  dependentsOf(file: string): readonly string[] {
    return [...this.#known].filter(([, watch]) => watch.includes(file)).map(([path]) => path);
  }

  async #compile(path: string, code: string): Promise<MacroResult> {
    const configured = await this.#compilers.for(path);
    if (configured === null) return withProblems(path, this.#compilers.problems);
    const isOnDisk = readText(path) === code;
    const result = await configured.compiler.compileMacros(isOnDisk ? { path } : { path, code });
    for (const module of result.modules) this.#modules.set(macroSpecifier(path, module.code), module);
    return result;
  }
}

/**
 * The module has no path that bundlers could start from: what it imports by a relative path gets that of the file. Not
 * earlier, since its name depends on its code, and is to be the same on every machine.
 */
function withAbsoluteImports(code: string, folder: string): string {
  return code.replace(
    /^(import .* from )(["'])(\.\.?\/[^"']*)\2;$/gmu,
    (_, head: string, quote: string, specifier: string) =>
      `${head}${quote}${importedFile(resolve(folder, specifier)).replaceAll("\\", "/")}${quote};`,
  );
}

/** The source that a path without its extension, or with that of the output, means. */
function importedFile(path: string): string {
  const stem = path.replace(/\.([cm]?)jsx?$/u, ".$1");
  const candidates = [
    `${stem}ts`,
    `${stem}tsx`,
    path,
    `${path}.ts`,
    `${path}.tsx`,
    `${path}.mts`,
    `${path}/index.ts`,
  ];
  return candidates.find((each) => existsSync(each) && statSync(each).isFile()) ?? path;
}

function withProblems(path: string, diagnostics: readonly Diagnostic[]): MacroResult {
  const input = { source: path, dependencies: [], awaited: [] };
  return { calls: [], imports: [], modules: [], diagnostics, input };
}

/** `name` behind as many underscores as it takes to be no part of the code. */
function freeName(name: string, code: string): string {
  let free = `__tsad_${name}`;
  while (code.includes(free)) free = `_${free}`;
  return free;
}
