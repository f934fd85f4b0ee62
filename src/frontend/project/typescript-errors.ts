/** The user's own TypeScript errors: they come first, because a program with type errors has no certain meaning. */
import type { ts } from "ts-morph";
import { lineAndColumn, type Diagnostics } from "../../diagnostics/collector.js";
import type { Diagnostic, RelatedNote } from "../../diagnostics/diagnostic.js";
import { isEmittedName, isOwnEmitted } from "../../config/naming.js";
import type { FrontendProject } from "./project.js";

/** A name or a module that a fuller environment (DOM, Node, declaration files) may know. */
export const environmentErrors: ReadonlySet<number> = new Set([
  2304, 2307, 2318, 2339, 2503, 2550, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593, 2688, 2792, 2867,
  2868, 7016,
]);

/**
 * Reports TypeScript's syntactic and semantic errors in these files: the inputs, and the files that something was
 * inlined from. Files in `node_modules` and generated ones are passed over.
 */
export function reportTypeScriptErrors(
  project: FrontendProject,
  files: readonly ts.SourceFile[],
  diagnostics: Diagnostics,
): void {
  for (const file of files) {
    if (!project.isOwn(file) || isEmittedName(file.fileName, project.config)) continue;
    for (const each of errorsOf(project, file)) diagnostics.add(each);
  }
}

/** Reports TypeScript's errors inside of these nodes of one file. */
export function reportErrorsWithin(
  project: FrontendProject,
  file: ts.SourceFile,
  nodes: readonly ts.Node[],
  diagnostics: Diagnostics,
): void {
  for (const each of errorsOf(project, file)) {
    const isInside = nodes.some((node) => node.getStart() <= each.start && each.start < node.getEnd());
    if (isInside) diagnostics.add(each);
  }
}

function errorsOf(project: FrontendProject, file: ts.SourceFile): readonly Diagnostic[] {
  const { ts, program } = project;
  const isInput = project.inputs.includes(file);
  const skipsImplicitAny = importsOwnGradient(project, file);
  return (
    [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
      .filter(({ category }) => category === ts.DiagnosticCategory.Error)
      .filter((each) => each.code !== sideEffectImport && !isAboutGradient(project, file, each))
      .filter(({ code }) => !(skipsImplicitAny && implicitAnyErrors.has(code)))
      // Only the inputs are read with the full environment, so elsewhere a missing name proves nothing; if the
      // differentiated code uses it, it has no type and is refused for that.
      .filter(({ code }) => isInput || !environmentErrors.has(code))
      .map((each) => diagnosticOf(ts, file, each))
  );
}

/** `import "./style.css"` has no bearing on any value. */
const sideEffectImport = 2882;

/** Follow from the gradient's import being hidden: `f_grad(x).dx.map((v) => …)`. */
const implicitAnyErrors: ReadonlySet<number> = new Set([7005, 7006, 7031, 7034]);

/** Missing modules and exports: the generated file may not exist yet, or be out of date. */
const missingExportErrors: ReadonlySet<number> = new Set([2305, 2307, 2614, 2724, 2792]);

/** True for an error about importing from a generated file. */
function isAboutGradient(
  { ts, config }: FrontendProject,
  file: ts.SourceFile,
  { code, start }: ts.Diagnostic,
): boolean {
  if (!missingExportErrors.has(code) || start === undefined) return false;
  return file.statements.some(
    (statement) =>
      statement.pos <= start &&
      start < statement.end &&
      (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) &&
      statement.moduleSpecifier !== undefined &&
      ts.isStringLiteral(statement.moduleSpecifier) &&
      isEmittedName(statement.moduleSpecifier.text, config),
  );
}

function importsOwnGradient({ ts, config }: FrontendProject, file: ts.SourceFile): boolean {
  return file.statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) &&
      ts.isStringLiteral(statement.moduleSpecifier) &&
      isOwnEmitted(statement.moduleSpecifier.text, file.fileName, config),
  );
}

function diagnosticOf(ts: FrontendProject["ts"], file: ts.SourceFile, error: ts.Diagnostic): Diagnostic {
  const start = error.start ?? 0;
  return {
    code: `TS${String(error.code)}`,
    severity: "error",
    file: file.fileName,
    start,
    length: error.length ?? 0,
    ...lineAndColumn(file.text, start),
    message: ts.flattenDiagnosticMessageText(error.messageText, "\n"),
    help: null,
    notes: (error.relatedInformation ?? []).flatMap((each) => noteOf(ts, each)),
  };
}

function noteOf(ts: FrontendProject["ts"], { file, start, messageText }: ts.DiagnosticRelatedInformation) {
  if (file === undefined) return [];
  const message = ts.flattenDiagnosticMessageText(messageText, "\n");
  const note: RelatedNote = { file: file.fileName, ...lineAndColumn(file.text, start ?? 0), message };
  // The library has no path that the user could open.
  return file.fileName.startsWith("/node_modules/typescript/lib/") ? [] : [note];
}
