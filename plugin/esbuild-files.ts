/** Gradients as files for esbuild, to which what a plugin of unplugin resolves is never a file. */
import { existsSync } from "node:fs";
import type { PluginBuild } from "esbuild";
import type { Gradients } from "./gradients.js";
import { aliasedSource, sourceOf } from "./paths.js";

/** Resolves the imports of gradients that are on disk, even if they were not when esbuild read the folder. */
export function resolveFiles(
  build: PluginBuild,
  gradients: Gradients,
  pattern: RegExp,
  project: string | undefined,
): void {
  build.onResolve({ filter: pattern }, async ({ path, resolveDir, importer }) => {
    const source =
      sourceOf(path, resolveDir, pattern) ?? (await aliasedSource(path, importer, pattern, project));
    if (source === null) return undefined;
    const gradient = await gradients.of(source);
    return existsSync(gradient.path) ? { path: gradient.path } : undefined;
  });
}
