/** The command line with the real compiler behind it. */
import { expect, it, onTestFinished } from "vitest";
import { compile } from "../src/index.js";
import { makeSandbox, type Sandbox } from "./support/command-line.js";

const settings = '{ "compilerOptions": { "strict": true, "module": "nodenext" } }';
const helper = "export const square = (x: number): number => x * x;\n";
const source = [
  'import { square } from "./lib/square.js";',
  "export interface Point { readonly x: number; readonly y: number }",
  "/** @grad */",
  "export function norm(p: Point): number {",
  "  return Math.sqrt(square(p.x) + square(p.y));",
  "}",
  "",
].join("\n");

function project(files: Readonly<Record<string, string>> = {}): Sandbox {
  const box = makeSandbox({
    "package.json": '{ "type": "module" }',
    "tsconfig.json": settings,
    "src/norm.ts": source,
    "src/lib/square.ts": helper,
    ...files,
  });
  onTestFinished(box.remove);
  return box;
}

it("compiles what has changed, the helpers included, and nothing else", async () => {
  const box = project();
  const run = () => box.run(["compile", "src"], { compile });
  expect(await run()).toMatchObject({ code: 0, stdout: "", calls: [[{ path: box.path("src/norm.ts") }]] });
  expect(box.read("src/norm.grad.ts")).toContain("export function norm_grad(");
  expect((await run()).calls).toEqual([]);
  box.write("src/lib/square.ts", helper.replaceAll("\n", "\r\n"));
  expect((await run()).calls).toEqual([]);
  box.write("src/lib/square.ts", `// Of a number.\n${helper}`);
  expect(await box.run(["compile", "--check", "src"], { compile })).toMatchObject({ code: 1 });
  expect((await run()).calls).toHaveLength(1);
  expect(await box.run(["compile", "--check", "src"], { compile })).toMatchObject({ code: 0, calls: [] });
});

it("imports from where the file is written", async () => {
  const box = project({ "out/.keep": "" });
  expect(await box.run(["compile", "src/norm.ts", "-o", "out/norm.ts"], { compile })).toMatchObject({
    code: 0,
  });
  expect(box.read("out/norm.ts")).toContain('import type { Point } from "../src/norm.js";');
  expect((await box.run(["compile", "src/norm.ts", "-o", "out/norm.ts"], { compile })).calls).toEqual([]);
});

it("writes what is right and shows what is not", async () => {
  const bad = "/** @grad */\nexport async function f(x: number) { return x; }\n";
  const box = project({ "src/bad.ts": bad });
  const run = await box.run(["compile", "src"], { compile });
  expect(run).toMatchObject({ code: 1, stdout: "" });
  expect(run.stderr).toContain("src/bad.ts:2:");
  expect(run.stderr).toContain("help: ");
  expect(box.list()).toContain("src/norm.grad.ts");
  expect(box.list()).not.toContain("src/bad.grad.ts");
});

it("reads standard input and Windows line ends", async () => {
  const box = project();
  const text = "/** @grad */\r\nexport const f = (x: number) => x * x;\r\n";
  const run = await box.run(["compile", "-"], { compile, stdin: text });
  expect(run).toMatchObject({ code: 0 });
  expect(run.stdout).toContain("export function f_grad(");
  expect(run.stdout).not.toContain("\r");
});

it("dumps every stage that there is", async () => {
  const box = project();
  const { stages } = await import("../src/index.js");
  for (const stage of stages) {
    const run = await box.run(["compile", "src/norm.ts", "--dump", stage], { compile });
    expect([stage, run.code, run.stdout.includes("norm")]).toEqual([stage, 0, true]);
  }
});
