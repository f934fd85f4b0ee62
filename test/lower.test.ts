/** Lowering: the interpreted IR gives what JavaScript gives, to the last bit; refusals say where. */
import { describe, expect, test } from "vitest";
import { interpret } from "../src/ir/interpret.js";
import { print } from "../src/ir/print.js";
import { verify } from "../src/ir/verify.js";
import { lowerTarget } from "../src/frontend/lower.js";
import type { LoweredTarget } from "../src/frontend/target.js";
import { loadTypeScript } from "../src/frontend/typescript.js";
import { type Program, programs } from "./lower-programs.js";
import { type Opened, marked, open } from "./support/open.js";

const { ts } = loadTypeScript();

/** The lowered targets of a text. */
function lower(files: Readonly<Record<string, string>>): {
  opened: Opened;
  lowered: readonly LoweredTarget[];
} {
  const opened = open(files);
  const lowered = opened.targets.flatMap((target) => {
    const result = lowerTarget(target, opened.project, opened.diagnostics);
    if (result !== null) verify(result.func, "lower");
    return result ?? [];
  });
  return { opened, lowered };
}

function lowerText(source: string): LoweredTarget {
  const { opened, lowered } = lower({ "f.ts": source });
  expect(marked(opened).filter((each) => !each.startsWith("TSAD4"))).toEqual([]);
  const [first] = lowered;
  if (first === undefined) throw new Error("nothing was lowered");
  return first;
}

/** The function itself, by TypeScript's own transpiler. */
function javascript(source: string): (...args: readonly unknown[]) => unknown {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  });
  const exported: { f?: (...args: readonly unknown[]) => unknown } = {};
  new Function("exports", outputText)(exported);
  if (exported.f === undefined) throw new Error("the program exports no f");
  return exported.f;
}

type Result = { readonly value: unknown } | "thrown";

function attempt(call: () => unknown): Result {
  try {
    return { value: call() };
  } catch (error) {
    if (error instanceof Error && error.name === "InternalError") throw error;
    return "thrown";
  }
}

function check({ source, points }: Program): void {
  const { func } = lowerText(source);
  const f = javascript(source);
  for (const point of points) {
    const given = structuredClone(point);
    const expected = attempt(() => f(...structuredClone(point)));
    const found = attempt(() => interpret(func, given)[0]);
    expect(found, `at ${JSON.stringify(point)}\n${print(func)}`).toEqual(expected);
    if (found !== "thrown" && expected !== "thrown")
      expect(Object.is(found.value, expected.value)).toBe(true);
    expect(given, "the arguments stay as they are").toEqual(point);
  }
  expect(points.length).toBeGreaterThan(0);
}

describe("gives what JavaScript gives", () => {
  test.each(Object.entries(programs))("%s", (_name, program) => {
    check(program);
  });
});
