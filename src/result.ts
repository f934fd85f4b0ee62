/** What the compiler is given and what it gives: types only. */
import type { Diagnostic } from "./diagnostics/diagnostic.js";
import type { ScriptText } from "./frontend/project/strip-types.js";
import type { Func } from "./ir/types.js";
import type { Stage } from "./options.js";

/** What to compile: a file on disk, or source text under a path that need not exist. */
export interface CompileInput {
  readonly path: string;
  /** The text; read from disk where absent. */
  readonly text?: string;
  /**
   * Where the emitted file will go, absolute; its imports and header are relative to it. Default: as configured, which
   * is beside the source.
   */
  readonly output?: string;
}

export interface EmittedFile {
  /** The source, absolute. */
  readonly source: string;
  /** Where it goes, absolute: by default the sibling `.grad.ts` (`.grad.mts`). */
  readonly path: string;
  readonly text: string;
  /** The source map of the text, as the text of a file beside it; null without `sourceMap`. */
  readonly map: string | null;
  /** Names of the functions differentiated. */
  readonly targets: readonly string[];
  /** The other modules that the text depends on (helpers inlined, types read), absolute. */
  readonly dependencies: readonly string[];
}

/** What became of one input, with errors or without. */
export interface CompiledInput {
  /** The source, absolute. */
  readonly source: string;
  /** The project's other modules that it imports, directly or through others, absolute. */
  readonly dependencies: readonly string[];
  /** Where modules that it imports and that are not there were looked for, absolute. */
  readonly awaited: readonly string[];
}

export interface CompileResult {
  /** One for each input that has targets and no errors. */
  readonly files: readonly EmittedFile[];
  readonly diagnostics: readonly Diagnostic[];
  /** Inputs with no `@grad` in them, absolute. */
  readonly withoutTargets: readonly string[];
  /** One for each input that could be read: what a watcher has to look at. */
  readonly inputs: readonly CompiledInput[];
}

/** A module that calls the macros of the package `tsad`. */
export interface MacroInput {
  readonly path: string;
  /** Its text as a bundler has it, where that is not the text on disk: the result's positions are those in `code`. */
  readonly code?: string;
}

export interface Range {
  /** 0-based offsets of characters; `end` is behind the last. */
  readonly start: number;
  readonly end: number;
}

export interface MacroResult {
  /** The calls, in order, each to be replaced by an export of one of the modules. None if there are errors. */
  readonly calls: readonly (Range & { readonly module: number; readonly name: string })[];
  /** Imports that nothing needs once the calls are replaced. */
  readonly imports: readonly Range[];
  /** Modules in JavaScript that import nothing. */
  readonly modules: readonly ScriptText[];
  readonly diagnostics: readonly Diagnostic[];
  readonly input: CompiledInput;
}

/** A compiler that stays: between calls it keeps what it has parsed and compiled. */
export interface Compiler {
  /**
   * Like `compile`, for the inputs as they are now: files on disk are looked at again, and what has not changed is not
   * compiled again. Calls may overlap; they are answered in order.
   */
  compile(inputs: readonly CompileInput[]): Promise<CompileResult>;
  /** The gradients that the calls of `grad` and `valueAndGrad` in a module stand for. */
  compileMacros(input: MacroInput): Promise<MacroResult>;
}

/** Tells what is wrong, without compiling. */
export interface Checker {
  /** The diagnostics of a file on disk, or of the text of an editor. */
  check(input: CompileInput): readonly Diagnostic[];
}

/** Called after each stage with what it hands on: a function as IR, or in the end its text. */
export type Observer = (stage: Stage, target: string, output: Func | string) => void;
