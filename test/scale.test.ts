/** Size: long functions, many early returns. Nothing here looks at the time. */
import { describe, expect, test } from "vitest";
import { compile } from "../src/index.js";

async function emitted(text: string): Promise<string> {
  const result = await compile([{ path: "scale.ts", text }], { format: false });
  expect(result.diagnostics.filter((each) => each.severity === "error")).toEqual([]);
  const [file] = result.files;
  expect(file).toBeDefined();
  return file?.text ?? "";
}

function straight(count: number): string {
  const lines = Array.from({ length: count }, (_, i) => `  const t${i + 1} = t${i} * 0.5 + Math.sin(t${i});`);
  return [
    "/** @grad */",
    "export function long(t0: number): number {",
    ...lines,
    `  return t${count};`,
    "}",
  ].join("\n");
}

function table(count: number): string {
  const rows = Array.from({ length: count }, (_, i) => [
    `  const a${i} = x * ${i + 1};`,
    `  if (a${i} > ${i * i}.5) return a${i} * y;`,
  ]);
  return [
    "/** @grad */",
    "export function table(x: number, y: number): number {",
    ...rows.flat(),
    "  return x * y;",
    "}",
  ].join("\n");
}

describe("the emitted text grows with the source", () => {
  test("of 5,000 statements", { timeout: 60_000 }, async () => {
    const [small, large] = [await emitted(straight(500)), await emitted(straight(5000))];
    expect(large.length / small.length).toBeGreaterThan(9);
    expect(large.length / small.length).toBeLessThan(13);
  });

  test("of 100 early returns", { timeout: 60_000 }, async () => {
    const [small, large] = [await emitted(table(25)), await emitted(table(100))];
    expect(large.length / small.length).toBeGreaterThan(2);
    expect(large.length / small.length).toBeLessThan(14);
  });
});
