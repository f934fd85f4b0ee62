/**
 * The checks that a gradient has to pass at a sample point: same value, right derivatives, arguments left alone, fresh
 * results. A check gives the list of what is wrong, and how many derivatives it has compared; none is a failure.
 */
import { difference, disagreement } from "./differences.js";
import {
  at,
  containers,
  identical,
  leaves,
  numberLeaves,
  replaced,
  scramble,
  spell,
  type Path,
} from "./leaves.js";
import type { Sample } from "./samples.js";

type Call = (...args: readonly unknown[]) => unknown;

export interface Default {
  readonly value: number | undefined;
}

/** What a target's declaration says. */
export interface TargetInfo {
  readonly name: string;
  /** Parameter names; null for a destructured one. */
  readonly parameters: readonly (string | null)[];
  /** Which parameters have a default value, and that value where it is a number as such. */
  readonly defaults: readonly (Default | null)[];
  /** What `@grad wrt` names; null where the tag names nothing. */
  readonly wrt: readonly string[] | null;
}

/** The derivative in the direction of one number in the arguments, by another method than differences. */
export type Forward = (args: readonly unknown[], path: Path) => number;

export interface Subject {
  readonly info: TargetInfo;
  readonly original: Call;
  readonly gradient: Call;
  readonly forward: Forward | null;
}

export interface Outcome {
  readonly problems: readonly string[];
  readonly compared: number;
}

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

type Run =
  | { readonly kind: "returned"; readonly value: unknown; readonly draws: number }
  | { readonly kind: "thrown"; readonly error: string };

/** Calls with a copy of the arguments. */
function run(call: Call, args: readonly unknown[]): Run {
  return runOn(call, structuredClone(args));
}

