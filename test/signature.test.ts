/** Parameters of targets, and the heads of their gradients. Every head is checked by TypeScript beside its source. */
import { describe, expect, it } from "vitest";
import { holdsNumbers } from "../src/frontend/types/shapes.js";
import { signatureOf, targetParams } from "../src/frontend/targets/signature.js";
import type { Signature } from "../src/frontend/targets/target.js";
import { reportTypeScriptErrors } from "../src/frontend/project/typescript-errors.js";
import { marked, open } from "./support/open.js";

type Files = Readonly<Record<string, string>>;

const geo = `
  export interface Point { x: number; y: number }
  export namespace solid { export interface Ball { r: number } }
  export default interface Box { w: number }
  export const origin = { x: 0, y: 0 };
  export type Norm = (p: Point, power: number) => number;
`;

/** The signature of the only target; and its head must accept what the target accepts. */
function signature(text: string, others: Files = { "geo.ts": geo }): Signature {
  const opened = open({ "a.ts": text, ...others });
  reportTypeScriptErrors(opened.project, opened.project.inputs, opened.diagnostics);
  expect(opened.diagnostics.sorted()).toEqual([]);
  const [target] = opened.targets;
  if (target === undefined) throw new Error("no target");
  const { signature: made } = signatureOf(
    target,
    targetParams(target, opened.project, opened.diagnostics),
    opened.project,
  );
  expect(opened.diagnostics.sorted()).toEqual([]);
  checkHead(made, text, others);
  return made;
}

function checkHead(made: Signature, text: string, others: Files): void {
  const imports = made.imports.map(
    ({ from, name, alias }) =>
      `import type { ${alias === null ? name : `${name} as ${alias}`} } from "${from}";`,
  );
  const head = [
    ...imports,
    ...made.declarations.map((declaration) => declaration.text),
    `export function ${made.name}_grad(${made.parameters.join(", ")}): void {}`,
  ].join("\n");
  const check = [
    `import { ${made.name} } from "./a";`,
    `import { ${made.name}_grad } from "./b";`,
    `export const same: (...args: Parameters<typeof ${made.name}>) => void = ${made.name}_grad;`,
    `export const back: (...args: Parameters<typeof ${made.name}_grad>) => void = ${made.name};`,
  ].join("\n");
  const opened = open({ "check.ts": check, "b.ts": head, "a.ts": text, ...others });
  reportTypeScriptErrors(opened.project, opened.project.inputs, opened.diagnostics);
  expect(opened.diagnostics.sorted().map(({ message }) => `${message} in\n${head}`)).toEqual([]);
}

describe("parameters as text", () => {
  it.each([
    ["(x: number, y: number)", ["x: number", "y: number"]],
    ["(x: number, k = 2)", ["x: number", "k: number = 2"]],
    ["(x: number, k: number = Math.PI / 2)", ["x: number", "k: number = Math.PI / 2"]],
    ["(x: number, k = -Infinity)", ["x: number", "k: number = -Infinity"]],
    ["(x: number, k = base)", ["x: number", "k?: number"]],
    ["(x: number, k = x * 2)", ["x: number", "k?: number"]],
    ["(k = base, x: number)", ["k: number | undefined", "x: number"]],
    ["(k = 2, x: number)", ["k: number = 2", "x: number"]],
    ["(x: number, k?: number)", ["x: number", "k?: number"]],
    ["(x: number, k: number | null = null)", ["x: number", "k: number | null = null"]],
    ["(x: number, on = true, name = 'a')", ["x: number", "on: boolean = true", "name: string = 'a'"]],
    ["(x: number, f: (u: number) => number)", ["x: number", "f: (u: number) => number"]],
    [
      "(f: (u: number) => number = Math.exp, x: number)",
      ["f: ((u: number) => number) | undefined", "x: number"],
    ],
    ["(w: readonly number[], m: Float64Array)", ["w: readonly number[]", "m: Float64Array"]],
    ["(p: { x: number; readonly y?: number })", ["p: { x: number; readonly y?: number }"]],
    ["([a, b]: readonly [number, number])", ["arg: readonly [number, number]"]],
    ["({ x }: { x: number } = { x: 1 })", ["arg: { x: number } = { x: 1 }"]],
    ["({ x }: { x: number } = { x: base })", ["arg?: { x: number }"]],
  ])("%s", (parameters, expected) => {
    const text = `const base = 3;\n/** @grad */ export function f${parameters}: number { return base; }`;
    expect(signature(text).parameters).toEqual(expected);
  });

  it("are spelled from the type of the variable", () => {
    const text =
      "type Fn = (x: number, k?: number) => number;\n/** @grad */ export const f: Fn = (x, k = 1) => x * k;";
    expect(signature(text).parameters).toEqual(["x: number", "k: number = 1"]);
  });
});

