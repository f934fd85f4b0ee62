/** Errors on standard error: excerpts on a terminal, lines that other programs understand elsewhere. */
import { expect, it, onTestFinished } from "vitest";
import { compile } from "../src/index.js";
import { renderLines } from "../src/diagnostics/lines.js";
import { makeSandbox, type Sandbox } from "./support/command-line.js";

/** `$tsc` of VS Code: `problemPatterns` in extensions/typescript-language-features/package.json. */
const tscOfVsCode =
  /^([^\s].*)[(:](\d+)[,:](\d+)(?:\):\s+|\s+-\s+)(error|warning|info)\s+TS(\d+)\s*:\s*(.*)$/;

/** What actions/setup-node registers: .github/tsc.json. */
const tscOfGitHub =
  /^(?:\s+\d+>)?([^\s].*)\((\d+)(?:,(\d+)(?:,\d+(?:,\d+)?)?)?\)\s*:\s+(error|warning|info)\s+(\w{1,2}\d+)\s*:\s*(.*)$/;

const broken = [
  "/** @grad */",
  "export async function f(x: number) { return x; }",
  "/** @grad */",
  'export function g(x: number) { return x * "2"; }',
  "",
].join("\n");

function sandbox(): Sandbox {
  const box = makeSandbox({ "package.json": '{ "type": "module" }', "src/bad.ts": broken });
  onTestFinished(box.remove);
  return box;
}

const run = (args: readonly string[], options: object = {}) =>
  sandbox().run(["compile", "src/bad.ts", ...args], { compile, ...options });

it.each([
  ["elsewhere", {}, tscOfVsCode],
  ["on GitHub", { GITHUB_ACTIONS: "true" }, tscOfGitHub],
])("%s, an error is a line that a matcher takes apart", async (_, env, pattern) => {
  const { stderr } = await run([], { env });
  const found = stderr.split("\n").flatMap((line) => pattern.exec(line)?.slice(1) ?? []);
  const text = expect.stringMatching(/^(TSAD1012: )?\S.* help: \S|^The right-hand side/) as string;
  const code = (digits: string) => expect.stringMatching(new RegExp(`^(TS)?${digits}$`)) as string;
  expect(found).toEqual([
    ...["src/bad.ts", "2", "8", "error", code("991012"), text],
    ...["src/bad.ts", "4", "43", "error", code("2363"), text],
  ]);
});

it("shows the code on a terminal, or if asked to", async () => {
  const excerpt = "export async function f(x: number)";
  expect((await run([])).stderr).not.toContain(excerpt);
  expect((await run(["--pretty"])).stderr).toContain(excerpt);
  expect((await run([], { isTTY: true })).stderr).toContain(excerpt);
  expect((await run(["--no-pretty"], { isTTY: true })).stderr).not.toContain(excerpt);
});

it("indents notes, and gives what has no position none", () => {
  const where = { start: 0, length: 1, severity: "error", notes: [], help: null } as const;
  const at = { file: "/project/a.ts", line: 2, column: 3 };
  const text = renderLines(
    [
      { ...where, file: null, line: 0, column: 0, code: "TSAD3001", message: "No file.", help: "Make it." },
      { ...where, ...at, code: "TS2322", message: "Two\n  lines.", notes: [{ ...at, message: "Here." }] },
    ],
    { currentDirectory: "/project/src", position: "colons" },
  );
  expect(text).toBe(
    "error TSAD3001: No file. help: Make it.\n../a.ts:2:3 - error TS2322: Two lines.\n  ../a.ts:2:3 - note: Here.\n",
  );
});
