/**
 * The configuration of each module, and its compiler. There is one compiler for all plugins of a process with the same
 * configuration: what is parsed for one is parsed for all. It is loaded when there is something to compile, which most
 * starts of a bundler have not.
 */
import { Configs } from "../cli/configs.js";
import type { CompileOptions, Compiler, Diagnostic } from "../src/index.js";

const compilers = new Map<string, Promise<Compiler>>();

export interface Configured {
  readonly options: CompileOptions;
  readonly compiler: Compiler;
}

export class Compilers {
  readonly #given: CompileOptions;
  #configs: Configs;

  /** What the plugin is given comes before what configuration files say. */
  constructor(given: CompileOptions) {
    this.#given = given;
    this.#configs = new Configs(null, given);
  }

  /** What is wrong with the configuration files read so far. */
  get problems(): readonly Diagnostic[] {
    return this.#configs.problems;
  }

  /** Reads the configuration files again when they are needed. */
  reload(): void {
    this.#configs = new Configs(null, this.#given);
  }

  /** For the module at a path; null if its configuration cannot be used. */
  async for(path: string): Promise<Configured | null> {
    const { options } = await this.#configs.for(path);
    return options === null ? null : { options, compiler: lazyCompiler(options) };
  }
}

/** A compiler that is made, or found, at its first use. */
function lazyCompiler(options: CompileOptions): Compiler {
  return {
    compile: async (inputs) => (await findOrMake(options)).compile(inputs),
    compileMacros: async (input) => (await findOrMake(options)).compileMacros(input),
  };
}

function findOrMake(options: CompileOptions): Promise<Compiler> {
  const make = async (): Promise<Compiler> => (await import("../src/index.js")).createCompiler(options);
  // Functions do not show in a key.
  if (options.observe !== undefined) return make();
  const key = JSON.stringify(Object.entries(options).sort());
  const compiler = compilers.get(key) ?? make();
  compilers.set(key, compiler);
  return compiler;
}
