/**
 * The pipeline on one screen: TypeScript → IR → passes → gradient → passes → TypeScript. An observer sees what each
 * stage hands on.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { emittedPath, namingOf } from "./config/naming.js";
import { compileChecks, findConfigProblems } from "./config/problems.js";
import { Diagnostics, lineAndColumn } from "./diagnostics/collector.js";
import type { Diagnostic } from "./diagnostics/diagnostic.js";
import { writeFile } from "./emit/file.js";
import { formatText } from "./emit/format.js";
import { writeFunction } from "./emit/function.js";
import { type Line, textOf } from "./emit/line.js";
import { makeSourceMap, mapComment } from "./emit/source-map.js";
import { dependenciesOf } from "./frontend/dependencies.js";
import { lowerTarget } from "./frontend/lower.js";
import { openProject } from "./frontend/project.js";
import type { LoweredTarget } from "./frontend/target.js";
import { findTargets } from "./frontend/targets.js";
import { reportTypeScriptErrors } from "./frontend/typescript-errors.js";
import { addHeader } from "./header.js";
import { print } from "./ir/print.js";
import type { Func, Span } from "./ir/types.js";
import { verify } from "./ir/verify.js";
import type { CompileOptions, Stage } from "./options.js";
import { gradientPasses, primalPasses, runPasses } from "./passes/index.js";
import { reportLost } from "./report.js";
import { readSettings } from "./settings.js";
import { differentiate } from "./transform/gradient.js";

/** What to compile: a file on disk, or source text under a path that need not exist. */
export interface CompileInput {
  readonly path: string;
  /** The text; read from disk where absent. */
  readonly text?: string;
  /**
   * Where the emitted file will go, absolute; its imports and header are relative to it. Default: as configured, which
   * is beside the source.
   */
  readonly output?: string;
}

export interface EmittedFile {
  /** The source, absolute. */
  readonly source: string;
  /** Where it goes, absolute: by default the sibling `.grad.ts` (`.grad.mts`). */
  readonly path: string;
  readonly text: string;
  /** The source map of the text, as the text of a file beside it; null without `sourceMap`. */
  readonly map: string | null;
  /** Names of the functions differentiated. */
  readonly targets: readonly string[];
  /** The other modules that the text depends on (helpers inlined, types read), absolute. */
  readonly dependencies: readonly string[];
}

export interface CompileResult {
  /** One for each input that has targets and no errors. */
  readonly files: readonly EmittedFile[];
  readonly diagnostics: readonly Diagnostic[];
  /** Inputs with no `@grad` in them, absolute. */
  readonly withoutTargets: readonly string[];
}

/** Called after each stage with what it hands on: a function as IR, or in the end its text. */
export type Observer = (stage: Stage, target: string, output: Func | string) => void;

/**
 * Compiles every `@grad` function of the inputs. All inputs share one TypeScript project. Never throws for what the
 * user wrote; an exception is a bug in tsad. Writes nothing to disk and nothing to the console.
 */
export function compile(
  inputs: readonly CompileInput[],
  options: CompileOptions = {},
): Promise<CompileResult> {
  return compileObserved(inputs, options, (stage, target, output) => {
    options.observe?.(stage, target, typeof output === "string" ? output : print(output));
  });
}

/** `compile` with an observer that sees the IR itself. */
export async function compileObserved(
  inputs: readonly CompileInput[],
  options: CompileOptions,
  observer: Observer,
): Promise<CompileResult> {
  const given = new Map(inputs.map((input) => [resolve(input.path), input]));
  const readText = (file: string): string | null => given.get(resolve(file))?.text ?? readFile(file);
  const diagnostics = new Diagnostics(readText);
  if (!isConfigured(options, diagnostics)) {
    return { files: [], diagnostics: diagnostics.sorted(), withoutTargets: [] };
  }
  const project = openProject(inputs, options, diagnostics);
  const files: EmittedFile[] = [];
  const withoutTargets: string[] = [];
  for (const sourceFile of project.inputs) {
    const source = resolve(sourceFile.fileName);
    const before = diagnostics.errorCount;
    const targets = findTargets(project, sourceFile, diagnostics);
    if (targets.length === 0 && diagnostics.errorCount === before) withoutTargets.push(source);
    if (targets.length === 0) continue;
    const dependencies = dependenciesOf(project, sourceFile).map((path) => resolve(path));
    const read = [sourceFile, ...dependencies.flatMap((path) => project.sourceFile(path) ?? [])];
    reportTypeScriptErrors(project, read, diagnostics);
    if (diagnostics.errorCount > before) continue;
    const path = given.get(source)?.output ?? emittedPath(source, options);
    if (path === null) {
      diagnostics.report("outsideRoot", null, { path: source, rootDir: options.rootDir ?? process.cwd() });
      continue;
    }
    const folder = dirname(path);
    const lowered = targets.flatMap((target) => lowerTarget(target, project, diagnostics, folder) ?? []);
    const functions = lowered.map((target) => differentiateTarget(target, diagnostics, options, observer));
    if (diagnostics.errorCount > before) continue;
    const lines = fileLines(lowered, functions);
    const body = options.format === false ? textOf(lines) : await formatText(textOf(lines), path);
    const text = addHeader(options.sourceMap === true ? `${body}${mapComment(path)}` : body, {
      output: path,
      source: { path: source, text: sourceFile.text },
      dependencies: dependencies.map((each) => ({ path: each, text: readText(each) ?? "" })),
      settings: await readSettings(source, path, options),
      banner: options.header,
    });
    const positionOf = ({ file, start }: Span) => lineAndColumn(readText(file) ?? "", start);
    const map =
      options.sourceMap === true
        ? makeSourceMap({ before: lines, after: text, output: path, positionOf })
        : null;
    files.push({ source, path, text, map, targets: targets.map(({ name }) => name), dependencies });
  }
  return { files, diagnostics: diagnostics.sorted(), withoutTargets };
}

/** From the IR of one function to the text of its gradient. */
function differentiateTarget(
  { func, signature }: LoweredTarget,
  diagnostics: Diagnostics,
  options: CompileOptions,
  observer: Observer,
): readonly Line[] {
  const optimize = options.optimize !== false;
  const check = (stage: Stage, after: Func): void => {
    verify(after, stage);
    observer(stage, signature.name, after);
  };
  check("lower", func);
  const primal = runPasses(func, primalPasses, optimize, check);
  reportLost(primal, signature.name, diagnostics);
  const gradient = differentiate(primal, `${signature.name}${namingOf(options).functionSuffix}`);
  check("reverse", gradient);
  const final = runPasses(gradient, gradientPasses, optimize, (_, after) => {
    verify(after, "passes");
  });
  check("passes", final);
  const lines = writeFunction(final, signature);
  observer("emit", signature.name, textOf(lines));
  return lines;
}

/** The lines of the emitted file below its header. */
function fileLines(
  lowered: readonly LoweredTarget[],
  functions: readonly (readonly Line[])[],
): readonly Line[] {
  const imports = lowered.flatMap(({ signature }) => signature.imports);
  const declarations = lowered.flatMap(({ signature }) => signature.declarations);
  return writeFile({ imports, declarations, functions });
}

/** A program may give what its types forbid. */
function isConfigured(options: CompileOptions, diagnostics: Diagnostics): boolean {
  const problems = findConfigProblems(options, compileChecks);
  for (const problem of problems) {
    diagnostics.report("configurationInvalid", null, { where: "the options of `compile`", ...problem });
  }
  return problems.length === 0;
}

function readFile(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
