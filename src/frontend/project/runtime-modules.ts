/**
 * Where an import leads when the program runs: to JavaScript, where TypeScript sees the declarations beside it. Found by
 * TypeScript's own resolution, which is told nothing of declarations.
 */
import type { ts } from "ts-morph";
import type { LoadedTypeScript } from "./typescript.js";

/** Finds the JavaScript, or the TypeScript source, that an import loads; null where there is none. */
export type RuntimeResolution = (
  specifier: string,
  importer: string,
  mode: ts.ResolutionMode,
) => ts.ResolvedModuleFull | null;

/** Resolves as bundlers do: by a package's `exports`, else its `module`, else its `main`. */
export function runtimeResolution(
  { ts }: Pick<LoadedTypeScript, "ts">,
  host: ts.ModuleResolutionHost,
  options: ts.CompilerOptions,
): RuntimeResolution {
  const runtimeOptions: ts.CompilerOptions = {
    ...options,
    allowJs: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const runtimeHost: ts.ModuleResolutionHost = {
    ...host,
    fileExists: (path) => !isDeclarationPath(path) && host.fileExists(path),
    readFile: (path) => {
      const text = host.readFile(path);
      return text !== undefined && path.endsWith("/package.json") ? withoutTypes(text) : text;
    },
  };
  return (specifier, importer, mode) => {
    const { resolvedModule } = ts.resolveModuleName(
      specifier,
      importer,
      runtimeOptions,
      runtimeHost,
      undefined,
      undefined,
      mode ?? ts.ModuleKind.ESNext,
    );
    if (resolvedModule === undefined || resolvedModule.resolvedFileName.endsWith(".json")) return null;
    const { resolvedFileName, extension } = resolvedModule;
    // TypeScript leaves out the JavaScript of what it takes for external libraries.
    return { resolvedFileName, extension, isExternalLibraryImport: false };
  };
}

function isDeclarationPath(path: string): boolean {
  return /\.d\.(?:[^/]+\.)?[cm]?ts$/u.test(path);
}

/** A `package.json` as those read it who know nothing of types. */
function withoutTypes(text: string): string {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return text;
  }
  if (!isRecord(content)) return text;
  const { types: _types, typings: _typings, typesVersions: _versions, ...rest } = content;
  const main = typeof rest["module"] === "string" ? { main: rest["module"] } : {};
  return JSON.stringify({ ...rest, ...main, exports: withoutConditions(rest["exports"]) });
}

function withoutConditions(entry: unknown): unknown {
  if (!isRecord(entry)) return Array.isArray(entry) ? entry.map(withoutConditions) : entry;
  return Object.fromEntries(
    Object.entries(entry).flatMap(([key, value]) =>
      key === "types" || key.startsWith("types@") ? [] : [[key, withoutConditions(value)]],
    ),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
