/** Finds the fixtures and programs: each is `x.ts` with its sample points beside it in `x.samples.ts`. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import ts from "typescript";
import { findProject } from "../../src/settings.js";
import type { SampleTable } from "./samples.js";
import { type Load, createLoader } from "./modules.js";

export interface Fixture {
  /** `language/ternary`. */
  readonly name: string;
  readonly area: string;
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly goldenPath: string;
  /** Null where there is none yet. */
  readonly golden: string | null;
  readonly samples: SampleTable;
  /** Gives the modules that the samples have: instances in them are of these modules' classes. */
  readonly load: Load;
}

export const root = resolve(import.meta.dirname, "../..");

/** Every fixture in the folder, in the order of their names. */
export function findFixtures(folder: string): Fixture[] {
  const directory = resolve(root, folder);
  const options = {
    ...compilerOptions("fixtures/tsconfig.json"),
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    module: ts.ModuleKind.ESNext,
  };
  return readdirSync(directory)
    .filter((file) => file.endsWith(".samples.ts"))
    .toSorted()
    .map((file) => {
      const path = join(directory, file.replace(/\.samples\.ts$/, ".ts"));
      const goldenPath = path.replace(/\.ts$/, ".grad.ts");
      const area = basename(directory);
      const load = createLoader(options);
      return {
        name: `${area}/${basename(path, ".ts")}`,
        area,
        path,
        text: readFileSync(path, "utf8"),
        goldenPath,
        golden: existsSync(goldenPath) ? readFileSync(goldenPath, "utf8") : null,
        samples: load(join(directory, file))["samples"] as SampleTable,
        load,
      };
    });
}

/** Files in the folder that have a `@grad` but no sample points, and so would not be tested. */
export function untested(folder: string): string[] {
  const directory = resolve(root, folder);
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/\.(grad|samples)\.ts$/.test(file))
    .filter((file) => /@grad\b/.test(readFileSync(join(directory, file), "utf8")))
    .filter((file) => !existsSync(join(directory, file.replace(/\.ts$/, ".samples.ts"))));
}

/** The paths, in groups of one tsconfig each. */
export function byProject(paths: readonly string[]): readonly (readonly string[])[] {
  const projects = [...new Set(paths.map(findProject))];
  return projects.map((project) => paths.filter((path) => findProject(path) === project));
}

/** The options of a tsconfig, as its user gets them. */
export function compilerOptions(tsconfig: string): ts.CompilerOptions {
  const path = resolve(root, tsconfig);
  const parsed = ts.getParsedCommandLineOfConfigFile(
    path,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail },
  );
  if (!parsed) throw new Error(`${tsconfig} cannot be read`);
  return parsed.options;
}

function fail(diagnostic: ts.Diagnostic): never {
  throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
}
