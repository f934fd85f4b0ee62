/**
 * Opens a TypeScript program over the inputs: the nearest tsconfig's options, only the named files and what they
 * import. Takes paths and texts, gives a program with its checker; what is wrong with files or the tsconfig becomes
 * diagnostics.
 */
import { withoutPatterns } from "./contextual-types.js";
import { withoutStale } from "./stale-narrowing.js";
import type { ts } from "ts-morph";
import type { Config } from "../../config/config.js";
import type { Diagnostics } from "../../diagnostics/collector.js";
import { AlikeClasses } from "../classes/alike.js";
import { ClassIndex } from "../classes/class-index.js";
import { basisOf, sourcesReachedFrom } from "./dependencies.js";
import type { KeptFields } from "../types/kept-fields.js";
import { WiderUnions } from "../types/wider-unions.js";
import type { Changing } from "../control/module-memory.js";
import type { Mentions } from "../leads/mentions.js";
import { Dictionaries } from "../types/dictionaries.js";
import type { Families } from "../types/families.js";
import { type Resolutions, compilerHost } from "./host.js";
import {
  type Implementation,
  type Implemented,
  implementedIn,
  neededImplementations,
} from "./implementations.js";
import { normalize } from "./paths.js";
import { Memo } from "../../support/memo.js";
import { type NamedTypes, noNamedTypes } from "../types/named-types.js";
import type { RuntimeResolution } from "./runtime-modules.js";
import type { ShapeResult } from "../types/shapes.js";
import { SourceFiles } from "./source-files.js";
import { readProjectOptions } from "./tsconfig.js";
import { environmentErrors } from "./typescript-errors.js";
import { type LoadedTypeScript, loadTypeScript } from "./typescript.js";

export type SourceFile = ts.SourceFile;

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
  /** What came of a file's imports. */
  readonly resolutionsOf: (file: ts.SourceFile) => Resolutions;
  /** What JavaScript does that is only declared in TypeScript. */
  readonly implemented: Implemented;
  /** Says how emitted files are called. */
  readonly config: Config;
  /** The shapes found so far; for `shapeOf`. */
  readonly shapes: Map<ts.Type, ShapeResult>;
  /** The same, for `publicShapeOf`. */
  readonly publicShapes: Map<ts.Type, ShapeResult>;
  /** Those of memory that may hold functions, which are looked into once it is known which they are. */
  readonly heldShapes: Map<ts.Type, ShapeResult>;
  /** Unions of objects and types that contain themselves. */
  readonly named: NamedTypes;
  /** Names that the project assigns to; for `isChanged`. */
  readonly assigned: Map<string, ts.MemberName[]>;
  readonly classes: ClassIndex;
  /** Classes that the function at hand tells apart. */
  readonly families: Families;
  /** Types of objects that the function at hand uses as records. */
  readonly dictionaries: Dictionaries;
  /** Types whose objects the function at hand keeps as those of a union that has them among others. */
  readonly wider: WiderUnions;
  /** Classes that the function at hand finds where others are declared. */
  readonly alike: AlikeClasses;
  /** What literals are of that are declared to be of a generic interface, which has one meaning in a function. */
  readonly literalTypes: Map<ts.Node, ts.Type>;
  /** Types of data that the function at hand is given, and reads by its fields; see `givenData`. */
  readonly given: ReadonlySet<ts.Type>;
  /** The names of the types of which it is given objects. */
  readonly outside: ReadonlySet<string>;
  /** Maps and sets of objects whose keys the function at hand lists. */
  readonly listedKeys: ReadonlySet<string>;
  /** Fields of named types that hold functions in it; null where there are none. */
  readonly kept: KeptFields | null;
  /** Answers to other questions about the whole project. */
  readonly facts: Map<string, boolean>;
  /** Where things are named, once that has been asked for, and what is written to constants of modules. */
  readonly mentions: Map<ts.SourceFile, Mentions>;
  readonly laterWrites: Map<ts.Symbol, Changing>;
}

/** A file on disk, or text under a path that need not exist. */
export interface ProjectInput {
  readonly path: string;
  readonly text?: string;
}

/** What is kept from one program to the next, so that opening it again costs little. */
export class ProjectCache {
  readonly sourceFiles = new SourceFiles();
  /** Which inputs lack an environment. */
  readonly lacking = new Memo<boolean>();
}

