/** The public API of the compiler: `import { compile } from "tsad/compiler"`. */
export { compile, createChecker, createCompiler } from "./session.js";
export type {
  Checker,
  CompiledInput,
  CompileInput,
  Compiler,
  CompileResult,
  EmittedFile,
  MacroInput,
  MacroResult,
  Range,
} from "./result.js";
export type { Config, NamingConfig } from "./config/config.js";
export { defineConfig } from "./config/config.js";
export { type ConfigProblem, type LoadedConfig, findConfig, loadConfig } from "./config/load.js";
export { emittedPath } from "./config/naming.js";
export type { CompileOptions, Stage } from "./options.js";
export { stages } from "./options.js";
export type { Diagnostic, Fix, RelatedNote } from "./diagnostics/diagnostic.js";
export { type ScriptText, stripTypes } from "./frontend/project/strip-types.js";
export { resolveImport } from "./frontend/project/resolve.js";
