/** A compiler that stays, over files that change between its calls: each answer is that of a new compiler. */
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { type CompileOptions, type CompileResult, compile, createCompiler } from "../src/index.js";

const root = realpathSync(mkdtempSync(join(tmpdir(), "tsad-session-")));

afterAll(() => {
  rmSync(root, { recursive: true });
});

const loss = [
  'import { square } from "./math";',
  "/** @grad */",
  "export const loss = (x: number): number => square(x);",
].join("\n");
const square = "export const square = (x: number): number => x * x;\n";
const cube = "export const square = (x: number): number => x * x * x;\n";

/** A folder with a compiler whose answers are compared with those of a new one. */
function watched(files: Readonly<Record<string, string>>, options: CompileOptions = {}) {
  const folder = mkdtempSync(join(root, "case-"));
  const path = (name: string): string => join(folder, name);
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const compiled: string[] = [];
  const observe: CompileOptions["observe"] = (stage, target) => {
    if (stage === "lower") compiled.push(target);
  };
  const compiler = createCompiler({ ...options, observe });
  return {
    path,
    write,
    remove: (name: string) => {
      rmSync(path(name));
    },
    rename: (from: string, to: string) => {
      renameSync(path(from), path(to));
    },
    /** The result, and which functions were compiled for it. */
    compile: async (...names: readonly string[]) => {
      const inputs = names.map((name) => ({ path: path(name) }));
      compiled.length = 0;
      const result = await compiler.compile(inputs);
      expect(result).toEqual(await compile(inputs, options));
      return { ...result, compiled: [...compiled], text: result.files.map((file) => file.text).join("\n") };
    },
  };
}

const codes = ({ diagnostics }: CompileResult): readonly string[] => diagnostics.map(({ code }) => code);

it("compiles again what changed and what imports it, and nothing else", async () => {
  const project = watched({
    "loss.ts": loss,
    "math.ts": square,
    "other.ts": "/** @grad */\nexport const other = (x: number): number => 3 * x;\n",
  });
  const names = ["loss.ts", "other.ts"];
  expect((await project.compile(...names)).compiled).toEqual(["loss", "other"]);
  expect((await project.compile(...names)).compiled).toEqual([]);
  project.write("math.ts", cube);
  const changed = await project.compile(...names);
  expect(changed.compiled).toEqual(["loss"]);
  expect(changed.text).toContain("3 * x * x");
  project.write("other.ts", "/** @grad */\nexport const other = (x: number): number => 4 * x;\n");
  expect((await project.compile(...names)).compiled).toEqual(["other"]);
  expect((await project.compile("other.ts")).compiled).toEqual([]);
});

it("sees a helper change behind another module, and behind a type that is only named", async () => {
  const project = watched({
    "a.ts": 'import { f } from "./b";\n/** @grad */\nexport const a = (x: number): number => f(x);\n',
    "b.ts": 'import { k } from "./c";\nexport const f = (x: number): number => k * x;\n',
    "c.ts": "export const k = 2;\n",
    "t.ts": '/** @grad */\nexport const t = (p: import("./p").P): number => p.x;\n',
    "p.ts": "export interface P { readonly x: number }\n",
  });
  const first = await project.compile("a.ts", "t.ts");
  expect(first.inputs.map(({ dependencies }) => dependencies)).toEqual([
    [project.path("b.ts"), project.path("c.ts")],
    [project.path("p.ts")],
  ]);
  project.write("c.ts", "export const k = 7;\n");
  expect((await project.compile("a.ts", "t.ts")).text).toContain("7");
  project.write("p.ts", "export interface P { readonly x: number; readonly y: number }\n");
  const second = await project.compile("a.ts", "t.ts");
  expect(second.compiled).toEqual(["t"]);
  expect(second.text).toContain("y: number");
});

