/** The numbers of a gradient: against differences and forward mode, or against what the sample expects. */
import { difference, disagreement } from "./differences.js";
import { at, leaves, numberLeaves, replaced, spell, type Path } from "./leaves.js";
import { near, run } from "./run.js";
import type { Forward, Outcome, Subject, TargetInfo } from "./subject.js";

/** Every number in the differentiated arguments, against differences and forward mode. */
export function checkDerivatives(subject: Subject, given: readonly unknown[], result: object): Outcome {
  const args = withDefaults(subject.info, given);
  const fields = fieldsOf(subject.info, args, result);
  const problems = [...fields.problems];
  let compared = 0;
  for (const [index, field] of fields.byParameter) {
    const gradient = at(result, [field]);
    for (const { path, value } of leaves(args[index])) {
      const found = at(gradient, path);
      const name = spell([field, ...path]);
      if (typeof value !== "number") {
        if (!isFiller(found, value, path)) problems.push(`${name} is there, for something that is no number`);
      } else if (typeof found !== "number") {
        problems.push(`${name} is missing`);
      } else {
        compared++;
        const complaints = checkLeaf(subject, args, [index, ...path], value, found);
        problems.push(...complaints.map((complaint) => `${name} ${complaint}`));
      }
    }
    problems.push(...extraLeaves(gradient, args[index], field));
  }
  return { problems, compared };
}

/**
 * What is absent, or is no number but has a place in a tuple, may have zeros in the gradient. What tells the kind of an
 * object is kept.
 */
function isFiller(found: unknown, value: unknown, path: Path): boolean {
  if (found === undefined || found === null || found === value) return true;
  const zeros = leaves(found).every((leaf) => leaf.value === 0 || leaf.value === undefined);
  // A word stands where there may be a number: `number | "auto"`.
  const isOther = typeof value === "string" || typeof value === "boolean";
  return zeros && (value === undefined || value === null || isOther || typeof path.at(-1) === "number");
}

/** One number in the arguments and the derivative found for it. */
function checkLeaf(
  { original, forward, info }: Subject,
  args: readonly unknown[],
  path: Path,
  value: number,
  found: number,
): string[] {
  const along = (x: number): number => {
    const outcome = run(original, replaced(args, path, x) as readonly unknown[]);
    return outcome.kind === "returned" && typeof outcome.value === "number" ? outcome.value : NaN;
  };
  const problem = disagreement(found, difference(along, value));
  const problems = problem === null ? [] : [problem];
  if (forward && !leavesToDefault(info, args)) {
    const tangent = forwardAlong(forward, args, path);
    if (!near(tangent, found)) problems.push(`is ${String(found)}, forward mode says ${String(tangent)}`);
  }
  return problems;
}

function forwardAlong(forward: Forward, args: readonly unknown[], path: Path): number {
  const outcome = run((...given) => forward(given, path), args);
  return outcome.kind === "returned" && typeof outcome.value === "number" ? outcome.value : NaN;
}

/** Default values are in the signature, which the IR does not include. */
export function leavesToDefault({ defaults }: TargetInfo, args: readonly unknown[]): boolean {
  return defaults.some((given, i) => given && args[i] === undefined);
}

/** The arguments with numbers that are left to their default written out, so that they can be varied. */
function withDefaults({ defaults }: TargetInfo, args: readonly unknown[]): readonly unknown[] {
  return Array.from({ length: Math.max(args.length, defaults.length) }, (_, i) =>
    args[i] === undefined ? defaults[i]?.value : args[i],
  );
}

/** Numbers in the gradient where the argument has nothing. */
function extraLeaves(gradient: unknown, argument: unknown, field: string): string[] {
  return leaves(gradient)
    .filter(({ path, value }) => at(argument, path) === undefined && value != null && value !== 0)
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
export function checkExpected(gradient: Readonly<Record<string, unknown>>, result: object): Outcome {
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
