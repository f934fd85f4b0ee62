/** Type-checks many files in one program with the real TypeScript. */
import { dirname, relative } from "node:path";
import ts from "typescript";
import { root } from "./corpus.js";

/** Complaints, as `file:line: TS2322 …`, about the files of `overlay`, whose texts take precedence over the disk. */
export function typeErrors(overlay: ReadonlyMap<string, string>, options: ts.CompilerOptions): string[] {
  const host = ts.createCompilerHost(options, true);
  const { getSourceFile, readFile, fileExists, directoryExists } = host;
  const folders = new Set([...overlay.keys()].map(dirname));
  host.directoryExists = (path) => folders.has(path) || directoryExists?.(path) !== false;
  host.fileExists = (path) => overlay.has(path) || fileExists(path);
  host.readFile = (path) => overlay.get(path) ?? readFile(path);
  host.getSourceFile = (path, language, onError, fresh) => {
    const text = overlay.get(path);
    return text === undefined
      ? getSourceFile(path, language, onError, fresh)
      : ts.createSourceFile(path, text, language, true);
  };
  const program = ts.createProgram({ rootNames: [...overlay.keys()], options, host });
  return [...program.getOptionsDiagnostics(), ...ts.getPreEmitDiagnostics(program)]
    .filter(({ file }) => !file || overlay.has(file.fileName))
    .map(spell);
}

function spell({ file, start, code, messageText }: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, "\n");
  if (!file) return `TS${String(code)} ${text}`;
  const { line } = file.getLineAndCharacterOfPosition(start ?? 0);
  return `${relative(root, file.fileName)}:${String(line + 1)}: TS${String(code)} ${text}`;
}
