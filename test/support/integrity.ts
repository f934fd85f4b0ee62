/** What holds for every gradient, whatever its numbers: the same value, arguments left alone, results of its own. */
import { at, containers, copied, identical, scramble } from "./leaves.js";
import { runOn, type Run } from "./run.js";
import type { Subject } from "./subject.js";

/** The same value, and as many random numbers drawn. */
export function checkValue(
  expected: Run & { kind: "returned" },
  found: Run & { kind: "returned" },
): string[] {
  const value = at(found.value, ["value"]);
  const problems = Object.is(value, expected.value)
    ? []
    : [`value is ${String(value)}, not ${String(expected.value)}`];
  if (found.draws !== expected.draws) problems.push(`draws ${String(found.draws)} random numbers`);
  return problems;
}

/** The arguments stay as they are; each call gives the same, in objects of its own that nothing else refers to. */
export function checkFreshness({ gradient }: Subject, args: readonly unknown[], original: object): string[] {
  const given = copied(args);
  const result = copied(original);
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
