/**
 * The pipeline on one screen: TypeScript → IR → passes → gradient → passes → TypeScript. An observer sees what each
 * stage hands on.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { findCallPoints } from "./analysis/call-points.js";
import { findSummaries } from "./analysis/program.js";
import { keepArguments } from "./transform/kept.js";
import { namingOf } from "./config/naming.js";
import { Diagnostics, lineAndColumn } from "./diagnostics/collector.js";
import type { Diagnostic } from "./diagnostics/diagnostic.js";
import { valuesOf, writeFile } from "./emit/file.js";
import { formatText } from "./emit/format.js";
import { type Line, textOf } from "./emit/line.js";
import type { Written } from "./emit/function.js";
import { type WrittenProgram, writeProgram } from "./emit/program.js";
import { moveConstantsOut } from "./passes/outer-constants.js";
import { makeSourceMap, mapComment } from "./emit/source-map.js";
import { awaitedBy, dependenciesOf } from "./frontend/project/dependencies.js";
import { lowerTarget } from "./frontend/lower.js";
import { type FrontendProject, type SourceFile, projectFrom } from "./frontend/project/project.js";
import type { LoweredTarget } from "./frontend/targets/target.js";
import { findTargets } from "./frontend/targets/targets.js";
import { reportTypeScriptErrors } from "./frontend/project/typescript-errors.js";
import { addHeader } from "./header.js";
import type { Func, Span } from "./ir/types.js";
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

/** The gradients of one source file, before they are laid out. */
export interface DifferentiatedSource {
  /** Null where there are errors, or nothing to differentiate. */
  readonly lines: readonly Line[] | null;
  readonly targets: readonly string[];
  readonly diagnostics: Diagnostics;
  /** The project's files that it is made from, itself excluded. */
  readonly read: readonly SourceFile[];
}

/** Everything but formatting, and at once: for those who want to know only what is wrong. */
export function differentiateSource(
  { project, sourceFile, path }: Omit<Source, "settings">,
  options: CompileOptions,
  observer: Observer,
): DifferentiatedSource {
  const diagnostics = new Diagnostics((file) => textAt(project, file));
  const found = findTargets(project, sourceFile, diagnostics);
  const read = dependenciesOf(project, sourceFile).flatMap((each) => project.sourceFile(each) ?? []);
  const result = (lines: readonly Line[] | null): DifferentiatedSource => {
    return { lines, targets: found.map(({ name }) => name), diagnostics, read };
  };
  const hasErrors = (): boolean => diagnostics.errorCount > 0;
  if (found.length === 0) return result(null);
  reportTypeScriptErrors(project, [sourceFile, ...read], diagnostics);
  if (hasErrors()) return result(null);
  const own = projectFrom(project, sourceFile);
  const lowered = found.flatMap((target) => lowerTarget(target, own, diagnostics, dirname(path)) ?? []);
  const functions = differentiateTargets(lowered, diagnostics, options, observer);
  return result(hasErrors() ? null : fileLines(lowered, functions));
}

/** From one source file to the text of its gradients, or to what is wrong with it. */
export async function compileSource(
  given: Source,
  options: CompileOptions,
  observer: Observer,
): Promise<SourceResult> {
  const { project, sourceFile, path, settings } = given;
  const { lines, targets, diagnostics, read } = differentiateSource(given, options, observer);
  const source = resolve(sourceFile.fileName);
  const dependencies = read.map(({ fileName }) => resolve(fileName));
  const awaited = awaitedBy(project, sourceFile).map((each) => resolve(each));
  const result = (file: EmittedFile | null): SourceResult => ({
    file,
    diagnostics: diagnostics.sorted(),
    hasTargets: targets.length > 0 || diagnostics.errorCount > 0,
    input: { source, dependencies, awaited },
  });
  if (lines === null) return result(null);
  const body = options.format === false ? textOf(lines) : await formatText(textOf(lines), path);
  const text = addHeader(options.sourceMap === true ? `${body}${mapComment(path)}` : body, {
    output: path,
    source: { path: source, text: sourceFile.text },
    dependencies: read.map((file) => ({ path: resolve(file.fileName), text: file.text })),
    settings,
    banner: options.header,
  });
  const positionOf = ({ file, start }: Span) => lineAndColumn(textAt(project, file) ?? "", start);
  const map =
    options.sourceMap === true
      ? makeSourceMap({ before: lines, after: text, output: path, positionOf })
      : null;
  return result({ source, path, text, map, targets, dependencies });
}

/** The gradient of one function, as lines that are not yet laid out. */
export interface DifferentiatedTarget extends WrittenProgram {
  readonly gradient: Func;
}

/** From the IR of the functions of one file to the text of their gradients, which share companions. */
export function differentiateTargets(
  targets: readonly LoweredTarget[],
  diagnostics: Diagnostics,
  options: CompileOptions,
  observer: Observer,
): readonly DifferentiatedTarget[] {
  const optimize = options.optimize !== false;
  const { functionSuffix } = namingOf(options);
  const prepared = targets.map((target) => {
    const { func, signature } = target;
    const { name } = signature;
    const check = (stage: Stage, after: Func): void => {
      verify(after, stage);
      observer(stage, name, after);
    };
    check("lower", func);
    const primal = runPasses(func, primalPasses, optimize, check);
    reportLost(primal, name, diagnostics);
    return { ...target, name, primal: keepArguments(primal), check };
  });
  const callers = prepared.map(({ primal, companions }) => ({ func: primal, sources: companions }));
  const [points, summaries] = [findCallPoints(callers), findSummaries(callers)];
  const written: Written = new Map(prepared.map(({ name }) => [`${name}${functionSuffix}`, null]));
  return prepared.map(({ signature, companions, name, primal, check }) => {
    const gradient = differentiate(
      primal,
      `${name}${functionSuffix}`,
      points.get(primal) ?? new Map(),
      summaries.get(primal) ?? new Map(),
    );
    check("reverse", gradient);
    const final = runPasses(gradient, gradientPasses, optimize, (_, after) => {
      verify(after, "passes");
    });
    check("passes", final);
    const program = writeProgram(moveConstantsOut(final), signature, companions, written);
    observer("emit", name, program.functions.map(textOf).join("\n\n"));
    return { gradient: final, ...program };
  });
}

/** The lines of the emitted file below its header. */
function fileLines(
  lowered: readonly LoweredTarget[],
  written: readonly DifferentiatedTarget[],
): readonly Line[] {
  const needs = [...lowered.map(({ signature }) => signature), ...written.map((each) => each.needs)];
  return writeFile({
    imports: needs.flatMap(({ imports }) => imports),
    declarations: needs.flatMap(({ declarations }) => declarations),
    values: [
      ...valuesOf(written.map(({ gradient }) => gradient)),
      ...written.flatMap((each) => each.needs.values),
    ],
    helpers: written.flatMap((each) => each.needs.helpers),
    constants: written.flatMap((each) => each.needs.constants),
    functions: written.flatMap(({ functions }) => functions),
  });
}

function textAt(project: FrontendProject, file: string): string | null {
  return project.sourceFile(file)?.text ?? readFile(file);
}

function readFile(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
