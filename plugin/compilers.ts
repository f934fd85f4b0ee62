/**
 * One compiler for all plugins of a process with the same options: what is parsed for one is parsed for all. It is
 * loaded when there is something to compile, which most starts of a bundler have not.
 */
import type { CompileOptions, Compiler } from "../src/index.js";

const compilers = new Map<string, Promise<Compiler>>();

/** A compiler that is made, or found, at its first use. */
export function sharedCompiler(options: CompileOptions): Compiler {
  let own: Promise<Compiler> | null = null;
  const get = (): Promise<Compiler> => (own ??= findOrMake(options));
  return {
    compile: async (inputs) => (await get()).compile(inputs),
    compileMacros: async (input) => (await get()).compileMacros(input),
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
