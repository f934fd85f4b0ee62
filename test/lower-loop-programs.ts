/** Loops whose lowering is compared with JavaScript. */
import type { Program } from "./lower-programs.js";

const pairs = [
  [1.5, -2],
  [-0.25, 3],
  [0, 0],
  [7, 0.5],
  [5, 4],
];

/** A function of two numbers. */
function two(body: string, before = ""): Program {
  return {
    source: `${before}\n/** @grad */\nexport function f(x: number, y: number): number {\n${body}\n}`,
    points: pairs,
  };
}

const lists = [
  [[], 2],
  [[1.5], -1],
  [[1, -2, 3, 0.5], 0.5],
  [[4, 4, -1, 8, 2, 6], 3],
];

/** A function of an array and a number. */
function list(body: string, before = ""): Program {
  return {
    source: `${before}\n/** @grad */\nexport function f(xs: readonly number[], y: number): number {\n${body}\n}`,
    points: lists,
  };
}

export const loopPrograms: Readonly<Record<string, Program>> = {
  "for: a sum": two("let s = 0;\nfor (let i = 0; i < 5; i++) s += x * i;\nreturn s;"),
  "for: downward, by a stride": two(
    "let s = y;\nfor (let i = 10; i > 0; i -= 3) s = s * 0.5 + x * i;\nreturn s;",
  ),
  "for: bound that is a parameter, zero trips": two(
    "let s = 1;\nfor (let i = 0; i < x; i++) s += y;\nreturn s;",
  ),
  "for: two variables": two(
    "let s = 0;\nfor (let i = 0, j = 8; i < j; i++, j -= 2) s += x * i + y * j;\nreturn s;",
  ),
  "for: variable changed in the body": two(
    "let s = 0;\nfor (let i = 0; i < 10; i++) {\n  s += x * i;\n  if (s > y) i += 2;\n}\nreturn s;",
  ),
  "for: parts left out": two(
    "let i = 0, s = x;\nfor (; i < 4; ) {\n  s += y * i;\n  i++;\n}\nfor (;;) {\n  if (i > 7) break;\n  i++;\n  s *= 1.1;\n}\nreturn s + i;",
  ),
  "for: initializer that assigns": two(
    "let i = 5, s = x;\nfor (i = 1; i < 4; i++) s += y * i;\nreturn s + i;",
  ),
  "for: real steps": two("let s = 0;\nfor (let t = x; t < 8; t += 0.75) s += t * y;\nreturn s;"),
  "for: bound that changes": two(
    "let n = 5, s = x;\nfor (let i = 0; i < n; i++) {\n  s += y;\n  if (s > 3) n--;\n}\nreturn s * n;",
  ),
  "for: step that depends on the body": two(
    "let h = 1, s = 0;\nfor (let t = 0; t < 6; t += h) {\n  s += t * x;\n  h *= 1.5;\n}\nreturn s + h * y;",
  ),
  "for: update with effects": two(
    "let s = 0, k = 0;\nconst bump = (): number => (k += 1);\nfor (let i = 0; i < 6; i += bump()) {\n  if (i === 1) continue;\n  if (s > 20) break;\n  s += i * x + y;\n}\nreturn s + 100 * k;",
  ),
  "for: value of the variable behind a break": two(
    "let i;\nfor (i = 0; i < 9; i++) {\n  if (i * i > x) break;\n}\nreturn i * y;",
  ),
  "for: var": two("for (var i = 0; i < 4; i++) {\n  var t = x * i;\n}\nreturn i + t! * y;"),
  "while: fixed point": two(
    "let a = 1, d = 1;\nwhile (d > 1e-6) {\n  const b = 0.5 * (a + (x * x + 1) / a);\n  d = Math.abs(b - a);\n  a = b;\n}\nreturn a * y;",
  ),
  "while: assignment in the condition": two(
    "let a = x * x + y * y;\nwhile ((a = a / 2) > 0.1) a -= 0.05;\nreturn a;",
  ),
  "while: update in the condition": two("let n = 5, s = 0;\nwhile (n-- > 0) s += x * n;\nreturn s + n * y;"),
  "while: conditions with && and ||": two(
    "let i = 0, s = x;\nwhile (i < 10 && (s < 5 || i < 3)) {\n  s += Math.abs(y) + 0.5;\n  i++;\n}\nreturn s + i;",
  ),
  "while: condition that calls": two(
    "let s = x;\nconst small = (v: number): boolean => {\n  if (v > 100) return false;\n  return v * v < 50;\n};\nlet n = 0;\nwhile (small(s) && n < 20) {\n  s = s * 1.5 + 1;\n  n++;\n}\nreturn s;",
  ),
  "while: condition that throws": two(
    "let s = x;\nconst check = (v: number): boolean => {\n  if (v > 10) throw new Error(`too large ${v}`);\n  return v < 6;\n};\nwhile (check(s)) s = s * 2 + 3;\nreturn s;",
  ),
  "while: true": two("let s = x, n = 0;\nwhile (true) {\n  s += y * n;\n  n++;\n  if (n >= 6) return s;\n}"),
  "do while": two(
    "let s = x, n = 0;\ndo {\n  s = s * 0.5 + y;\n  n++;\n} while (n < 4 && s > 0);\nreturn s + n;",
  ),
  "do while: continue goes to the test": two(
    "let s = x, n = 0;\ndo {\n  n++;\n  if (n % 2 === 0) continue;\n  s += y * n;\n} while (n < 7);\nreturn s;",
  ),
  "do while: break": two(
    "let s = x, n = 0;\ndo {\n  n++;\n  if (s > 4) break;\n  s += n;\n} while (n < 7);\nreturn s * 10 + n;",
  ),
  "do while (false)": two(
    "let s = x;\ndo {\n  s += 1;\n  if (s > 2) break;\n  s *= y;\n} while (false);\nreturn s;",
  ),
  "nested loops": two(
    "let s = 0;\nfor (let i = 0; i < 4; i++) {\n  let row = 0;\n  for (let j = i; j < 4; j++) row += x * i + y * j;\n  s += row * row;\n}\nreturn s;",
  ),
  "nested three deep, one variable through all": two(
    "let s = x;\nfor (let i = 0; i < 3; i++) {\n  for (let j = 0; j <= i; j++) {\n    let k = 0;\n    while (k < j) {\n      s = s * 0.9 + y * k;\n      k++;\n    }\n    s += 0.1;\n  }\n}\nreturn s;",
  ),
  "break in a nested condition, code behind": two(
    "let s = 0;\nfor (let i = 0; i < 9; i++) {\n  if (i > 2) {\n    if (s > x) break;\n    s += 0.5;\n  }\n  s += y + 1;\n}\nreturn s;",
  ),
  "continue and break": two(
    "let s = 0;\nfor (let i = 0; i < 9; i++) {\n  if (i % 3 === 1) continue;\n  if (s > x * 3) break;\n  s += i + y * 0.1;\n}\nreturn s;",
  ),
  "break at the end of both arms": two(
    "let s = 0;\nfor (let i = 0; i < 3; i++) {\n  if (x > 0) {\n    s += x;\n    break;\n  } else {\n    s -= y;\n    break;\n  }\n}\nreturn s;",
  ),
  "break at once": two("let s = x;\nfor (;;) {\n  s *= y;\n  break;\n}\nreturn s;"),
  "return in a loop": two(
    "let s = 0;\nfor (let i = 0; i < 9; i++) {\n  s += x;\n  if (s > 8) return s * y + i;\n}\nreturn s - 1;",
  ),
  "return in a nested loop": two(
    "let s = 0;\nfor (let i = 0; i < 5; i++) {\n  for (let j = 0; j < 5; j++) {\n    if (i * j > x) return s + y;\n    s += i * 0.5 + j;\n  }\n  s += 10;\n}\nreturn -s;",
  ),
  "two returns and a break": two(
    "let s = 0;\nfor (let i = 0; i < 20; i++) {\n  if (s > 9) return s * 2;\n  if (s < -9) return s * 3;\n  if (i > 6) break;\n  s += x - y;\n}\nreturn s;",
  ),
  "return in every iteration": two(
    "for (let i = 0; i < 4; i++) {\n  if (i > x) return i * y;\n  else return x;\n}\nreturn 5;",
  ),
  "return in a loop of a helper": two(
    "return find(x) * 2 + find(y);",
    "function find(v: number): number {\n  for (let i = 0; i < 6; i++) {\n    if (i * i > v) return i + v;\n  }\n  return -1;\n}",
  ),
  "return of an object in a loop of a helper": two(
    "const p = find(x, y);\nreturn p.a * 2 + p.b;",
    "function find(v: number, w: number): { a: number; b: number } {\n  for (let i = 0; i < 6; i++) {\n    if (i * i > v) return { a: i + v, b: w };\n  }\n  return { a: w, b: v };\n}",
  ),
  "return of a boolean in nested loops of a helper": two(
    "return (some(x) ? 1 : 2) + (some(y) ? 10 : 20);",
    "function some(v: number): boolean {\n  for (let i = 1; i < 4; i++) {\n    for (let j = 1; j < 4; j++) {\n      if (i * j === v) return true;\n      if (i + j > v + 5) return false;\n    }\n  }\n  return false;\n}",
  ),
  "return without a value": two(
    "let s = x;\nconst run = (): void => {\n  for (let i = 0; i < 5; i++) {\n    s += i;\n    if (s > 4) return;\n  }\n  s *= y;\n};\nrun();\nreturn s;",
  ),
  "throw in a loop": two(
    'let s = x;\nfor (let i = 0; i < 5; i++) {\n  if (s > 9) throw new Error("large");\n  s += i * y;\n}\nreturn s;',
  ),
  "throw that ends every iteration": two(
    'let s = x;\nwhile (s > 6) {\n  s += y;\n  throw new Error("never");\n}\nreturn s;',
  ),
  "loop behind an early return": two(
    "if (x > 5) return y;\nlet s = 0;\nfor (let i = 0; i < 3; i++) {\n  if (s > 1) return s;\n  s += x;\n}\nif (s < 0) return 7;\nreturn s;",
  ),
  "loops in both arms": two(
    "let s = 0;\nif (x > y) {\n  for (let i = 0; i < 3; i++) s += x;\n} else {\n  for (let i = 0; i < 4; i++) {\n    if (i === 2) return s;\n    s += y;\n  }\n}\nreturn s;",
  ),
  "switch in a loop": two(
    "let s = 0;\nfor (let i = 0; i < 7; i++) {\n  switch (i % 4) {\n    case 0:\n      s += x;\n      break;\n    case 1:\n      continue;\n    case 2:\n      s *= 0.5;\n    default:\n      if (s > 12) return s;\n      s += y;\n  }\n  s += 0.25;\n}\nreturn s;",
  ),
  "loop in a switch": two(
    "let s = x;\nswitch (x > 0) {\n  case true:\n    for (let i = 0; i < 5; i++) {\n      if (i > 3) break;\n      s += y;\n    }\n    s += 1;\n    break;\n  default:\n    s = -y;\n}\nreturn s;",
  ),
  "labels: break and continue of an outer loop": two(
    "let s = 0;\nouter: for (let i = 0; i < 6; i++) {\n  for (let j = 0; j < 6; j++) {\n    if (j > i) continue outer;\n    if (s > 10 + x) break outer;\n    if (j === 3) break;\n    s += i * 0.5 + j + y * 0.01;\n  }\n  s += 100;\n}\nreturn s;",
  ),
  "labels: three loops": two(
    "let s = 0, i = 0;\na: while (i < 4) {\n  i++;\n  let j = 0;\n  b: do {\n    j++;\n    for (;;) {\n      s += x + j;\n      if (s > 30) break a;\n      if (j === 2) continue a;\n      if (i === 3) break b;\n      if (s > y) continue b;\n      s += 1;\n      if (s > 12) return s * 7;\n    }\n  } while (j < 4);\n  s += 0.5;\n}\nreturn s;",
  ),
  "closure that changes what is outside": two(
    "let s = 0, n = 0;\nconst add = (v: number): void => {\n  s += v;\n  n++;\n};\nfor (let i = 0; i < 4; i++) add(x * i);\nwhile (n < 7) add(y);\nreturn s * n;",
  ),
  "callback of a helper that loops": two(
    "let calls = 0;\nconst s = integrate((t) => {\n  calls++;\n  return t * x + y;\n}, 5);\nreturn s + calls;",
    "function integrate(g: (t: number) => number, n: number): number {\n  let s = 0;\n  for (let i = 0; i < n; i++) s += g(i / n);\n  return s / n;\n}",
  ),
  "callback in an object": two(
    "let calls = 0;\nconst model = { g: (t: number): number => {\n  calls += 2;\n  return t * x;\n} };\nlet s = 0;\nfor (let i = 0; i < 3; i++) s += model.g(i + y);\nreturn s + calls;",
  ),
  "closures of an iteration": two(
    "let s = 0;\nfor (let i = 0; i < 4; i++) {\n  const g = (v: number): number => v * i;\n  let k = i;\n  const h = (): number => (k += 2);\n  s += g(x) + h() + h() * y;\n}\nreturn s;",
  ),
  "a function chosen before the loop": two(
    "const g = x > 0 ? Math.sin : (v: number): number => v * 2;\nlet s = y;\nfor (let i = 0; i < 3; i++) s = g(s) + 0.1;\nreturn s;",
  ),
  "variable without a value": two(
    "let best: number | undefined;\nfor (let i = 0; i < 5; i++) {\n  const v = (i - x) * (i - y);\n  if (best === undefined || v < best) best = v;\n}\nreturn best ?? 100;",
  ),
  "variable assigned first in the loop": two(
    "let t: number;\nlet s = 0;\nfor (let i = 0; i < 5; i++) {\n  t = x * i;\n  s += t * y;\n}\nreturn s;",
  ),
  "variable without a type": two("let t;\nfor (let i = 0; i < 5; i++) {\n  t = x * i;\n}\nreturn t! * y;"),
  "null at first": two(
    "let last: { v: number } | null = null;\nlet s = 0;\nfor (let i = 0; i < 4; i++) {\n  if (last !== null) s += last.v;\n  last = { v: x * i + y };\n}\nreturn s;",
  ),
  "objects that are carried": two(
    "let p = { a: x, b: y };\nfor (let i = 0; i < 4; i++) p = { a: p.b, b: p.a + p.b * 0.5 };\nreturn p.a * 10 + p.b;",
  ),
  "tuples that are carried": two(
    "let p: [number, number] = [x, y];\nlet q = p;\nfor (let i = 0; i < 4; i++) {\n  q = p;\n  p = [p[1], p[0] + i];\n}\nreturn p[0] * 10 + p[1] + q[0];",
  ),
  "object changed in place": two(
    "const p = { a: x, b: y };\nfor (let i = 0; i < 4; i++) {\n  p.a += p.b;\n  p.b *= 0.5;\n}\nreturn p.a * 10 + p.b;",
  ),
  "two names that take turns": two(
    "let p = { a: x };\nlet q = { a: y };\nfor (let i = 0; i < 5; i++) {\n  p.a += q.a;\n  [p, q] = [q, p];\n}\nreturn p.a * 10 + q.a;",
  ),
  "booleans and strings that are carried": two(
    'let mode: "up" | "down" = "up";\nlet flip = x > 0;\nlet s = 0;\nfor (let i = 0; i < 6; i++) {\n  s += mode === "up" ? x : -y;\n  if (flip) mode = mode === "up" ? "down" : "up";\n  flip = !flip || s > 3;\n}\nreturn s;',
  ),
  "destructuring assignment": two(
    "let a = x, b = y;\nfor (let i = 0; i < 5; i++) [a, b] = [b, a * 0.5 + b];\nreturn a * 10 + b;",
  ),
  "parameter that is changed": two("for (let i = 0; i < 3; i++) {\n  x = x * y + i;\n}\nreturn x;"),
  "literal before, active behind": two(
    "let r = 0, first = true;\nfor (let i = 0; i < 3; i++) {\n  if (first) r = x;\n  else r = r * y;\n  first = false;\n}\nreturn r;",
  ),
  "counter that is set back": two(
    "let k = 0, s = 0;\nfor (let i = 0; i < 9; i++) {\n  k++;\n  if (k === 3) k = 0;\n  s += k * x + i * y;\n}\nreturn s;",
  ),
  "counter that is read between updates": two(
    "let n = 0, s = 0;\nwhile (n < 6) s += n++ * x + n * y;\nreturn s + n;",
  ),
  "random numbers that are not used": two(
    "let n = 0;\nwhile (n < 3) {\n  Math.random();\n  n++;\n}\nreturn n * x + y;",
  ),
  "for of: a sum": list("let s = 0;\nfor (const x of xs) s += x * y;\nreturn s;"),
  "for of: break, continue, return": list(
    "let s = 0;\nfor (const x of xs) {\n  if (x < 0) continue;\n  if (x > 7) break;\n  if (s > 8) return s;\n  s += x * y;\n}\nreturn s + 0.5;",
  ),
  "for of: nested over the same array": list(
    "let s = 0;\nfor (const a of xs) for (const b of xs) s += a * b * y;\nreturn s;",
  ),
  "for of: variable from outside": list("let x = 1;\nfor (x of xs) y += x;\nreturn x * y;"),
  "for of: variable that is changed": list(
    "let s = 0;\nfor (let x of xs) {\n  x *= y;\n  s += x * x;\n}\nreturn s;",
  ),
  "for of: entries and keys": list(
    "let s = 0;\nfor (const [i, x] of xs.entries()) s += x * (i + y);\nfor (const i of xs.keys()) s += i;\nfor (const x of xs.values()) s -= x;\nfor (const pair of xs.entries()) s += pair[0] * pair[1];\nreturn s;",
  ),
  "for of: a literal array": two("let s = 0;\nfor (const k of [-1, 2, 0.5]) s += k * x + y;\nreturn s;"),
  "for of: destructured elements": {
    source:
      "/** @grad */\nexport function f(ps: readonly { a: number; b: readonly [number, number] }[]): number {\n  let s = 0;\n  for (const { a, b: [c, d] } of ps) s += a * c - d;\n  let e = 0, g = 0;\n  for ({ a: e, b: [, g] } of ps) s += e * g;\n  return s + e;\n}",
    points: [
      [[]],
      [
        [
          { a: 1, b: [2, 3] },
          { a: -1, b: [0.5, 4] },
        ],
      ],
    ],
  },
  "for of: rows": {
    source:
      "/** @grad */\nexport function f(rows: readonly (readonly number[])[]): number {\n  let s = 0;\n  for (const row of rows) {\n    let t = 1;\n    for (const v of row) t *= v;\n    s += t;\n  }\n  return s;\n}",
    points: [[[]], [[[1, 2], [], [3]]], [[[0.5, -2, 4]]]],
  },
  "for of: a typed array": {
    source:
      "/** @grad */\nexport function f(xs: Float64Array): number {\n  let s = 0;\n  for (const x of xs) s += x * x;\n  return s;\n}",
    points: [[new Float64Array([1, 2, -3])], [new Float64Array(0)]],
  },
  "for of: a tuple, with jumps": {
    source:
      "/** @grad */\nexport function f(p: readonly [number, number, number], y: number): number {\n  let s = 0;\n  for (const v of p) {\n    if (v < 0) continue;\n    if (s > 4) break;\n    if (v === 7) return y;\n    s += v * y;\n  }\n  for (const [i, v] of p.entries()) s += i * v;\n  return s;\n}",
    points: [
      [[1, 2, 3], 2],
      [[-1, 7, 3], 2],
      [[5, 1, 7], 1],
    ],
  },
  "for of: keys, values and entries of an object": two(
    'const p = { a: x, b: y, c: 2 };\nlet s = 0;\nfor (const k of Object.keys(p)) {\n  if (k === "b") continue;\n  s += p[k as "a"];\n}\nfor (const v of Object.values(p)) {\n  if (v > 6) break;\n  s += v * 2;\n}\nfor (const [k, v] of Object.entries(p)) s += k === "a" ? v : -v;\nfor (const k in p) s *= p[k as "c"] + 0.5;\nreturn s;',
  ),
  "callback that calls a helper with a callback": two(
    "let n = 0, m = x;\nconst s = repeat(3, (i) => repeat(2, (j) => {\n  n++;\n  if (j > 0) m += y;\n  return i * j + m;\n}));\nreturn s + n * m;",
    "function repeat(n: number, g: (i: number) => number): number {\n  let s = 0;\n  for (let i = 0; i < n; i++) s += g(i);\n  return s;\n}",
  ),
  "counter made by a helper": two(
    "const c = counter(x);\nfor (let i = 0; i < 3; i++) c.add(y + i);\nconst d = counter(1);\nwhile (d.get() < 4) d.add(1);\nreturn c.get() * d.get();",
    "function counter(start: number): { add: (v: number) => void; get: () => number } {\n  let n = start;\n  const add = (v: number): void => {\n    n += v;\n  };\n  return { add, get: () => n };\n}",
  ),
  "fields that come later": two(
    "let p: { a: number; b?: number } = { a: x };\nlet s = 0;\nfor (let i = 0; i < 4; i++) {\n  s += p.b ?? y;\n  p = { a: p.a + 1, b: p.a * 2 };\n}\nreturn s + p.a;",
  ),
  "arrays that take turns": two(
    "let a = [x, 1], b = [y, 2];\nfor (let i = 0; i < 3; i++) {\n  b[0] = a[0]! + a[1]! * 0.5;\n  b[1] = a[1]! - b[0]! * i;\n  [a, b] = [b, a];\n}\nreturn a[0]! + 10 * a[1]! + 100 * b[0]!;",
  ),
  "constant of a module made by a loop": two(
    "return scale * x + y * scale;",
    "const scale = (() => {\n  let s = 1;\n  for (let i = 1; i < 6; i++) {\n    if (i === 4) continue;\n    s *= i;\n  }\n  return s;\n})();",
  ),
  "loop in a condition and in an argument": two(
    "const upto = (n: number): number => {\n  let s = 0;\n  for (let i = 0; i < n; i++) s += i * x;\n  return s;\n};\nlet r = x > 0 && upto(3) > y ? upto(4) : upto(2) * y;\nwhile (upto(2) < r && r > 1) r -= 1;\nreturn Math.max(upto(5), r);",
  ),
  "break under a switch, code behind": two(
    "let s = 0, n = 0;\nwhile (n < 12) {\n  n++;\n  if (n % 2 === 0) {\n    switch (n) {\n      case 4:\n        continue;\n      case 6:\n        s += x;\n        if (s > 3) return s - 0.5;\n        break;\n      case 10:\n        s += y;\n    }\n    if (s > 50) break;\n    s += 1;\n  }\n  s += 0.1;\n}\nreturn s * n;",
  ),
  "do while with a test that changes": two(
    "let n = 4, s = x;\ndo {\n  if (s > 90) break;\n  s = s * 1.5 + y;\n} while (--n > 0 && (s += 1) < 60);\nreturn s + n;",
  ),
  "for: step by a variable, break": two(
    "const h = 0.5;\nlet s = 0;\nfor (let t = 0; t < 4; t += h * 2) {\n  if (s > x) break;\n  s += t + y;\n}\nreturn s;",
  ),
  "for: whole numbers become real": two(
    "let n = 1, s = 0;\nfor (let i = 0; i < 4; i++) {\n  n += 1;\n  if (i === 2) n *= x;\n  s += n * y;\n}\nreturn s + n;",
  ),
  "default of a parameter in a loop": two(
    "const g = (a: number, b = a * x): number => a + b;\nlet s = 0;\nfor (let i = 0; i < 3; i++) s += g(i) + g(y, i);\nreturn s;",
  ),
  "loop in a loop in a helper in a loop": two(
    "let s = x;\nfor (let i = 0; i < 3; i++) {\n  s += count(s, y + i);\n  if (s > 50) break;\n}\nreturn s;",
    "function count(a: number, b: number): number {\n  let n = 0;\n  for (let i = 0; i < 4; i++) {\n    for (let j = 0; j < 4; j++) {\n      if (i * a > j * b) return n;\n      n += 0.5;\n      if (n > 5) break;\n    }\n  }\n  return -n;\n}",
  ),
};
