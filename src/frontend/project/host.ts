/** How TypeScript reads files: library files from memory, inputs given as text before the disk. */
import type { ts } from "ts-morph";
import type { Config } from "../../config/config.js";
import { isOwnEmitted } from "../../config/naming.js";
import type { Implementation } from "./implementations.js";
import { type RuntimeResolution, runtimeResolution } from "./runtime-modules.js";
import type { SourceFiles } from "./source-files.js";
import type { LoadedTypeScript } from "./typescript.js";

/** What came of the imports of one file. */
export interface Resolutions {
  /** Paths of the modules found, each once. */
  readonly found: ReadonlySet<string>;
  /** Paths where a module of the project was looked for in vain. */
  readonly awaited: ReadonlySet<string>;
}

export interface Host extends ts.CompilerHost {
  /** By path of the importing file, once the program is made. */
  readonly resolutions: ReadonlyMap<string, Resolutions>;
  /** Where imports lead when the program runs. */
  readonly runtime: RuntimeResolution;
  /** True for JavaScript that is read in place of declarations, and for what that imports. */
  readonly isImplementation: (path: string) => boolean;
}

/**
 * A host over the disk, with `overlay` (absolute path to text) laid over it. Among the modules of `implementations`,
 * imports lead where they lead when the program runs.
 */
export function compilerHost(
  loaded: LoadedTypeScript,
  options: ts.CompilerOptions,
  overlay: ReadonlyMap<string, string>,
  config: Config,
  sourceFiles: SourceFiles,
  implementations: readonly Implementation[] = [],
): Host {
  const { ts, libraryFile, libraryFolder, isLibraryFile } = loaded;
  const disk = ts.createCompilerHost(options, true);
  const host: ts.CompilerHost = {
    ...disk,
    getDefaultLibLocation: () => libraryFolder,
    getDefaultLibFileName: (forOptions) => `${libraryFolder}/${ts.getDefaultLibFileName(forOptions)}`,
    fileExists: (path) => overlay.has(path) || isLibraryFile(path) || disk.fileExists(path),
    readFile: (path) => overlay.get(path) ?? disk.readFile(path),
    directoryExists: (path) =>
      [...overlay.keys()].some((file) => file.startsWith(`${path}/`)) ||
      (disk.directoryExists?.(path) ?? true),
    writeFile: () => undefined,
    getSourceFile: (path, how) => {
      const library = libraryFile(path);
      if (library !== undefined) return library;
      const text = host.readFile(path);
      return text === undefined ? undefined : sourceFiles.get(loaded, path, text, how, options);
    },
  };
  const cache = ts.createModuleResolutionCache(
    host.getCurrentDirectory(),
    (path) => host.getCanonicalFileName(path),
    options,
  );
  const resolutions = new Map<string, Resolutions>();
  const runtime = runtimeResolution(loaded, host, options);
  const running = new Set(implementations.map(({ source }) => source));
  // JavaScript is read for what is called in it, and nowhere else unless the user's options say so.
  const isLeftOut = ({ resolvedModule }: ts.ResolvedModuleWithFailedLookupLocations): boolean =>
    options.allowJs !== true &&
    resolvedModule !== undefined &&
    /\.[cm]?jsx?$/u.test(resolvedModule.resolvedFileName);
  return {
    ...host,
    resolutions,
    runtime,
    isImplementation: (path) => running.has(path),
    getModuleResolutionCache: () => cache,
    resolveModuleNameLiterals: (literals, containingFile, redirected, forOptions, containing) => {
      const results = literals.map((literal): ts.ResolvedModuleWithFailedLookupLocations => {
        // The gradient of this very file is about to be written again, so what it says now does not matter.
        if (isOwnEmitted(literal.text, containingFile, config)) return { resolvedModule: undefined };
        const mode = ts.getModeForUsageLocation(containing, literal, forOptions);
        if (running.has(containingFile)) {
          const resolvedModule = runtime(literal.text, containingFile, mode) ?? undefined;
          if (resolvedModule !== undefined) running.add(resolvedModule.resolvedFileName);
          return { resolvedModule };
        }
        const found = ts.resolveModuleName(
          literal.text,
          containingFile,
          options,
          host,
          cache,
          redirected,
          mode,
        );
        return isLeftOut(found) ? leftOut(found) : found;
      });
      const found = results.flatMap(({ resolvedModule }) => resolvedModule?.resolvedFileName ?? []);
      const behind = implementations.filter(({ importer }) => importer === containingFile);
      resolutions.set(containingFile, {
        found: new Set([...found, ...behind.map(({ source }) => source)]),
        awaited: new Set(results.flatMap(awaitedPaths)),
      });
      return results;
    },
  };
}

function leftOut(
  found: ts.ResolvedModuleWithFailedLookupLocations,
): ts.ResolvedModuleWithFailedLookupLocations {
  const { resolvedModule } = found;
  return resolvedModule === undefined
    ? found
    : { ...found, resolvedModule: { ...resolvedModule, isExternalLibraryImport: true } };
}

/** Where a module that was not found would be, outside of `node_modules`. */
function awaitedPaths(resolution: ts.ResolvedModuleWithFailedLookupLocations): readonly string[] {
  if (resolution.resolvedModule !== undefined) return [];
  // TypeScript's own watcher waits for these; its declarations leave them out.
  const { failedLookupLocations = [] } = resolution as { readonly failedLookupLocations?: readonly string[] };
  return failedLookupLocations.filter(
    (path) => /\.[cm]?tsx?$/u.test(path) && !path.includes("/node_modules/"),
  );
}
