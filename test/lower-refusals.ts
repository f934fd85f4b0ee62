/** Bodies that are refused, with the code and the source of each report. */
export const refusals: Readonly<
  Record<string, { readonly body: string; readonly reports: readonly string[] }>
> = {
  "a function in an array that assigns the variable of a loop": {
    body: "const fs: ((v: number) => number)[] = [];\nfor (let i = 0; i < 3; i++) fs.push((v) => v * i++);\nreturn fs[0]!(x) * y;",
    reports: ["TSAD1069 (v) => v * i++"],
  },
  "a loop that waits": {
    body: "for await (const v of [x, y]) x += v;\nreturn x;",
    reports: ["TSAD1012 await"],
  },
  "objects of other kinds in a loop": {
    body: "let p: { a: number } = { a: x };\nfor (let i = 0; i < 3; i++) {\n  const q: { a: number } = { a: y, b: i } as { a: number };\n  p = q;\n}\nreturn p.a;",
    reports: ["TSAD1031 p = q"],
  },
  "elements that are left out": {
    body: "const a = [x, y];\na[3] = x * y;\nlet s = 0;\na.forEach((v) => (s += v));\nreturn s;",
    reports: ["TSAD1031 a[3] = x * y"],
  },
  "every problem of a function": {
    body: "while (x < 0) x++;\nconst a = Date.UTC(1);\nreturn a + /a/.lastIndex + [x].toLocaleString().length;",
    reports: ["TSAD1030 Date.UTC", "TSAD1021 /a/", "TSAD1007 toLocaleString"],
  },
  "both branches": {
    body: "if (x > 0) x = Date.UTC(1);\nelse y = performance();\nreturn x + y;\nfunction performance(): number {\n  for (;;) {\n    try { break; } finally { break; }\n  }\n  return 1;\n}",
    reports: ["TSAD1030 Date.UTC", "TSAD1014 { break; }"],
  },
  try: {
    body: "const ps = [{ x }];\ntry { return ps[y].x; } catch { return y; }",
    reports: ["TSAD1014 try"],
  },
  "a class": {
    body: "let n = 0;\nclass A { v() { n += x; } }\nnew A().v();\nreturn n;",
    reports: ["TSAD1036 n"],
  },
  this: {
    body: "function g(this: void) { return typeof this === 'object' ? 1 : 2; }\nreturn g() * x;",
    reports: ["TSAD1009 this"],
  },
  "a setter": {
    body: "const o = { w: 0, ...{ v: y }, set v(to: number) { this.w = to; } };\no.v = x;\nreturn o.w;",
    reports: ["TSAD1003 set v(to: number) { this.w = to; }"],
  },
  "a pattern that is chosen": {
    body: 'const r = x > 0 ? /a/ : /b/;\nreturn r.test("a") ? x : y;',
    reports: ["TSAD1021 r"],
  },
  "a callback of the library that is given the array": {
    body: "return [x, y].reduce(Math.max as (a: number, b: number) => number);",
    reports: ["TSAD1003 [x, y].reduce(Math.max as (a: number, b: number) => number)"],
  },
  "text made of an object": { body: "return `${{ x }}`.length;", reports: ["TSAD1003 { x }"] },
  "a tagged template": { body: "return String.raw`a${x}`.length;", reports: ["TSAD1003 String.raw`a${x}`"] },
  "the operator instanceof": {
    body: "return [x] instanceof Date ? x : y;",
    reports: ["TSAD1004 [x] instanceof Date"],
  },
  "a bigint": { body: "return Number(10n) * x;", reports: ["TSAD1003 10n"] },
  "a function without source": {
    body: "return erf(x);\ndeclare function erf(v: number): number;",
    reports: ["TSAD1001 erf"],
  },
  "an async helper": { body: "const g = async () => 1;\nvoid g();\nreturn x;", reports: ["TSAD1012 g()"] },
  "a generator that is stepped": {
    body: "function* g() { yield 1; }\nconst given = g();\nreturn x * Number(given.next().done);",
    reports: ["TSAD1013 given.next"],
  },
  "an index that is computed": {
    body: "const v: [number, boolean] = [x, y > 0];\nreturn Number(v[x > 0 ? 0 : 1]);",
    reports: ["TSAD1006 v[x > 0 ? 0 : 1]"],
  },
  "a variable of the module assigned": {
    body: "count += 1;\nreturn x * count;",
    reports: ["TSAD1034 x * count"],
  },
  "a variable of the module that changes": { body: "return x * count;", reports: ["TSAD1034 count"] },
  any: { body: "const a: any = x;\nreturn (y as any) * a;", reports: ["TSAD1020 y as any"] },
  "a local class in a throw": {
    body: "class Bad extends Error {}\nif (x < 0) throw new Bad();\nreturn x;",
    reports: ["TSAD1003 Bad"],
  },
  "a rest of built-in names": {
    body: "const { PI, ...rest } = Math;\nreturn x * PI;",
    reports: ["TSAD1029 ...rest"],
  },
  "an array method without a rule": {
    body: "const v = [x];\nv.toLocaleString();\nreturn v[0]!;",
    reports: ["TSAD1007 toLocaleString"],
  },
  using: {
    body: "using r = { [Symbol.dispose]() {} };\nreturn x;",
    reports: ["TSAD1002 using r = { [Symbol.dispose]() {} };"],
  },
};
