/** The configuration of each source: the nearest `tsad.config.ts` above it, with what the command line says on top. */
import { findConfig, loadConfig } from "../src/config/load.js";
import type { CompileOptions, Config, Diagnostic } from "../src/index.js";
import { configurationInvalid } from "./problems.js";

export interface Configured {
  /** Null where there is none. */
  readonly file: string | null;
  /** Null where it cannot be used. */
  readonly options: CompileOptions | null;
}

/** Reads each configuration file once. */
export class Configs {
  readonly #named: string | null;
  readonly #flags: Config;
  readonly #loaded = new Map<string, Promise<Configured>>();
  readonly #problems: Diagnostic[] = [];

  /** `named` is a file to use for all sources; `flags` come before what a file says. */
  constructor(named: string | null, flags: Config) {
    this.#named = named;
    this.#flags = flags;
  }

  /** What is wrong with the files read so far. */
  get problems(): readonly Diagnostic[] {
    return this.#problems;
  }

  for(source: string): Promise<Configured> {
    const file = this.#named ?? findConfig(source);
    if (file === null) return Promise.resolve({ file, options: this.#flags });
    const known = this.#loaded.get(file) ?? this.#load(file);
    this.#loaded.set(file, known);
    return known;
  }

  async #load(file: string): Promise<Configured> {
    const { config, problems } = await loadConfig(file);
    this.#problems.push(...problems.map((problem) => configurationInvalid(file, problem)));
    return { file, options: problems.length > 0 ? null : { ...config, ...this.#flags } };
  }
}
