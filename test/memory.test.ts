/**
 * Memory, by what is counted: a loop that only accumulates allocates nothing per iteration, and a recurrence records no
 * more than the derivatives of its steps need.
 */
import { join } from "node:path";
import { expect, test } from "vitest";
import { compileObserved } from "../src/session.js";
import type { Func } from "../src/ir/types.js";
import { spellDiagnostic } from "./support/compiled.js";
import { root } from "./support/corpus.js";
import { expectNone } from "./support/expect.js";
import { type Recorded, countRecorded } from "./support/recorded.js";

const xs = (length: number): number[] => Array.from({ length }, (_, i) => Math.sin(i) + 0.3);

/** Bodies of loops over `xs`, which add to `sum`; `w` is differentiated, too. */
const accumulations: readonly (readonly [name: string, body: string])[] = [
  ["a sum of squares", "sum += xs[i] * xs[i] * w;"],
  ["a product of sums", "const e = Math.exp(w * xs[i]); sum += e / (1 + e);"],
  ["two sums", "sum += xs[i] * w; other += Math.log(1 + xs[i] * xs[i]);"],
  ["a branch", "if (xs[i] > w) sum += xs[i] * w; else sum -= Math.sin(w * xs[i]);"],
  ["a skipped iteration", "if (xs[i] < 0.1) continue; sum += Math.sqrt(xs[i]) * w;"],
  [
    "a loop inside",
    "let inner = 0; for (let k = 0; k < 3; k++) inner += xs[i] * w * k; sum += Math.cos(inner);",
  ],
  ["a point of its own", "const p = { x: xs[i] * w, y: w }; sum += p.x * p.y;"],
  ["a helper", "sum += helper(xs[i], w);"],
];

const recurrences: readonly (readonly [name: string, perIteration: number, body: string])[] = [
  ["a sum", 0, "x += w * xs[i];"],
  ["a linear recurrence", 0, "x = 0.9 * x + xs[i];"],
  ["two coupled linear ones", 0, "x += 0.1 * y; y -= 0.1 * x;"],
  ["a linear recurrence with a coefficient", 1, "x = w * x + xs[i];"],
  ["the logistic map", 1, "x = w * x * (1 - x);"],
  ["exp", 1, "x = Math.exp(-x);"],
  ["tanh", 1, "x = Math.tanh(0.9 * x + xs[i]);"],
  ["tanh of a product, its result and its factor,", 2, "x = Math.tanh(w * x + xs[i]);"],
  ["sin", 1, "x = Math.sin(x) * 0.9;"],
  ["a square", 1, "x = x * x * 0.5;"],
  ["a running product", 1, "x *= xs[i];"],
  ["a pendulum", 1, "y += 0.1 * Math.sin(x) * w; x += 0.1 * y;"],
  ["predator and prey", 2, "const a = x * y; x += 0.1 * (x - a); y += 0.1 * (a - y);"],
  ["a variance that is recorded", 1, "x = 0.1 + 0.2 * xs[i] * xs[i] + w * x; y += Math.log(x);"],
  ["a mean that moves", 0, "x += (xs[i] - x) / (i + 1);"],
  ["Newton's iteration", 1, "x = 0.5 * (x + w / x);"],
];

/** The gradients of the functions of a module, by their names. */
async function gradientsOf(functions: readonly string[]): Promise<ReadonlyMap<string, Func>> {
  const text = [helper, ...functions].join("\n");
  const found = new Map<string, Func>();
  const { diagnostics } = await compileObserved(
    [{ path: join(root, "fixtures/memory.ts"), text }],
    { project: join(root, "fixtures/tsconfig.json"), format: false },
    (stage, name, output) => {
      if (stage === "passes" && typeof output !== "string") found.set(name, output);
    },
  );
  expectNone(diagnostics.filter(({ severity }) => severity === "error").map(spellDiagnostic));
  return found;
}

const helper = `
function helper(x: number, w: number): number {
  return x > 0.2 ? Math.tanh(x * w) : w;
}`;

function accumulation(body: string, name: string): string {
  return `
/** @grad */
export function ${name}(xs: readonly number[], w: number): number {
  let sum = 0;
  let other = 1;
  for (let i = 0; i < xs.length; i++) { ${body} }
  return 3 * sum + other;
}`;
}

function recurrence(body: string, name: string): string {
  return `
/** @grad */
export function ${name}(xs: readonly number[], w: number): number {
  let x = w;
  let y = 0.5;
  for (let i = 0; i < xs.length; i++) { ${body} }
  return x + y;
}`;
}

const compiled = await gradientsOf([
  ...accumulations.map(([, body], i) => accumulation(body, `a${i}`)),
  ...recurrences.map(([, , body], i) => recurrence(body, `r${i}`)),
]);

/** What the gradient allocates and records for so many iterations. */
function recorded(name: string, length: number): Recorded {
  const gradient = compiled.get(name);
  if (gradient === undefined) throw new Error(`${name} has no gradient`);
  return countRecorded(gradient, [xs(length), 0.7]);
}

test.each(accumulations.map(([what], i) => [what, `a${i}`] as const))(
  "%s allocates nothing per iteration",
  (_, name) => {
    const [short, long] = [recorded(name, 10), recorded(name, 1000)];
    expect(long).toEqual(short);
    expect(long.onTapes).toBe(0);
  },
);

test.each(recurrences.map(([what, perIteration], i) => [what, perIteration, `r${i}`] as const))(
  "%s records %i per iteration",
  (_, perIteration, name) => {
    const [short, long] = [recorded(name, 10), recorded(name, 110)];
    expect((long.onTapes - short.onTapes) / 100).toBe(perIteration);
  },
);
