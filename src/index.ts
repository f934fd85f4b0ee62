/** The public API of the compiler: `import { compile } from "tsad/compiler"`. */
export { compile, createCompiler } from "./session.js";
export type {
  CompiledInput,
  CompileInput,
  Compiler,
  CompileResult,
  EmittedFile,
  MacroInput,
  MacroResult,
  Range,
} from "./result.js";
export type { CompileOptions, Stage } from "./options.js";
export { stages } from "./options.js";
export type { Diagnostic, RelatedNote } from "./diagnostics/diagnostic.js";
export { type ScriptText, stripTypes } from "./frontend/strip-types.js";
export { resolveImport } from "./frontend/resolve.js";
