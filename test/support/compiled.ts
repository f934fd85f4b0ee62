/** Compiles many files through the public API, sorting out for each what came of it. */
import { relative } from "node:path";
import { compile, type CompileOptions, type Diagnostic, type EmittedFile } from "../../src/index.js";
import { byProject, root } from "./corpus.js";

export type Compiled =
  | { readonly kind: "emitted"; readonly file: EmittedFile; readonly warnings: readonly Diagnostic[] }
  | { readonly kind: "refused"; readonly errors: readonly Diagnostic[] }
  | { readonly kind: "crashed"; readonly error: unknown };

/** What became of each path; those of one tsconfig are compiled together. */
export async function compileAll(
  paths: readonly string[],
  options: CompileOptions = {},
): Promise<ReadonlyMap<string, Compiled>> {
  const outcomes = new Map<string, Compiled>();
  for (const together of options.project === undefined ? byProject(paths) : [paths])
    for (const [path, outcome] of await compileTogether(together, options)) outcomes.set(path, outcome);
  return outcomes;
}

/** Where one file crashes the compiler, the others are compiled one by one. */
async function compileTogether(
  paths: readonly string[],
  options: CompileOptions,
): Promise<ReadonlyMap<string, Compiled>> {
  try {
    const result = await compile(
      paths.map((path) => ({ path })),
      options,
    );
    return new Map(paths.map((path) => [path, sort(path, result.files, result.diagnostics)]));
  } catch (error) {
    if (paths.length === 1) return new Map(paths.map((path) => [path, { kind: "crashed", error }]));
    const outcomes = new Map<string, Compiled>();
    for (const path of paths) {
      const outcome = (await compileTogether([path], options)).get(path);
      if (outcome) outcomes.set(path, outcome);
    }
    return outcomes;
  }
}

/** The emitted text of each file that was compiled. */
export function textsOf(outcomes: ReadonlyMap<string, Compiled>): ReadonlyMap<string, string> {
  return new Map(
    [...outcomes.values()].flatMap((outcome) =>
      outcome.kind === "emitted" ? [[outcome.file.path, outcome.file.text]] : [],
    ),
  );
}

/** `fixtures/x.ts:3:5 TSAD1005 The loop …`. */
export function spellDiagnostic({ file, line, column, code, message }: Diagnostic): string {
  return `${file === null ? "" : relative(root, file)}:${line}:${column} ${code} ${message}`;
}

/** Why there is no emitted file; empty where there is one. */
export function reasons(outcome: Compiled | undefined): string[] {
  switch (outcome?.kind) {
    case undefined:
      return ["was not compiled"];
    case "emitted":
      return [];
    case "refused":
      return outcome.errors.map(spellDiagnostic);
    case "crashed":
      return [
        outcome.error instanceof Error
          ? (outcome.error.stack ?? outcome.error.message)
          : String(outcome.error),
      ];
  }
}

function sort(path: string, files: readonly EmittedFile[], diagnostics: readonly Diagnostic[]): Compiled {
  const own = diagnostics.filter((diagnostic) => diagnostic.file === path || diagnostic.file === null);
  const file = files.find(({ source }) => source === path);
  const errors = own.filter(({ severity }) => severity === "error");
  if (file && errors.length === 0) return { kind: "emitted", file, warnings: own };
  // An error in a helper's module refuses the file that calls it.
  return {
    kind: "refused",
    errors: errors.length > 0 ? errors : diagnostics.filter((d) => d.severity === "error"),
  };
}
