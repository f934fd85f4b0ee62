/** Source maps: backward lines to the lines that they are the gradient of, through whatever Prettier does. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TraceMap, originalPositionFor, sourceContentFor } from "@jridgewell/trace-mapping";
import { describe, expect, it, onTestFinished } from "vitest";
import { compile } from "../src/index.js";
import { makeSandbox, type Sandbox } from "./support/command-line.js";
import { root } from "./support/corpus.js";

/** A line of the emitted file, and where it and its marks lead. */
interface Traced {
  readonly text: string;
  /** `spring.ts:8`. */
  readonly to: string | null;
  readonly marks: readonly (readonly [k: string, to: string | null])[];
}

function trace(text: string, map: string): readonly Traced[] {
  const traced = new TraceMap(map);
  const at = (line: number, column: number): string | null => {
    const found = originalPositionFor(traced, { line, column });
    return found.source === null ? null : `${found.source}:${String(found.line)}`;
  };
  return text.split("\n").map((line, i) => {
    const comment = /\/\/ (?:\(\d+\) ?)+/.exec(line);
    const marks = [...(comment?.[0].matchAll(/\(\d+\)/g) ?? [])].map(
      (mark) => [mark[0], at(i + 1, (comment?.index ?? 0) + mark.index)] as const,
    );
    return { text: line, to: /\S/.test(line) ? at(i + 1, line.search(/\S/)) : null, marks };
  });
}

function sandbox(files: Readonly<Record<string, string>>): Sandbox {
  const box = makeSandbox({ "package.json": '{ "type": "module" }', ...files });
  onTestFinished(box.remove);
  return box;
}

/** Compiles `text` as formatted by a configuration of Prettier's; null for not at all. */
async function traceText(text: string, prettier: string | null): Promise<readonly Traced[]> {
  const box = sandbox({ "loss.ts": text, ".prettierrc": prettier ?? "" });
  const { files, diagnostics } = await compile([{ path: box.path("loss.ts") }], {
    sourceMap: true,
    format: prettier !== null,
  });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return trace(files[0]?.text ?? "", files[0]?.map ?? "{}");
}

const formats: readonly (string | null)[] = [
  "printWidth: 100",
  "printWidth: 30",
  "{ semi: false, singleQuote: true, trailingComma: none, quoteProps: consistent, printWidth: 40 }",
  "{ useTabs: true, objectWrap: collapse, experimentalTernaries: true, bracketSameLine: true }",
  null,
];

const long = `/** @grad wrt p */
export function long(p: { "first-cell": number; second_cell: number[] }, scale: number): number {
  const weighted = (p["first-cell"] * 1.50 + scale * scale * 0.25e1) * Math.exp(-p.second_cell.length);
  let total_of_everything = weighted > 0.10 ? Math.sqrt(weighted) : -weighted * 3;
  for (const cell of p.second_cell) {
    total_of_everything += cell * cell * weighted; // (9) looks like a mark
  }
  return total_of_everything / (1 + Math.abs(weighted));
}
`;

describe("each marked line leads to its statement", () => {
  it.each(formats)("formatted with %s", async (format) => {
    const lines = await traceText(long, format);
    const statements = lines.flatMap(({ marks }) => marks.map(([k, line]) => `${k} ${line ?? "nowhere"}`));
    expect([...new Set(statements)].sort()).toEqual([
      "(1) loss.ts:3",
      "(2) loss.ts:4",
      "(3) loss.ts:5",
      "(4) loss.ts:6",
      "(5) loss.ts:8",
      // Words of the user's.
      "(9) loss.ts:6",
    ]);
    for (const { text, to, marks } of lines) {
      if (marks[0] !== undefined) expect([text, to]).toEqual([text, marks[0][1]]);
    }
    expect(lines.find(({ text }) => text.includes("for ("))?.to).toBe("loss.ts:5");
    expect(lines.find(({ text }) => text.includes("long_grad("))?.to).toBe("loss.ts:2");
  });

  it("breaks lines where asked to, and every part of one leads to the same statement", async () => {
    const lines = await traceText(long, "printWidth: 30");
    const start = lines.findIndex(({ text }) => text.includes("const weighted ="));
    const end = lines.findIndex(({ text }, i) => i > start && text.includes("// (1)"));
    expect(end - start).toBeGreaterThan(3);
    const parts = lines.slice(start, end + 1).filter(({ text }) => /\w/.test(text));
    expect([...new Set(parts.map(({ to }) => to))]).toEqual(["loss.ts:3"]);
  });
});

