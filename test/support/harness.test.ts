/** The harness itself: it passes hand-written gradients, and fails them as soon as they are wrong in any way. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkSample } from "./check.js";
import { compilerOptions, findFixtures } from "./corpus.js";
import { difference, disagreement } from "./differences.js";
import { createLoader, functionOf } from "./modules.js";
import type { Outcome } from "./subject.js";
import { targetsOf } from "./targets.js";
import { canonicalTokens, codeLines } from "./text.js";
import { typeErrors } from "./typecheck.js";

const options = compilerOptions("fixtures/tsconfig.json");
const fixtures = new Map(findFixtures("fixtures/cs231n").map((fixture) => [fixture.name, fixture]));

/** Checks all samples of a fixture against a gradient given as text. */
function check(name: string, text: string): Outcome {
  const fixture = fixtures.get(`cs231n/${name}`);
  if (!fixture) throw new Error(`no fixture ${name}`);
  const original = createLoader(options)(fixture.path);
  const gradient = createLoader(options, new Map([[fixture.goldenPath, text]]))(fixture.goldenPath);
  const outcomes = targetsOf(fixture.path, fixture.text).flatMap((info) => {
    const subject = {
      info,
      original: functionOf(original, info.name),
      gradient: functionOf(gradient, `${info.name}_grad`),
      forward: null,
      gradients: [],
    };
    return (fixture.samples[info.name] ?? []).map((sample) => checkSample(subject, sample));
  });
  return {
    problems: outcomes.flatMap(({ problems }) => problems),
    compared: outcomes.reduce((sum, { compared }) => sum + compared, 0),
  };
}

function handWritten(name: string): string {
  return readFileSync(join(import.meta.dirname, "targets", `${name}.grad.txt`), "utf8");
}

describe("hand-written gradients", () => {
  test.each(["compound", "neuron", "staged", "gates", "huber", "spring"])("%s is right", (name) => {
    const { problems, compared } = check(name, handWritten(name));
    expect(problems).toEqual([]);
    expect(compared).toBeGreaterThan(0);
  });

  test.each<[name: string, from: string, to: string, problem: RegExp]>([
    ["compound", "const dq = z", "const dq = q", /^dx is/],
    ["compound", "const dx = dq", "const dx = NaN + dq", /^dx is NaN/],
    ["compound", "value: f", "value: f * (1 + 3e-16)", /^value is/],
    ["compound", "dx, dy, dz };", "dx, dy } as never;", /no dz/],
    ["compound", "dx, dy, dz };", "dx, dy, dz, dw: 1 } as never;", /dw: of no parameter/],
    ["neuron", "x[0] * ddot,", "x[0] * ddot * (1 + 1e-5),", /^dw\[0\] is/],
    ["neuron", "return {", "w[1] = 7; return {", /arguments were changed/],
    ["neuron", "w[1] * ddot]", "w[1] * ddot, 3] as never", /^dx\[2\] is 3/],
    ["neuron", "w[1] * ddot]", "] as never", /^dx\[1\] is missing/],
    ["neuron", "dw, dx };", "dw: w, dx };", /an argument is returned/],
    ["spring", "const dq = { x: -ddistance_dx, y: -ddistance_dy }", "const dq = dp", /returned twice/],
    ["spring", "distance === 0 ? 0 :", "", /dp\.x is NaN, not 0/],
    ["gates", "z >= w", "z > w", /^dz is 0, not 2/],
    ["huber", "a <= delta", "a >= delta", /^value is/],
    ["huber", "return { value, dr }", "return { value, dr, ddelta: 0 } as never", /ddelta was not asked for/],
    ["huber", "const a =", "if (r < 0) throw new Error(); const a =", /the gradient throws/],
    ["huber", "): { value", ", drawn = Math.random()): { value", /draws 1 random/],
    ["staged", "(1 - sigy) * sigy", "sigy * sigy", /^dy is/],
  ])("a broken %s is found out: %s", (name, from, to, problem) => {
    const text = handWritten(name);
    expect(text).toContain(from);
    const { problems } = check(name, text.replaceAll(from, to));
    expect(problems.join("\n")).toMatch(new RegExp(problem, "m"));
  });

  test("state that is kept between calls is found out", () => {
    const kept = handWritten("spring")
      .replace("/** Gradient", "const kept = { x: 0, y: 0 };\n/** Gradient")
      .replace("const dp = {", "const dp = Object.assign(kept, {")
      .replace("y: ddistance_dy };", "y: ddistance_dy });");
    expect(check("spring", kept).problems.join("\n")).toMatch(/two calls share a result/);
  });
});

describe("differences", () => {
  const cube = (x: number): number => x ** 3;

  test("agree with the right derivative only", () => {
    expect(disagreement(12, difference(cube, 2))).toBeNull();
    expect(disagreement(12.001, difference(cube, 2))).toMatch(/differences say/);
    expect(disagreement(NaN, difference(cube, 2))).toMatch(/is NaN/);
  });

  test("settle for small and large arguments", () => {
    expect(disagreement(3e-12, difference(cube, 1e-6))).toBeNull();
    expect(disagreement(3e12, difference(cube, 1e6))).toBeNull();
    expect(
      disagreement(
        1e9 * Math.cos(1e-9),
        difference((x) => Math.sin(1e9 * x), 1e-18),
      ),
    ).toBeNull();
  });

  test("do not pass where there is no derivative", () => {
    expect(
      disagreement(
        0.5,
        difference((x) => Math.max(x, 1), 1),
      ),
    ).toMatch(/kink/);
    expect(disagreement(0, difference(Math.abs, 0))).toMatch(/kink/);
    expect(
      disagreement(
        0,
        difference((x) => x * x, 0),
      ),
    ).toBeNull();
    expect(
      disagreement(
        0,
        difference((x) => (x > 1 ? 1 : 0), 1),
      ),
    ).not.toBeNull();
    expect(
      disagreement(
        0,
        difference(() => NaN, 1),
      ),
    ).toMatch(/no difference/);
    expect(disagreement(0, difference(Math.log, -1))).toMatch(/no difference/);
  });
});

describe("texts", () => {
  test("are compared without comments and blank lines", () => {
    expect(codeLines("// a\nlet x = 1; // b\n\n/* c */ f(`// d`);\n")).toEqual(["let x = 1;", " f(`// d`);"]);
  });

  test("are compared modulo the names of temporaries", () => {
    const ours = "export function f(x: number) { const a = x.b; const c = a; return { value: a, c }; }";
    const theirs = "export function f(x: number) { const s = x.b; const t = s; return { value: s, c: t }; }";
    expect(canonicalTokens(ours)).toEqual(canonicalTokens(theirs));
    expect(canonicalTokens(ours.replace("x.b", "x.a"))).not.toEqual(canonicalTokens(theirs));
    expect(canonicalTokens(ours.replace("value: a", "value: c"))).not.toEqual(canonicalTokens(theirs));
  });
});

test("type errors are found in texts that are not on disk", () => {
  const path = `${import.meta.dirname}/virtual.ts`;
  expect(typeErrors(new Map([[path, "export const a: number = 1;"]]), options)).toEqual([]);
  expect(typeErrors(new Map([[path, 'export const a: number = "";']]), options)).toEqual([
    expect.stringMatching(/virtual\.ts:1: TS2322/),
  ]);
});