it("reports a type error when it comes and forgets it when it goes", async () => {
  const project = watched({ "loss.ts": loss, "math.ts": square });
  const good = await project.compile("loss.ts");
  project.write("math.ts", "export const square = (x: number): number => x * y;\n");
  const bad = await project.compile("loss.ts");
  expect(bad.files).toEqual([]);
  expect(codes(bad).length).toBeGreaterThan(0);
  expect(bad.inputs).toEqual([
    { source: project.path("loss.ts"), dependencies: [project.path("math.ts")], awaited: [] },
  ]);
  project.write("math.ts", square);
  expect((await project.compile("loss.ts")).text).toBe(good.text);
});

it("says where a missing module is awaited, and finds it there", async () => {
  const project = watched({ "loss.ts": loss });
  const missing = await project.compile("loss.ts");
  expect(codes(missing)).toContain("TS2307");
  expect(missing.inputs[0]?.awaited).toContain(project.path("math.ts"));
  project.write("math.ts", square);
  const found = await project.compile("loss.ts");
  expect(found.files).toHaveLength(1);
  expect(found.inputs[0]?.awaited).toEqual([]);
});

it("survives files that are deleted, renamed and put back", async () => {
  const project = watched({ "loss.ts": loss, "math.ts": square });
  const good = await project.compile("loss.ts");
  project.remove("math.ts");
  expect(codes(await project.compile("loss.ts"))).toContain("TS2307");
  project.write("math.ts", square);
  expect((await project.compile("loss.ts")).text).toBe(good.text);
  project.rename("math.ts", "maths.ts");
  expect((await project.compile("loss.ts")).files).toEqual([]);
  project.write("loss.ts", loss.replace("./math", "./maths"));
  expect((await project.compile("loss.ts")).files[0]?.dependencies).toEqual([project.path("maths.ts")]);
  project.remove("loss.ts");
  expect(codes(await project.compile("loss.ts"))).toEqual(["TSAD3001"]);
  project.write("loss.ts", loss.replace("./math", "./maths"));
  expect((await project.compile("loss.ts")).files).toHaveLength(1);
});

it("takes the module that now comes first", async () => {
  const project = watched({ "loss.ts": loss, "math/index.ts": square });
  expect((await project.compile("loss.ts")).text).toContain("2 * x");
  project.write("math.ts", cube);
  expect((await project.compile("loss.ts")).text).toContain("3 * x * x");
});

it("reads the tsconfig and what it extends again", async () => {
  const project = watched({
    "loss.ts": "/** @grad */\nexport const f = (w: number[]): number => w[0]!;\n",
    "tsconfig.json": '{ "extends": "./base.json" }',
    "base.json": "{}",
  });
  const { text } = await project.compile("loss.ts");
  project.write("base.json", '{ "compilerOptions": { "noUncheckedIndexedAccess": true } }');
  const checked = await project.compile("loss.ts");
  expect(checked.compiled).toEqual(["f"]);
  expect(checked.text).not.toBe(text);
  project.write("tsconfig.json", "{ oops");
  expect(codes(await project.compile("loss.ts"))).toContain("TSAD3003");
});

it("formats as the Prettier configuration says now", async () => {
  const project = watched({ "loss.ts": loss, "math.ts": square });
  expect((await project.compile("loss.ts")).text).toContain(";\n");
  project.write(".prettierrc", "semi: false\n");
  expect((await project.compile("loss.ts")).text).not.toContain(";\n");
});

it("sees globals come and go", async () => {
  const project = watched({
    "src/loss.ts": "/** @grad */\nexport const f = (x: number): number => SCALE * x;\n",
    "tsconfig.json": "{}",
  });
  expect(codes(await project.compile("src/loss.ts"))).toEqual(["TS2304"]);
  project.write("src/globals.d.ts", "declare const SCALE: 3;\n");
  expect(codes(await project.compile("src/loss.ts"))).not.toContain("TS2304");
  project.remove("src/globals.d.ts");
  expect(codes(await project.compile("src/loss.ts"))).toEqual(["TS2304"]);
});

it("reads a package's module kind again", async () => {
  const project = watched({
    "loss.ts": loss,
    "math.ts": square,
    "tsconfig.json": '{ "compilerOptions": { "module": "nodenext" } }',
    "package.json": "{}",
  });
  expect(codes(await project.compile("loss.ts"))).toEqual([]);
  project.write("package.json", '{ "type": "module" }');
  expect(codes(await project.compile("loss.ts"))).toEqual(["TS2835"]);
});

