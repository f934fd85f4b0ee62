/** `tsad compile --watch` as a process of its own: what it compiles when, what it says, and how it ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeSandbox, type Sandbox } from "./support/command-line.js";
import { root } from "./support/corpus.js";

const square = "/** @grad */\nexport const square = (x: number) => x * x;\n";
const norm = [
  'import { weight } from "../lib/weight.js";',
  "/** @grad */",
  "export const norm = (x: number, y: number) => Math.hypot(weight(x), y);",
  "",
].join("\n");

/** A watching process, and what it has said. */
class Watching {
  readonly #child: ChildProcess;
  #text = "";
  #seen = 0;

  constructor(cwd: string, args: readonly string[]) {
    const bin = join(root, "dist/cli/bin.js");
    this.#child = spawn(process.execPath, [bin, "compile", "--watch", ...args], { cwd });
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#text += chunk.toString()));
    onTestFinished(() => void this.#child.kill("SIGKILL"));
  }

  /** What it says from where the last call ended, up to a line that matches. */
  async until(pattern: RegExp): Promise<string> {
    for (let i = 0; i < 1200; i++) {
      const rest = this.#text.slice(this.#seen);
      const found = pattern.exec(rest);
      const end = found === null ? -1 : rest.indexOf("\n", found.index);
      if (end >= 0) {
        this.#seen += end + 1;
        return rest.slice(0, end + 1);
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`no ${String(pattern)} in ${JSON.stringify(this.#text.slice(this.#seen))}`);
  }

  end(signal: NodeJS.Signals): Promise<number | null> {
    const code = new Promise<number | null>((resolve) => this.#child.once("exit", resolve));
    this.#child.kill(signal);
    return code;
  }
}

function project(files: Readonly<Record<string, string>> = {}): Sandbox {
  const box = makeSandbox({
    "package.json": '{ "type": "module" }',
    "tsconfig.json": '{ "compilerOptions": { "strict": true, "module": "nodenext" } }',
    "src/square.ts": square,
    "src/norm.ts": norm,
    "lib/weight.ts": "export const weight = (x: number) => 2 * x;\n",
    ...files,
  });
  onTestFinished(box.remove);
  return box;
}

/** The end of a run. */
const done = /Found \d+ errors?\. Watching for file changes\./;

describe("watching", { timeout: 120_000 }, () => {
  it("compiles what changes and what depends on it, and says so in a line each", async () => {
    const box = project();
    const watching = new Watching(box.root, ["src/**/*.ts"]);
    expect(await watching.until(done)).toContain("src/square.ts → src/square.grad.ts");

    box.write("src/square.ts", square.replace("x * x", "3 * x * x"));
    const time = String.raw`\[\d\d:\d\d:\d\d\]`;
    expect(await watching.until(done)).toMatch(
      new RegExp(
        [
          `^${time} File change detected\\. Starting incremental compilation\\.\\.\\.`,
          `${time} src/square\\.ts → src/square\\.grad\\.ts  \\d+ ms`,
          `${time} Found 0 errors\\. Watching for file changes\\.\n$`,
        ].join("\n"),
      ),
    );
    expect(box.read("src/square.grad.ts")).toContain("6 * x");

    box.write("lib/weight.ts", "export const weight = (x: number) => 7 * x;\n");
    const second = await watching.until(done);
    expect(second).toContain("src/norm.ts → src/norm.grad.ts");
    expect(second).not.toContain("square");
    expect(box.read("src/norm.grad.ts")).toContain("7 * x");

    mkdirSync(box.path("src/deep"));
    box.write("src/deep/cube.ts", square.replaceAll("square", "cube"));
    expect(await watching.until(done)).toContain("src/deep/cube.ts → src/deep/cube.grad.ts");

    rmSync(box.path("src/deep/cube.grad.ts"));
    expect(await watching.until(done)).toContain("src/deep/cube.ts → src/deep/cube.grad.ts");

    box.write("tsad.config.mjs", 'export default { header: "MIT" };\n');
    // A run that has begun may see it halfway, and then there is another.
    await watching.until(/src\/norm\.ts → src\/norm\.grad\.ts/);
    expect(box.read("src/norm.grad.ts")).toMatch(/^\/\/ MIT\n/);
    box.write("tsad.config.mjs", 'export default { headers: "MIT" };\n');
    await watching.until(/The nearest option is `header`/);

    expect(await watching.end("SIGINT")).toBe(0);
  });

  it("sees changes in the packages from which it inlines", async () => {
    const box = project({
      "src/ease.ts":
        'import { ease } from "easing";\n/** @grad */\nexport const eased = (t: number) => ease(t);\n',
      "node_modules/easing/package.json":
        '{ "name": "easing", "main": "lib/index.js", "types": "lib/index.d.ts" }',
      "node_modules/easing/lib/index.d.ts": "export declare function ease(t: number): number;\n",
      "node_modules/easing/lib/index.js": "exports.ease = (t) => t * t;\n",
    });
    const watching = new Watching(box.root, ["src/**/*.ts"]);
    expect(await watching.until(done)).toContain("src/ease.ts → src/ease.grad.ts");
    box.write("node_modules/easing/lib/index.js", "exports.ease = (t) => t * t * t;\n");
    await watching.until(done);
    expect(box.read("src/ease.grad.ts")).toContain("t * t * t");
  });

  it("shows errors again until they are mended", async () => {
    const box = project();
    const watching = new Watching(box.root, ["src"]);
    await watching.until(done);
    const good = box.read("src/square.grad.ts");

    box.write("src/square.ts", square.replace("x * x", "x * missing(x)"));
    const broken = await watching.until(done);
    expect(broken).toMatch(/\nsrc\/square\.ts:2:\d+ - error TS2304: Cannot find name 'missing'\.\n/);
    expect(broken).toContain("src/square.ts  failed");
    expect(broken).toContain("Found 1 error.");
    expect(box.read("src/square.grad.ts")).toBe(good);

    box.write("src/norm.ts", `${norm}// more\n`);
    const other = await watching.until(done);
    expect(other).toContain("src/norm.ts → src/norm.grad.ts");
    expect(other).toContain("error TS2304");

    box.write("src/square.ts", square);
    const mended = await watching.until(done);
    expect(mended).toMatch(/src\/square\.ts → src\/square\.grad\.ts {2}(unchanged|\d+ ms)/);
    expect(mended).toContain("Found 0 errors.");

    box.write("src/norm.ts", norm.replace("weight.js", "heavy.js"));
    expect(await watching.until(done)).toContain("error TS2307");
    box.write("lib/heavy.ts", "export const weight = (x: number) => 5 * x;\n");
    expect(await watching.until(/Found 0 errors/)).toContain("src/norm.ts → src/norm.grad.ts");
    expect(await watching.end("SIGTERM")).toBe(0);
  });

  it("survives deleted and renamed files, and takes along what was emitted from them", async () => {
    const box = project({ "src/edited.ts": square.replaceAll("square", "edited") });
    const watching = new Watching(box.root, ["src/**/*.ts", "--source-map", "--pretty"]);
    await watching.until(/Watching for changes/);
    expect(existsSync(box.path("src/square.grad.ts.map"))).toBe(true);

    rmSync(box.path("src/square.ts"));
    await watching.until(/src\/square\.ts {2}deleted, and src\/square\.grad\.ts with it\n/);
    expect(box.list().filter((name) => name.includes("square"))).toEqual([]);

    renameSync(box.path("src/norm.ts"), box.path("src/length.ts"));
    await watching.until(/src\/length\.ts → src\/length\.grad\.ts/);
    expect(box.list().filter((name) => name.includes("norm"))).toEqual([]);

    box.write("src/square.ts", square);
    await watching.until(/src\/square\.ts → src\/square\.grad\.ts/);

    box.write("src/edited.grad.ts", `${box.read("src/edited.grad.ts")}// by hand\n`);
    await watching.until(/src\/edited\.ts → src\/edited\.grad\.ts/);
    expect(await watching.end("SIGINT")).toBe(0);
  });

  it("ends at once where there is nothing to watch", async () => {
    const box = project();
    const watching = new Watching(box.root, ["none/**/*.ts"]);
    await watching.until(/no TypeScript source file matches/);
    expect((await box.run(["compile", "--watch", "--check", "src"])).stderr).toContain("exclude each other");
    expect((await box.run(["compile", "--watch", "-"])).stderr).toContain("not standard input");
  });
});
