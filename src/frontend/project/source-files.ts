/**
 * Parsed source files, kept from one program to the next: a file whose text is the same is the same object, so that
 * identity tells what has changed.
 */
import type { ts } from "ts-morph";
import type { LoadedTypeScript } from "./typescript.js";

export class SourceFiles {
  readonly #parsed = new Map<string, ts.SourceFile>();

  /** The file at `path` with this text, as `how` and the options of its program make TypeScript parse it. */
  get(
    { ts }: Pick<LoadedTypeScript, "ts">,
    path: string,
    text: string,
    how: ts.ScriptTarget | ts.CreateSourceFileOptions,
    options: ts.CompilerOptions,
  ): ts.SourceFile {
    const key = `${path}\n${parseKey(how, options)}`;
    const known = this.#parsed.get(key);
    if (known?.text === text) return known;
    const file = ts.createSourceFile(path, text, how, true);
    this.#parsed.set(key, file);
    return file;
  }
}

/** All that parsing depends on besides path and text: packages and options decide what is a module, and of which kind. */
function parseKey(
  how: ts.ScriptTarget | ts.CreateSourceFileOptions,
  { module, moduleDetection, moduleResolution, jsx }: ts.CompilerOptions,
): string {
  const { languageVersion, impliedNodeFormat } =
    typeof how === "object" ? how : { languageVersion: how, impliedNodeFormat: undefined };
  return JSON.stringify([languageVersion, impliedNodeFormat, module, moduleDetection, moduleResolution, jsx]);
}
