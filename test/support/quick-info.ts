/** What an editor shows when one points at a variable. */
import { join, resolve } from "node:path";
import ts from "typescript";

const source = resolve(import.meta.dirname, "../../src");

/** The type of a variable of the text, which lies in `src/`, as TypeScript spells it. */
export function typeAt(text: string, name: string): string {
  const path = join(source, "hover.ts");
  const options: ts.CompilerOptions = {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    module: ts.ModuleKind.ESNext,
  };
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([path], options, {
    ...host,
    fileExists: (file) => file === path || host.fileExists(file),
    getSourceFile: (file, how) =>
      file === path ? ts.createSourceFile(file, text, how, true) : host.getSourceFile(file, how),
  });
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(path);
  const found = file?.statements
    .flatMap((statement) =>
      ts.isVariableStatement(statement) ? [...statement.declarationList.declarations] : [],
    )
    .find((declaration) => declaration.name.getText() === name);
  if (found === undefined) throw new Error(`no variable \`${name}\``);
  return checker.typeToString(checker.getTypeAtLocation(found), found, ts.TypeFormatFlags.NoTruncation);
}
