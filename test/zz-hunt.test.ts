/**
 * Programs as people write them, `fixtures/hunt/x.ts`: whatever the compiler accepts of them has to be right. What
 * it refuses, it refuses with a position; the summary lists it. No goldens: this is about numbers.
 */
import { afterAll, describe, expect, test } from "vitest";
import { compileAll, reasons, textsOf } from "./support/compiled.js";
import { compilerOptions, findFixtures, untested } from "./support/corpus.js";
import { expectNone } from "./support/expect.js";
import { stagesOf } from "./support/stages.js";
import { checkSweeps, checkTarget, subjectsOf } from "./support/subjects.js";
import { typeErrors } from "./support/typecheck.js";

const folder = "fixtures/hunt";
const options = compilerOptions("fixtures/tsconfig.json");
const programs = findFixtures(folder);
const compiled = await compileAll(programs.map(({ path }) => path));
const stages = await stagesOf(programs.map(({ path }) => path));

const summary = { right: 0, wrong: 0, crashed: 0, refused: new Map<string, readonly string[]>() };

describe.each(programs.map((program) => [program.name, program] as const))("%s", (_, program) => {
  const outcome = compiled.get(program.path);

  if (outcome?.kind === "refused") {
    test("is refused with a position", () => {
      summary.refused.set(program.name, reasons(outcome));
      expect(outcome.errors.length).toBeGreaterThan(0);
      for (const { file, line, column, help } of outcome.errors) {
        expect(file).not.toBeNull();
        expect(Math.min(line, column)).toBeGreaterThan(0);
        expect(help).not.toBeNull();
      }
    });
    return;
  }

  test("does not crash the compiler", () => {
    if (outcome?.kind !== "emitted") summary.crashed++;
    expectNone(reasons(outcome));
  });
  if (outcome?.kind !== "emitted") return;

  test("is right", () => {
    const subjects = subjectsOf(program, outcome.file.text, options, stages);
    const problems = subjects.flatMap((subject) =>
      [...checkTarget(program, subject).problems, ...checkSweeps(program, subject)].map(
        (problem) => `${subject.info.name}: ${problem}`,
      ),
    );
    if (problems.length > 0) summary.wrong++;
    else summary.right++;
    expectNone(problems);
  });
});

test("all programs are tested", () => {
  expect(programs.length).toBeGreaterThan(60);
  expectNone(untested(folder));
});

test("the gradients type-check", () => {
  expectNone(typeErrors(textsOf(compiled), { ...options, noUnusedLocals: true }));
});

afterAll(() => {
  const { right, wrong, crashed, refused } = summary;
  const lines = [...refused].map(([name, why]) => `  ${name}\n    ${why.join("\n    ")}`);
  console.log(
    [`${right} right, ${refused.size} refused, ${crashed} crashed, ${wrong} wrong`, ...lines].join("\n"),
  );
});