it("takes text in place of the disk's, also when both change", async () => {
  const project = watched({ "loss.ts": loss, "math.ts": square });
  const compiler = createCompiler();
  const text = async (math: string | undefined) => {
    const extra = math === undefined ? [] : [{ path: project.path("math.ts"), text: math }];
    const { files } = await compiler.compile([{ path: project.path("loss.ts") }, ...extra]);
    return files[0]?.text;
  };
  expect(await text(cube)).toContain("3 * x * x");
  expect(await text(undefined)).toContain("2 * x");
  project.write("math.ts", cube);
  expect(await text(square)).toContain("2 * x");
  expect(await text(undefined)).toContain("3 * x * x");
});

it("answers calls that overlap in order", async () => {
  const project = watched({ "loss.ts": loss, "math.ts": square });
  const compiler = createCompiler();
  const input = [{ path: project.path("loss.ts") }];
  const results = await Promise.all([compiler.compile(input), compiler.compile(input), compiler.compile([])]);
  expect(results.map(({ files }) => files.length)).toEqual([1, 1, 0]);
});

const vectors = {
  "node_modules/vectors/package.json": JSON.stringify({
    name: "vectors",
    exports: { ".": { types: "./types/index.d.ts", default: "./lib/index.js" } },
  }),
  "node_modules/vectors/types/index.d.ts": "export declare function norm2(x: number, y: number): number;\n",
  "node_modules/vectors/lib/index.js": 'export * from "./norms.js";\nexport * from "./unused.js";\n',
  "node_modules/vectors/lib/norms.js":
    'import { sq } from "./squares.js";\nexport function norm2(x, y) { return sq(x) + sq(y); }\n',
  "node_modules/vectors/lib/squares.js": "export const sq = (x) => x * x;\n",
  "node_modules/vectors/lib/unused.js": "export const unused = (x) => x;\n",
  "loss.ts":
    'import { norm2 } from "vectors";\n/** @grad */\nexport const loss = (x: number): number => norm2(x, 2 * x);\n',
};

it("sees a change in the JavaScript of a package", async () => {
  const project = watched(vectors);
  const first = await project.compile("loss.ts");
  expect(codes(first)).toEqual([]);
  expect(first.inputs[0]?.dependencies).toContain(project.path("node_modules/vectors/lib/squares.js"));
  expect((await project.compile("loss.ts")).compiled).toEqual([]);
  project.write("node_modules/vectors/lib/squares.js", "export const sq = (x) => 3 * x * x;\n");
  const changed = await project.compile("loss.ts");
  expect(changed.compiled).toEqual(["loss"]);
  expect(changed.text).not.toBe(first.text);
});

it("sees that the JavaScript of a package comes and goes", async () => {
  const project = watched(vectors);
  project.rename("node_modules/vectors/lib/index.js", "node_modules/vectors/lib/index.txt");
  expect(codes(await project.compile("loss.ts"))).toEqual(["TSAD1001"]);
  project.rename("node_modules/vectors/lib/index.txt", "node_modules/vectors/lib/index.js");
  expect(codes(await project.compile("loss.ts"))).toEqual([]);
  project.write(
    "node_modules/vectors/lib/norms.js",
    'export function norm2(x, y) { return eval("x * y"); }\n',
  );
  expect(codes(await project.compile("loss.ts"))).toEqual(["TSAD1063"]);
});

it("takes a derivative by hand in place of the JavaScript of a package", async () => {
  const rule = [
    "/** @gradOf norm2 */",
    "export function norm2_rule(x: number, y: number, value: number, dvalue: number): { dx: number; dy: number } {",
    "  return { dx: 2 * x * dvalue, dy: 2 * y * dvalue + 0 * value };",
    "}",
  ].join("\n");
  const project = watched(vectors);
  project.write("loss.ts", `${vectors["loss.ts"]}${rule}\n`);
  const { text } = await project.compile("loss.ts");
  expect(text).toContain('import { norm2 } from "vectors";');
  expect(text).toContain("norm2_rule(");
});
