/** The IR of targets as it goes through the compiler. */
import { compileObserved } from "../../src/session.js";
import { byProject } from "./corpus.js";
import type { Func } from "../../src/ir/types.js";

export interface Stages {
  /** As the frontend hands it to the transform. */
  primal: Func | null;
  /** The gradient, before and after its passes. */
  readonly gradients: Func[];
}

/** For each path, its functions by their names. */
export type StagesOf = ReadonlyMap<string, ReadonlyMap<string, Stages>>;

/** Those of every target that can be lowered. A file that crashes the compiler has none, nor those after it. */
export async function stagesOf(paths: readonly string[]): Promise<StagesOf> {
  const found = new Map<string, Map<string, Stages>>();
  for (const together of byProject(paths)) await addStagesOf(together, found);
  return found;
}

async function addStagesOf(paths: readonly string[], found: Map<string, Map<string, Stages>>): Promise<void> {
  try {
    await compileObserved(
      paths.map((path) => ({ path })),
      { format: false },
      (stage, target, output) => {
        if (typeof output === "string") return;
        const path = output.params[0]?.value.span?.file ?? "";
        const inFile = found.get(path) ?? new Map<string, Stages>();
        found.set(path, inFile);
        const own = inFile.get(target) ?? { primal: null, gradients: [] };
        inFile.set(target, own);
        addStage(own, stage, output);
      },
    );
  } catch {
    // Reported where the files are compiled to be checked.
  }
}

/** Keeps what the observer of a compilation sees of one function. */
export function addStage(stages: Stages, stage: string, func: Func): void {
  if (stage === "lower") stages.primal = func;
  if (stage === "reverse" || stage === "passes") stages.gradients.push(func);
}
