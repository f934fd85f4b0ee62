/** The primal IR of targets, as the frontend hands it to the transform. */
import { compileObserved } from "../../src/compile.js";
import type { Func } from "../../src/ir/types.js";

/** For each path, its lowered functions by their names. */
export type Primals = ReadonlyMap<string, ReadonlyMap<string, Func>>;

/** Those of every target that can be lowered. */
export async function primalsOf(paths: readonly string[]): Promise<Primals> {
  const found = new Map<string, Map<string, Func>>();
  for (const path of paths) {
    const functions = new Map<string, Func>();
    found.set(path, functions);
    try {
      await compileObserved([{ path }], { format: false }, (stage, target, output) => {
        if (stage === "lower" && typeof output !== "string") functions.set(target, output);
      });
    } catch {
      // A crash is reported where the file is compiled to be checked.
    }
  }
  return found;
}