/** Opens a program over the inputs that can be read, as they are now. */
export function openProject(
  inputs: readonly ProjectInput[],
  config: Config,
  diagnostics: Diagnostics,
  cache: ProjectCache = new ProjectCache(),
): FrontendProject {
  const loaded = loadTypeScript();
  const { ts } = loaded;
  const overlay = new Map(
    inputs.flatMap(({ path, text }) => (text === undefined ? [] : [[normalize(path), text] as const])),
  );
  const paths = readablePaths(ts, inputs, overlay, diagnostics);
  const rules = readablePaths(
    ts,
    (config.rules ?? []).map((path) => ({ path })),
    overlay,
    diagnostics,
  );
  const first = paths[0] ?? normalize("input.ts");
  const { lean, full, declarationFiles } = readProjectOptions(ts, first, config.project, diagnostics);

  const open = (options: ts.CompilerOptions, rootNames: readonly string[]): FrontendProject => {
    const given = { loaded, inputs: paths, overlay, config, sourceFiles: cache.sourceFiles };
    const names = [...rootNames, ...rules];
    const { project, runtime } = createProject({ ...given, options, rootNames: names, implementations: [] });
    const implementations = neededImplementations(project, runtime);
    if (implementations.length === 0) return project;
    return createProject({
      ...given,
      options,
      rootNames: [...names, ...implementations.map(({ source }) => source)],
      implementations,
    }).project;
  };
  const project = open(lean, paths);
  if (!lacksEnvironment(project, cache.lacking)) return project;
  return open(full, [...paths, ...declarationFiles()]);
}

/** The project as one source file sees it: what is emitted does not depend on files that it does not lead to. */
export function projectFrom(project: FrontendProject, sourceFile: ts.SourceFile): FrontendProject {
  const classes = new ClassIndex(sourcesReachedFrom(project, sourceFile));
  return {
    ...project,
    classes,
    shapes: new Map(),
    publicShapes: new Map(),
    heldShapes: new Map(),
    named: noNamedTypes(),
  };
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

/** What a program is made of. */
interface Given {
  readonly loaded: LoadedTypeScript;
  readonly options: ts.CompilerOptions;
  readonly inputs: readonly string[];
  readonly rootNames: readonly string[];
  readonly overlay: ReadonlyMap<string, string>;
  readonly config: Config;
  readonly sourceFiles: SourceFiles;
  readonly implementations: readonly Implementation[];
}

function createProject(given: Given): {
  readonly project: FrontendProject;
  readonly runtime: RuntimeResolution;
} {
  const { loaded, options, inputs, rootNames, overlay, config, sourceFiles, implementations } = given;
  const { ts } = loaded;
  const host = compilerHost(loaded, options, overlay, config, sourceFiles, implementations);
  const program = ts.createProgram({
    rootNames,
    options: implementations.length === 0 ? options : { ...options, allowJs: true },
    host,
  });
  const checker = withoutPatterns(ts, withoutStale(ts, program.getTypeChecker()));
  const sourceFile = (path: string): ts.SourceFile | null => program.getSourceFile(normalize(path)) ?? null;
  const project: FrontendProject = {
    ts,
    program,
    checker,
    implemented: implementedIn({ ts, checker, sourceFile }, implementations),
    compilerOptions: options,
    inputs: inputs.map(sourceFile).filter((file) => file !== null),
    sourceFile,
    resolutionsOf: ({ fileName }) => host.resolutions.get(fileName) ?? noResolutions,
    isOwn: (file) =>
      !program.isSourceFileDefaultLibrary(file) &&
      !program.isSourceFileFromExternalLibrary(file) &&
      !file.fileName.includes("/node_modules/") &&
      !host.isImplementation(file.fileName),
    config,
    ...{
      shapes: new Map(),
      publicShapes: new Map(),
      heldShapes: new Map(),
      named: noNamedTypes(),
      assigned: new Map(),
      classes: new ClassIndex(),
      families: new Map(),
      dictionaries: new Dictionaries(),
      wider: new WiderUnions(),
      alike: new AlikeClasses(),
      literalTypes: new Map(),
      given: new Set<ts.Type>(),
      outside: new Set<string>(),
      listedKeys: new Set<string>(),
      kept: null,
      facts: new Map(),
      mentions: new Map(),
      laterWrites: new Map(),
    },
  };
  return { project, runtime: host.runtime };
}

const noResolutions: Resolutions = { found: new Set(), awaited: new Set() };

/** True if a name is missing that the DOM, Node's types or a declaration file of the project may declare. */
function lacksEnvironment(project: FrontendProject, known: Memo<boolean>): boolean {
  const { program, inputs } = project;
  return inputs.some((file) =>
    known.get(file.fileName, basisOf(project, file), () =>
      program.getSemanticDiagnostics(file).some(({ code }) => environmentErrors.has(code)),
    ),
  );
}
