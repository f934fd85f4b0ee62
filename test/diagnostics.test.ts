/** The catalog, the collector and the rendering of diagnostics. */
import { describe, expect, it } from "vitest";
import { catalog } from "../src/diagnostics/catalog.js";
import { Diagnostics, excerpt, lineAndColumn } from "../src/diagnostics/collector.js";
import type { Args, Entry } from "../src/diagnostics/entries/entry.js";
import { renderDiagnostics } from "../src/diagnostics/render.js";
import { open } from "./support/open.js";

const entries = Object.entries(catalog) as [string, Entry<Args>][];

describe("the catalog", () => {
  it("has each code once", () => {
    const codes = entries.map(([, { code }]) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it.each(entries)("%s: its code is of its kind", (_, { code, kind }) => {
    const thousand = { unsupported: "1", invalid: "2", config: "3", warning: "4" }[kind];
    expect(code).toMatch(new RegExp(`^TSAD${thousand}\\d{3}$`, "u"));
  });

  it.each(entries)(
    "%s: its texts are sentences that use every argument",
    (_, { example, message, help, title }) => {
      for (const text of [message(example), help(example)]) {
        expect(text).toMatch(/^[A-Z`].*[.`]$/su);
        expect(text.split("`").length % 2).toBe(1);
        expect(text).not.toMatch(/undefined\b(?!`)|\[object/u);
      }
      expect(title).toMatch(/^[A-Z`].*[^.]$/u);
      const used = `${message(example)} ${help(example)}`;
      for (const value of Object.values(example)) expect(used).toContain(value);
    },
  );

  it("refuses wrong names and arguments when it is compiled", () => {
    const diagnostics = new Diagnostics(() => null);
    diagnostics.report("recursion", null, { name: "f", reason: "is no function" });
    const misspelled = (): void => {
      // @ts-expect-error no such entry
      diagnostics.report("recursive", null, { name: "f" });
    };
    expect(misspelled).toThrow();
    // @ts-expect-error no such argument
    diagnostics.report("recursion", null, { callee: "f" });
    // @ts-expect-error an argument is missing
    diagnostics.report("unsupportedType", null, { code: "x", type: "y" });
  });
});

describe("the collector", () => {
  const texts: Readonly<Record<string, string>> = { "/b.ts": "one\ntwo three\n", "/a.ts": "first" };
  const collect = () => new Diagnostics((file) => texts[file] ?? null);
  const span = (file: string, start: number, end: number) => ({ file, start, end });

  it("finds line and column of a span and of a node", () => {
    const diagnostics = collect();
    diagnostics.report("asyncFunction", span("/b.ts", 8, 13), { name: "three" });
    expect(diagnostics.sorted()).toMatchObject([{ file: "/b.ts", start: 8, length: 5, line: 2, column: 5 }]);

    const { project, diagnostics: others } = open({ "a.ts": "\n  /** About. */ const a = 1;" });
    const [statement] = project.inputs[0]?.statements ?? [];
    if (statement === undefined) throw new Error("no statement");
    others.report("asyncFunction", statement, { name: "a" });
    expect(others.sorted()).toMatchObject([{ start: 17, length: 12, line: 2, column: 17 }]);
  });

  it("sorts by file and position, configuration first", () => {
    const diagnostics = collect();
    diagnostics.report("asyncFunction", span("/b.ts", 4, 7), { name: "y" });
    diagnostics.report("asyncFunction", span("/b.ts", 0, 3), { name: "z" });
    diagnostics.report("asyncFunction", span("/a.ts", 0, 5), { name: "x" });
    diagnostics.report("fileNotFound", null, { path: "w" });
    const order = diagnostics.sorted().map(({ file, start }) => `${file ?? ""} ${String(start)}`);
    expect(order).toEqual([" 0", "/a.ts 0", "/b.ts 0", "/b.ts 4"]);
  });

  it("keeps the same one once, but counts it again as an error", () => {
    const diagnostics = collect();
    const at = span("/a.ts", 0, 5);
    for (const [index, name] of ["x", "x", "y"].entries()) {
      diagnostics.report("asyncFunction", at, { name }, [diagnostics.note(at, String(index))]);
    }
    const kept = diagnostics.sorted().map(({ notes }) => notes.map(({ message }) => message));
    expect(kept).toEqual([["0"], ["2"]]);
    expect(diagnostics.errorCount).toBe(3);
  });

  it("does not count warnings as errors", () => {
    const diagnostics = collect();
    diagnostics.report("resultIndependent", span("/a.ts", 0, 5), { name: "f" });
    expect(diagnostics.errorCount).toBe(0);
    expect(diagnostics.hasErrorsIn("/a.ts")).toBe(false);
    diagnostics.report("asyncFunction", span("/a.ts", 0, 5), { name: "f" });
    expect(diagnostics.hasErrorsIn("/a.ts")).toBe(true);
    expect(diagnostics.hasErrorsIn("/b.ts")).toBe(false);
  });
});

it.each([
  ["a\nb", 2, [2, 1]],
  ["a\r\nb", 3, [2, 1]],
  ["a\r\nb", 2, [1, 3]],
  ["a\u2028b", 2, [2, 1]],
  ["abc", 3, [1, 4]],
  ["", 0, [1, 1]],
])("the position of an offset: %j at %i", (text, offset, expected) => {
  const { line, column } = lineAndColumn(text, offset);
  expect([line, column]).toEqual(expected);
});

it("shortens long code to one line", () => {
  const { project } = open({ "a.ts": `const a =\n   [${"1, ".repeat(40)}1];` });
  const [statement] = project.inputs[0]?.statements ?? [];
  if (statement === undefined) throw new Error("no statement");
  expect(excerpt(statement, 24)).toBe("const a = [1, 1, 1, 1, …");
});

describe("the rendering", () => {
  const text = "export function f(x: number) {\n\treturn erf(x, [\n    1]);\n}\n";
  const readFile = (path: string) => (path === "/project/a.ts" ? text : null);
  const options = { color: false, readFile, currentDirectory: "/project" };

  function reported(): Diagnostics {
    const diagnostics = new Diagnostics(readFile);
    const start = text.indexOf("erf");
    const note = diagnostics.note({ file: "/project/a.ts", start: 0, end: 6 }, "It is called from here.");
    const at = { file: "/project/a.ts", start, end: text.indexOf(";") };
    diagnostics.report("noSource", at, { callee: "erf" }, [note]);
    diagnostics.report("roundingLost", { ...at, end: start + 3 }, { code: "erf" });
    return diagnostics;
  }

  it("shows position, message, frame, help and notes", () => {
    expect(renderDiagnostics(reported().sorted(), options)).toMatchInlineSnapshot(`
      "a.ts:2:9 - warning TSAD4001: \`erf\` is constant between its jumps, so its derivative is 0 and that of its argument is lost.

      2 	return erf(x, [
        	       ~~~

        help: Use the number itself where its derivative matters, or a smooth function in place of the rounding.

      a.ts:2:9 - error TSAD1001: \`erf\` cannot be differentiated: only its declaration is known, not its source.

      2 	return erf(x, [
        	       ~~~~~~~~

        help: Write \`erf\` in TypeScript, in this file or in a module of the project, so that it can be inlined, or give its derivative by hand: \`/** @gradOf erf */\`.
        note: a.ts:1:1 - It is called from here.
      "
    `);
  });

  it("paints the same text", () => {
    const painted = renderDiagnostics(reported().sorted(), { ...options, color: true });
    expect(painted).toContain("\u001b[31merror\u001b[39m");
    expect(painted.replace(/\u001b\[\d+m/gu, "")).toBe(renderDiagnostics(reported().sorted(), options));
  });

  it("needs no file", () => {
    const diagnostics = new Diagnostics(() => null);
    diagnostics.report("fileNotFound", null, { path: "los.ts" });
    expect(renderDiagnostics(diagnostics.sorted(), options)).toMatchInlineSnapshot(`
      "error TSAD3001: The file \`los.ts\` does not exist, or cannot be read.
        help: Check the path, which is taken relative to the current folder.
      "
    `);
  });

  it("gives the empty text for none", () => {
    expect(renderDiagnostics([], options)).toBe("");
  });
});
