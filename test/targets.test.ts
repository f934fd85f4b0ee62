/** Which functions are targets, what their tags say, and what is reported of the others. */
import { describe, expect, it } from "vitest";
import { marked, open } from "./support/open.js";

/** `f(a, b)` for a target with `wrt a, b`, else `f`; then what is reported. */
function found(text: string): readonly string[] {
  const opened = open({ "a.ts": text });
  const targets = opened.targets.map(({ name, wrt }) =>
    wrt === null ? name : `${name}(${wrt.map((each) => each.name).join(", ")})`,
  );
  return [...targets, ...marked(opened)];
}

const body = "{ return x; }";

describe("functions that can be targets", () => {
  it.each([
    ["a declaration", `/** @grad */ function f(x: number) ${body}`],
    ["an exported declaration", `/** @grad */ export function f(x: number) ${body}`],
    ["a default export", `/** @grad */ export default function f(x: number) ${body}`],
    ["an arrow function", "/** @grad */ const f = (x: number) => x;"],
    ["an arrow function with a block", `/** @grad */ export const f = (x: number) => ${body};`],
    ["a function expression", `/** @grad */ const f = function (x: number) ${body};`],
    ["a named function expression", `/** @grad */ const f = function g(x: number) ${body};`],
    ["a value in parentheses", "/** @grad */ const f = ((x: number) => x);"],
    ["a value that satisfies a type", "/** @grad */ const f = ((x) => x) satisfies (x: number) => number;"],
    ["a tag on the value", "const f = /** @grad */ (x: number) => x;"],
    ["an earlier comment", `/** @grad */\n/** About. */\nfunction f(x: number) ${body}`],
    [
      "a function that only throws",
      "/** @grad */ function f(x: number): number { throw new Error(String(x)); }",
    ],
  ])("%s", (_, text) => {
    expect(found(text)).toEqual(["f"]);
  });

  it("finds several, in order", () => {
    const text =
      "/** @grad */ const b = (x: number) => x;\nconst c = 1;\n/** @grad */ const a = (x: number) => c * x;";
    expect(found(text)).toEqual(["b", "a"]);
  });

  it("knows which are exported, and how", () => {
    const text = [
      "/** @grad */ export const a = (x: number) => x;",
      "/** @grad */ const b = (x: number) => x;",
      "/** @grad */ const c = (x: number) => x;",
      "export { c as d };",
    ].join("\n");
    expect(open({ "a.ts": text }).targets.map(({ exported }) => exported)).toEqual([true, false, true]);
  });
});

describe("tags", () => {
  const f = "\nfunction f(a: number, b: number, c: number) { return a * b * c; }";

  it.each([
    ["/** @grad */", "f"],
    ["/** @grad wrt a, b */", "f(a, b)"],
    ["/** @grad wrt a b */", "f(a, b)"],
    ["/** @grad wrt a,b,c */", "f(a, b, c)"],
    ["/** @grad   wrt\ta */", "f(a)"],
    ["/** Angle after n steps. @grad wrt a, c */", "f(a, c)"],
    ["/**\n * @grad wrt a,\n *   b\n */", "f(a, b)"],
    ["/**\n * @grad wrt a\n *   , b\n */", "f(a, b)"],
    ["/**\n * @grad wrt a\n *   b\n */", "f(a, b)"],
    ["/**\n * @grad wrt\n *   a, b\n */", "f(a, b)"],
    ["/**\n * @grad wrt a\n * The loss of a model.\n */", "f(a)"],
    ["/**\n * @grad\n * The loss.\n */", "f"],
    ["/**\n * @param a first @grad wrt b\n */", "f(b)"],
    ["/**\r\n * @grad wrt a,\r\n *   b\r\n * @returns it\r\n */", "f(a, b)"],
  ])("%j", (comment, expected) => {
    expect(found(comment + f)).toEqual([expected]);
  });

  it.each([
    "/** @gradient */",
    "/** @grads wrt a */",
    "/** Tagged `@grad` elsewhere. */",
    "/** Tag it: `use @grad here`. */",
    "/**\n * ```ts\n * @grad wrt a\n * ```\n */",
    "/** Write to a@grad.org. */",
    "/**\n * @example\n * f(1, 2, 3); // see @grad wrt a\n */",
    '/** */ const text = "@grad";',
  ])("%j is none", (comment) => {
    expect(found(comment + f)).toEqual([]);
  });

  it.each([
    ["/** @grad with a */", "with"],
    ["/** @grad the loss */", "the"],
    ["/** @grad: wrt a */", ":"],
    ["/** @grad wrt */", "wrt"],
    ["/** @grad wrt a, */", ","],
    ["/** @grad wrt a,, b */", ","],
    ["/** @grad wrt , a */", ","],
    ["/** @grad wrt a. */", "."],
    ["/** @grad wrt a.x */", ".x"],
    ["/** @grad wrt {a} */", "{a}"],
    ["/** @grad wrt 3 */", "3"],
  ])("%j cannot be read", (comment, at) => {
    expect(found(comment + f)).toEqual([`TSAD2007 ${at}`]);
  });

  it("gives the position of each name", () => {
    const [target] = open({ "a.ts": `/** @grad wrt a, c */${f}` }).targets;
    expect(target?.wrt?.map(({ span }) => [span.start, span.end])).toEqual([
      [14, 15],
      [17, 18],
    ]);
  });
});

