/** The files that the README shows, as they are written there, in a project that has the package. */
import { readFileSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { TSDocConfigFile } from "@microsoft/tsdoc-config";
import { ESLint } from "eslint";
import ts from "typescript";
import { expect, it, onTestFinished } from "vitest";
import { compile, loadConfig } from "../src/index.js";
import { makeSandbox, type Sandbox } from "./support/command-line.js";
import { root } from "./support/corpus.js";

const readme = readFileSync(join(root, "README.md"), "utf8");

/** A file that the README shows: its block begins with a comment that says its name. */
function shown(name: string): string {
  const block = [...readme.matchAll(/^```\w+\n(?:\/\/|#) (\S+)\n([^]*?)^```$/gm)].find(
    (match) => match[1] === name,
  );
  if (block?.[2] === undefined) throw new Error(`the README shows no ${name}`);
  return block[2];
}

function project(files: Readonly<Record<string, string>>): Sandbox {
  const box = makeSandbox({ "package.json": '{ "type": "module" }', ...files });
  onTestFinished(box.remove);
  mkdirSync(box.path("node_modules"));
  symlinkSync(root, box.path("node_modules/tsad"));
  symlinkSync(join(root, "node_modules/typescript-eslint"), box.path("node_modules/typescript-eslint"));
  return box;
}

it("shows a spring and its gradient", async () => {
  const code = readme.split("```")[1] ?? "";
  const emitted = /writes `spring\.grad\.ts`:\n\n```ts\n([^]*?)```/.exec(readme)?.[1] ?? "";
  const box = project({ "spring.ts": code.replace(/^ts\n\/\/ spring\.ts\n/, "") });
  const { files } = await compile([{ path: box.path("spring.ts") }]);
  expect(files[0]?.text.split("\n").slice(3).join("\n")).toBe(emitted);
});

it("shows a configuration with every option", async () => {
  const box = project({
    "tsad.config.ts": shown("tsad.config.ts"),
    "tsconfig.json": "{}",
    "src/rules.ts": "export {};\n",
    "src/fit/loss.ts": "/** @grad */\nexport const loss = (x: number) => x * x;\n",
  });
  const { config, problems } = await loadConfig(box.path("tsad.config.ts"));
  expect(problems).toEqual([]);
  expect(Object.keys(config).sort()).toEqual(
    ["format", "header", "naming", "outDir", "project", "rootDir", "rules", "sourceMap"].sort(),
  );
  await box.run(["compile", "src"], { compile });
  expect(box.list().filter((name) => name.endsWith(".grad.ts"))).toEqual(["gradients/fit/loss.grad.ts"]);
});

it("shows a configuration of ESLint", async () => {
  const box = project({
    "eslint.config.js": shown("eslint.config.js"),
    "src/loss.ts": "/** @grad */\nexport const loss = (x: number) => Date.UTC(1) * x;\n",
  });
  const eslint = new ESLint({ cwd: box.root, overrideConfigFile: box.path("eslint.config.js") });
  const [result] = await eslint.lintFiles(["src/loss.ts"]);
  expect(result?.messages.map(({ ruleId, line, column }) => [ruleId, line, column])).toEqual([
    ["tsad/differentiable", 2, 36],
  ]);
});

it("shows a configuration of TSDoc", () => {
  const file = TSDocConfigFile.loadForFolder(project({ "tsdoc.json": shown("tsdoc.json") }).root);
  expect(file.getErrorSummary()).toBe("No errors.");
  expect(file.extendsFiles[0]?.tagDefinitions.map(({ tagName }) => tagName)).toEqual(["@grad", "@gradOf"]);
});

it("shows a task of VS Code and a workflow of GitHub's, whose commands are understood", async () => {
  const { config } = ts.parseConfigFileTextToJson("tasks.json", shown(".vscode/tasks.json")) as {
    config: { tasks: { command: string; problemMatcher: string }[] };
  };
  const workflow = shown(".github/workflows/gradients.yml");
  const commands = [config.tasks[0]?.command ?? "", / (npx tsad .*)$/m.exec(workflow)?.[1] ?? ""];
  expect(config.tasks[0]?.problemMatcher).toBe("$tsc-watch");
  const box = project({ "src/loss.ts": "/** @grad */\nexport const loss = (x: number) => x * x;\n" });
  await box.run(["compile", "src"]);
  for (const command of commands) {
    const args = command.replaceAll("'", "").split(" ").slice(2);
    // What goes on watching ends when it is told to.
    const run = await box.run(args, { onInterrupt: (end) => setTimeout(end) });
    expect([command, run.code]).toEqual([command, 0]);
  }
});