/** Calls with these very arguments, and with `Math.random` drawing the same numbers every time. */
function runOn(call: Call, args: readonly unknown[]): Run {
  const random = Math.random;
  let draws = 0;
  Math.random = () => {
    draws++;
    return (draws * 0.6180339887498949) % 1;
  };
  try {
    return { kind: "returned", value: call(...args), draws };
  } catch (error) {
    return {
      kind: "thrown",
      error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    };
  } finally {
    Math.random = random;
  }
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

function checkValue(expected: Run & { kind: "returned" }, found: Run & { kind: "returned" }): string[] {
  const value = at(found.value, ["value"]);
  const problems = Object.is(value, expected.value)
    ? []
    : [`value is ${String(value)}, not ${String(expected.value)}`];
  if (found.draws !== expected.draws) problems.push(`draws ${String(found.draws)} random numbers`);
  return problems;
}

/** The arguments stay as they are; each call gives the same, in objects of its own that nothing else refers to. */
function checkFreshness({ gradient }: Subject, args: readonly unknown[], original: object): string[] {
  const given = structuredClone(args);
  const result = structuredClone(original);
  const first = runOn(gradient, given);
  const second = runOn(gradient, given);
  if (first.kind === "thrown" || second.kind === "thrown") return ["a second call throws"];
  const problems: string[] = [];
  if (!identical(given, args)) problems.push("the arguments were changed");
  if (!identical(first.value, result) || !identical(second.value, result)) {
    problems.push("a second call gives another answer");
  }
  const own = containers(second.value);
  const foreign = new Set(containers(given));
  if (new Set(own).size < own.length) problems.push("one object is returned twice");
  if (own.some((container) => foreign.has(container))) problems.push("an argument is returned");
  scramble(first.value);
  if (!identical(second.value, result)) problems.push("two calls share a result");
  const third = runOn(gradient, given);
  if (third.kind === "thrown" || !identical(third.value, result))
    problems.push("a result is kept between calls");
  return problems;
}

/** Every number in the differentiated arguments, against differences and forward mode. */
function checkDerivatives(subject: Subject, given: readonly unknown[], result: object): Outcome {
  const args = withDefaults(subject.info, given);
  const problems: string[] = [];
  let compared = 0;
  const fields = fieldsOf(subject.info, args, result);
  problems.push(...fields.problems);
  for (const [index, field] of fields.byParameter) {
    const gradient = at(result, [field]);
    for (const { path, value } of leaves(args[index])) {
      const name = spell([field, ...path]);
      const found = at(gradient, path);
      if (typeof value !== "number") {
        // An absent number, or the place of something else in a tuple, may be filled with 0.
        const filled =
          found === 0 && (value === undefined || value === null || typeof path.at(-1) === "number");
        if (found !== undefined && found !== null && !filled)
          problems.push(`${name} is there, for something that is no number`);
        continue;
      }
      if (typeof found !== "number") {
        problems.push(`${name} is missing`);
        continue;
      }
      compared++;
      const along = (x: number): number => {
        const outcome = run(subject.original, replaced(args, [index, ...path], x) as readonly unknown[]);
        return outcome.kind === "returned" && typeof outcome.value === "number" ? outcome.value : NaN;
      };
      const problem = disagreement(found, difference(along, value));
      if (problem) problems.push(`${name} ${problem}`);
      if (subject.forward && !leavesToDefault(subject.info, args)) {
        const tangent = forwardAlong(subject.forward, args, [index, ...path]);
        if (!near(tangent, found))
          problems.push(`${name} is ${String(found)}, forward mode says ${String(tangent)}`);
      }
    }
    problems.push(...extraLeaves(gradient, args[index], field));
  }
  return { problems, compared };
}

function forwardAlong(forward: Forward, args: readonly unknown[], path: Path): number {
  const outcome = run((...given) => forward(given, path), args);
  return outcome.kind === "returned" && typeof outcome.value === "number" ? outcome.value : NaN;
}

/** Default values are in the signature, which the IR does not include. */
function leavesToDefault({ defaults }: TargetInfo, args: readonly unknown[]): boolean {
  return defaults.some((given, i) => given && args[i] === undefined);
}

/** The arguments with numbers that are left to their default written out, so that they can be varied. */
function withDefaults({ defaults }: TargetInfo, args: readonly unknown[]): readonly unknown[] {
  return Array.from({ length: Math.max(args.length, defaults.length) }, (_, i) =>
    args[i] === undefined ? defaults[i]?.value : args[i],
  );
}

/** Numbers in the gradient where the argument has none. An optional part that is absent may have zeros. */
function extraLeaves(gradient: unknown, argument: unknown, field: string): string[] {
  return leaves(gradient)
    .filter(
      ({ path, value }) =>
        !at(argument, path) && at(argument, path) !== 0 && value !== undefined && value !== 0,
    )
    .map(({ path, value }) => `${spell([field, ...path])} is ${String(value)}, for nothing in the argument`);
}

/** Which field of the result belongs to which parameter. */
function fieldsOf(
  { parameters, wrt }: TargetInfo,
  args: readonly unknown[],
  result: object,
): { readonly byParameter: ReadonlyMap<number, string>; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const unclaimed = Object.keys(result).filter(
    (key) => key !== "value" && !parameters.some((p) => key === `d${p ?? ""}`),
  );
  const byParameter = new Map<number, string>();
  for (const [index, name] of parameters.entries()) {
    const field = name === null ? unclaimed.shift() : `d${name}`;
    const present = field !== undefined && Object.hasOwn(result, field);
    const hasNumbers = numberLeaves(args[index]).length > 0;
    const wanted = wrt === null ? hasNumbers : name !== null && wrt.includes(name);
    if (present) byParameter.set(index, field);
    if (present && wrt !== null && !wanted) problems.push(`${field} was not asked for`);
    if (!present && wanted) problems.push(`there is no ${field ?? "field for a parameter"}`);
  }
  if (unclaimed.length > 0) problems.push(`${unclaimed.join(", ")}: of no parameter`);
  return { byParameter, problems };
}

/** The gradient given by the sample, all fields of it; 0 and -0 are the same here. */
function checkExpected(gradient: Readonly<Record<string, unknown>>, result: object): Outcome {
  const given = leaves(gradient);
  const problems = given.flatMap(({ path, value }) => {
    const found = at(result, path);
    const same =
      typeof value === "number" && typeof found === "number" ? near(value, found) : found === value;
    return same ? [] : [`${spell(path)} is ${String(found)}, not ${String(value)}`];
  });
  const extra = numberLeaves(result).filter(
    ({ path }) => path[0] !== "value" && at(gradient, path) === undefined,
  );
  problems.push(...extra.map(({ path, value }) => `${spell(path)} is ${String(value)}, not expected at all`));
  return { problems, compared: given.length };
}

/** Equal but for rounding. NaN is near nothing. */
function near(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-3);
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