describe("names of destructured parameters", () => {
  const types =
    "interface Point { x: number; y: number } interface XYPair { x: number } type New = { x: number };";
  it.each([
    ["{ x, y }: Point", "point: Point"],
    ["{ x }: Readonly<Point>", "point: Readonly<Point>"],
    ["{ x }: XYPair", "xyPair: XYPair"],
    ["{ x }: New", "new2: New"],
    ["{ x: point }: Point", "point2: Point"],
  ])("%s", (parameter, expected) => {
    const text = `${types}\n/** @grad */ export function f(${parameter}): number { return 1; }`;
    expect(signature(text).parameters).toEqual([expected]);
  });

  it("differ from each other", () => {
    const text = `${types}\n/** @grad */ export function f({ x }: Point, { y }: Point): number { return x * y; }`;
    expect(signature(text).parameters).toEqual(["point: Point", "point2: Point"]);
  });
});

describe("types that parameters mention", () => {
  function needs(text: string, others?: Files) {
    const { parameters, imports, declarations } = signature(text, others);
    const shown = imports.map(
      ({ from, name, alias }) => `${name}${alias === null ? "" : ` as ${alias}`} from ${from}`,
    );
    return [...parameters, ...shown, ...declarations.map((each) => each.text)];
  }
  const f = (type: string) => `/** @grad */ export function f(p: ${type}): number { return 1; }`;

  it("are imported from the source if it exports them", () => {
    const text = `export interface Point { x: number }\n${f("Point")}`;
    expect(needs(text)).toEqual(["p: Point", "Point from ./a"]);
  });

  it("are imported under the name that the source exports", () => {
    const text = `interface Point { x: number }\nexport { Point as P };\n${f("Point")}`;
    expect(needs(text)).toEqual(["p: Point", "P as Point from ./a"]);
  });

  it("are imported as default", () => {
    const text = `export default interface Point { x: number }\n${f("Point")}`;
    expect(needs(text)).toEqual(["p: Point", "default as Point from ./a"]);
  });

  it("are imported from where the source imports them", () => {
    const text = `import type { Point as P } from "./geo";\nimport type B from "./geo";\n${f("P & B")}`;
    expect(needs(text)).toEqual(["p: P & B", "Point as P from ./geo", "default as B from ./geo"]);
  });

  it("are imported in place of their namespace", () => {
    const text = `import type * as geo from "./geo";\n${f("geo.Point & geo.solid.Ball")}`;
    expect(needs(text)).toEqual(["p: Point & solid.Ball", "Point from ./geo", "solid from ./geo"]);
  });

  it("keep clear of other names when imported in place of their namespace", () => {
    const text = `import type * as geo from "./geo";\nexport interface Point { z: number }\n${f("geo.Point & Point")}`;
    expect(needs(text)).toEqual(["p: Point2 & Point", "Point as Point2 from ./geo", "Point from ./a"]);
  });

  it("are copied if they are not exported, with what they mention", () => {
    const text = [
      `import type * as geo from "./geo";`,
      "/** A pair. */",
      "interface Pair { a: Item; b: Item }",
      "type Item = { readonly p: geo.Point; next?: Pair };",
      f("Pair"),
    ].join("\n");
    expect(needs(text)).toEqual([
      "p: Pair",
      "Point from ./geo",
      "interface Pair { a: Item; b: Item }",
      "type Item = { readonly p: Point; next?: Pair };",
    ]);
  });

  it("may be generic and extend others", () => {
    const text =
      "interface Base { k: number }\ninterface Box<T> extends Base { value: T }\n" + f("Box<number>");
    expect(needs(text)).toEqual([
      "p: Box<number>",
      "interface Box<T> extends Base { value: T }",
      "interface Base { k: number }",
    ]);
  });

  it("are imported for `typeof` of something exported", () => {
    const text = `import { origin } from "./geo";\n${f("typeof origin")}`;
    expect(needs(text)).toEqual(["p: typeof origin", "origin from ./geo"]);
  });

  it("are spelled out for `typeof` of something local", () => {
    const text = `const here = { x: 1, tag: "a" };\n${f("typeof here")}`;
    expect(needs(text)).toEqual(["p: { x: number; tag: string; }"]);
  });

  it("are numbers for a local enum", () => {
    const text = `enum Mode { A, B }\n/** @grad */ export function f(x: number, mode: Mode): number { return 1; }`;
    expect(needs(text)).toEqual(["x: number", "mode: number"]);
  });

  it("are found through a function type from elsewhere", () => {
    const text = `import type { Norm } from "./geo";\n/** @grad */ export const f: Norm = (p, power) => p.x ** power;`;
    expect(needs(text)).toEqual(["p: Point", "power: number", "Point from ./geo"]);
  });

  it("need nothing if the library declares them", () => {
    expect(needs(f("Partial<Record<'a', number>>"))).toEqual(["p: Partial<Record<'a', number>>"]);
  });

  it("are spelled out where they are imported in place", () => {
    expect(needs(f(`import("./geo").Point`))).toEqual(["p: Point", "Point from ./geo"]);
  });
});

