/** The README's section of each bundler, done as it says, in an empty folder with the packed package. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installPacked, type Installed, runIn } from "./support/packed.js";

const readme = readFileSync(resolve(import.meta.dirname, "../README.md"), "utf8");
const [, build = ""] = readme.split("\n## In a build\n");
const [shared = "", ...sections] = (build.split("\n## ")[0] ?? "").split("\n### ");
const guides = sections.map((text): readonly [string, string] => [text.slice(0, text.indexOf("\n")), text]);

let installed: Installed;

beforeAll(() => {
  installed = installPacked();
}, 60_000);

afterAll(() => {
  installed.remove();
});

interface Block {
  readonly language: string;
  /** From the comment on its first line. */
  readonly file: string | null;
  readonly text: string;
}

function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/```(\w+)\n([^]*?)```/g)].map(([, language = "", text = ""]) => ({
    language,
    file: /^(?:\/\/|<!--) (\S+\.\w+)(?: -->)?\n/.exec(text)?.[1] ?? null,
    text,
  }));
}

it("has a section for each adapter", () => {
  const names = guides.map(([name]) => name.toLowerCase()).sort();
  expect(names).toEqual(["bun", "esbuild", "farm", "rolldown", "rollup", "rspack", "vite", "webpack"]);
});

describe.concurrent.each(guides)("%s", (name, text) => {
  it("works as it is written", { timeout: 120_000 }, async ({ expect: expectHere }) => {
    const folder = join(installed.root, `readme-${name}`);
    mkdirSync(folder);
    for (const { file, text: content } of [...blocksOf(shared), ...blocksOf(text)]) {
      if (file === null) continue;
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), content);
    }
    const commands = blocksOf(text).flatMap((block) =>
      block.language === "sh" ? block.text.trim().split("\n") : [],
    );
    const [install = "", ...steps] = commands;
    expectHere(install).toMatch(/^npm install -D tsad /);
    const needed = install.split(" ").slice(3);
    // What is to be installed is linked here; a name that is missing would be found out.
    for (const each of needed) expectHere(existsSync(join(installed.root, "node_modules", each))).toBe(true);
    let output = "";
    for (const step of steps) {
      const run = await runIn(folder, step);
      expectHere(run, `${step}\n${run.output}`).toMatchObject({ code: 0 });
      ({ output } = run);
    }
    // What Vite builds is for a browser.
    if (name === "Vite") expectHere(readdirSync(join(folder, "dist/assets"))).toHaveLength(1);
    else expectHere(output).toBe("{ value: 25, dw: 20 } [ 20 ]\n");
    expectHere(existsSync(join(folder, "src/loss.grad.ts"))).toBe(true);
  });
});
