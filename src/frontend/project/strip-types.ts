/** TypeScript to JavaScript, for modules that exist only inside of a bundler. */
import { loadTypeScript } from "./typescript.js";

/** TypeScript without its types. */
export interface ScriptText {
  readonly code: string;
  /** Its source map, as JSON. */
  readonly map: string;
}

/** The text without its types, and a source map to it. */
export function stripTypes(text: string, path: string): ScriptText {
  const { ts } = loadTypeScript();
  const { outputText, sourceMapText = "" } = ts.transpileModule(text, {
    fileName: path,
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      sourceMap: true,
      inlineSources: true,
    },
  });
  return { code: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/u, "\n"), map: sourceMapText };
}
