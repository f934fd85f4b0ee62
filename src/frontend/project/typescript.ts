/**
 * Loads TypeScript: the copy that ts-morph bundles, the only one at run time. It takes a quarter of a second, so it is
 * loaded at the first call, by `require`, which is faster here than an import.
 */
import { createRequire } from "node:module";
import type { ts } from "ts-morph";

export interface LoadedTypeScript {
  readonly ts: typeof ts;
  /** The folder that the library files appear to be in. */
  readonly libraryFolder: string;
  /** A library file (`lib.es2022.d.ts`) parsed, undefined for other paths. */
  readonly libraryFile: (path: string) => ts.SourceFile | undefined;
  /** True for the paths of library files. */
  readonly isLibraryFile: (path: string) => boolean;
}

/** TypeScript, loaded once. */
export const loadTypeScript: () => LoadedTypeScript = once(load);

/** The part of `@ts-morph/common` used here; ts-morph keeps the library files there, as text. */
interface TsMorphCommon {
  readonly getLibFiles: () => readonly { readonly fileName: string; readonly text: string }[];
}

function load(): LoadedTypeScript {
  const require = createRequire(import.meta.url);
  const { ts } = require("ts-morph") as { ts: LoadedTypeScript["ts"] };
  const common = createRequire(require.resolve("ts-morph"))("@ts-morph/common") as TsMorphCommon;
  const libraryFolder = "/node_modules/typescript/lib";
  const texts = new Map(common.getLibFiles().map((file) => [`${libraryFolder}/${file.fileName}`, file.text]));

  // Library files are the same for every program, and parsing them takes longer than all the rest.
  const parsed = new Map<string, ts.SourceFile>();
  const libraryFile = (path: string): ts.SourceFile | undefined => {
    const text = texts.get(path);
    if (text === undefined) return undefined;
    const known = parsed.get(path);
    if (known !== undefined) return known;
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
    parsed.set(path, file);
    return file;
  };
  return { ts, libraryFolder, libraryFile, isLibraryFile: (path) => texts.has(path) };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
