/** Puts together what is compared: the original function, its gradient, its forward mode. */
import type ts from "typescript";
import { argumentsOf, checkSample, checkSameNumbers } from "./check.js";
import type { Fixture } from "./corpus.js";
import { forwardOf } from "./forward.js";
import { leavesToDefault } from "./derivatives.js";
import { createLoader, externalsOf, functionOf } from "./modules.js";
import { checkSnapshots } from "./snapshots.js";
import type { StagesOf } from "./stages.js";
import type { Outcome, Subject } from "./subject.js";
import { targetsOf } from "./targets.js";

/** One for each `@grad` function of the fixture. `text` is the emitted file. */
export function subjectsOf(
  fixture: Fixture,
  text: string,
  options: ts.CompilerOptions,
  stages: StagesOf,
): Subject[] {
  const load = createLoader(options);
  const original = load(fixture.path);
  const external = externalsOf(load);
  const gradient = loadGradient(fixture, text, options);
  return targetsOf(fixture.path, fixture.text).map((info) => {
    const own = stages.get(fixture.path)?.get(info.name);
    const primal = own?.primal ?? null;
    return {
      info,
      original: originalOf(original, info),
      gradient: functionOf(gradient, `${info.name}_grad`),
      forward: primal === null ? null : forwardOf(primal, external),
      gradients: own?.gradients ?? [],
      external,
    };
  });
}

/** A method, as a function that takes its instance first. */
function originalOf(
  module: Readonly<Record<string, unknown>>,
  { name, method }: Subject["info"],
): Subject["original"] {
  if (method === undefined) return functionOf(module, name);
  const owner = module[method.class] as Readonly<Record<string, Method>>;
  if (method.isStatic) return (...args) => owner[method.name]?.(...args);
  return (self, ...args) => (self as Readonly<Record<string, Method>>)[method.name]?.(...args);
}

type Method = (...args: readonly unknown[]) => unknown;

/** All samples of one target. A target without samples, or with nothing to compare, fails. */
export function checkTarget(fixture: Fixture, subject: Subject): Outcome {
  return gather(fixture, subject, (sample) => checkSample(subject, sample));
}

/** All samples of one target, against another compilation of the same file. */
export function checkOther(
  fixture: Fixture,
  subject: Subject,
  text: string,
  options: ts.CompilerOptions,
): Outcome {
  const other = functionOf(loadGradient(fixture, text, options), `${subject.info.name}_grad`);
  return gather(fixture, subject, (sample) => checkSameNumbers(subject, other, sample));
}

/** All samples of one target: its reverse sweep takes from the forward sweep what was there. */
export function checkSweeps(fixture: Fixture, { info, gradients, external }: Subject): readonly string[] {
  const samples = (fixture.samples[info.name] ?? []).filter(
    (sample) => !leavesToDefault(info, argumentsOf(sample)),
  );
  return gradients.flatMap((gradient) =>
    samples.flatMap((sample) => checkSnapshots(gradient, argumentsOf(sample), external).problems),
  );
}

function gather(
  fixture: Fixture,
  { info }: Subject,
  check: (sample: Fixture["samples"][string][number]) => Outcome,
): Outcome {
  const outcomes = (fixture.samples[info.name] ?? []).map(check);
  const compared = outcomes.reduce((sum, outcome) => sum + outcome.compared, 0);
  const problems = outcomes.flatMap((outcome, i) => outcome.problems.map((p) => `sample ${i + 1}: ${p}`));
  return { problems: compared === 0 ? [...problems, "nothing was compared"] : problems, compared };
}

function loadGradient(
  fixture: Fixture,
  text: string,
  options: ts.CompilerOptions,
): Readonly<Record<string, unknown>> {
  return createLoader(options, new Map([[fixture.goldenPath, text]]))(fixture.goldenPath);
}
