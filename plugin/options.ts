/** Options of the plugin. */
import type { CompileOptions } from "../src/index.js";

/** The options of the compiler, and those about files. */
export interface PluginOptions extends CompileOptions {
  /**
   * Write the gradients of `loss.ts` to `loss.grad.ts` beside it, and keep that file up to date. Default true; with
   * false, `./loss.grad` exists only inside of the bundler.
   */
  readonly files?: boolean;
}

/** What the compiler is given, and what is the plugin's own. */
export function splitOptions({ files = true, ...compiler }: PluginOptions): {
  readonly compiler: CompileOptions;
  readonly files: boolean;
} {
  return { compiler, files };
}
