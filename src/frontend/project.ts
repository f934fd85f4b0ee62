/**
 * Opens a TypeScript program over the inputs: the nearest tsconfig's options, only the named files and what they
 * import. Takes paths and texts, gives a program with its checker; what is wrong with files or the tsconfig becomes
 * diagnostics.
 */
import type { ts } from "ts-morph";
import type { Diagnostics } from "../diagnostics/collector.js";
import { compilerHost } from "./host.js";
import { normalize } from "./paths.js";
import type { ShapeResult } from "./shapes.js";
import { readProjectOptions } from "./tsconfig.js";
import { environmentErrors } from "./typescript-errors.js";
import { type LoadedTypeScript, loadTypeScript } from "./typescript.js";

export interface FrontendProject {
  readonly ts: typeof ts;
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly compilerOptions: ts.CompilerOptions;
  /** The inputs that could be read, in order. */
  readonly inputs: readonly ts.SourceFile[];
  /** The file at a path; null if it is not part of the program. */
  readonly sourceFile: (path: string) => ts.SourceFile | null;
  /** True for files that belong to the project: not TypeScript's library, nor in `node_modules`. */
  readonly isOwn: (file: ts.SourceFile) => boolean;
  /** The shapes found so far; for `shapeOf`. */
  readonly shapes: Map<ts.Type, ShapeResult>;
  /** Names that the project assigns to; for `isChanged`. */
  readonly assigned: Map<string, ts.Identifier[]>;
  /** Answers to other questions about the whole project. */
  readonly facts: Map<string, boolean>;
}

/** A file on disk, or text under a path that need not exist. */
export interface ProjectInput {
  readonly path: string;
  readonly text?: string;
}

export interface ProjectSettings {
  /** Path of the tsconfig; default: the nearest one above the first input. */
  readonly project?: string;
}

/** Opens a program over the inputs that can be read. */
export function openProject(
  inputs: readonly ProjectInput[],
  settings: ProjectSettings,
  diagnostics: Diagnostics,
): FrontendProject {
  const loaded = loadTypeScript();
  const { ts } = loaded;
  const overlay = new Map(
    inputs.flatMap(({ path, text }) => (text === undefined ? [] : [[normalize(path), text] as const])),
  );
  const paths = readablePaths(ts, inputs, overlay, diagnostics);
  const first = paths[0] ?? normalize("input.ts");
  const { lean, full, declarationFiles } = readProjectOptions(ts, first, settings.project, diagnostics);

  const project = createProject(loaded, lean, paths, paths, overlay);
  if (!lacksEnvironment(project)) return project;
  return createProject(loaded, full, paths, [...paths, ...declarationFiles()], overlay);
}

function readablePaths(
  ts: LoadedTypeScript["ts"],
  inputs: readonly ProjectInput[],
  overlay: ReadonlyMap<string, string>,
  diagnostics: Diagnostics,
): readonly string[] {
  const paths = inputs.filter(({ path }) => {
    if (!/\.[cm]?tsx?$/u.test(path) || /\.d\.[cm]?ts$/u.test(path)) {
      diagnostics.report("notTypeScript", null, { path });
      return false;
    }
    if (overlay.has(normalize(path)) || ts.sys.fileExists(normalize(path))) return true;
    diagnostics.report("fileNotFound", null, { path });
    return false;
  });
  return [...new Set(paths.map(({ path }) => normalize(path)))];
}

function createProject(
  loaded: LoadedTypeScript,
  options: ts.CompilerOptions,
  inputs: readonly string[],
  rootNames: readonly string[],
  overlay: ReadonlyMap<string, string>,
): FrontendProject {
  const { ts } = loaded;
  const program = ts.createProgram({ rootNames, options, host: compilerHost(loaded, options, overlay) });
  const sourceFile = (path: string): ts.SourceFile | null => program.getSourceFile(normalize(path)) ?? null;
  return {
    ts,
    program,
    checker: program.getTypeChecker(),
    compilerOptions: options,
    inputs: inputs.map(sourceFile).filter((file) => file !== null),
    sourceFile,
    isOwn: (file) =>
      !program.isSourceFileDefaultLibrary(file) &&
      !program.isSourceFileFromExternalLibrary(file) &&
      !file.fileName.includes("/node_modules/"),
    ...{ shapes: new Map(), assigned: new Map(), facts: new Map() },
  };
}

/** True if a name is missing that the DOM, Node's types or a declaration file of the project may declare. */
function lacksEnvironment({ program, inputs }: FrontendProject): boolean {
  return inputs.some((file) =>
    program.getSemanticDiagnostics(file).some(({ code }) => environmentErrors.has(code)),
  );
}