describe("specifiers", () => {
  const source = (imported: string) =>
    `import { origin } from "${imported}";\nexport interface P { x: number }\n/** @grad */ export function f(p: P) { return p.x + origin.x; }`;

  it.each([
    ["./geo", "./a"],
    ["./geo.js", "./a.js"],
    ["./geo.ts", "./a.ts"],
  ])("after %s, the source is %s", (imported, expected) => {
    expect(signature(source(imported)).imports.map(({ from }) => from)).toEqual([expected]);
  });

  it("name `.mts` files in full", () => {
    const opened = open({
      "a.mts": "export interface P { x: number }\n/** @grad */ export const f = (p: P) => p.x;",
    });
    const [target] = opened.targets;
    if (target === undefined) throw new Error("no target");
    const params = targetParams(target, opened.project, opened.diagnostics);
    expect(signatureOf(target, params, opened.project).signature.imports).toEqual([
      { from: "./a.mjs", name: "P", alias: null },
    ]);
  });

  it("are relative to the folder of the emitted file", () => {
    const text = `import type { Point } from "./geo";\nexport interface P { x: number }\n/** @grad */ export const f = (p: P, q: Point) => p.x + q.x;`;
    const opened = open({ "a.ts": text, "geo.ts": geo });
    const [target] = opened.targets;
    if (target === undefined) throw new Error("no target");
    const params = targetParams(target, opened.project, opened.diagnostics);
    const from = (folder: string) =>
      signatureOf(target, params, opened.project, folder).signature.imports.map((each) => each.from);
    expect(from("/project/out/deep")).toEqual(["../../src/a", "../../src/geo"]);
    expect(from("/project")).toEqual(["./src/a", "./src/geo"]);
  });
});

describe("differentiated parameters", () => {
  /** The chosen ones, and what is reported. */
  function chosen(tag: string, parameters: string): readonly string[] {
    const types = "interface Point { x: number; y: number }\nclass Model { w = 1 }";
    const opened = open({ "a.ts": `${types}\n/** @grad ${tag} */ function f(${parameters}) { return 1; }` });
    const [target] = opened.targets;
    const params = target === undefined ? [] : targetParams(target, opened.project, opened.diagnostics);
    for (const param of params) if (param.wrt) expect(holdsNumbers(param.shape)).toBe(true);
    return [...params.filter(({ wrt }) => wrt).map(({ name }) => name), ...marked(opened)];
  }

  it.each([
    ["", "x: number, s: string, on: boolean, p: Point, w: number[]", ["x", "p", "w"]],
    ["", "x: number, f: (u: number) => number", ["x"]],
    ["", "x?: number, k = 1", ["x", "k"]],
    ["wrt p", "p: Point, x: number", ["p"]],
    ["wrt y", "{ x, y }: Point, k: number", ["point"]],
    ["wrt x, y", "{ x, y }: Point, k: number", ["point"]],
    ["wrt point", "{ x, y: [] }: any, { x: point }: Point", ["point2"]],
    ["wrt x", "x: number, rest: any", ["x"]],
    ["", "s: string", ["TSAD2002 f"]],
    ["", "", ["TSAD2002 f"]],
    ["", "x: number, data: any", ["x", "TSAD1020 data: any"]],
    ["", "x: number, m: Model", ["x", "m"]],
    ["", "...xs: number[]", ["xs"]],
    ["", "...xs: [number, number]", ["xs", "TSAD1024 ...xs: [number, number]"]],
    ["", "this: Point, x: number", ["this", "x", "TSAD1032 this: Point"]],
    ["wrt z", "x: number", ["TSAD2003 z"]],
    ["wrt x, x", "x: number", ["x", "TSAD2008 x"]],
    ["wrt s", "s: 'a' | 'b', x: number", ["TSAD2004 s"]],
    ["wrt f", "f: () => number", ["TSAD2005 f"]],
    ["wrt data", "data: unknown", ["TSAD1020 data: unknown"]],
  ])("@grad %s of (%s)", (tag, parameters, expected) => {
    expect(chosen(tag, parameters)).toEqual(expected);
  });

  it("know what the body is given", () => {
    const text = `const base = 1;\n/** @grad */ function f(a: number, b?: number, c = 2, d = base, e: number | null = null) { return 1; }`;
    const opened = open({ "a.ts": text });
    const [target] = opened.targets;
    if (target === undefined) throw new Error("no target");
    const params = targetParams(target, opened.project, opened.diagnostics);
    expect(params.map(({ name, shape, optional }) => `${name} ${shape.kind} ${String(optional)}`)).toEqual([
      "a real false",
      "b maybe true",
      "c real true",
      "d maybe true",
      "e maybe true",
    ]);
    expect(params.map((each) => each.headDefault?.getText() ?? null)).toEqual([
      null,
      null,
      "2",
      null,
      "null",
    ]);
    expect(params.map((each) => each.bodyDefault?.getText() ?? null)).toEqual([
      null,
      null,
      null,
      "base",
      null,
    ]);
  });
});
