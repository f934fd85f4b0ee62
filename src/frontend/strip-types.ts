/** TypeScript to JavaScript, for modules that exist only inside of a bundler. */
import { loadTypeScript } from "./typescript.js";

/** The text without its types, and a source map to it. */
export function stripTypes(text: string, path: string): { readonly code: string; readonly map: string } {
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
