/**
 * The settings that the emitted text depends on besides the sources: options of tsad, the user's TypeScript options
 * and Prettier options. Read without TypeScript, because an unchanged file should not have to load it.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { namingOf, defaultNaming } from "./config/naming.js";
import type { CompileOptions } from "./options.js";

/** What of the settings goes into the header's hash: plain data, equal where nothing that matters has changed. */
export interface Settings {
  readonly optimize: boolean;
  readonly format: unknown;
  readonly compilerOptions: unknown;
  /** Absent where nothing is configured. */
  readonly config?: unknown;
}

/**
 * The settings for one source file and the file that is made from it. Does not throw: what cannot be read is for the
 * compiler to complain about.
 */
export async function readSettings(
  source: string,
  output: string,
  options: CompileOptions,
): Promise<Settings> {
  const project = options.project ?? findProject(source);
  const config = configOf(options, output);
  return {
    optimize: options.optimize ?? true,
    format: options.format === false ? false : await prettierOptions(output),
    compilerOptions: project === null ? [] : projectOptions(configPath(resolve(project))),
    ...(Object.keys(config).length === 0 ? {} : { config }),
  };
}

/** What the configuration changes in the text; where files go shows in their relative paths. */
function configOf(options: CompileOptions, output: string): Record<string, unknown> {
  const { functionSuffix } = namingOf(options);
  return {
    ...(functionSuffix === defaultNaming.functionSuffix ? {} : { functionSuffix }),
    ...(options.header === undefined ? {} : { header: options.header }),
    ...(options.sourceMap === true ? { sourceMap: true } : {}),
    ...(options.rules === undefined || options.rules.length === 0
      ? {}
      : { rules: options.rules.map((path) => relative(dirname(output), resolve(path))) }),
  };
}

/** The nearest tsconfig.json in a folder above `source`; null where there is none. */
export function findProject(source: string): string | null {
  const folder = dirname(resolve(source));
  const file = join(folder, "tsconfig.json");
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? null : findProject(folder);
}

async function prettierOptions(output: string): Promise<unknown> {
  const { resolveConfig } = await import("prettier");
  try {
    return await resolveConfig(output, { editorconfig: true, useCache: false });
  } catch {
    return "unreadable";
  }
}

/** A project may be named by its folder. */
function configPath(project: string): string {
  const inside = join(project, "tsconfig.json");
  return existsSync(inside) ? inside : project;
}

/** The options of a tsconfig and of the projects that it refers to: a solution file has none of its own. */
function projectOptions(file: string): readonly unknown[] {
  const { references } = parseConfig(file);
  const referred = (Array.isArray(references) ? references : []).map((reference: unknown) => {
    const path =
      typeof reference === "object" && reference !== null && "path" in reference ? reference.path : "";
    return configPath(resolve(dirname(file), String(path)));
  });
  return [file, ...referred].map((path) => compilerOptions(path, []));
}

/** `compilerOptions` of a tsconfig and of those it extends, nearest last; `seen` ends cycles. */
function compilerOptions(file: string, seen: readonly string[]): Record<string, unknown> {
  const config = seen.includes(file) ? {} : parseConfig(file);
  const bases = typeof config["extends"] === "string" ? [config["extends"]] : config["extends"];
  const inherited = (Array.isArray(bases) ? bases : [])
    .map((base) => resolveBase(String(base), file))
    .filter((path) => path !== null)
    .map((path) => compilerOptions(path, [...seen, file]));
  return Object.assign({}, ...inherited, config["compilerOptions"]) as Record<string, unknown>;
}

function parseConfig(file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(stripComments(readFileSync(file, "utf8")));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** JSON with comments and trailing commas to plain JSON. */
function stripComments(text: string): string {
  const string = String.raw`("(?:\\.|[^"\\])*")`;
  const comment = new RegExp(String.raw`${string}|\/\/[^\n]*|\/\*[^]*?\*\/|^\uFEFF`, "g");
  const comma = new RegExp(String.raw`${string}|,(?=\s*[}\]])`, "g");
  const keepString = (_match: string, kept: string | undefined) => kept ?? "";
  return text.replace(comment, keepString).replace(comma, keepString);
}

/** The file that `extends` names, as TypeScript finds it. */
function resolveBase(name: string, from: string): string | null {
  if (name.startsWith(".") || isAbsolute(name)) {
    const path = resolve(dirname(from), name);
    return existsSync(path) && path.endsWith(".json") ? path : `${path}.json`;
  }
  const require = createRequire(from);
  for (const candidate of [name, `${name}.json`, `${name}/tsconfig.json`]) {
    try {
      return require.resolve(candidate);
    } catch {
      continue;
    }
  }
  return null;
}
