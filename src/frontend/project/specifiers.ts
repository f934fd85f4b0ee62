/** How the emitted file imports from the source and its neighbours: in the source's own style. */
import { posix } from "node:path";
import type { ts } from "ts-morph";
import type { FrontendProject } from "./project.js";

/** The specifier of a file for one in `folder`: `./spring`, `./spring.js` or `./spring.ts`, as `sourceFile` does it. */
export function specifierOf(
  project: FrontendProject,
  file: ts.SourceFile,
  { sourceFile, folder }: { readonly sourceFile: ts.SourceFile; readonly folder: string },
): string {
  const path = posix.relative(folder, file.fileName);
  const { stem, extension } = partsOf(path.startsWith(".") ? path : `./${path}`);
  const style = importStyle(project, sourceFile);
  if (style === "source") return `${stem}${extension}`;
  // `.mts` and `.cts` files are found only under their full names.
  if (style === "none" && (extension === ".ts" || extension === ".tsx")) return stem;
  return `${stem}${extension.replace(/tsx?$/u, "js")}`;
}

type ImportStyle = "source" | "output" | "none";

/** The style of the first relative import; else what the module resolution asks for. */
function importStyle(project: FrontendProject, sourceFile: ts.SourceFile): ImportStyle {
  const { ts, compilerOptions } = project;
  for (const statement of sourceFile.statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    const { moduleSpecifier } = statement;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) continue;
    if (!/^\.\.?\//u.test(moduleSpecifier.text)) continue;
    if (/\.[cm]?tsx?$/u.test(moduleSpecifier.text)) return "source";
    if (/\.[cm]?jsx?$/u.test(moduleSpecifier.text)) return "output";
    if (!/\.(?:json|css|svg|wasm)$/u.test(moduleSpecifier.text)) return "none";
  }
  if (compilerOptions.moduleResolution === undefined) {
    const isNode =
      (compilerOptions.module ?? 0) >= ts.ModuleKind.Node16 &&
      compilerOptions.module !== ts.ModuleKind.Preserve;
    return isNode ? "output" : "none";
  }
  const { Node16, NodeNext } = ts.ModuleResolutionKind;
  return [Node16, NodeNext].includes(compilerOptions.moduleResolution) ? "output" : "none";
}

function partsOf(path: string): { readonly stem: string; readonly extension: string } {
  const extension = /(?:\.d)?\.[cm]?tsx?$/u.exec(path)?.[0] ?? "";
  return { stem: path.slice(0, path.length - extension.length), extension: extension.replace(".d.", ".") };
}
