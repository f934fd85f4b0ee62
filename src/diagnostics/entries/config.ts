/** TSAD3xxx: files, options and the tsconfig. */
import { entriesOf } from "./entry.js";

const config = entriesOf("config");

export const configEntries = {
  fileNotFound: config(
    "TSAD3001",
    "File that does not exist",
    { path: "src/los.ts" },
    ({ path }) => `The file \`${path}\` does not exist, or cannot be read.`,
    () => "Check the path, which is taken relative to the current folder.",
  ),
  projectNotFound: config(
    "TSAD3002",
    "Project that does not exist",
    { path: "tsconfig.app.json" },
    ({ path }) => `The TypeScript project \`${path}\` does not exist, or cannot be read.`,
    () => "Give the path of a `tsconfig.json`, or leave the option out to use the nearest one.",
  ),
  projectBroken: config(
    "TSAD3003",
    "Project that cannot be read",
    { path: "tsconfig.json", problem: "'}' expected." },
    ({ path, problem }) => `The TypeScript project \`${path}\` has an error: ${problem}`,
    () => "Correct the file; `tsc --showConfig` shows how TypeScript reads it.",
  ),
  notTypeScript: config(
    "TSAD3004",
    "File that is not TypeScript source",
    { path: "src/loss.js" },
    ({ path }) => `\`${path}\` is not TypeScript source: tsad reads types to know which values are numbers.`,
    () => "Give it a `.ts`, `.mts`, `.cts` or `.tsx` file that is neither a declaration file nor generated.",
  ),
  foreignFile: config(
    "TSAD3005",
    "File in the way of the emitted one",
    { path: "src/loss.grad.ts" },
    ({ path }) => `The file \`${path}\` was not written by tsad, and is left as it is.`,
    () => "Move it away, or name another file with `-o`.",
  ),
  cannotWrite: config(
    "TSAD3006",
    "File that cannot be written",
    { path: "src/loss.grad.ts", problem: "EACCES: permission denied" },
    ({ path, problem }) => `The file \`${path}\` cannot be written: ${problem}.`,
    () => "Check that the folder exists and that its permissions allow writing.",
  ),
  configurationInvalid: config(
    "TSAD3007",
    "Configuration that cannot be used",
    {
      where: "`tsad.config.ts`",
      problem: "`outdir` is not an option",
      advice: "The nearest option is `outDir`.",
    },
    ({ where, problem }) => `The configuration in ${where} cannot be used: ${problem}.`,
    ({ advice }) => advice,
  ),
  outsideRoot: config(
    "TSAD3008",
    "Source outside of the root folder",
    { path: "lib/loss.ts", rootDir: "src" },
    ({ path, rootDir }) =>
      `\`${path}\` is not below the root folder \`${rootDir}\`, so it has no place in \`outDir\`.`,
    () => "Set `rootDir` to a folder above all sources, or leave out `outDir`.",
  ),
  noGradient: config(
    "TSAD3020",
    "Import of a gradient that does not exist",
    { path: "src/loss.grad.ts", source: "src/loss.ts" },
    ({ path, source }) => `\`${path}\` is imported, but \`${source}\` has no function tagged \`@grad\`.`,
    () => "Tag the function with `/** @grad */`, or take the import away.",
  ),
  macroInComponent: config(
    "TSAD3021",
    "Macro in a file that is not TypeScript",
    { path: "src/App.vue" },
    ({ path }) =>
      `\`${path}\` imports from "tsad", but macros are compiled in TypeScript modules only, because tsad reads their types.`,
    () => "Move the call of the macro to a `.ts` file, and import its result from there.",
  ),
};
