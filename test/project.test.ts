/** Opening projects on disk: the tsconfig that counts, files that are missing, and the user's own errors. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Diagnostics } from "../src/diagnostics/collector.js";
import { type FrontendProject, openProject } from "../src/frontend/project/project.js";
import { shapeOf } from "../src/frontend/types/shapes.js";
import { reportTypeScriptErrors } from "../src/frontend/project/typescript-errors.js";

const root = realpathSync(mkdtempSync(join(tmpdir(), "tsad-project-")));

afterAll(() => {
  rmSync(root, { recursive: true });
});

interface Opened {
  readonly project: FrontendProject;
  /** Code and message, with the folder left out. */
  readonly errors: readonly string[];
}

/** Writes the files and opens the first. */
function open(
  files: Readonly<Record<string, string>>,
  settings: { project?: string; text?: string } = {},
): Opened {
  const folder = mkdtempSync(join(root, "case-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const diagnostics = new Diagnostics(() => null);
  const { project: config, text } = settings;
  const path = join(folder, Object.keys(files)[0] ?? "");
  const project = openProject(
    [text === undefined ? { path } : { path, text }],
    config === undefined ? {} : { project: join(folder, config) },
    diagnostics,
  );
  reportTypeScriptErrors(project, project.inputs, diagnostics);
  const errors = diagnostics
    .sorted()
    .map(({ code, message }) => `${code} ${message.replaceAll(`${folder}/`, "")}`);
  return { project, errors };
}

const config = (compilerOptions: object, others: object = {}) =>
  JSON.stringify({ compilerOptions, ...others });

describe("the tsconfig", () => {
  it("is the nearest one above the file", () => {
    const { project, errors } = open({
      "src/deep/a.ts": "export const x: number = [1][0];",
      "src/tsconfig.json": config({ noUncheckedIndexedAccess: true }),
      "tsconfig.json": config({}),
    });
    expect(project.compilerOptions.noUncheckedIndexedAccess).toBe(true);
    expect(errors).toEqual([expect.stringContaining("TS2322")]);
  });

  it("is the one that is named", () => {
    const files = {
      "a.ts": "export {};",
      "tsconfig.json": config({}),
      "own.json": config({ strict: false }),
    };
    expect(open(files, { project: "own.json" }).project.compilerOptions.strict).toBe(false);
  });

  it("may extend another", () => {
    const extending = JSON.stringify({ extends: "./base.json" });
    const files = {
      "a.ts": "",
      "tsconfig.json": extending,
      "base.json": config({ noUncheckedIndexedAccess: true }),
    };
    expect(open(files).project.compilerOptions.noUncheckedIndexedAccess).toBe(true);
  });

  it("that only refers to others gives way to the one that includes the file", () => {
    const { project } = open({
      "src/a.ts": "",
      "tsconfig.json": JSON.stringify({
        files: [],
        references: [{ path: "./node.json" }, { path: "./app.json" }],
      }),
      "node.json": config({ strict: false, composite: true }, { include: ["*.config.ts"] }),
      "app.json": config({ noUncheckedIndexedAccess: true, composite: true }, { include: ["src"] }),
    });
    expect(project.compilerOptions).toMatchObject({ noUncheckedIndexedAccess: true, strict: true });
  });

  it("resolves path aliases, and loads only what is imported", () => {
    const { project, errors } = open({
      "src/a.ts": 'import { k } from "@lib/k";\nexport const x: number = k;',
      "lib/k.ts": "export const k = 1;",
      "src/other.ts": "const broken: number = 'a';",
      "tsconfig.json": config({
        module: "esnext",
        moduleResolution: "bundler",
        paths: { "@lib/*": ["./lib/*"] },
      }),
    });
    expect(errors).toEqual([]);
    const own = project.program.getSourceFiles().filter((file) => project.isOwn(file));
    expect(own.map(({ fileName }) => fileName.replace(/.*\//u, ""))).toEqual(["k.ts", "a.ts"]);
  });

  it.each([
    ["{ oops", "TSAD3003"],
    [JSON.stringify({ extends: "./missing.json" }), "TSAD3003"],
    [config({ module: "nonsense" }), "TSAD3003"],
  ])("%j is reported", (text, code) => {
    const { errors } = open({ "a.ts": "export const x = 1;", "tsconfig.json": text });
    expect(errors.map((error) => error.slice(0, 8))).toContain(code);
  });

  it("of another TypeScript may have options that are not known", () => {
    expect(
      open({ "a.ts": "", "tsconfig.json": config({ brandNew: true, moduleResolution: "node" }) }).errors,
    ).toEqual([]);
  });

  it("that is not strict leaves optional fields optional", () => {
    const { project } = open({
      "a.ts": "export declare const p: { x?: number };",
      "tsconfig.json": config({ strict: false }),
    });
    const [statement] = project.inputs[0]?.statements ?? [];
    if (statement === undefined || !project.ts.isVariableStatement(statement))
      throw new Error("no declaration");
    const [declaration] = statement.declarationList.declarations;
    if (declaration === undefined) throw new Error("no declaration");
    const shape = shapeOf(project.checker.getTypeAtLocation(declaration), declaration, project);
    expect(shape).toEqual({
      kind: "object",
      fields: [{ name: "x", shape: { kind: "maybe", shape: { kind: "real" }, none: "undefined" } }],
    });
  });

  it("that is named but missing is reported", () => {
    expect(open({ "a.ts": "" }, { project: "none.json" }).errors).toEqual([
      "TSAD3002 The TypeScript project `none.json` does not exist, or cannot be read.",
    ]);
  });
});

describe("files", () => {
  it.each(["./k", "./k.js", "./k.ts"])("import others as %s without a tsconfig", (specifier) => {
    const text = `import { k } from "${specifier}";\nexport const x: number = k;`;
    expect(open({ "a.ts": text, "k.ts": "export const k = 1;" }).errors).toEqual([]);
  });

  it("may be given as text, in place of the disk's", () => {
    const { project } = open({ "a.ts": "export const old = 1;" }, { text: "export const young = 2;" });
    expect(project.inputs[0]?.text).toContain("young");
  });

  it("that are missing or no TypeScript are reported, the others opened", () => {
    const diagnostics = new Diagnostics(() => null);
    const paths = ["missing.ts", "a.js", "a.d.ts", "b.ts"].map((name) => join(root, "some", name));
    mkdirSync(join(root, "some"));
    writeFileSync(join(root, "some/b.ts"), "export {};");
    const project = openProject(
      paths.map((path) => ({ path })),
      {},
      diagnostics,
    );
    expect(diagnostics.sorted().map(({ code }) => code)).toEqual(["TSAD3001", "TSAD3004", "TSAD3004"]);
    expect(project.inputs.map(({ fileName }) => fileName)).toEqual([join(root, "some/b.ts")]);
  });

  it("may use the DOM, Node and declared globals", () => {
    const { errors } = open({
      "src/a.ts": "console.log(document.title, SCALE);\nexport {};",
      "src/globals.d.ts": "declare const SCALE: number;",
      "tsconfig.json": config({}),
    });
    expect(errors).toEqual([]);
  });
});

describe("the user's errors", () => {
  it("are reported with their codes, those of other files are not", () => {
    const { errors } = open({
      "a.ts": 'import { k } from "./k";\nexport const x: string = 1;\nexport const y = k +;',
      "k.ts": "export const k: string = 1;",
    });
    expect(errors).toEqual([
      "TS2322 Type 'number' is not assignable to type 'string'.",
      "TS1109 Expression expected.",
    ]);
  });

  it("leave unused names to the linter", () => {
    const files = {
      "a.ts": "export {};\nconst unused = 1;",
      "tsconfig.json": config({ noUnusedLocals: true }),
    };
    expect(open(files).errors).toEqual([]);
  });

  it("include an import that cannot be resolved", () => {
    expect(open({ "a.ts": 'import { k } from "./none";\nexport const x = k;' }).errors).toEqual([
      expect.stringContaining("TS2307"),
    ]);
  });

  it.each([
    ["missing", {}],
    ["out of date", { "a.grad.ts": "export const f_grad = (x: string) => x;\nconst wrong: string = 1;" }],
  ])("do not include what comes of a gradient that is %s", (_, others) => {
    const text = 'import { f_grad } from "./a.grad";\nexport const d = f_grad([1]).dx.map((v) => v * 2);';
    expect(open({ "a.ts": text, ...others }).errors).toEqual([]);
  });

  it("do not include another file's gradient that is missing", () => {
    const text = 'import { g_grad } from "../lib/b.grad.js";\nexport const d = g_grad;';
    expect(open({ "src/a.ts": text }).errors).toEqual([]);
  });
});
