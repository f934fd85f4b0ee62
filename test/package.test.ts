/** The package as others see it: versions, declarations, what starting the command line loads. */
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { version } from "../src/version.js";

const root = resolve(import.meta.dirname, "..");

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const readJson = (name: string): unknown => JSON.parse(readFileSync(join(root, name), "utf8"));
const manifest = readJson("package.json") as Manifest;

it("has one version", () => {
  expect(manifest.version).toBe(version);
});

it("pins its dependencies", () => {
  const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(versions.filter((each) => !/^\d+\.\d+\.\d+$/.test(each))).toEqual([]);
});

it("locks what is installed, wherever it comes from", () => {
  const lock = readJson("package-lock.json") as { packages: Record<string, Record<string, unknown>> };
  const incomplete = Object.entries(lock.packages).filter(
    ([, entry]) => typeof entry["version"] !== "string",
  );
  expect(incomplete).toEqual([]);
  expect(Object.values(lock.packages).filter((entry) => "resolved" in entry)).toEqual([]);
});

it("shows no type of another library in its declarations", () => {
  const declarations = emitDeclarations(join(root, "src/index.ts"));
  const reached = closure(join(root, "src/index.d.ts"), (path) => imports(declarations.get(path) ?? ""));
  expect(reached.files.length).toBeGreaterThan(2);
  expect(reached.files.filter((path) => !declarations.has(path))).toEqual([]);
  expect(reached.packages).toEqual([]);
});

it("answers --help with nothing but the parser of the command line", () => {
  const source = (path: string) => path.replace(/\.js$/, ".ts");
  const reached = closure(join(root, "cli/bin.ts"), (path) =>
    staticImports(readFileSync(source(path), "utf8")).map(source),
  );
  expect(reached.packages.filter((name) => !name.startsWith("node:"))).toEqual(["commander"]);
  const names = reached.files.map((path) => path.slice(root.length + 1));
  expect(names).toContain("cli/program.ts");
  expect(names.filter((name) => name.startsWith("src/") && !/^src\/(options|version)/.test(name))).toEqual(
    [],
  );
});

it("starts a bundler without the compiler, until there is something to compile", () => {
  const source = (path: string) => path.replace(/\.d\.ts$/, ".ts").replace(/\.js$/, ".ts");
  const reached = closure(join(root, "plugin/vite.ts"), (path) =>
    staticImports(readFileSync(source(path), "utf8")).map(source),
  );
  expect(reached.packages.filter((name) => !name.startsWith("node:")).sort()).toEqual([
    "magic-string",
    "unplugin",
  ]);
  const names = reached.files.map((path) => path.slice(root.length + 1));
  expect(names).toContain("plugin/factory.ts");
  expect(names.filter((name) => /^src\/(index|session|compile|frontend)/.test(name))).toEqual([]);
});

/** Declarations by path, as `npm run build` writes them, but in memory. */
function emitDeclarations(entry: string): ReadonlyMap<string, string> {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, "tsconfig.build.json"),
    { emitDeclarationOnly: true, outDir: root, rootDir: root },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  const declarations = new Map<string, string>();
  const program = ts.createProgram([entry], config?.options ?? {});
  program.emit(undefined, (path, text) => declarations.set(resolve(path), text));
  return declarations;
}

/** All that is reached from a file by relative imports, and the packages imported on the way. */
function closure(entry: string, importsOf: (path: string) => readonly string[]) {
  const files = new Set([entry]);
  const packages = new Set<string>();
  for (const path of files) {
    for (const name of importsOf(path)) {
      if (name.startsWith(".")) files.add(resolve(dirname(path), name).replace(/\.js$/, ".d.ts"));
      else packages.add(name);
    }
  }
  return { files: [...files], packages: [...packages] };
}

function imports(text: string): readonly string[] {
  return ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
}

/** Without `import type` and `import()`. */
function staticImports(text: string): readonly string[] {
  const { statements } = ts.createSourceFile("x.ts", text, ts.ScriptTarget.ESNext);
  return statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const isType = ts.isImportDeclaration(statement)
      ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : statement.isTypeOnly;
    const from = statement.moduleSpecifier;
    return !isType && from !== undefined && ts.isStringLiteral(from) ? [from.text] : [];
  });
}
