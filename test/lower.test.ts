/** Lowering: the interpreted IR gives what JavaScript gives, to the last bit; refusals say where. */
import { describe, expect, test } from "vitest";
import { interpret } from "../src/ir/interpret.js";
import { print } from "../src/ir/print.js";
import { verify } from "../src/ir/verify.js";
import { lowerTarget } from "../src/frontend/lower.js";
import type { LoweredTarget } from "../src/frontend/targets/target.js";
import { loadTypeScript } from "../src/frontend/project/typescript.js";
import { loopPrograms } from "./lower-loop-programs.js";
import { type Program, programs } from "./lower-programs.js";
import { refusals } from "./lower-refusals.js";
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
  test.each(Object.entries({ ...programs, ...loopPrograms }))("%s", (_name, program) => {
    check(program);
  });
});

/** What the bodies may refer to. */
const moduleText = "let count = 0;\nconst state = { k: 1 };\nconst settings = { k: 1 };\n";

describe("refuses", () => {
  test.each(Object.entries(refusals))("%s", (_name, { body, reports }) => {
    const source = `${moduleText}/** @grad */\nexport function f(x: number, y: number): number {\n${body}\n}\nexport const count1 = () => (count += 1);`;
    const { opened, lowered } = lower({ "f.ts": source });
    expect(lowered).toEqual([]);
    expect(marked(opened).toSorted()).toEqual([...reports].toSorted());
    expect(opened.diagnostics.sorted().every(({ line, help }) => line > 0 && help !== null)).toBe(true);
  });

  test("a problem in a helper, with a note where it is called", () => {
    const files = {
      "f.ts":
        'import { g } from "./g.js";\n/** @grad */\nexport function f(x: number): number {\n  return g(x);\n}',
      "g.ts":
        "export const g = (v: number): number => h(v);\nconst h = (v: number): number => v * Date.UTC(1);",
    };
    const { opened } = lower(files);
    expect(marked(opened)).toEqual(["TSAD1030 Date.UTC"]);
    const [report] = opened.diagnostics.sorted();
    expect(report?.file).toMatch(/g\.ts$/u);
    expect(report?.notes).toMatchObject([{ line: 4, column: 10 }]);
  });

  test("code that grows beyond measure, once", () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) =>
        `const g${String(i + 1)} = (v: number, k: F): number => g${String(i)}(v, k) + g${String(i)}(v + 1, k) * g${String(i)}(2 * v, k);`,
    );
    const head = "type F = (y: number) => number;\nconst g0 = (v: number, k: F) => k(v);";
    const source = `${head}\n${levels.join("\n")}\n/** @grad */\nexport const f = (x: number) => g12(x, (y) => y);`;
    expect(marked(lower({ "f.ts": source }).opened)).toEqual(["TSAD1040 g0(2 * v, k)"]);
  });

  test("code that is nested too deeply", () => {
    const returns = Array.from({ length: 4000 }, (_, i) => `if (v > ${String(i)}) return v * ${String(i)};`);
    const source = `function g(v: number): number {\n${returns.join("\n")}\nreturn v;\n}\n/** @grad */\nexport const f = (x: number) => g(x);`;
    expect(marked(lower({ "f.ts": source }).opened)).toEqual(["TSAD1040 f"]);
  });
});

describe("several modules", () => {
  test("helpers and constants are found behind imports, exports and aliases", () => {
    const files = {
      "f.ts":
        'import { area as size, K, shapes } from "./index.js";\nimport * as consts from "./consts.js";\nimport half from "./half.js";\n/** @grad */\nexport function f(x: number): number {\n  return size(x) * K + consts.deep.a + shapes.twice(x) + half(x);\n}',
      "index.ts":
        'export { surface as area } from "./shapes.js";\nexport * from "./consts.js";\nexport * as shapes from "./shapes.js";',
      "shapes.ts":
        'import { K } from "./consts.js";\nexport function surface(r: number): number {\n  return twice(r) * K;\n}\nexport const twice = (v: number): number => 2 * v;',
      "consts.ts": "export const K = 3;\nexport const deep = { a: K + 1 };",
      "half.ts": "export default function half(v: number): number {\n  return v / 2;\n}",
    };
    const { opened, lowered } = lower(files);
    expect(marked(opened)).toEqual([]);
    const [first] = lowered;
    expect(first === undefined ? [] : interpret(first.func, [5])).toEqual([10 * 3 * 3 + 4 + 10 + 2.5]);
  });

  test("a constant that another module changes is refused", () => {
    const files = {
      "f.ts":
        'import { state as s } from "./state.js";\n/** @grad */\nexport const f = (x: number) => x * { ...s }.k;\nexport const set = (k: number) => (s.k = k);',
      "state.ts": "export const state = { k: 1 };",
    };
    expect(marked(lower(files).opened)).toEqual(["TSAD1035 s"]);
  });
});

describe("names and lines", () => {
  /** The declared names and the suggested ones, in order. */
  function names(source: string): readonly string[] {
    return [...print(lowerText(source).func).matchAll(/"([^"]+)": (?:real|bool|maybe|ref)/gu)].map(
      ([, name]) => name ?? "",
    );
  }

  test("declared names stay, helpers prefix theirs", () => {
    const source =
      "function distance(a: number, b: number): number {\n  const dx = a - b;\n  return Math.sqrt(dx * dx);\n}\n/** @grad */\nexport function f(x: number, y: number): number {\n  let s = 0;\n  const copy = s;\n  s = x * 2;\n  const d = distance(x, y);\n  return d + distance(x + 1, y) * s + copy;\n}";
    expect(names(source)).toEqual([
      ...["x", "y", "s", "copy", "s", "distance_dx", "d"],
      ...["distance_a?", "distance_dx", "distance?"],
    ]);
  });

  test("each line is a statement, with its comment", () => {
    const source =
      "/** @grad */\nexport function f(x: number): number {\n  const a = x * 2; // doubled\n  const b = a + 1, c = b; /* both */\n  return a * c; // done!\n}";
    const { body } = lowerText(source).func;
    const comments = body.instrs.flatMap((instr) =>
      instr.kind === "apply" ? [[instr.out.statement?.id, instr.out.statement?.comment]] : [],
    );
    expect(comments).toEqual([
      [0, "doubled"],
      [1, null],
      [2, "both"],
      [3, "done!"],
    ]);
  });
});

describe("the cost of lowering", () => {
  test("a long function is lowered at once", () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `t = t * y + ${String(i)};`);
    const { func } = lowerText(
      `/** @grad */\nexport function f(x: number, y: number): number {\nlet t = x;\n${lines.join("\n")}\nreturn t;\n}`,
    );
    expect(func.body.instrs.length).toBe(10_001);
  });

  test("partial returns of a helper do not double its code", () => {
    const lines = Array.from(
      { length: 60 },
      (_, i) => `if (t > ${String(i)}) { t += b; if (t > ${String(i + 100)}) return t; t -= 1; }`,
    );
    const source = `function g(a: number, b: number): number {\nlet t = a;\n${lines.join("\n")}\nreturn t;\n}\n/** @grad */\nexport const f = (x: number, y: number) => g(x, y);`;
    expect(print(lowerText(source).func).length).toBeLessThan(60 * 2000);
    check({
      source,
      points: [
        [50.5, 1],
        [-1, 2],
        [99, 3],
      ],
    });
  });
});
