/** The pipeline on one screen. */
import type { Diagnostic } from "./diagnostics/diagnostic.js";
import type { CompileOptions } from "./options.js";

/** What to compile: a file on disk, or source text under a path that need not exist. */
export interface CompileInput {
  readonly path: string;
  /** The text; read from disk where absent. */
  readonly text?: string;
}

export interface EmittedFile {
  /** The source, absolute. */
  readonly source: string;
  /** The sibling `.grad.ts` (`.grad.mts`), absolute. */
  readonly path: string;
  readonly text: string;
  /** Names of the functions differentiated. */
  readonly targets: readonly string[];
}

export interface CompileResult {
  /** One for each input that has targets and no errors. */
  readonly files: readonly EmittedFile[];
  readonly diagnostics: readonly Diagnostic[];
  /** Inputs with no `@grad` in them, absolute. */
  readonly withoutTargets: readonly string[];
}

/**
 * Compiles every `@grad` function of the inputs. All inputs share one TypeScript project. Never throws for what the
 * user wrote; an exception is a bug in tsad. Writes nothing to disk and nothing to the console.
 */
export function compile(_inputs: readonly CompileInput[], _options: CompileOptions = {}): Promise<CompileResult> {
  return Promise.resolve({ files: [], diagnostics: [], withoutTargets: [] });
}
