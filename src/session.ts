/** Compilers that stay: what one call has read, parsed and compiled serves the next. */
import { resolve } from "node:path";
import { compileSource, differentiateSource, type SourceResult } from "./compile.js";
import { emittedPath } from "./config/naming.js";
import { compileChecks, findConfigProblems } from "./config/problems.js";
import { Diagnostics } from "./diagnostics/collector.js";
import type { Diagnostic } from "./diagnostics/diagnostic.js";
import { basisOf } from "./frontend/project/dependencies.js";
import { openProject, ProjectCache } from "./frontend/project/project.js";
import { print } from "./ir/print.js";
import type { CompileOptions } from "./options.js";
import { compileMacros } from "./macro-modules.js";
import type {
  Checker,
  Compiler,
  CompileInput,
  CompileResult,
  MacroInput,
  MacroResult,
  Observer,
} from "./result.js";
import { readSettings } from "./settings.js";
import { Memo } from "./support/memo.js";

/**
 * Compiles every `@grad` function of the inputs. All inputs share one TypeScript project. Never throws for what the
 * user wrote; an exception is a bug in tsad. Writes nothing to disk and nothing to the console.
 */
export function compile(
  inputs: readonly CompileInput[],
  options: CompileOptions = {},
): Promise<CompileResult> {
  return createCompiler(options).compile(inputs);
}

/** A compiler for many calls: watchers, development servers, editors. Observers see only what is compiled anew. */
export function createCompiler(options: CompileOptions = {}): Compiler {
  return createObserved(options, (stage, target, output) => {
    options.observe?.(stage, target, typeof output === "string" ? output : print(output));
  });
}

/** For linters and editors: what is wrong with one file, at once, and nothing is formatted. */
export function createChecker(options: CompileOptions = {}): Checker {
  const cache = new ProjectCache();
  const results = new Memo<readonly Diagnostic[]>();
  return {
    check: (input) => {
      const diagnostics = new Diagnostics(() => null);
      if (!isConfigured(options, diagnostics)) return diagnostics.sorted();
      const project = openProject([input], options, diagnostics, cache);
      for (const sourceFile of project.inputs) {
        const path = resolve(sourceFile.fileName);
        const found = results.get(path, basisOf(project, sourceFile), () =>
          differentiateSource({ project, sourceFile, path }, options, () => undefined).diagnostics.sorted(),
        );
        diagnostics.addAll(found);
      }
      return diagnostics.sorted();
    },
  };
}

/** `compile` with an observer that sees the IR itself. */
export function compileObserved(
  inputs: readonly CompileInput[],
  options: CompileOptions,
  observer: Observer,
): Promise<CompileResult> {
  return createObserved(options, observer).compile(inputs);
}

function createObserved(options: CompileOptions, observer: Observer): Compiler {
  const session: Session = {
    options,
    observer,
    project: new ProjectCache(),
    results: new Memo<Promise<SourceResult>>(),
    macros: new Memo<MacroResult>(),
  };
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <R>(work: () => R | Promise<R>): Promise<R> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
  return {
    compile: (inputs) => inTurn(() => compileInputs(inputs, session)),
    compileMacros: (input) => inTurn(() => compileMacrosOf(input, session)),
  };
}

/** What lasts from call to call. */
interface Session {
  readonly options: CompileOptions;
  readonly observer: Observer;
  readonly project: ProjectCache;
  readonly results: Memo<Promise<SourceResult>>;
  readonly macros: Memo<MacroResult>;
}

async function compileInputs(inputs: readonly CompileInput[], session: Session): Promise<CompileResult> {
  const { options, observer, results } = session;
  const given = new Map(inputs.map((input) => [resolve(input.path), input]));
  const diagnostics = new Diagnostics(() => null);
  if (!isConfigured(options, diagnostics)) {
    return { files: [], diagnostics: diagnostics.sorted(), withoutTargets: [], inputs: [] };
  }
  const project = openProject(inputs, options, diagnostics, session.project);
  const compiled: SourceResult[] = [];
  for (const sourceFile of project.inputs) {
    const source = resolve(sourceFile.fileName);
    const path = given.get(source)?.output ?? emittedPath(source, options);
    if (path === null) {
      diagnostics.report("outsideRoot", null, { path: source, rootDir: options.rootDir ?? process.cwd() });
      continue;
    }
    const settings = await readSettings(source, path, options);
    const basis = [path, JSON.stringify(settings), ...basisOf(project, sourceFile)];
    const key = `${source}\n${path}`;
    const make = () => compileSource({ project, sourceFile, path, settings }, options, observer);
    try {
      compiled.push(await results.get(key, basis, make));
    } catch (error) {
      results.forget(key);
      throw error;
    }
  }
  for (const result of compiled) diagnostics.addAll(result.diagnostics);
  return {
    files: compiled.flatMap(({ file }) => file ?? []),
    diagnostics: diagnostics.sorted(),
    withoutTargets: compiled.flatMap(({ hasTargets, input }) => (hasTargets ? [] : [input.source])),
    inputs: compiled.map(({ input }) => input),
  };
}

function compileMacrosOf({ path, code }: MacroInput, session: Session): MacroResult {
  const { options, observer, macros } = session;
  const diagnostics = new Diagnostics(() => null);
  const isUsable = isConfigured(options, diagnostics);
  const project = openProject(isUsable ? [{ path }] : [], options, diagnostics, session.project);
  const [sourceFile] = project.inputs;
  if (sourceFile === undefined || diagnostics.errorCount > 0) {
    const input = { source: resolve(path), dependencies: [], awaited: [] };
    return { calls: [], imports: [], modules: [], diagnostics: diagnostics.sorted(), input };
  }
  const text = code ?? sourceFile.text;
  return macros.get(path, [text, ...basisOf(project, sourceFile)], () =>
    compileMacros(project, sourceFile, text, options, observer),
  );
}

/** A program may give what the types forbid. */
function isConfigured(options: CompileOptions, diagnostics: Diagnostics): boolean {
  const problems = findConfigProblems(options, compileChecks);
  for (const problem of problems) {
    diagnostics.report("configurationInvalid", null, { where: "the options of `compile`", ...problem });
  }
  return problems.length === 0;
}
