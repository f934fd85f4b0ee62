/** Which other files of the project a source file is made from. */
import type { ts } from "ts-morph";
import { isEmittedName } from "../../config/naming.js";
import { moduleSymbol } from "./common-modules.js";
import type { FrontendProject } from "./project.js";

/** The project's files that `sourceFile` imports, directly or through others, itself excluded; in order of path. */
export function dependenciesOf(project: FrontendProject, sourceFile: ts.SourceFile): readonly string[] {
  return [...sourcesReachedFrom(project, sourceFile)]
    .filter((file) => file !== sourceFile)
    .map((file) => file.fileName)
    .sort();
}

/** The project's own, and packages whose source is what is imported. */
function isSource(project: FrontendProject, file: ts.SourceFile): boolean {
  return project.isOwn(file) || !file.isDeclarationFile;
}

/** A source file and all that it imports, directly or through others, as far as there is source. */
export function sourcesReachedFrom(
  project: FrontendProject,
  sourceFile: ts.SourceFile,
): ReadonlySet<ts.SourceFile> {
  return reachedFrom(
    project,
    sourceFile,
    (file) => isSource(project, file) && !isEmittedName(file.fileName, project.config),
  );
}

/** Where modules that are imported, directly or through others, were looked for in vain; in order of path. */
export function awaitedBy(project: FrontendProject, sourceFile: ts.SourceFile): readonly string[] {
  const reached = reachedFrom(project, sourceFile, (file) => project.isOwn(file));
  const paths = [...reached].flatMap((file) => [...project.resolutionsOf(file).awaited]);
  return [...new Set(paths)].sort();
}

/** All that reading a source file depends on: while each of these is identical, so is what comes of it. */
export function basisOf(project: FrontendProject, sourceFile: ts.SourceFile): readonly unknown[] {
  const reached = reachedFrom(project, sourceFile, () => true);
  const found = [...reached].flatMap((file) => [...project.resolutionsOf(file).found]);
  return [JSON.stringify(project.compilerOptions), ...reached, ...found, ...globalFiles(project)];
}

function reachedFrom(
  project: FrontendProject,
  sourceFile: ts.SourceFile,
  follow: (file: ts.SourceFile) => boolean,
): ReadonlySet<ts.SourceFile> {
  const rules = (project.config.rules ?? []).flatMap((path) => project.sourceFile(path) ?? []);
  const reached = new Set([sourceFile, ...rules]);
  for (const file of reached) {
    for (const path of project.resolutionsOf(file).found) {
      const imported = project.sourceFile(path);
      if (imported !== null && follow(imported)) reached.add(imported);
    }
  }
  return reached;
}

/** Files that may declare names for all others. */
function globalFiles({ checker, program }: FrontendProject): readonly ts.SourceFile[] {
  const isGlobal = (file: ts.SourceFile): boolean =>
    file.isDeclarationFile ||
    moduleSymbol(checker, file) === undefined ||
    /\bdeclare\s+(?:global|module)\b/u.test(file.text);
  return program.getSourceFiles().filter(isGlobal);
}
