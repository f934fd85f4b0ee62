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
  const { load } = fixture;
  const original = load(fixture.path);
  const external = externalsOf(load);
  const gradient = loadGradient(fixture, text, options);
  return targetsOf(fixture.path, fixture.text).map((info) => {
    const own = stages.get(fixture.path)?.get(info.name);
    const primal = own?.primal ?? null;
    return {
      info,
      original: packed(info, originalOf(original, info)),
      gradient: packed(info, functionOf(gradient, `${info.name}_grad`)),
      forward: primal === null ? null : forwardOf(primal, external),
      gradients: own?.gradients ?? [],
      external,
    };
  });
}

/** With the arguments of a rest parameter as one array, as the intermediate representation takes them. */
function packed({ hasRest }: Subject["info"], call: Subject["original"]): Subject["original"] {
  if (hasRest !== true) return call;
  return (...args) => call(...args.slice(0, -1), ...(args.at(-1) as readonly unknown[]));
}

type Sample = Fixture["samples"][string][number];

function samplesOf({ samples }: Fixture, { name, hasRest, parameters }: Subject["info"]): readonly Sample[] {
  const given = samples[name] ?? [];
  if (hasRest !== true) return given;
  const last = parameters.length - 1;
  const pack = (args: readonly unknown[]): readonly unknown[] => [
    ...Array.from({ length: last }, (_, i) => args[i]),
    args.slice(last),
  ];
  return given.map((sample) => {
    const args = pack(argumentsOf(sample));
    if ("throws" in sample) return { ...sample, at: args };
    return "gradient" in sample ? { ...sample, at: args } : args;
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
  const found = functionOf(loadGradient(fixture, text, options), `${subject.info.name}_grad`);
  const other = packed(subject.info, found);
  return gather(fixture, subject, (sample) => checkSameNumbers(subject, other, sample));
}

/** All samples of one target: its reverse sweep takes from the forward sweep what was there. */
export function checkSweeps(fixture: Fixture, { info, gradients, external }: Subject): readonly string[] {
  const samples = samplesOf(fixture, info).filter((sample) => !leavesToDefault(info, argumentsOf(sample)));
  return gradients.flatMap((gradient) =>
    samples.flatMap((sample) => checkSnapshots(gradient, argumentsOf(sample), external).problems),
  );
}

function gather(fixture: Fixture, { info }: Subject, check: (sample: Sample) => Outcome): Outcome {
  const outcomes = samplesOf(fixture, info).map(check);
  const compared = outcomes.reduce((sum, outcome) => sum + outcome.compared, 0);
  const problems = outcomes.flatMap((outcome, i) => outcome.problems.map((p) => `sample ${i + 1}: ${p}`));
  return { problems: compared === 0 ? [...problems, "nothing was compared"] : problems, compared };
}

function loadGradient(
  fixture: Fixture,
  text: string,
  options: ts.CompilerOptions,
): Readonly<Record<string, unknown>> {
  const overlay = new Map([[fixture.goldenPath, text]]);
  return createLoader(options, overlay, undefined, fixture.load)(fixture.goldenPath);
}
