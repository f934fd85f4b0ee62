/** What a project may set: `import { defineConfig } from "tsad/config"`. Needs nothing else of tsad, nor of Node. */

export interface Config {
  /**
   * Folder for the emitted files. The folders below `rootDir` are kept: `src/fit/loss.ts` → `OUT/src/fit/loss.grad.ts`.
   * Default: each beside its source.
   */
  readonly outDir?: string;
  /** What is left out of the paths in `outDir`. Default: the folder of the config file, else the current one. */
  readonly rootDir?: string;
  readonly naming?: NamingConfig;
  /** A comment on top of every emitted file, such as a licence. Plain text gets `//` in front of its lines. */
  readonly header?: string;
  /** Format with Prettier, under the project's own configuration. Default: true. */
  readonly format?: boolean;
  /** Write a source map beside each emitted file, from its lines to those that they compute or differentiate. */
  readonly sourceMap?: boolean;
  /** The tsconfig to use. Default: the nearest `tsconfig.json` above each source. */
  readonly project?: string;
  /** Modules with derivatives given by hand (`@gradOf`), for all sources, imported by them or not. */
  readonly rules?: readonly string[];
}

export interface NamingConfig {
  /** What is added to the name of a function. Default: `_grad`. */
  readonly functionSuffix?: string;
  /** What is added to the name of a file, before its extension. Default: `.grad`. */
  readonly fileSuffix?: string;
}

/** Gives back the configuration; in an editor it completes and checks it. */
export function defineConfig(config: Config): Config {
  return config;
}