it("leads to helpers in other files, relative to where the map is", async () => {
  const box = sandbox({
    "src/loss.ts":
      'import { cube } from "./lib/cube.js";\n/** @grad */\nexport const loss = (x: number) => {\n  const y = cube(x);\n  return y * y;\n};\n',
    "src/lib/cube.ts": "export function cube(v: number): number {\n  const w = v * v;\n  return w * v;\n}\n",
  });
  const { files } = await compile([{ path: box.path("src/loss.ts"), output: box.path("gen/loss.grad.ts") }], {
    sourceMap: true,
  });
  const lines = trace(files[0]?.text ?? "", files[0]?.map ?? "{}");
  const backward = lines.slice(lines.findIndex(({ text }) => text.includes("// backward")));
  const shown = backward.flatMap(({ text, to }) => (to === null ? [] : [`${text.trim()} → ${to}`]));
  expect(shown).toEqual([
    "const dy = 2 * y; // (3) → ../src/loss.ts:5",
    "const dcube_w = x * dy; // (2) → ../src/lib/cube.ts:3",
    "let dx = cube_w * dy; // (2) → ../src/lib/cube.ts:3",
    "dx += 2 * x * dcube_w; // (1) → ../src/lib/cube.ts:2",
    "return { value, dx }; → ../src/loss.ts:5",
  ]);
  expect(sourceContentFor(new TraceMap(files[0]?.map ?? "{}"), "../src/loss.ts")).toBeNull();
});

const corpus = [
  "cs231n/huber",
  "cs231n/spring",
  "gallery/black-scholes",
  "loops/bounds",
  "arrays/map-reduce",
  "aliasing/row-swap",
];

it.each(corpus)(
  "%s: a mark behind a backward line leads where it does behind the forward line",
  async (name) => {
    const path = join(root, "fixtures", `${name}.ts`);
    const { files } = await compile([{ path }], { sourceMap: true });
    const emitted = files[0];
    const golden = readFileSync(join(root, "fixtures", `${name}.grad.ts`), "utf8");
    const body = (text: string) => text.split("\n").slice(2).join("\n");
    expect(body(emitted?.text ?? "")).toBe(
      `${body(golden)}//# sourceMappingURL=${name.split("/")[1] ?? ""}.grad.ts.map\n`,
    );
    let known = new Map<string, string | null>();
    let count = 0;
    for (const { text, to, marks } of trace(emitted?.text ?? "", emitted?.map ?? "{}")) {
      if (text.startsWith("export function")) known = new Map();
      for (const [k, line] of marks) {
        expect([text, line]).toEqual([text, known.get(k) ?? expect.stringMatching(/:\d+$/)]);
        known.set(k, line);
        count++;
      }
      if (marks[0] !== undefined) expect([text, to]).toEqual([text, marks[0][1]]);
    }
    expect(count).toBeGreaterThan(5);
  },
);

it("is written, checked and kept up to date by the command line", async () => {
  const box = sandbox({ "loss.ts": "/** @grad */\nexport const f = (x: number) => x * x;\n" });
  const run = (...args: string[]) => box.run(["compile", "loss.ts", ...args], { compile });
  expect(await run("--source-map")).toMatchObject({ code: 0 });
  expect(box.list()).toEqual(["loss.grad.ts", "loss.grad.ts.map", "loss.ts", "package.json"]);
  expect(box.read("loss.grad.ts").endsWith("\n//# sourceMappingURL=loss.grad.ts.map\n")).toBe(true);
  expect(JSON.parse(box.read("loss.grad.ts.map"))).toMatchObject({ version: 3, sources: ["loss.ts"] });
  expect((await run("--source-map")).calls).toEqual([]);
  box.remove();
});

it("is missed where it is not there, and no part of what is printed", async () => {
  const box = sandbox({
    "loss.ts": "/** @grad */\nexport const f = (x: number) => x * x;\n",
    "tsad.config.mjs": "export default { sourceMap: true };",
  });
  const run = (...args: string[]) => box.run(["compile", "loss.ts", ...args], { compile });
  await run();
  box.write("loss.grad.ts.map", "{}");
  expect(await run("--check")).toMatchObject({ code: 0 });
  const { rmSync } = await import("node:fs");
  rmSync(box.path("loss.grad.ts.map"));
  const check = await run("--check");
  expect(check).toMatchObject({ code: 1 });
  expect(check.stderr).toContain("stale: its source map is not there");
  expect((await run("--stdout")).stdout).not.toContain("sourceMappingURL");
  expect((await run("--stdout", "--source-map")).stderr).toContain("exclude each other");
});
