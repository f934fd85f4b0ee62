/** Options of the plugin. */
import type { CompileOptions } from "../src/index.js";

/** What a `tsad.config.ts` may say, which comes second to what is said here, and what is the plugin's own. */
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
  // In memory there is no file for a map to be beside.
  return { compiler: files ? compiler : { ...compiler, sourceMap: false }, files };
}
