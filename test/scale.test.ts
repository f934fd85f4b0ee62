/**
 * Size: what is emitted, and the work on the way, grow with the source and no faster. Nothing here looks at the time:
 * characters are counted, and instructions after every stage.
 */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { forEachInstr } from "../src/ir/visit.js";
import { compileObserved } from "../src/session.js";
import { spellDiagnostic } from "./support/compiled.js";
import { root } from "./support/corpus.js";
import { expectNone } from "./support/expect.js";

/** What compiling has cost. */
interface Cost {
  /** Emitted characters, but for indentation. */
  readonly characters: number;
  /** The most instructions that any stage has handed on. */
  readonly instructions: number;
}

async function compileText(
  text: string,
): Promise<{ readonly cost: Cost; readonly errors: readonly string[] }> {
  let instructions = 0;
  const { files, diagnostics } = await compileObserved(
    [{ path: join(root, "fixtures/scale.ts"), text }],
    { project: join(root, "fixtures/tsconfig.json"), format: false },
    (_stage, _target, output) => {
      if (typeof output === "string") return;
      let count = 0;
      forEachInstr(output.body, () => count++);
      instructions = Math.max(instructions, count);
    },
  );
  const characters = files[0]?.text.replace(/^ +/gm, "").length ?? 0;
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(spellDiagnostic);
  return { cost: { characters, instructions }, errors };
}

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join("\n");

const nested = (count: number, innermost: string, around: (body: string, i: number) => string): string =>
  Array.from({ length: count }).reduce<string>((body, _, i) => around(body, i), innermost);

const grad = (head: string, ...body: readonly string[]): string =>
  `/** @grad */\nexport function f(${head}): number {\n${body.join("\n")}\n}`;

/** Helpers that call each other, one level after the other, so many times at each. */
const helpers = (levels: number, calls: number): string =>
  [
    "function h0(x: number): number { return Math.exp(-x * x); }",
    lines(levels, (i) => {
      const call = (k: number): string => `h${i}(y * ${k + 1})`;
      const sum = Array.from({ length: calls }, (_, k) => call(k)).join(" + ");
      return `function h${i + 1}(x: number): number { const y = Math.sin(x) * x; return ${sum} + x; }`;
    }),
    grad("x: number", `return h${levels}(x);`),
  ].join("\n");

/** What an inner branch keeps for the reverse sweep is handed on by each branch around it. */
const handedOn = 3;

/**
 * For each sort of source: its size in the small, how many times larger the other one is, the source, and how much
 * faster than the source the text may grow.
 */
const sorts: readonly (readonly [string, number, number, (size: number) => string, number?])[] = [
  [
    "statements",
    500,
    10,
    (n) =>
      grad(
        "t0: number",
        lines(n, (i) => `const t${i + 1} = t${i} * 0.5 + Math.sin(t${i});`),
        `return t${n};`,
      ),
  ],
  [
    "assignments to the same variables",
    100,
    10,
    (n) =>
      grad(
        "t: number, a: number[]",
        "let s = t * 2;",
        lines(n, (i) => `t = t * 0.5 + Math.sin(s); s += t * a[${i % 7}]; a[${i % 5}] = s * a[${i % 3}];`),
        "return t + s + a[0];",
      ),
  ],
  [
    "loops",
    20,
    10,
    (n) =>
      grad(
        "xs: number[], ys: number[]",
        "let s = 1;",
        lines(
          n,
          (i) =>
            `for (let i = 0; i < xs.length; i++) { s = Math.sin(s * xs[i]) + ${i}; ys[i] += s * xs[i]; }`,
        ),
        "return s + ys[0];",
      ),
  ],
  [
    "branches",
    40,
    10,
    (n) =>
      grad(
        "t: number, s: number",
        lines(n, (i) => `if (t > ${i}) { s += Math.sin(t * ${i}.5); t *= s; } else { t -= s; }`),
        "return s + t;",
      ),
  ],
  ["helpers inside each other", 5, 10, (n) => helpers(n, 1)],
  [
    "loops inside each other",
    3,
    4,
    (n) =>
      grad(
        "xs: number[]",
        "let s = 1;",
        nested(
          n,
          "s = Math.sin(s) + 0.1;",
          (body, i) => `for (let i${i} = 0; i${i} < 2; i${i}++) { s += Math.cos(s * xs[i${i}]);\n${body}\n}`,
        ),
        "return s;",
      ),
  ],
  [
    "branches inside each other",
    6,
    5,
    (n) =>
      grad(
        "x: number",
        "let s = 1;",
        nested(
          n,
          "s = Math.sin(s * x) + 0.1;",
          (body, i) => `if (s < ${i} + x) { s += Math.cos(s * x);\n${body}\n} else { s *= x; }`,
        ),
        "return s;",
      ),
    handedOn,
  ],
  [
    "fields",
    50,
    8,
    (n) =>
      [
        `interface Wide { ${lines(n, (i) => `f${i}: number;`)} }`,
        grad(
          "p: Wide",
          "let s = 1;",
          lines(n, (i) => `s += Math.sin(p.f${i}) * s;`),
          "return s;",
        ),
      ].join("\n"),
  ],
];

describe("grow with the source:", () => {
  test.each(sorts.map(([name, size, times, source, excess]) => ({ name, size, times, source, excess })))(
    "$name",
    { timeout: 120_000 },
    async ({ size, times, source, excess = 1.4 }) => {
      const [small, large] = [await compileText(source(size)), await compileText(source(size * times))];
      expectNone([...small.errors, ...large.errors]);
      const growth = (of: (cost: Cost) => number): number => of(large.cost) / of(small.cost);
      expect(growth(({ instructions }) => instructions)).toBeGreaterThan(0.5 * times);
      expect(growth(({ instructions }) => instructions)).toBeLessThan(1.3 * times);
      // Names become longer.
      expect(growth(({ characters }) => characters)).toBeLessThan(excess * times);
    },
  );
});

describe("early returns", () => {
  const table = (count: number): string =>
    grad(
      "x: number, y: number",
      lines(count, (i) => `const a${i} = x * ${i + 1};\nif (a${i} > ${i * i}.5) return a${i} * y;`),
      "return x * y;",
    );

  test("many of them are joined", { timeout: 60_000 }, async () => {
    const [small, large] = [await compileText(table(25)), await compileText(table(100))];
    expectNone([...small.errors, ...large.errors]);
    expect(large.cost.characters / small.cost.characters).toBeGreaterThan(2);
    expect(large.cost.characters / small.cost.characters).toBeLessThan(14);
  });
});

describe("calls that are written out again and again", () => {
  test("are written out as long as that stays readable", { timeout: 60_000 }, async () => {
    const { errors } = await compileText(helpers(6, 2));
    expectNone([...errors]);
  });

  test.each([
    [20, 2],
    [12, 3],
    [50, 2],
  ])("are calls beyond: %i levels of %i calls", { timeout: 60_000 }, async (levels, calls) => {
    const [small, large] = [
      await compileText(helpers(levels, calls)),
      await compileText(helpers(2 * levels, calls)),
    ];
    expectNone([...small.errors, ...large.errors]);
    expect(large.cost.characters / small.cost.characters).toBeGreaterThan(1.1);
    expect(large.cost.characters / small.cost.characters).toBeLessThan(2.8);
  });
});
