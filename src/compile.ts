/**
 * The pipeline on one screen: TypeScript → IR → passes → gradient → passes → TypeScript. An observer sees what each
 * stage hands on.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Diagnostics } from "./diagnostics/collector.js";
import type { Diagnostic } from "./diagnostics/diagnostic.js";
import { writeFile } from "./emit/file.js";
import { formatText } from "./emit/format.js";
import { writeFunction } from "./emit/function.js";
import { awaitedBy, dependenciesOf } from "./frontend/dependencies.js";
import { lowerTarget } from "./frontend/lower.js";
import type { FrontendProject, SourceFile } from "./frontend/project.js";
import type { LoweredTarget } from "./frontend/target.js";
import { findTargets } from "./frontend/targets.js";
import { reportTypeScriptErrors } from "./frontend/typescript-errors.js";
import { addHeader } from "./header.js";
import type { Func } from "./ir/types.js";
import { verify } from "./ir/verify.js";
import type { CompileOptions, Stage } from "./options.js";
import { gradientPasses, primalPasses, runPasses } from "./passes/index.js";
import { reportLost } from "./report.js";
import type { Settings } from "./settings.js";
import type { CompiledInput, EmittedFile, Observer } from "./result.js";
import { differentiate } from "./transform/gradient.js";

/** One source file of a project, and where its gradients go. */
export interface Source {
  readonly project: FrontendProject;
  readonly sourceFile: SourceFile;
  /** Absolute. */
  readonly path: string;
  readonly settings: Settings;
}

/** What came of one input. */
export interface SourceResult {
  readonly file: EmittedFile | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly hasTargets: boolean;
  readonly input: CompiledInput;
}

/** From one source file to the text of its gradients, or to what is wrong with it. */
export async function compileSource(
  { project, sourceFile, path, settings }: Source,
  options: CompileOptions,
  observer: Observer,
): Promise<SourceResult> {
  const diagnostics = new Diagnostics((file) => project.sourceFile(file)?.text ?? readFile(file));
  const source = resolve(sourceFile.fileName);
  const dependencies = dependenciesOf(project, sourceFile).map((each) => resolve(each));
  const awaited = awaitedBy(project, sourceFile).map((each) => resolve(each));
  const targets = findTargets(project, sourceFile, diagnostics);
  const hasErrors = (): boolean => diagnostics.errorCount > 0;
  const result = (file: EmittedFile | null): SourceResult => ({
    file,
    diagnostics: diagnostics.sorted(),
    hasTargets: targets.length > 0 || hasErrors(),
    input: { source, dependencies, awaited },
  });
  if (targets.length === 0) return result(null);
  const read = dependencies.flatMap((each) => project.sourceFile(each) ?? []);
  reportTypeScriptErrors(project, [sourceFile, ...read], diagnostics);
  if (hasErrors()) return result(null);
  const folder = dirname(path);
  const lowered = targets.flatMap((target) => lowerTarget(target, project, diagnostics, folder) ?? []);
  const functions = lowered.map((target) => differentiateTarget(target, diagnostics, options, observer).text);
  if (hasErrors()) return result(null);
  const body = await finish(lowered, functions, path, options);
  const text = addHeader(body, {
    output: path,
    source: { path: source, text: sourceFile.text },
    dependencies: read.map((file) => ({ path: resolve(file.fileName), text: file.text })),
    settings,
  });
  return result({ source, path, text, targets: targets.map(({ name }) => name), dependencies });
}

/** The gradient of one function, as text that is not yet formatted. */
export interface GradientText {
  readonly gradient: Func;
  readonly text: string;
}

/** From the IR of one function to the text of its gradient. */
export function differentiateTarget(
  { func, signature }: LoweredTarget,
  diagnostics: Diagnostics,
  options: CompileOptions,
  observer: Observer,
): GradientText {
  const optimize = options.optimize !== false;
  const check = (stage: Stage, after: Func): void => {
    verify(after, stage);
    observer(stage, signature.name, after);
  };
  check("lower", func);
  const primal = runPasses(func, primalPasses, optimize, check);
  reportLost(primal, signature.name, diagnostics);
  const gradient = differentiate(primal);
  check("reverse", gradient);
  const final = runPasses(gradient, gradientPasses, optimize, (_, after) => {
    verify(after, "passes");
  });
  check("passes", final);
  const text = writeFunction(final, signature);
  observer("emit", signature.name, text);
  return { gradient: final, text };
}

/** The text of the emitted file below its header. */
async function finish(
  lowered: readonly LoweredTarget[],
  functions: readonly string[],
  path: string,
  options: CompileOptions,
): Promise<string> {
  const imports = lowered.flatMap(({ signature }) => signature.imports);
  const declarations = lowered.flatMap(({ signature }) => signature.declarations);
  const text = writeFile({ imports, declarations, functions });
  return options.format === false ? text : formatText(text, path);
}

function readFile(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
