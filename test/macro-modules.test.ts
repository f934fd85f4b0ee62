/** What the compiler makes of calls of the macros, apart from any bundler. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MacroResult, createCompiler } from "../src/index.js";

const root = realpathSync(mkdtempSync(join(tmpdir(), "tsad-macros-")));

beforeAll(() => {
  // The package itself, by its sources: the types are those that users see.
  const own = join(root, "node_modules/tsad");
  mkdirSync(own, { recursive: true });
  symlinkSync(resolve(import.meta.dirname, "../src/macros.ts"), join(own, "index.ts"));
  writeFileSync(join(own, "package.json"), '{ "name": "tsad", "type": "module", "exports": "./index.ts" }');
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

interface Case {
  readonly result: MacroResult;
  readonly folder: string;
  /** The module with its calls replaced, run: its exports. */
  readonly run: () => Promise<Record<string, (...args: unknown[]) => unknown>>;
  /** Code, position and the source text meant. */
  readonly errors: readonly string[];
}

/** Compiles the macros of the first file. */
async function compile(files: Readonly<Record<string, string>>, code?: string): Promise<Case> {
  const folder = mkdtempSync(join(root, "case-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const [name = "", text = ""] = Object.entries(files)[0] ?? [];
  const path = join(folder, name);
  const result = await createCompiler().compileMacros(code === undefined ? { path } : { path, code });
  const errors = result.diagnostics.map(({ code: which, file, line, column, start, length }) => {
    const source =
      file === null ? "" : (Object.entries(files).find(([each]) => file.endsWith(`/${each}`))?.[1] ?? "");
    return `${which} ${String(line)}:${String(column)} ${source.slice(start, start + length)}`;
  });
  return { result, folder, errors, run: () => run(result, code ?? text) };
}

async function run(
  result: MacroResult,
  text: string,
): Promise<Record<string, (...args: unknown[]) => unknown>> {
  const edits = [
    ...result.imports.map((range) => ({ ...range, text: "" })),
    ...result.calls.map(({ start, end, module, name }) => ({
      start,
      end,
      text: `M${String(module)}.${name}`,
    })),
  ].sort((a, b) => b.start - a.start);
  const replaced = edits.reduce(
    (done, { start, end, text: by }) => done.slice(0, start) + by + done.slice(end),
    text,
  );
  const url = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
  const imports = result.modules.map(
    ({ code }, at) => `import * as M${String(at)} from ${JSON.stringify(url(code))};`,
  );
  const { default: ts } = await import("typescript");
  const { outputText } = ts.transpileModule(`${imports.join("\n")}\n${replaced}`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  return (await import(url(outputText))) as Record<string, (...args: unknown[]) => unknown>;
}

const loss =
  "export function loss(w: number[], label: string, b = 2): number {\n  return w[0]! * w[0]! * b + label.length;\n}\n";

describe("a call", () => {
  it("becomes the gradients in the order of the parameters, without those that hold no numbers", async () => {
    const { run, errors, result } = await compile({
      "main.ts": `import { grad, valueAndGrad } from "tsad";\n${loss}export const d = grad(loss);\nexport const v = valueAndGrad(loss);\n`,
    });
    expect(errors).toEqual([]);
    expect(result.modules).toHaveLength(1);
    expect(result.modules[0]?.code).not.toMatch(/\bimport\b/u);
    const { d, v } = await run();
    expect(d?.([3, 1], "ab", 5)).toEqual([[30, 0], 9]);
    expect(d?.([3], "ab")).toEqual([[12], 9]);
    expect(v?.([3], "ab", 5)).toEqual([47, [[30], 9]]);
  });

  it("takes positions, in any order", async () => {
    const { run, errors } = await compile({
      "main.ts": `import { grad } from "tsad";\n${loss}export const d = grad(loss, [2, 0]);\nexport const b = grad(loss, [2]);\n`,
    });
    expect(errors).toEqual([]);
    const { d, b } = await run();
    expect(d?.([3], "", 5)).toEqual([9, [30]]);
    expect(b?.([3], "", 5)).toEqual([9]);
  });

  it("takes a rest parameter, whose gradient is one array", async () => {
    const { run, errors } = await compile({
      "main.ts": `import { grad } from "tsad";
const f = (x: number, ...w: number[]): number => w.reduce((sum, each) => sum + x * each ** 2, 0);
export const d: (x: number, ...w: number[]) => [x: number, w: number[]] = grad(f);
export const dx: (x: number, ...w: number[]) => [number] = grad(f, [0]);
`,
    });
    expect(errors).toEqual([]);
    const { d, dx } = await run();
    expect(d?.(2, 3, 5)).toEqual([34, [12, 20]]);
    expect(dx?.(2, 3)).toEqual([9]);
  });

  it.each([
    ["another local name", 'import { grad as D } from "tsad";', "D(f)"],
    ["a namespace", 'import * as ad from "tsad";', "ad.grad(f)"],
    ["parentheses and assertions", 'import { grad } from "tsad";', "grad((f satisfies unknown))"],
    ["a function itself", 'import { grad } from "tsad";', "grad((x: number) => f(x))"],
    [
      "types beside it",
      'import { type Cotangent, grad } from "tsad";\nexport type C = Cotangent<number>;',
      "grad(f)",
    ],
  ])("may use %s", async (_, head, call) => {
    const text = `${head}\nconst f = (x: number): number => x * x;\nexport const d = ${call};\n`;
    const { run, errors } = await compile({ "main.ts": text });
    expect(errors).toEqual([]);
    expect((await run())["d"]?.(3)).toEqual([6]);
  });

  it("may be of a function of another module, by a name of its own or through others", async () => {
    const { run, errors, result, folder } = await compile({
      "main.ts": [
        'import { grad } from "tsad";',
        'import { g as loss } from "./lib/index.js";',
        'import * as losses from "./lib/losses";',
        'import first from "./lib/losses";',
        "export const d = (x: number) => [grad(loss)(x), grad(losses.f)(x), grad(first)(x)];",
        "export const unrelated = (): string => document.title;",
      ].join("\n"),
      "lib/index.ts": 'export { f as g } from "./losses";\n',
      "lib/losses.ts":
        'import { k } from "./k";\nexport const f = (x: number): number => k * x * x;\nexport default f;\n',
      "lib/k.ts": "export const k = 2;\n",
    });
    expect(errors).toEqual([]);
    expect(result.modules).toHaveLength(1);
    expect(result.input.dependencies).toContain(join(folder, "lib/k.ts"));
    expect((await run())["d"]?.(3)).toEqual([[12], [12], [12]]);
  });

  it("may use another name of the function", async () => {
    const text =
      'import { grad } from "tsad";\nconst f = (x: number): number => x * x;\nconst g = f;\nexport const d = grad(g);\n';
    const { run, errors } = await compile({ "main.ts": text });
    expect(errors).toEqual([]);
    expect((await run())["d"]?.(3)).toEqual([6]);
  });

  it("does not count where the name means something else", async () => {
    const text =
      'import { grad } from "tsad";\nexport const h = (grad: (x: number) => number) => grad(1);\nexport type G = typeof grad;\n';
    const { result } = await compile({ "main.ts": text });
    expect(result.calls).toEqual([]);
    expect(result.diagnostics).toEqual([]);
  });

  it("is found again in code that another plugin has changed", async () => {
    const text = `import { grad } from "tsad";\n${loss}export const d = grad(loss);\n`;
    const changed = `/* banner */ import { grad } from "tsad"; export const loss = null;export const d = grad(loss);`;
    const { run, errors } = await compile({ "main.ts": text }, changed);
    expect(errors).toEqual([]);
    expect((await run())["d"]?.([3], "", 5)).toEqual([[30], 9]);
    const gone = await compile({ "main.ts": text }, "export const d = 1;");
    expect(gone.errors).toEqual(["TSAD2017 5:18 grad(loss)"]);
  });
});

describe("refused, at its place:", () => {
  const f =
    'import { grad } from "tsad";\nexport const f = (x: number, s: string): number => x * s.length;\n';

  it.each([
    [
      "a function known only at run time",
      `const all = [f];\nexport const d = grad(all[0]!);`,
      "TSAD2013 4:23 all[0]!",
    ],
    ["a parameter", "export const d = (g: (x: number) => number) => grad(g);", "TSAD2013 3:53 g"],
    [
      "a constant that is itself",
      "const a: (x: number) => number = b;\nconst b = a;\nexport const d = grad(a);",
      "TSAD2013 5:23 a",
    ],
    ["the macro as a value", "export const d = [f].map(grad);", "TSAD2014 3:26 grad"],
    ["the macro exported", "export { grad };", "TSAD2014 3:10 grad"],
    [
      "the macro passed on",
      'export { grad as g } from "tsad";',
      'TSAD2014 3:1 export { grad as g } from "tsad";',
    ],
    ["an import while running", 'export const t = import("tsad");', 'TSAD2014 3:18 import("tsad")'],
    [
      "positions that are computed",
      "const at = [0] as const;\nexport const d = grad(f, at);",
      "TSAD2015 4:26 at",
    ],
    [
      "the position of a rest parameter",
      "const r = (x: number, ...w: number[]): number => x * w.length;\nexport const d = grad(r, [1]);",
      "TS",
    ],
    [
      "what the compiler refuses",
      "const g = (x: number): number => eval(String(x));\nexport const d = grad(g);",
      "TSAD1",
    ],
    [
      "a local of a function",
      "export const h = (k: number) => {\n  const g = (x: number) => k * x;\n  return grad(g);\n};",
      "TSAD",
    ],
  ])("%s", async (_, text, expected) => {
    const { errors, result } = await compile({ "main.ts": `${f}${text}\n` });
    expect(errors.find((each) => each.startsWith(expected))).toBeDefined();
    expect([result.calls, result.modules, result.imports]).toEqual([[], [], []]);
  });

  it("what is a type error", async () => {
    const text = `${f}export const a = grad(f, [1]);\nexport const b = grad((x: number) => String(x));\n`;
    const { errors } = await compile({ "main.ts": text });
    expect(errors.map((each) => each.split(" ").slice(0, 2).join(" "))).toEqual([
      "TS2322 3:27",
      "TS2345 4:23",
      "TSAD2001 4:23",
    ]);
  });

  it("an enum, unless positions are given", async () => {
    const text =
      'import { grad } from "tsad";\nenum E { A, B }\nexport const f = (x: number, e: E): number => (e === E.A ? x : 2 * x);\nexport const d = grad(f);\n';
    expect((await compile({ "main.ts": text })).errors).toEqual(["TSAD2016 4:18 grad(f)"]);
    expect((await compile({ "main.ts": text.replace("grad(f)", "grad(f, [0])") })).errors).toEqual([]);
  });

  it("a missing file, and one that is no TypeScript", async () => {
    const compiler = createCompiler();
    const codes = async (name: string) =>
      (await compiler.compileMacros({ path: join(root, name) })).diagnostics.map(({ code }) => code);
    expect(await codes("none.ts")).toEqual(["TSAD3001"]);
    expect(await codes("none.js")).toEqual(["TSAD3004"]);
  });
});
