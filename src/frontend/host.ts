/** How TypeScript reads files: library files from memory, inputs given as text before the disk. */
import type { ts } from "ts-morph";
import type { Config } from "../config/config.js";
import { isOwnEmitted } from "../config/naming.js";
import type { LoadedTypeScript } from "./typescript.js";

/** A host over the disk, with `overlay` (absolute path to text) laid over it. */
export function compilerHost(
  { ts, libraryFile, libraryFolder, isLibraryFile }: LoadedTypeScript,
  options: ts.CompilerOptions,
  overlay: ReadonlyMap<string, string>,
  config: Config,
): ts.CompilerHost {
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
    getSourceFile: (path, languageOrOptions, onError) => {
      const library = libraryFile(path);
      if (library !== undefined) return library;
      const text = overlay.get(path);
      if (text !== undefined) return ts.createSourceFile(path, text, languageOrOptions, true);
      return disk.getSourceFile(path, languageOrOptions, onError);
    },
  };
  const cache = ts.createModuleResolutionCache(
    host.getCurrentDirectory(),
    (path) => host.getCanonicalFileName(path),
    options,
  );
  return {
    ...host,
    getModuleResolutionCache: () => cache,
    resolveModuleNameLiterals: (literals, containingFile, redirected, forOptions, containing) =>
      literals.map((literal) => {
        // The gradient of this very file is about to be written again, so what it says now does not matter.
        if (isOwnEmitted(literal.text, containingFile, config)) return { resolvedModule: undefined };
        const mode = ts.getModeForUsageLocation(containing, literal, forOptions);
        return ts.resolveModuleName(literal.text, containingFile, forOptions, host, cache, redirected, mode);
      }),
  };
}
