/**
 * Every fixture `fixtures/<area>/x.ts`: its gradient's text equals the golden `x.grad.ts`, type-checks, and is right at
 * the points of `x.samples.ts`. `npm run fixtures` rewrites the goldens.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { compileAll, reasons, textsOf, type Compiled } from "./support/compiled.js";
import { compilerOptions, findFixtures, root, untested, type Fixture } from "./support/corpus.js";
import { expectNone } from "./support/expect.js";
import { stagesOf } from "./support/stages.js";
import { checkOther, checkSweeps, checkTarget, subjectsOf } from "./support/subjects.js";
import { targetsOf } from "./support/targets.js";
import { canonicalTokens, codeLines } from "./support/text.js";
import { typeErrors } from "./support/typecheck.js";

/** One area or one fixture alone, for working on it: `loops`, `loops/continue`. */
const only = process.env["FIXTURES"] ?? "";
const areas = [
  "aliasing",
  "arrays",
  "classes",
  "cs231n",
  "data",
  "functions",
  "gallery",
  "language",
  "loops",
  "modules",
  "mutation",
  "names",
  "recursion",
  "rules",
  "special",
].filter((area) => only === "" || only.split("/")[0] === area);
const update = process.env["UPDATE_FIXTURES"] === "1";

// Those of `fixtures/modules`, which differ only in that they take JavaScript.
const options = compilerOptions("fixtures/modules/tsconfig.json");
const fixtures = areas
  .flatMap((area) => findFixtures(`fixtures/${area}`))
  .filter(({ name }) => !only.includes("/") || name === only);
const paths = fixtures.map(({ path }) => path);

const compiled = await compileAll(paths);
const again = await compileAll(paths.toReversed());
const unoptimized = await compileAll(paths, { optimize: false });
const unchecked = await compileAll(paths, { project: "fixtures/tsconfig.unchecked.json" });
const stages = await stagesOf(paths);

/** The emitted text; fails the test where there is none. */
function textOf(outcomes: ReadonlyMap<string, Compiled>, { path }: Fixture): string {
  const outcome = outcomes.get(path);
  if (outcome?.kind !== "emitted") throw new Error(reasons(outcome).join("\n"));
  return outcome.file.text;
}

describe.each(fixtures.map((fixture) => [fixture.name, fixture] as const))("%s", (_, fixture) => {
  const outcome = compiled.get(fixture.path);

  test("compiles to its golden", () => {
    expectNone(reasons(outcome));
    const text = textOf(compiled, fixture);
    if (update) {
      if (text !== fixture.golden) writeFileSync(fixture.goldenPath, text);
    } else {
      expect(fixture.golden, "there is no golden yet: npm run fixtures").not.toBeNull();
      expect(text).toBe(fixture.golden);
    }
  });

  if (outcome?.kind !== "emitted") return;
  const { text } = outcome.file;

  test("compiles to the same text in any order", () => {
    expect(textOf(again, fixture)).toBe(text);
  });

  test("has samples for each target, and a gradient", () => {
    const names = targetsOf(fixture.path, fixture.text).map(({ name }) => name);
    expect(Object.keys(fixture.samples).toSorted()).toEqual(names.toSorted());
    expect(outcome.file.targets.toSorted()).toEqual(names.toSorted());
  });

  const subjects = subjectsOf(fixture, text, options, stages);

  test("can be checked against forward mode", () => {
    expect(subjects.filter(({ forward }) => forward === null)).toEqual([]);
  });

  test.each(subjects.map((subject) => [subject.info.name, subject] as const))(
    "%s is right",
    (_name, subject) => {
      expectNone(checkTarget(fixture, subject).problems);
    },
  );

  test.each(subjects.map((subject) => [subject.info.name, subject] as const))(
    "%s reads in reverse what was there",
    (_name, subject) => {
      expect(subject.gradients.length).toBe(2);
      expectNone(checkSweeps(fixture, subject));
    },
  );

  test.each(subjects.map((subject) => [subject.info.name, subject] as const))(
    "%s is the same without optimisation",
    (_name, subject) => {
      expectNone(checkOther(fixture, subject, textOf(unoptimized, fixture), options).problems);
    },
  );
});

describe("all fixtures", () => {
  test("are tested", () => {
    expect(fixtures.length).toBeGreaterThan(100);
    expectNone(areas.flatMap((area) => untested(`fixtures/${area}`)));
  });

  test("type-check, with their gradients and samples", () => {
    const sidecars = fixtures.map(({ path }) => path.replace(/\.ts$/, ".samples.ts"));
    const sources = [...paths, ...sidecars].map((path) => [path, readFileSync(path, "utf8")] as const);
    expectNone(typeErrors(new Map([...sources, ...textsOf(compiled)]), options));
  });

  test("have gradients without unused variables", () => {
    expectNone(typeErrors(textsOf(compiled), { ...options, noUnusedLocals: true }));
  });

  test("have gradients that type-check where element reads may be undefined", () => {
    const strict = compilerOptions("fixtures/tsconfig.unchecked.json");
    const texts = textsOf(unchecked);
    // A source that does not type-check under these options is refused.
    const broken = typeErrors(new Map(fixtures.map(({ path, text }) => [path, text])), strict);
    const refused = new Set(broken.map((complaint) => complaint.split(":")[0]));
    const expected = fixtures.filter(
      ({ path }) => compiled.get(path)?.kind === "emitted" && !refused.has(relative(root, path)),
    );
    expect(expected.length).toBeGreaterThan(100);
    expectNone(expected.filter(({ goldenPath }) => !texts.has(goldenPath)).map(({ name }) => name));
    expectNone(typeErrors(texts, strict));
  });
});

describe("gradients read as written by hand", () => {
  const expected = (name: string): string =>
    readFileSync(join(import.meta.dirname, "support/targets", `${basename(name)}.grad.txt`), "utf8");
  const actual = (name: string): string => {
    const fixture = fixtures.find((candidate) => candidate.name === name);
    if (!fixture) throw new Error(`there is no fixture ${name}`);
    return textOf(compiled, fixture);
  };

  const same = (name: string): void => {
    expect(codeLines(actual(name))).toEqual(codeLines(expected(name)));
  };

  test.each(["compound", "neuron", "staged", "gates", "huber"].map((name) => `cs231n/${name}`))("%s", same);

  test("cs231n/spring, but for the names of temporaries", () => {
    expect(canonicalTokens(actual("cs231n/spring"))).toEqual(canonicalTokens(expected("spring")));
  });
});
