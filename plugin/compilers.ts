/** One compiler for all plugins of a process with the same options: what is parsed for one is parsed for all. */
import { type CompileOptions, type Compiler, createCompiler } from "../src/index.js";

const compilers = new Map<string, Compiler>();

export function sharedCompiler(options: CompileOptions): Compiler {
  if (options.observe !== undefined) return createCompiler(options);
  const key = JSON.stringify(Object.entries(options).sort());
  const known = compilers.get(key);
  if (known !== undefined) return known;
  const compiler = createCompiler(options);
  compilers.set(key, compiler);
  return compiler;
}
