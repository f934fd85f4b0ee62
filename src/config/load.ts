/** Finds and reads `tsad.config.ts`. What is wrong with it is handed back, not thrown. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "./config.js";
import { type ConfigProblem, findConfigProblems } from "./problems.js";

export type { ConfigProblem } from "./problems.js";

export interface LoadedConfig {
  /** Its paths are absolute; empty where there are problems. */
  readonly config: Config;
  readonly problems: readonly ConfigProblem[];
}

export const configNames = ["tsad.config.ts", "tsad.config.mts", "tsad.config.mjs", "tsad.config.js"];

/** The nearest configuration file in a folder above `source`; null where there is none. */
export function findConfig(source: string): string | null {
  const folder = dirname(resolve(source));
  const found = configNames.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  return dirname(folder) === folder ? null : findConfig(folder);
}

/** Reads a configuration file afresh, with all that it imports. */
export async function loadConfig(file: string): Promise<LoadedConfig> {
  let exported: unknown;
  try {
    exported = await importDefault(file);
  } catch (error) {
    const problem = `it cannot be loaded: ${messageOf(error)}`;
    return { config: {}, problems: [{ problem, advice: "Correct it; it runs as a module of Node." }] };
  }
  if (exported === undefined) {
    const advice = "Write `export default defineConfig({ … });`.";
    return { config: {}, problems: [{ problem: "it has no default export", advice }] };
  }
  const problems = findConfigProblems(exported);
  return {
    config: problems.length > 0 ? {} : withAbsolutePaths(exported as Config, dirname(file)),
    problems,
  };
}

/** Node 20 reads no TypeScript; and a module that Node has imported once it never reads again. */
async function importDefault(file: string): Promise<unknown> {
  const { createJiti } = await import("jiti");
  // Without tsad among the project's own packages (`npx tsad`), this copy serves.
  const own = fileURLToPath(new URL("./config", import.meta.url));
  const jiti = createJiti(file, { fsCache: false, moduleCache: false, alias: { "tsad/config": own } });
  // `jiti.import` would leave `.mjs` to Node.
  const source = readFileSync(file, "utf8");
  const loaded = await jiti.evalModule(source, {
    id: file,
    filename: file,
    async: true,
    forceTranspile: true,
  });
  if (typeof loaded !== "object" || loaded === null) return loaded;
  if ("default" in loaded) return loaded.default;
  // CommonJS has no other exports than what it is.
  return "__esModule" in loaded ? undefined : loaded;
}

function withAbsolutePaths(config: Config, folder: string): Config {
  const absolute = (path: string) => resolve(folder, path);
  return {
    ...config,
    ...(config.outDir === undefined
      ? {}
      : { outDir: absolute(config.outDir), rootDir: absolute(config.rootDir ?? ".") }),
    ...(config.rules === undefined ? {} : { rules: config.rules.map(absolute) }),
    ...(config.project === undefined ? {} : { project: absolute(config.project) }),
  };
}

/** The first line: the rest is an excerpt or a stack. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0]?.trim().replace(/\.$/, "") ?? "";
}
