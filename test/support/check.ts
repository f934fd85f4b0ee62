/**
 * The checks that a gradient has to pass at a sample point: same value, right derivatives, arguments left alone, fresh
 * results. A check gives the list of what is wrong, and how many derivatives it has compared; none is a failure.
 */
import { checkDerivatives, checkExpected } from "./derivatives.js";
import { checkFreshness, checkValue } from "./integrity.js";
import { at, leaves, numberLeaves, spell } from "./leaves.js";
import { near, run, type Run } from "./run.js";
import type { Sample } from "./samples.js";
import type { Call, Outcome, Subject } from "./subject.js";

/** Checks one sample, everything there is to check. */
export function checkSample(subject: Subject, sample: Sample): Outcome {
  const args = argumentsOf(sample);
  const expected = run(subject.original, args);
  const found = run(subject.gradient, args);
  if (isThrow(sample) || expected.kind === "thrown" || found.kind === "thrown") {
    return checkThrow(sample, expected, found);
  }
  const result = found.value;
  if (typeof result !== "object" || result === null)
    return failure(`the gradient returned ${String(result)}`);
  const integrity = [...checkValue(expected, found), ...checkFreshness(subject, args, result)];
  const derivatives = isExpected(sample)
    ? checkExpected(sample.gradient, result)
    : checkDerivatives(subject, args, result);
  return { problems: [...integrity, ...derivatives.problems], compared: derivatives.compared };
}

/** The gradient of another compilation of the same function gives the same numbers, but for rounding. */
export function checkSameNumbers(subject: Subject, other: Call, sample: Sample): Outcome {
  const args = argumentsOf(sample);
  const expected = run(subject.gradient, args);
  const found = run(other, args);
  if (expected.kind === "thrown" || found.kind === "thrown") {
    return { problems: expected.kind === found.kind ? [] : ["only one of them throws"], compared: 1 };
  }
  const pairs = numberLeaves(expected.value)
    .filter(({ path }) => path[0] !== "value")
    .map(({ path, value }) => ({ path, value, other: at(found.value, path) }));
  const problems = pairs
    .filter(({ value, other }) => typeof other !== "number" || !near(value, other))
    .map(({ path, value, other }) => `${spell(path)} is ${String(other)}, not ${String(value)}`);
  if (!Object.is(at(expected.value, ["value"]), at(found.value, ["value"]))) problems.push("another value");
  if (leaves(expected.value).length !== leaves(found.value).length) problems.push("another shape");
  return { problems, compared: pairs.length };
}

function checkThrow(sample: Sample, expected: Run, found: Run): Outcome {
  const message = isThrow(sample) ? sample.throws : null;
  if (expected.kind === "returned") {
    if (message !== null) return failure("the function does not throw here");
    return failure(`the gradient throws ${found.kind === "thrown" ? found.error : ""}`);
  }
  if (message === null) return failure(`the function throws at a sample point: ${expected.error}`);
  if (!expected.error.endsWith(`: ${message}`))
    return failure(`the function throws another error: ${expected.error}`);
  if (found.kind === "returned") return failure("the gradient does not throw");
  if (found.error !== expected.error) return failure(`the gradient throws another error: ${found.error}`);
  return { problems: [], compared: 1 };
}

export function argumentsOf(sample: Sample): readonly unknown[] {
  return isPoint(sample) ? sample : sample.at;
}

function isPoint(sample: Sample): sample is readonly unknown[] {
  return Array.isArray(sample);
}

function isThrow(sample: Sample): sample is Extract<Sample, { throws: string }> {
  return "throws" in sample;
}

function isExpected(sample: Sample): sample is Extract<Sample, { gradient: unknown }> {
  return "gradient" in sample;
}

function failure(problem: string): Outcome {
  return { problems: [problem], compared: 0 };
}
