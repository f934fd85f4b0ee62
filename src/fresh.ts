/** Tells, without TypeScript, whether an emitted file is what compiling its source would give now. */
import { existsSync, readFileSync } from "node:fs";
import { hashBody, hashInputs, readHeader, type SourceText } from "./header.js";
import type { CompileOptions } from "./options.js";
import { readSettings } from "./settings.js";
import { version } from "./version.js";

export { findProject } from "./settings.js";

export type Freshness =
  | { readonly kind: "fresh" }
  | { readonly kind: "absent" }
  /** There is a file that tsad did not write. */
  | { readonly kind: "foreign" }
  | { readonly kind: "stale"; readonly reason: string };

/** Compares the header of the file `output` with what it would say now. */
export async function checkFreshness(
  source: SourceText,
  output: string,
  options: CompileOptions,
): Promise<Freshness> {
  if (!existsSync(output)) return { kind: "absent" };
  const header = readHeader(readText(output) ?? "", output);
  if (header === null) return { kind: "foreign" };
  const stale = (reason: string) => ({ kind: "stale", reason }) as const;
  if (header.version !== version) return stale(`written by tsad ${header.version}`);
  if (header.source !== source.path) return stale("written from another file");
  if (hashBody(header.body) !== header.bodyHash) return stale("edited by hand");
  if (options.sourceMap === true && !existsSync(`${output}.map`)) return stale("its source map is not there");
  const dependencies: SourceText[] = [];
  for (const path of header.dependencies) {
    const text = readText(path);
    if (text === null) return stale("a module it was made from is gone");
    dependencies.push({ path, text });
  }
  const settings = await readSettings(source.path, output, options);
  const current = hashInputs({ output, source, dependencies, settings });
  return current === header.inputsHash ? { kind: "fresh" } : stale("its source or settings have changed");
}

/** Null for what cannot be read: folders too. */
function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
