/** `tsad/eslint`: diagnostics at their places in the text that ESLint has, with fixes and suggestions. */
import { ESLint, Linter } from "eslint";
import tseslint from "typescript-eslint";
import { expect, it, onTestFinished } from "vitest";
import { tsad } from "../eslint/index.js";
import type { Config } from "../src/index.js";
import { makeSandbox, type Sandbox } from "./support/command-line.js";

const parser = tseslint.parser as Linter.Parser;

function sandbox(files: Readonly<Record<string, string>> = {}): Sandbox {
  const box = makeSandbox({ "package.json": '{ "type": "module" }', ...files });
  onTestFinished(box.remove);
  return box;
}

function configFor(config: Config = {}): Linter.Config[] {
  return [
    tsad.configs.recommended,
    { files: ["**/*.ts"], languageOptions: { parser }, rules: { "tsad/differentiable": ["error", config] } },
  ];
}

/** What is found in the text, as it would be of `loss.ts`, whatever is on disk. */
function lint(box: Sandbox, text: string, config: Config = {}): readonly string[] {
  const linter = new Linter({ cwd: box.root });
  return linter
    .verify(text, configFor(config), { filename: "loss.ts" })
    .map(({ line, column, endColumn, severity, ruleId, message }) =>
      [`${String(line)}:${String(column)}-${String(endColumn)}`, severity, ruleId, message].join(" "),
    );
}

it("shows errors and warnings where they are", () => {
  const text = [
    "/** @grad */",
    "export function f(x: number, scale: number): number {",
    "  return Math.round(x) * x;",
    "}",
    "/** @grad */",
    "export function g(x: number): number {",
    "  const date = Date.UTC(1);",
    "  return x * date;",
    "}",
    "",
  ].join("\n");
  const found = lint(sandbox(), text);
  expect(found).toEqual([
    expect.stringMatching(/^2:30-43 1 tsad\/suspicious .*`scale`.* \(TSAD4005\)$/),
    expect.stringMatching(/^3:10-23 1 tsad\/suspicious .*its derivative is 0.* \(TSAD4001\)$/),
    expect.stringMatching(/^7:16-24 2 tsad\/differentiable `Date\.UTC` is a built-in.*\. .*\. \(TSAD1030\)$/),
  ]);
});

it("reads the text of the buffer, not of the disk, and what that imports from the disk", () => {
  const box = sandbox({
    "loss.ts": "/** @grad */\nexport const f = (x: number) => eval(`${x}`) as number;\n",
    "good.ts": "export const h = (x: number): number => x * x;\n",
    "bad.ts": "export const h = (x: number): number => {\n  debugger;\n  return x;\n};\n",
  });
  const using = (name: string) =>
    `import { h } from "./${name}.js";\n/** @grad */\nexport const f = (x: number) => h(x);\n`;
  expect(lint(box, using("good"))).toEqual([]);
  expect(lint(box, using("bad"))).toEqual([
    expect.stringMatching(/^2:5-10 2 tsad\/differentiable bad\.ts:2: A debugger statement/),
  ]);
  box.write("bad.ts", box.read("good.ts"));
  expect(lint(box, using("bad"))).toEqual([]);
});

it("leaves TypeScript's errors to TypeScript, and files without a tag alone", () => {
  const box = sandbox();
  expect(lint(box, "/** @grad */\nexport const f = (x: number): number => missing(x);\n")).toEqual([]);
  expect(lint(box, "export const f = (x: number) => eval(`${x}`) as number;\n")).toEqual([]);
});

it("takes the configuration of tsad", () => {
  const box = sandbox();
  const text =
    'import { fD } from "./loss_d.js";\n/** @grad */\nexport const f = (x: number) => Date.UTC(1) * x;\nfD(1);\n';
  expect(lint(box, text)).toEqual([]);
  expect(lint(box, text, { naming: { fileSuffix: "_d" } })).toEqual([
    expect.stringContaining("`Date.UTC` is a built-in"),
  ]);
  expect(lint(box, text, { nameing: {} } as Config)).toEqual([
    expect.stringMatching(/^2:5-10 .*The nearest option is `naming`\. \(TSAD3007\)$/),
  ]);
});

it.each([
  [
    "// @grad wrt x\nexport const f = (x: number, y: number) => x * y;\n",
    "/** @grad wrt x */\nexport const f = (x: number, y: number) => x * y;\n",
  ],
  [
    "/* @grad */\nexport const f = (x: number) => x * x;\n",
    "/** @grad */\nexport const f = (x: number) => x * x;\n",
  ],
  [
    "/** @grad wrt x, y, x */\nexport const f = (x: number, y: number) => x * y;\n",
    "/** @grad wrt x, y */\nexport const f = (x: number, y: number) => x * y;\n",
  ],
  [
    "/** @grad wrt x x, y */\nexport const f = (x: number, y: number) => x * y;\n",
    "/** @grad wrt x y */\nexport const f = (x: number, y: number) => x * y;\n",
  ],
])("fixes %j", (text, fixed) => {
  const linter = new Linter({ cwd: sandbox().root });
  const result = linter.verifyAndFix(text, configFor(), { filename: "loss.ts" });
  expect(result.output).toBe(fixed);
  expect(result.messages).toEqual([]);
});

it.each([
  [
    "/** @grad wrt rats */\nexport const f = (rate: number, y: number) => rate * y;\n",
    ["Write `rate`: /** @grad wrt rate */"],
  ],
  [
    "/** @grad wrt zzz, y */\nexport const f = (rate: number, y: number, mode: string) => rate * y * mode.length;\n",
    ["Write `rate`: /** @grad wrt rate, y */", "Write `y`: /** @grad wrt y, y */"],
  ],
  [
    "/** @grad wrt y, mode */\nexport const f = (y: number, mode: string) => y * mode.length;\n",
    ["Take `mode` out: /** @grad wrt y */"],
  ],
  [
    "/** @grad wrt g, y */\nexport const f = (y: number, g: (x: number) => number) => g(y);\n",
    ["Take `g` out: /** @grad wrt y */"],
  ],
  ["/** @grad wrt mode */\nexport const f = (y: number, mode: string) => y * mode.length;\n", []],
])("suggests what may be meant by %j", (text, wanted) => {
  const linter = new Linter({ cwd: sandbox().root });
  const messages = linter.verify(text, configFor(), { filename: "loss.ts" });
  const suggested = messages.flatMap(({ suggestions = [] }) =>
    suggestions.map(({ desc, fix }) => {
      const changed = text.slice(0, fix.range[0]) + fix.text + text.slice(fix.range[1]);
      return `${desc}: ${changed.split("\n", 1)[0] ?? ""}`;
    }),
  );
  expect(messages.length).toBeGreaterThan(0);
  expect(suggested).toEqual(wanted);
});

it("works from a configuration file, under the name that the README gives", async () => {
  const box = sandbox({ "loss.ts": "// @grad\nexport const f = (x: number) => x * x;\n" });
  const eslint = new ESLint({ cwd: box.root, overrideConfigFile: true, overrideConfig: configFor() });
  const [result] = await eslint.lintFiles(["loss.ts"]);
  expect(result?.messages.map(({ ruleId }) => ruleId)).toEqual(["tsad/suspicious"]);
});
