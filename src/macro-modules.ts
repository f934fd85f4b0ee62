/**
 * What the calls of the macros in a module are replaced by: a module of JavaScript for each gradient, with the functions
 * `grad` and `valueAndGrad`. Gradients are the same as those of tagged functions; around them goes an adapter.
 */
import { resolve } from "node:path";
import { differentiateTargets } from "./compile.js";
import { Diagnostics } from "./diagnostics/collector.js";
import { valuesOf, writeFile } from "./emit/file.js";
import { plainLines, textOf } from "./emit/line.js";
import { awaitedBy, dependenciesOf } from "./frontend/project/dependencies.js";
import { lowerTarget } from "./frontend/lower.js";
import { type MacroCall, findMacros, locateMacros } from "./frontend/targets/macros.js";
import { type FrontendProject, type SourceFile, projectFrom } from "./frontend/project/project.js";
import { type ScriptText, stripTypes } from "./frontend/project/strip-types.js";
import { reportErrorsWithin, reportTypeScriptErrors } from "./frontend/project/typescript-errors.js";
import type { Func } from "./ir/types.js";
import type { CompileOptions } from "./options.js";
import type { MacroResult, Observer, Range } from "./result.js";

/** Compiles the calls in `sourceFile`; their places are those in `code`. */
export function compileMacros(
  project: FrontendProject,
  sourceFile: SourceFile,
  code: string,
  options: CompileOptions,
  observer: Observer,
): MacroResult {
  const diagnostics = new Diagnostics((file) => project.sourceFile(file)?.text ?? null);
  const { uses, calls } = findMacros(project, sourceFile, diagnostics);
  reportErrors(project, sourceFile, calls, diagnostics);
  const places = code === sourceFile.text ? uses : locateMacros(project, sourceFile.fileName, code);
  if (places !== uses && (places.calls.length !== calls.length || places.others.length > 0)) {
    diagnostics.report("macroMoved", uses.calls[0]?.node ?? null, {});
  }

  const modules: ScriptText[] = [];
  const known = new Map<string, number>();
  const moduleOf = (call: MacroCall): number | null => {
    const key = keyOf(call);
    const before = known.get(key);
    if (before !== undefined) return before;
    const module = compileCall(project, sourceFile, call, modules.length, { diagnostics, options, observer });
    if (module === null) return null;
    known.set(key, modules.length);
    modules.push(module);
    return modules.length - 1;
  };
  // With errors of TypeScript's, the others would only follow from them.
  const hasErrors = diagnostics.errorCount > 0;
  const indices = hasErrors ? [] : calls.map((call) => (call === null ? null : moduleOf(call)));
  const isComplete = diagnostics.errorCount === 0;
  return {
    calls: places.calls.flatMap(({ name, node }, at) => {
      const module = indices[at] ?? null;
      return module === null || !isComplete ? [] : [{ ...rangeOf(node), module, name }];
    }),
    imports: isComplete ? places.imports.map(rangeOf) : [],
    modules: isComplete ? modules : [],
    diagnostics: diagnostics.sorted(),
    input: {
      source: resolve(sourceFile.fileName),
      dependencies: dependenciesOf(project, sourceFile).map((each) => resolve(each)),
      awaited: awaitedBy(project, sourceFile).map((each) => resolve(each)),
    },
  };
}

/** TypeScript's errors in the files of the functions and all that these import, and in the calls themselves. */
function reportErrors(
  project: FrontendProject,
  sourceFile: SourceFile,
  calls: readonly (MacroCall | null)[],
  diagnostics: Diagnostics,
): void {
  const homes = new Set(calls.flatMap((call) => call?.target.sourceFile ?? []));
  const read = [...homes].flatMap((home) => [
    home,
    ...dependenciesOf(project, home).flatMap((path) => project.sourceFile(path) ?? []),
  ]);
  reportTypeScriptErrors(project, [...new Set(read)], diagnostics);
  const nodes = calls.flatMap((call) => call?.node ?? []);
  if (!homes.has(sourceFile)) reportErrorsWithin(project, sourceFile, nodes, diagnostics);
}

interface Output {
  readonly diagnostics: Diagnostics;
  readonly options: CompileOptions;
  readonly observer: Observer;
}

function compileCall(
  project: FrontendProject,
  sourceFile: SourceFile,
  call: MacroCall,
  index: number,
  { diagnostics, options, observer }: Output,
): ScriptText | null {
  const lowered = lowerTarget(call.target, projectFrom(project, call.target.sourceFile), diagnostics);
  if (lowered === null) return null;
  const [made] = differentiateTargets([lowered], diagnostics, options, observer);
  if (made === undefined || diagnostics.errorCount > 0) return null;
  const { gradient, functions: own, needs } = made;
  const { signature } = lowered;
  const imports = [...signature.imports, ...needs.imports];
  const declarations = [...signature.declarations, ...needs.declarations];
  const functions = [...own, plainLines(adapters(gradient, call))];
  return stripTypes(
    textOf(
      writeFile({
        imports,
        values: [...valuesOf([gradient]), ...needs.values],
        declarations,
        helpers: needs.helpers,
        constants: needs.constants,
        functions,
      }),
    ),
    `${sourceFile.fileName.replace(/\.[cm]?tsx?$/u, "")}.grad${String(index)}.ts`,
  );
}

/** `grad` and `valueAndGrad` over the emitted function, whose results have names. */
function adapters({ name, params, results }: Func, { positions, target }: MacroCall): string {
  const differentiated = params.flatMap(({ wrt }, at) => (wrt ? [at] : []));
  const fields = (positions ?? differentiated).map((position) => {
    const field = results[1 + differentiated.indexOf(position)]?.name ?? "";
    return `result[${JSON.stringify(field)}]`;
  });
  const { parameters } = target.node;
  const args = params
    .map((_, at) => `${parameters[at]?.dotDotDotToken === undefined ? "" : "..."}p${String(at)}`)
    .join(", ");
  const adapter = (exported: string, result: string): string =>
    `export function ${exported}(${args}) {\n  const result = ${name}(${args});\n  return ${result};\n}`;
  const list = `[${fields.join(", ")}]`;
  return [adapter("grad", list), adapter("valueAndGrad", `[result.value, ${list}]`)].join("\n\n");
}

/** The same function by the same parameters is compiled once. */
function keyOf({ target, positions }: MacroCall): string {
  return JSON.stringify([target.sourceFile.fileName, target.node.pos, positions]);
}

function rangeOf(node: { getStart(): number; getEnd(): number }): Range {
  return { start: node.getStart(), end: node.getEnd() };
}
