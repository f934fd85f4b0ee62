/** The compiler options to read the user's code with, from the nearest tsconfig. */
import { dirname } from "node:path";
import type { ts } from "ts-morph";
import type { Diagnostics } from "../../diagnostics/collector.js";
import { normalize } from "./paths.js";

type TypeScript = typeof ts;

/** Options twice: what most numeric code needs, which loads fast, and all that the tsconfig stands for. */
export interface ProjectOptions {
  readonly lean: ts.CompilerOptions;
  readonly full: ts.CompilerOptions;
  /** The declaration files that the tsconfig includes: they may declare globals. */
  readonly declarationFiles: () => readonly string[];
}

/** Reads the tsconfig named by `project`, or the nearest one above `file`; defaults where there is none. */
export function readProjectOptions(
  ts: TypeScript,
  file: string,
  project: string | undefined,
  diagnostics: Diagnostics,
): ProjectOptions {
  const path = project === undefined ? nearestConfig(ts, file) : namedConfig(ts, project);
  if (path === null) {
    if (project !== undefined) diagnostics.report("projectNotFound", null, { path: project });
    return { lean: leanOptions(ts, {}), full: fullOptions(ts, {}), declarationFiles: () => [] };
  }
  const config = configFor(ts, path, file);
  for (const each of ts.getConfigFileParsingDiagnostics(config)) {
    if (ignoredErrors.has(each.code)) continue;
    const problem = ts.flattenDiagnosticMessageText(each.messageText, " ");
    diagnostics.report("projectBroken", null, { path: each.file?.fileName ?? path, problem });
  }
  return {
    lean: leanOptions(ts, config.options),
    full: fullOptions(ts, config.options),
    declarationFiles: () =>
      listFiles(ts, configPathOf(config, path)).filter((name) => /\.d\.[cm]?ts$/u.test(name)),
  };
}

/** No inputs found (they are named), and options that a newer or older TypeScript knows. */
const ignoredErrors: ReadonlySet<number> = new Set([18002, 18003, 5023, 5025]);

function nearestConfig(ts: TypeScript, file: string): string | null {
  return ts.findConfigFile(dirname(file), (path) => ts.sys.fileExists(path)) ?? null;
}

function namedConfig(ts: TypeScript, project: string): string | null {
  const path = normalize(project);
  if (ts.sys.fileExists(path)) return path;
  const inside = `${path}/tsconfig.json`;
  return ts.sys.fileExists(inside) ? inside : null;
}

/** A solution file only refers to projects: then the one counts that includes the file. */
function configFor(ts: TypeScript, path: string, file: string): ts.ParsedCommandLine {
  const config = parseConfig(ts, path);
  for (const reference of config.projectReferences ?? []) {
    const referred = ts.resolveProjectReferencePath(reference);
    if (!ts.sys.fileExists(referred)) continue;
    if (listFiles(ts, path).includes(file)) return config;
    if (listFiles(ts, referred).includes(file)) return parseConfig(ts, referred);
  }
  return config;
}

function configPathOf(config: ts.ParsedCommandLine, path: string): string {
  const { configFilePath } = config.options;
  return typeof configFilePath === "string" ? configFilePath : path;
}

/** Parses without looking for the files that the tsconfig includes, which may take long. */
function parseConfig(ts: TypeScript, path: string, readDirectory: typeof ts.sys.readDirectory = () => []) {
  const failed: ts.Diagnostic[] = [];
  const host: ts.ParseConfigFileHost = {
    useCaseSensitiveFileNames: ts.sys.useCaseSensitiveFileNames,
    fileExists: (name) => ts.sys.fileExists(name),
    readFile: (name) => ts.sys.readFile(name),
    getCurrentDirectory: () => ts.sys.getCurrentDirectory(),
    readDirectory,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => failed.push(diagnostic),
  };
  const parsed = ts.getParsedCommandLineOfConfigFile(path, undefined, host);
  return parsed ?? { options: {}, fileNames: [], errors: failed };
}

function listFiles(ts: TypeScript, path: string): readonly string[] {
  return parseConfig(ts, path, (...args) => ts.sys.readDirectory(...args)).fileNames;
}

function leanOptions(ts: TypeScript, own: ts.CompilerOptions): ts.CompilerOptions {
  return { ...commonOptions(ts, own), lib: own.lib ?? [libraryName(ts, own, "")], types: own.types ?? [] };
}

function fullOptions(ts: TypeScript, own: ts.CompilerOptions): ts.CompilerOptions {
  return {
    ...commonOptions(ts, own),
    lib: own.lib ?? [libraryName(ts, own, ".full")],
    types: own.types ?? ["*"],
  };
}

function commonOptions(ts: TypeScript, own: ts.CompilerOptions): ts.CompilerOptions {
  const resolution =
    own.module === undefined && own.moduleResolution === undefined
      ? {
          module: ts.ModuleKind.ESNext,
          moduleResolution: ts.ModuleResolutionKind.Bundler,
          allowImportingTsExtensions: true,
        }
      : {};
  return {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    ...resolution,
    ...own,
    // Nothing is emitted here, and unused names are for the user's linter to mention.
    noEmit: true,
    composite: false,
    incremental: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    skipLibCheck: true,
    ignoreDeprecations: "6.0",
  };
}

/** `lib.es2022.d.ts`, or that of the target if it is newer; with suffix `.full` the one that has the DOM. */
function libraryName(ts: TypeScript, { target }: ts.CompilerOptions, suffix: "" | ".full"): string {
  const newest = Math.max(target ?? ts.ScriptTarget.ES2022, ts.ScriptTarget.ES2022);
  const name = ts.getDefaultLibFileName({ target: newest });
  return name.replace(/(?:\.full)?\.d\.ts$/u, `${suffix}.d.ts`);
}
