/** Programs whose lowering is compared with JavaScript: a source that exports `f`, and arguments to call it with. */
export interface Program {
  readonly source: string;
  readonly points: readonly (readonly unknown[])[];
}

const pairs = [
  [1.5, -2],
  [-0.25, 3],
  [0, 0],
  [7, 0.5],
];
const singles = [[1.5], [-2], [0], [0.25], [40], [-0]];

/** A function of two numbers. */
function two(body: string, before = ""): Program {
  return {
    source: `${before}\n/** @grad */\nexport function f(x: number, y: number): number {\n${body}\n}`,
    points: pairs,
  };
}

/** A function of one number. */
function one(body: string, before = ""): Program {
  return {
    source: `${before}\n/** @grad */\nexport function f(x: number): number {\n${body}\n}`,
    points: singles,
  };
}

export const programs: Readonly<Record<string, Program>> = {
  arithmetic: two("return x + y - x * y / (x % 3 + 0.1) + x ** 2 - -y + +x;"),
  "operators associate as written": two(
    "return x - (y - x) - (x - y) / (2 / (x + 3)) - 2 ** 3 ** 0.5 + (x - y - 1);",
  ),
  "signed zero": one("return 1 / -x + -0 * x;"),
  "declarations on one line": two(
    "const a = x * y, b = a + 1;\nlet c, d = b;\nc = d * 2;\nreturn a + b * c;",
  ),
  reassignment: two(
    "let t = x;\nt = t * y;\nt += 1;\nt -= x;\nt *= 2;\nt /= 3;\nt **= 2;\nt %= 5;\nreturn t;",
  ),
  "parameter reassigned": two("x = x + 1;\nx *= y;\ny = x;\nreturn x - y * 2;"),
  "postfix and prefix": one(
    "let a = x;\nconst b = a++ + a;\nconst c = --a - a--;\nreturn a + b * 10 + c * 100;",
  ),
  "operand read before it changes": one("let a = x;\nreturn a + (a = 3) * a + (a += 2) - a;"),
  "compound reads first": one("let a = x;\na += (a = 3);\nreturn a;"),
  "compound with update": one("let a = x;\na += a++ + ++a;\nreturn a;"),
  "chained assignment": two("let a, b, c;\na = b = c = x * y;\nb += 1;\nreturn a + b * c;"),
  "assignment in argument": one("let a = x;\nreturn Math.max((a = a + 1), a * 2) - a;"),
  comma: one("let a = x;\nreturn (a++, a *= 2, a - 1);"),
  "swap by destructuring": two(
    "let a = x, b = y;\n[a, b] = [b, a];\n[a, b] = [a + b, a - b];\nreturn a * 10 + b;",
  ),
  "rotation of three": two("let a = x, b = y, c = 1;\n[a, b, c] = [c, a, b];\nreturn a + 10 * b + 100 * c;"),
  "swap of fields": two("const p = { a: x, b: y };\n[p.a, p.b] = [p.b, p.a];\nreturn p.a * 10 + p.b;"),
  shadowing: two(
    "const a = x;\nlet r = 0;\n{\n  const a = y;\n  r += a;\n  {\n    const x = 5;\n    r += x * a;\n  }\n}\nif (x > 0) {\n  const y = 2;\n  r += y;\n}\nreturn r + a + x;",
  ),
  "shadowed globals": two(
    "const Math = { exp: (t: number) => t + 1, PI: 3 };\nconst NaN = 4;\nreturn Math.exp(x) * Math.PI + NaN * y;",
  ),
  "parameter named like a global": {
    source:
      "/** @grad */\nexport function f(Infinity: number, Math: { E: number }): number { return Infinity * Math.E; }",
    points: [[2, { E: 3 }]],
  },
  "var is seen in the whole function": two(
    "if (x > y) {\n  var t = x * 2;\n} else {\n  var t = y * 3;\n}\nreturn t + 1;",
  ),
  "var declared twice": one("var a = x;\nvar a: number;\nreturn a * 2;"),
  "let assigned in both branches": two("let t: number;\nif (x > y) t = x;\nelse t = y * 2;\nreturn t * t;"),
  "let assigned in a switch": two(
    "let t: number;\nswitch (x > y) {\n  case true:\n    t = 1;\n    break;\n  default:\n    t = y;\n}\nreturn t + x;",
  ),
  ternary: two("const a = x > y ? x * x : y < 0 ? -y : x;\nreturn a * (x ? 2 : 3);"),
  "assignment in a ternary": two(
    "let a = 0;\nconst b = x > y ? (a = x) * 2 : (a = y, a + 1);\nreturn a * 10 + b;",
  ),
  "logic on booleans": two("return x > 0 && y > 0 ? 1 : x > 0 || y > 0 ? 2 : !(x === y) ? 3 : 4;"),
  "logic with effects": two(
    "let n = 0;\nconst t = x > 0 && (n += 1) > 0 && y > 0;\nconst u = x > 0 || (n += 10) > 0;\nreturn n + (t ? 100 : 0) + (u ? 1000 : 0);",
  ),
  "logic on numbers": two("return (x || 5) + (x && y) * 10 + (y || x || 1);"),
  "logical assignment": two(
    "let a = x, b = y;\na ||= 3;\nb &&= 4;\nlet c: number | undefined;\nc ??= a + b;\nreturn a + 10 * b + c;",
  ),
  "truthiness of numbers": two(
    "let s = 0;\nif (x) s += 1;\nif (!y) s += 2;\nif (!!x === !!y) s += 4;\nreturn s + (Boolean(x) ? 8 : 0);",
  ),
  "early return": two("if (x < 0) return -1;\nif (y < 0) {\n  return y * x;\n}\nreturn x * y;"),
  "else returns": two("let t = x;\nif (x > y) {\n  t = x * 3;\n} else {\n  return y;\n}\nreturn t + 1;"),
  "both return": two("if (x > y) {\n  return x;\n} else {\n  return y * 2;\n}"),
  "return in nested branch": two(
    "let z = 1;\nif (x > 0) {\n  if (y > 0) return 1;\n  z = 2 * x;\n} else if (y > 1) {\n  z = y;\n} else return -5;\nreturn z + x;",
  ),
  "penalty returns": two(
    "if (!(x > 0)) return Infinity;\nif (Number.isNaN(y)) return NaN;\nif (x > 5) return 1e10;\nreturn Math.log(x) * y;",
  ),
  throws: {
    ...two(
      'if (x < 0) throw new RangeError(`x = ${x}, y = ${y * 2}`);\nif (y === 0) {\n  throw new Error("zero " + x);\n}\nreturn x / y;',
    ),
  },
  "throw in a helper": two(
    "return check(x) * y;",
    'function check(v: number): number {\n  if (v < 0) throw new RangeError("negative: " + v);\n  return Math.sqrt(v);\n}',
  ),
  "helper that never returns": two(
    'if (x < 0) fail("negative");\nreturn x > 1 ? y : fail("small");',
    "function fail(message: string): never {\n  throw new Error(`f: ${message}`);\n}",
  ),
  "dead code": one("return x * 2;\nx = 5;\nreturn x;"),
  "constant condition": one(
    'const debug = false;\nif (debug) return 1;\nif (1 + 1 === 2) x += 1;\nreturn "a" === "a" ? x : 0;',
  ),
  "helper with one expression": two(
    "return square(x) + square(y + square(x));",
    "const square = (v: number): number => v * v;",
  ),
  "helper declared below": two(
    "return twice(x) + twice(y);\nfunction twice(v: number): number {\n  return v + v;\n}",
  ),
  "helper with early returns": two(
    "return clamp(x, 0, 1) + clamp(y * 2, -1, 1) * 10;",
    "function clamp(v: number, lo: number, hi: number): number {\n  if (v < lo) return lo;\n  if (v > hi) return hi;\n  return v;\n}",
  ),
  "helper that returns at times": two(
    "return g(x, y) + 10 * g(y, x);",
    `function g(a: number, b: number): number {
      let z = a;
      if (a > 0) {
        if (b > 0) return 1 + a;
        z = 2 * a;
      } else {
        z += b;
        if (b < -1) {
          z *= 3;
          if (a < -1) return z;
        }
      }
      z += 1;
      if (z > 4) return z * 2;
      return z - b;
    }`,
  ),
  "helper with nested partial returns": two(
    "return g(x, y) + g(y, x) + g(x + y, x - y);",
    `function g(a: number, b: number): number {
      let t = 0;
      if (a > 0) {
        t = 1;
        if (b > 0) { t = 2; if (a > b) { return t * a; } t = 3; }
        else { if (a > 1) return -a; }
        t += 10;
      } else { if (b > 0) { if (a < -1) return b; } }
      t += 100;
      { if (t > 105) return t - a; }
      return t + b;
    }`,
  ),
  "helper with early return and no else": one(
    "let t = 0;\nconst add = (v: number): void => {\n  if (v < 0) return;\n  t += v;\n};\nadd(x);\nadd(1);\nadd(-x);\nreturn t;",
  ),
  "helper whose if returns in the else": two(
    "return g(x, y);",
    "function g(a: number, b: number): number {\n  let t = a;\n  if (a > b) t = a * 2;\n  else return b;\n  t += 1;\n  return t * t;\n}",
  ),
  "helper that returns an object at times": two(
    "const p = g(x, y);\nreturn p.u * 10 + p.v;",
    "function g(a: number, b: number): { u: number; v: number } {\n  if (a > 0) {\n    if (b > 0) return { u: a, v: b };\n    a = -a;\n  }\n  return { v: a, u: b };\n}",
  ),
  "helper that may give undefined": two(
    "const r = root(x);\nif (r === undefined) return y;\nreturn r * y + (root(y) ?? 7);",
    "function root(v: number): number | undefined {\n  return v < 0 ? undefined : Math.sqrt(v);\n}",
  ),
  "helper that falls off its end": two(
    "return (g(x) ?? 3) + y;",
    "function g(v: number): number | undefined {\n  if (v > 0) return v;\n}",
  ),
  "nested helpers": two(
    "return a(x) * y;",
    "const c = (t: number) => t + 1;\nconst b = (t: number) => c(t) * c(t * 2);\nfunction a(t: number) {\n  const u = b(t);\n  return u - c(u);\n}",
  ),
  "closure over a variable that changes": two(
    "let k = x;\nconst g = (t: number) => t * k;\nconst a = g(2);\nk = y;\nreturn a + 10 * g(2);",
  ),
  "closure that assigns": two(
    "let n = 0;\nconst count = (t: number) => {\n  n += 1;\n  return t * n;\n};\nreturn count(x) + count(y) * n + (x > 0 ? count(1) : 0) + n * 100;",
  ),
  "closure over a later constant": one("const g = () => k * x;\nconst k = 3;\nreturn g();"),
  "closures of one factory": one(
    "const make = (k: number) => (t: number) => t * k;\nconst twice = make(2), thrice = make(3);\nreturn twice(x) + 10 * thrice(twice(x));",
  ),
  "function argument": two(
    "return twice(Math.exp, x / 10) + twice((t) => t * y, x) + twice(half, y);",
    "const half = (t: number) => t / 2;\nfunction twice(g: (t: number) => number, v: number): number {\n  return g(g(v));\n}",
  ),
  "callback inside callback": one(
    "return apply((a) => apply((b) => a * b + 1, a + 2), x);",
    "const apply = (g: (t: number) => number, v: number): number => g(v) + v;",
  ),
  "function chosen by a condition": two(
    "const g = x > y ? Math.sin : (t: number) => t * 2;\nreturn g(x) + g(y);",
  ),
  "functions in an object": two(
    "const shape = { area: (r: number) => r * r * 3, scale: 2, grow(r: number) { return r + y; } };\nreturn shape.area(x) * shape.scale + shape.grow(x);",
  ),
  "immediately invoked": two(
    "const a = (() => {\n  const t = x * y;\n  return t + 1;\n})();\nreturn a * (function (v) { return v - 1; })(x);",
  ),
  "default parameters of a helper": two(
    "return g(x) + g(x, y) * 10 + g(x, undefined, 3) * 100;",
    "function g(a: number, b = a + 1, c: number = b * 2): number {\n  return a - b * c;\n}",
  ),
  "optional parameter of a helper": two(
    "return g(x) + g(x, y) * 10;",
    "const g = (a: number, b?: number) => (b === undefined ? a : a * b);",
  ),
  "rest parameter of a helper": two(
    "return sum(x, y, 1) + sum() + first(x, y, 3);",
    "function sum(...v: number[]): number {\n  return v.length > 2 ? v[0] + v[1] * v[2] : v.length;\n}\nconst first = (a: number, ...[b, c]: [number, number]) => a + b * c;",
  ),
  "destructured parameter of a helper": two(
    "return g({ p: x, q: [y, 2] }) + g({ p: y, q: [x, x], r: 4 });",
    "function g({ p, q: [a, b], r = 3 }: { p: number; q: [number, number]; r?: number }): number {\n  return p + a * b * r;\n}",
  ),
  "arguments evaluated in order": one(
    "let a = x;\nconst g = (p: number, q: number, r: number) => p + 10 * q + 100 * r;\nreturn g(a++, a++, a);",
  ),
  "objects by reference": two(
    "const p = { u: x, v: y };\nconst q = p;\nq.u += 1;\nconst move = (t: { u: number }) => { t.u *= 2; };\nmove(p);\nreturn p.u * 10 + q.v;",
  ),
  "object literal": two(
    "const k = \"c\";\nconst p = { a: x, 'b': y, [k]: x * y, x };\nconst { a, b: bb, c, ...others } = p;\nreturn a + bb * 10 + c * 100 + others.x * 1000;",
  ),
  "spread in order": two(
    "const p = { a: x, b: y };\nconst q = { a: 1, ...p, b: 5 };\nconst r = { ...q, ...{ a: 7 } };\nreturn q.a + 10 * q.b + 100 * r.a;",
  ),
  "nested objects": two(
    "const p = { c: { u: x, v: [y, 1] as [number, number] }, w: 2 };\nconst { c: { u, v: [, last] }, w } = p;\np.c.v[0] *= 3;\nreturn u + p.c.v[0] * w + last;",
  ),
  "branches write fields": two(
    "const p = { a: x, b: 0 };\nif (x > y) {\n  p.a = y;\n  p.b = 1;\n} else p.b += 2;\nreturn p.a * 10 + p.b;",
  ),
  "object chosen by a condition": two(
    "const p = x > y ? { a: x, b: 1 } : { b: y, a: 2 };\nreturn p.a * 10 + p.b;",
  ),
  "tuples and arrays": two(
    "const w: [number, number] = [x, y];\nconst v = [x, y, x * y];\nconst [a, ...rest] = v;\nw[0] = a + 1;\nreturn w[0] * w[1] + rest[1] + v.length + w.length + rest.length;",
  ),
  "array beyond its end": two("const v = [x];\nconst [a, b = y * 2] = v;\nreturn a + b + (v[3] ?? 5);"),
  "index by a constant": two("const v = [x, y, 3];\nconst i = 0;\nreturn v[i] + v[i + 1] * v[v.length - 1];"),
  "spread arguments": two(
    "const v: [number, number] = [x, y];\nreturn Math.max(...v, 1) + Math.hypot(...[x, y]) + Math.min(...v);",
  ),
  "destructuring assignment": two(
    "let a = 0, b = 0, c = 1;\n({ p: a, q: { r: b = 3 } } = { p: x, q: { r: y } });\n[c = 4] = [a];\nreturn a + 10 * b + 100 * c;",
  ),
  "maths functions": two(
    "return Math.sin(x) * Math.cos(y) + Math.atan2(x, y) + Math.tanh(x) + Math.log1p(Math.abs(y)) + Math.cbrt(x) + Math.sign(y) + Math.floor(x) + Math.trunc(y) + Math.fround(x) + Math.expm1(y) + Math.pow(x, 3) + Math.log2(y * y + 1);",
  ),
  "variadic functions": two(
    "return Math.max(x, y, 0) - Math.min(x, y, -1, 3) + Math.hypot(x, y, 2) + Math.max(x) + (Math.max() < 0 ? 1 : 0);",
  ),
  "maths taken apart": two(
    "const { exp, log: ln } = Math;\nreturn sin(x) + exp(y / 9) + ln(x * x + 1) + PI;",
    "const { sin, PI } = Math;",
  ),
  "constants of the library": two(
    "return x * Math.PI + Number.EPSILON + (x === Infinity ? 1 : 2) + Math.SQRT1_2 * y;",
  ),
  conversions: two(
    'return Number(x) + Number(x > y) + +(x < y) + Number("2.5") + parseFloat("1e2") + parseInt("12", 10) + (isNaN(x) ? 1 : 0) + (Number.isInteger(y) ? 1 : 0);',
  ),
  "bit operations": two("return (x | 0) + (y >> 1) + ~~x + ((x & 3) ^ 5) + (7 >>> 1) + (x << 2);"),
  "module constants": two(
    "return x * TAU + CONFIG.k * y + TABLE[1] + Mode.B + CONFIG.deep.a + LATE;",
    "const G = 3;\nconst TAU = 2 * Math.PI * G;\nconst CONFIG = { k: G + 1, deep: { a: 0.5 } };\nconst TABLE = [1, 2, 3];\nenum Mode { A = 1, B }\nconst LATE = helper(2);\nfunction helper(v: number): number {\n  return v > 1 ? v * G : 0;\n}",
  ),
  "module let that is never assigned": one("return x * rate;", "let rate = 3;"),
  namespaces: one(
    "return Units.half(x) + Units.k;",
    "namespace Units {\n  export const k = 3;\n  export function half(v: number): number {\n    return v / 2 + k;\n  }\n}",
  ),
  "switch on numbers": {
    source:
      "/** @grad wrt x */\nexport function f(x: number, n: number): number {\n  switch (n) {\n    case 0:\n      return 1;\n    case 1:\n    case 2: {\n      const t = x * n;\n      return t;\n    }\n    default:\n      return x * x;\n  }\n}",
    points: [
      [2, 0],
      [2, 1],
      [2, 2],
      [2, 3],
      [2, NaN],
    ],
  },
  "switch that falls through": {
    source:
      "/** @grad wrt x */\nexport function f(x: number, n: number): number {\n  let s = x;\n  switch (n) {\n    case 0:\n      s += 1;\n    case 1:\n      s *= 2;\n      break;\n    default:\n      s -= 5;\n    case 3:\n      s += 100;\n      if (x > 2) break;\n      s += 1000;\n    case 4:\n      s *= 3;\n  }\n  return s;\n}",
    points: [0, 1, 2, 3, 4, 5].flatMap((n) => [
      [1.5, n],
      [2.5, n],
    ]),
  },
  "switch with the default first": {
    source:
      'type Kind = "a" | "b" | "c" | "d";\n/** @grad wrt x */\nexport function f(x: number, kind: Kind): number {\n  let s = 0;\n  switch (kind) {\n    default:\n      s = 1;\n      break;\n    case "a":\n      s = x;\n      break;\n    case "b":\n    case "c":\n      if (x > 0) {\n        s = 2 * x;\n        break;\n      }\n      s = 9;\n  }\n  return s + 1;\n}',
    points: ["a", "b", "c", "d"].flatMap((kind) => [
      [1.5, kind],
      [-2.5, kind],
    ]),
  },
  "switch on true": two(
    "switch (true) {\n  case x > y:\n    return x;\n  case x < 0:\n    return -x;\n}\nreturn y;",
  ),
  "switch whose cases have effects": two(
    "let n = 0;\nconst next = () => ++n;\nswitch (2) {\n  case next():\n    n += 10;\n    break;\n  case next():\n    n += 20;\n    break;\n  case next():\n    n += 30;\n}\nreturn n * x + y;",
  ),
  "switch that names every value": {
    source:
      'function area(kind: "square" | "circle", r: number): number {\n  switch (kind) {\n    case "square":\n      return r * r;\n    case "circle":\n      return Math.PI * r * r;\n  }\n}\n/** @grad wrt r */\nexport function f(kind: "square" | "circle", r: number): number {\n  return area(kind, r) + 1;\n}',
    points: [
      ["square", 2],
      ["circle", 3],
    ],
  },
  "switch inside a helper": two(
    "return g(x, 1) + 10 * g(y, 2) + 100 * g(x, 3);",
    "function g(v: number, n: number): number {\n  let t = v;\n  switch (n) {\n    case 1:\n      if (v > 0) return v * 3;\n      t = 5;\n      break;\n    case 2:\n      t += 2;\n    default:\n      if (v < 0) break;\n      t *= 2;\n  }\n  return t + 1;\n}",
  ),
  "switch inside a switch": {
    source:
      "/** @grad wrt x */\nexport function f(x: number, n: number, m: number): number {\n  switch (n) {\n    case 0:\n      switch (m) {\n        case 0:\n          x += 1;\n        case 1:\n          x += 2;\n          break;\n        case 2:\n          return x;\n      }\n      x *= 2;\n    case 1:\n      x += 10;\n      break;\n    default:\n      return -x;\n  }\n  return x;\n}",
    points: [0, 1, 2].flatMap((n) => [0, 1, 2, 3].map((m) => [1.5, n, m])),
  },
  "strings compared": {
    source:
      'const UNITS = { si: "m" };\n/** @grad wrt x */\nexport function f(x: number, unit: string): number {\n  const known = unit === UNITS.si;\n  return known ? x : unit < "k" ? x * 2 : unit.length;\n}',
    points: [
      [2, "m"],
      [2, "a"],
      [2, "zz"],
    ],
  },
  "optional fields": {
    source:
      "interface Options {\n  k?: number;\n  inner?: { a: number; b?: number | null };\n}\n/** @grad */\nexport function f(x: number, o: Options, p?: Options): number {\n  const { k = 2 } = o;\n  const a = o.inner?.a ?? 1;\n  const b = o.inner && o.inner.b != null ? o.inner.b : 5;\n  let c = 0;\n  if (o.inner !== undefined && o.inner.b) c = o.inner.b + o.inner.a;\n  const d = p?.inner?.b ?? p?.k ?? -1;\n  return x * k + 10 * a + 100 * b + 1000 * c + d + (o.k === undefined ? 0.5 : o.k!);\n}",
    points: [
      [1, {}, undefined],
      [2, { k: 3 }, {}],
      [2, { inner: { a: 4 } }, { k: 7 }],
      [2, { inner: { a: 4, b: 6 } }, { inner: { a: 1, b: null }, k: 3 }],
      [2, { inner: { a: 4, b: null } }, { inner: { a: 1, b: 0 } }],
    ],
  },
  "options with defaults": {
    source:
      "interface Options {\n  k: number;\n  m: number;\n}\nconst defaults: Options = { k: 2, m: 3 };\n/** @grad */\nexport function f(x: number, o: Partial<Options> = defaults): number {\n  const { k, m } = { ...defaults, ...o };\n  return x * k + m;\n}",
    points: [
      [1, {}],
      [1, { k: 5 }],
      [2, { m: 7, k: 1 }],
      [2, undefined],
    ],
  },
  "tests of type": {
    source:
      'type Options = { k?: number; p?: { x: number } };\n/** @grad */\nexport function f(x: number, o: Options): number {\n  let s = typeof x === "number" ? x : 1;\n  if (typeof o.k === "number") s += o.k;\n  if (typeof o.k !== "undefined") s += 10;\n  if (typeof o.p === "object") s += o.p.x;\n  return s;\n}',
    points: [
      [1, {}],
      [1, { k: 3 }],
      [1, { p: { x: 5 } }],
    ],
  },
  "parameter object written to": {
    source:
      "interface P {\n  x: number;\n  c: { y: number };\n}\nfunction shift(p: P): void {\n  p.c.y *= 2;\n}\n/** @grad */\nexport function f(p: P, w: [number, number], q: { x: number }): number {\n  p.x += 1;\n  shift(p);\n  w[0] = p.x * w[1];\n  return p.x * p.c.y + w[0] + q.x;\n}",
    points: [[{ x: 1, c: { y: 2 } }, [3, 4], { x: 5 }]],
  },
  "arrays of objects": {
    source:
      "interface V {\n  x: number;\n}\n/** @grad */\nexport function f(v: V[], w: number[][]): number {\n  const [a, b] = v;\n  return a.x * b.x + w[1][0] + v[1].x;\n}",
    points: [
      [
        [{ x: 1 }, { x: 2 }],
        [[1], [2, 3]],
      ],
    ],
  },
  "arrays that may be short": {
    source:
      "/** @grad */\nexport function f(v: number[]): number {\n  const [a, b = 3] = v;\n  const c = v[2] ?? a;\n  return a + 10 * b + 100 * c + (v[1] === undefined ? 0.5 : v[1]) + v.length;\n}",
    points: [[[1]], [[1, 2]], [[1, 2, 4]]],
  },
  "destructured parameters": {
    source:
      "/** @grad */\nexport function f({ x, y: [a, b] }: { x: number; y: [number, number] }, [c, d = 2]: number[]): number {\n  return x + a * b + c * d;\n}",
    points: [
      [{ x: 1, y: [2, 3] }, [4]],
      [{ x: 1, y: [2, 3] }, [4, 5]],
    ],
  },
  "default in the body": {
    source:
      "const K = 3;\n/** @grad */\nexport function f(x: number, k: number = K * 2, m?: number): number {\n  return x * k + (m ?? 1);\n}",
    points: [
      [1, undefined, undefined],
      [1, 5, 6],
    ],
  },
  "flags and tests kept": {
    source:
      "/** @grad wrt x */\nexport function f(x: number, verbose: boolean, n: number): number {\n  const big = x > 2;\n  const both = big && verbose;\n  let s = both ? x : -x;\n  if (big !== verbose) s += n;\n  return s;\n}",
    points: [
      [1, true, 2],
      [3, true, 2],
      [3, false, 2],
    ],
  },
  assertions: {
    source:
      "/** @grad */\nexport function f(x: number, o: { k?: number }): number {\n  const t = x as number;\n  const c = [t, 2] as const;\n  return c[0]! * c[1] + (o.k as number) + (x satisfies number) + <number>x + (x as unknown as number);\n}",
    points: [[2, { k: 3 }]],
  },
  "arrow without braces": {
    source: "/** @grad */\nexport const f = (x: number, y: number): number => x * y + (x > y ? 1 : 2);",
    points: pairs,
  },
  "function expression": {
    source: "/** @grad */\nexport const f = function (x: number): number {\n  return x + 1;\n};",
    points: singles,
  },
};
