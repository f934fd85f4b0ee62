/** Hot updates of Vite's development server: a gradient changes with its source, and with all that this imports. */
import type { EnvironmentModuleNode, HotUpdateOptions, Plugin } from "vite";
import type { Gradients } from "./gradients.js";
import type { Macros } from "./macros.js";

type HotUpdate = Extract<NonNullable<Plugin["hotUpdate"]>, (...args: never[]) => unknown>;

/** The hook that adds what depends on a changed file to the modules that are updated. */
export function viteUpdate(gradients: Gradients, macros: Macros): HotUpdate {
  return async function ({ file, modules }: HotUpdateOptions) {
    // The file that tsad itself wrote a moment ago: its module was updated when the source changed.
    if (gradients.isSettled(file)) return [];
    const { moduleGraph } = this.environment;
    const sources = gradients.dependentsOf(file);
    const compiled = await Promise.all(sources.map((source) => gradients.of(source)));
    const paths = [...compiled.map(({ path }) => path), ...macros.dependentsOf(file)];
    const added = paths.flatMap((path): EnvironmentModuleNode[] => [
      ...(moduleGraph.getModulesByFile(path) ?? []),
    ]);
    return added.length === 0 ? undefined : [...new Set([...modules, ...added])];
  };
}
