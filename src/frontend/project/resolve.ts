/** Where an import leads, as TypeScript sees it: with the tsconfig's `paths` and a package's `imports`. */
import { Diagnostics } from "../../diagnostics/collector.js";
import { normalize } from "./paths.js";
import { readProjectOptions } from "./tsconfig.js";
import { loadTypeScript } from "./typescript.js";

/** The file that `specifier` means in the module `importer`; null if there is none. `project` is that of the options. */
export function resolveImport(specifier: string, importer: string, project?: string): string | null {
  const { ts } = loadTypeScript();
  const from = normalize(importer);
  const { lean } = readProjectOptions(ts, from, project, new Diagnostics(() => null));
  const { resolvedModule } = ts.resolveModuleName(specifier, from, lean, ts.sys);
  return resolvedModule?.resolvedFileName ?? null;
}
