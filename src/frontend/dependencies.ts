/** Which other files of the project a source file is made from. */
import type { ts } from "ts-morph";
import { isEmittedName } from "../config/naming.js";
import type { FrontendProject } from "./project.js";

/** The project's files that `sourceFile` imports, directly or through others, itself excluded; in order of path. */
export function dependenciesOf(project: FrontendProject, sourceFile: ts.SourceFile): readonly string[] {
  const seen = new Set<ts.SourceFile>([sourceFile]);
  const open = [sourceFile];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const imported of importsOf(project, file)) {
      if (seen.has(imported) || !project.isOwn(imported) || isEmittedName(imported.fileName, project.config))
        continue;
      seen.add(imported);
      open.push(imported);
    }
  }
  seen.delete(sourceFile);
  return [...seen].map((file) => file.fileName).sort();
}

function importsOf(project: FrontendProject, file: ts.SourceFile): readonly ts.SourceFile[] {
  const { ts, checker } = project;
  return file.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    if (statement.moduleSpecifier === undefined) return [];
    const declarations = checker.getSymbolAtLocation(statement.moduleSpecifier)?.declarations ?? [];
    return declarations.filter((declaration) => ts.isSourceFile(declaration));
  });
}
