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
  ScriptText,
} from "./result.js";
export type { CompileOptions, Stage } from "./options.js";
export { stages } from "./options.js";
export type { Diagnostic, RelatedNote } from "./diagnostics/diagnostic.js";