describe("what cannot be a target", () => {
  it.each([
    ["/** @grad */ interface F { x: number }", "TSAD2006 grad"],
    ["/** @grad */ const f = 3;", "TSAD2006 grad"],
    ["/** @grad */ let f = (x: number) => x;", "TSAD2006 grad"],
    ["/** @grad */ const f = (x: number) => x, g = 1;", "TSAD2006 grad"],
    ["const f = 1;\n/** @grad */", "TSAD2006 grad"],
    ["/** @grad */ export default function (x: number) { return x; }", "TSAD2011 grad"],
    ["/** @grad */ export default (x: number) => x;", "TSAD2011 grad"],
    ["class C {\n/** @grad */ get f() { return 1; }\n}", "TSAD1010 grad"],
    ["const o = {\n/** @grad */ f: (x: number) => x,\n};", "TSAD1010 grad"],
    ["function g() {\n/** @grad */ function f(x: number) { return x; }\n}", "TSAD1028 grad"],
    ["function g() {\n/** @grad */ const f = (x: number) => x;\n}", "TSAD1028 grad"],
    ["namespace N {\n/** @grad */ export function f(x: number) { return x; }\n}", "TSAD1028 grad"],
    [
      "/** @grad */ function f(x: number): number;\nfunction f(x: number, y?: number) { return x; }",
      "TSAD1023 grad",
    ],
    [
      "function f(x: number): number;\n/** @grad */ function f(x: number, y?: number) { return x; }",
      "TSAD1023 grad",
    ],
    ["/** @grad */ declare function f(x: number): number;", "TSAD2010 grad"],
    ["/** @grad */ async function f(x: number) { return x; }", "TSAD1012 async"],
    ["/** @grad */ const f = async (x: number) => x;", "TSAD1012 async"],
    ["/** @grad */ function* f(x: number) { yield x; }", "TSAD1013 *"],
    ["/** @grad */ function f<T extends number>(x: T): number { return x; }", "TSAD1022 T extends number"],
    ["/** @grad */ function f(x: number) { return String(x); }", "TSAD2001 f"],
    ["/** @grad */ function f(x: number): string { return String(x); }", "TSAD2001 string"],
    ["/** @grad */ function f(x: number) { return [x]; }", "TSAD2001 f"],
    ["/** @grad */ function f(x: number) { return x > 0; }", "TSAD2001 f"],
    ["/** @grad */ function f(x: number): void {}", "TSAD2009 void"],
    ["/** @grad */ function f(x: number) { if (x > 0) return x; }", "TSAD2009 f"],
    ["/** @grad */ function f(x: number): any { return x; }", "TSAD1020 any"],
    ["/** @grad */\n/** @grad wrt x */\nfunction f(x: number) { return x; }", "TSAD2012 grad"],
    ["// @grad\nfunction f(x: number) { return x; }", "TSAD4006 // @grad"],
    ["/* @grad wrt x */\nfunction f(x: number) { return x; }", "TSAD4006 /* @grad wrt x */"],
  ])("%j", (text, expected) => {
    expect(found(text)).toEqual([expected]);
  });
});
