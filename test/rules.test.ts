/** Derivatives by hand, and effects: how often things happen, and where rules are looked for. */
import { describe, expect, it, onTestFinished } from "vitest";
import { createCompiler } from "../src/index.js";
import { compile } from "../src/index.js";
import { makeSandbox, type Sandbox } from "./support/command-line.js";
import { compilerOptions } from "./support/corpus.js";
import { createLoader, functionOf } from "./support/modules.js";

function project(files: Readonly<Record<string, string>>): Sandbox {
  const box = makeSandbox({ "package.json": '{ "type": "module" }', ...files });
  onTestFinished(box.remove);
  return box;
}

const run = (box: Sandbox, ...args: readonly string[]) => box.run(["compile", ...args], { compile });

const library = "export declare function erf(x: number): number;\n";
const rule = `import { erf } from "./erf.js";
/** @gradOf erf */
export function erf_pullback(x: number, y: number, dy: number): { dx: number } {
  return { dx: dy * (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) + 0 * y };
}
`;
const phi = `import { erf } from "./erf.js";
/** @grad */
export const phi = (x: number): number => 0.5 * (1 + erf(x));
`;

describe("where rules are looked for", () => {
  it("is the modules of the configuration, which count in the header", async () => {
    const box = project({ "src/erf.d.ts": library, "src/rules.ts": rule, "src/phi.ts": phi });
    const without = await run(box, "src/phi.ts");
    expect(without.stderr).toMatch(/TSAD1001: .*\/\*\* @gradOf erf \*\//s);
    box.write("tsad.config.mjs", 'export default { rules: ["src/rules.ts"] };');
    expect(await run(box, "src/phi.ts")).toMatchObject({ code: 0 });
    expect(box.read("src/phi.grad.ts")).toContain('import { erf_pullback } from "./rules');
    expect((await run(box, "src/phi.ts")).calls).toEqual([]);
    box.write("src/rules.ts", rule.replace("2 /", "2.0 /"));
    expect((await run(box, "src/phi.ts", "--check")).code).toBe(1);
    await run(box, "src/phi.ts");
    box.write("tsad.config.mjs", "export default {};");
    expect((await run(box, "src/phi.ts")).stderr).toContain("TSAD1001");
  });

  it("is what the source imports, and no other source that is compiled with it", async () => {
    const box = project({ "src/erf.d.ts": library, "src/rules.ts": rule, "src/phi.ts": phi });
    box.write("src/use.ts", `import "./rules.js";\n${phi}`);
    const { stderr } = await run(box, "src");
    expect(stderr).toContain("src/phi.ts:3:");
    expect(stderr).not.toContain("src/use.ts:");
    expect(box.read("src/use.grad.ts")).toContain("erf_pullback(x,");
  });

  it("says which module of the configuration is missing", async () => {
    const box = project({ "src/f.ts": "/** @grad */\nexport const f = (x: number): number => x * x;\n" });
    box.write("tsad.config.mjs", 'export default { rules: ["src/none.ts"] };');
    expect((await run(box, "src/f.ts")).stderr).toMatch(/TSAD3001: .*src\/none\.ts/);
  });

  it("keeps up with rules that change, in a compiler that stays", async () => {
    const box = project({ "src/erf.d.ts": library, "src/rules.ts": rule, "src/phi.ts": phi });
    const compiler = createCompiler({ rules: [box.path("src/rules.ts")] });
    const inputs = [{ path: box.path("src/phi.ts") }];
    const first = await compiler.compile(inputs);
    expect(first.files[0]?.text).toContain("erf_pullback(");
    box.write("src/rules.ts", rule.replaceAll("erf_pullback", "derivative"));
    expect((await compiler.compile(inputs)).files[0]?.text).toContain("derivative(");
    box.write("src/rules.ts", rule.replaceAll("dx: ", "dz: "));
    expect((await compiler.compile(inputs)).diagnostics.map(({ code }) => code)).toContain("TSAD2031");
  });
});

const effects = `
export const stats = { calls: 0, rules: 0 };
export function square(x: number): number { stats.calls++; return x * x; }
/** @gradOf square */
export function square_pullback(x: number, y: number, dy: number): { dx: number } {
  stats.rules++;
  return { dx: 2 * x * dy + 0 * y };
}
export const seen = { steps: 0 };
/** @grad */
export function f(xs: number[], unused: number): number {
  let sum = 0;
  console.log("start", xs);
  for (const x of xs) {
    const y = square(x) * Math.random();
    if (x < 0) { console.warn("negative", x, square(unused) > 1); continue; }
    seen.steps++;
    sum += square(y) + y;
  }
  console.log(\`end \${sum.toFixed(3)}\`);
  square(sum);
  return sum;
}
`;

describe("what has an effect", () => {
  it("happens once per call, in its order, and rules are called once for each call with a derivative", async () => {
    const box = project({
      "console.d.ts": "declare const console: Record<string, (...x: unknown[]) => void>;\n",
      "f.ts": `/// <reference path="./console.d.ts" />\n${effects}`,
    });
    const { files, diagnostics } = await compile([{ path: box.path("f.ts") }]);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const logs: unknown[][] = [];
    const write = (...values: unknown[]): void => void logs.push(structuredClone(values));
    const emitted = files[0]?.path ?? "";
    const overlay = new Map([[emitted, files[0]?.text ?? ""]]);
    const load = createLoader(compilerOptions("fixtures/tsconfig.json"), overlay, {
      log: write,
      warn: write,
    });
    const source = load(box.path("f.ts")) as {
      readonly stats: { calls: number; rules: number };
      readonly seen: { steps: number };
    };
    const random = Math.random;
    onTestFinished(() => {
      Math.random = random;
    });
    const observe = (name: string, from: Readonly<Record<string, unknown>>) => {
      let draws = 0;
      Math.random = () => (++draws * 0.618) % 1;
      logs.length = 0;
      Object.assign(source.stats, { calls: 0, rules: 0 });
      source.seen.steps = 0;
      functionOf(from, name)([1, -2, 3], 5);
      return { draws, logs: [...logs], calls: source.stats.calls, steps: source.seen.steps };
    };
    const expected = observe("f", source);
    expect(expected).toMatchObject({ draws: 3, calls: 7, steps: 2 });
    expect(expected.logs.length).toBe(3);
    expect(observe("f_grad", load(emitted))).toEqual(expected);
    // Those whose result is only tested, or not used, have no derivative.
    expect(source.stats.rules).toBe(5);
  });
});
