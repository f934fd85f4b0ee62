/**
 * Every error fixture `fixtures/errors/x.ts`: what the user is told, to the column, equals the golden `x.txt`. Every
 * code of the catalog has one, under the name of its entry. `npm run fixtures` rewrites the goldens.
 */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { catalog, type EntryName } from "../src/diagnostics/catalog.js";
import { renderDiagnostics } from "../src/diagnostics/render.js";
import {
  compile,
  createCompiler,
  type CompileInput,
  type CompileOptions,
  type Diagnostic,
} from "../src/index.js";
import { root } from "./support/corpus.js";

const folder = join(root, "fixtures/errors");
const update = process.env["UPDATE_FIXTURES"] === "1";
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => basename(file, ".ts"));

function render(diagnostics: readonly Diagnostic[]): string {
  return renderDiagnostics(diagnostics, { color: false, readFile, currentDirectory: root });
}

function readFile(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

/** Fixtures of macros are modules that call them, the others sources with tagged functions. */
async function diagnose(name: string) {
  const path = join(folder, `${name}.ts`);
  if (!name.startsWith("macro-")) return compile([{ path }]);
  const { modules, diagnostics } = await createCompiler().compileMacros({ path });
  return { files: modules, diagnostics };
}

describe("what the user is told", () => {
  test.each(names)("%s", async (name) => {
    const goldenPath = join(folder, `${name}.txt`);
    const { files, diagnostics } = await diagnose(name);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(files.length).toBe(errors.length === 0 ? 1 : 0);
    const text = render(diagnostics);
    if (update) writeFileSync(goldenPath, text);
    else expect(text).toBe(readFile(goldenPath));
  });

  test.each(names)("%s: each diagnostic points at something on its line", async (name) => {
    for (const { file, start, length, line, column } of (await diagnose(name)).diagnostics) {
      const text = readFile(file ?? "") ?? "";
      const before = text.slice(0, start).split("\n");
      expect([line, column]).toEqual([before.length, (before.at(-1) ?? "").length + 1]);
      expect(text.slice(start, start + length).trim()).not.toBe("");
    }
  });
});

/** What concerns files and projects cannot be shown by a source file. */
const config: Partial<Record<EntryName, () => { inputs: CompileInput[]; options?: CompileOptions }>> = {
  fileNotFound: () => ({ inputs: [{ path: join(folder, "missing.ts") }] }),
  projectNotFound: () => ({
    inputs: [{ path: join(folder, "label.ts") }],
    options: { project: "missing.json" },
  }),
  projectBroken: () => {
    const temporary = mkdtempSync(join(tmpdir(), "tsad-"));
    onTestFinished(() => {
      rmSync(temporary, { recursive: true });
    });
    const project = join(temporary, "tsconfig.json");
    writeFileSync(project, '{ "compilerOptions": { "strict": ');
    return { inputs: [{ path: join(folder, "label.ts") }], options: { project } };
  },
  configurationInvalid: () => ({
    inputs: [{ path: join(folder, "label.ts") }],
    options: { outdir: "x" } as CompileOptions,
  }),
  outsideRoot: () => ({
    inputs: [{ path: join(folder, "comparison-lost.ts") }],
    options: { outDir: "x", rootDir: "src" },
  }),
  notTypeScript: () => ({ inputs: [{ path: join(folder, "label.txt") }] }),
};

/** Of the command line or the plugin only; tested with them. */
const frontDoors: readonly EntryName[] = [
  "foreignFile",
  "cannotWrite",
  "noGradient",
  "macroInComponent",
  "macroMoved",
];

describe("every code of the catalog", () => {
  const entries = Object.keys(catalog) as EntryName[];

  test.each(entries.filter((name) => !(name in config) && !frontDoors.includes(name)))("%s", (name) => {
    const golden = readFile(join(folder, `${kebab(name)}.txt`));
    expect(golden, `fixtures/errors/${kebab(name)}.ts`).not.toBeNull();
    expect(golden).toContain(catalog[name].code);
  });

  test.each(Object.entries(config))("%s", async (name, setUp) => {
    const { inputs, options } = setUp();
    const { diagnostics, files } = await compile(inputs, options);
    expect(files).toEqual([]);
    expect(diagnostics.map(({ code }) => code)).toContain(catalog[name as EntryName].code);
  });

  test("is used once", () => {
    const codes = Object.values(catalog).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

function kebab(name: string): string {
  return name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
}
