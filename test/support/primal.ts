/** The primal IR of targets, as the frontend hands it to the transform. */
import { compileObserved } from "../../src/session.js";
import type { Func } from "../../src/ir/types.js";

/** For each path, its lowered functions by their names. */
export type Primals = ReadonlyMap<string, ReadonlyMap<string, Func>>;

/** Those of every target that can be lowered. A file that crashes the compiler has none, nor those after it. */
export async function primalsOf(paths: readonly string[]): Promise<Primals> {
  const found = new Map<string, Map<string, Func>>();
  const observe = (stage: string, target: string, output: Func | string): void => {
    if (stage !== "lower" || typeof output === "string") return;
    const path = output.params[0]?.value.span?.file ?? "";
    found.set(path, (found.get(path) ?? new Map<string, Func>()).set(target, output));
  };
  try {
    await compileObserved(
      paths.map((path) => ({ path })),
      { format: false },
      observe,
    );
  } catch {
    // Reported where the files are compiled to be checked.
  }
  return found;
}
