/** Small functions in IR, built by hand. */
import { Builder, bool, boolean, declared, number, real } from "../src/ir/builder.js";
import type { Atom, Block, Func, MemoryShape, Statement, Type, Value } from "../src/ir/types.js";
import * as ops from "../src/ops/scalar.js";

const numbers: MemoryShape = { kind: "array", element: real, storage: "Array" };
const doubles: MemoryShape = { kind: "array", element: real, storage: "Float64Array" };
export const point: MemoryShape = {
  kind: "object",
  fields: [
    { name: "x", shape: real },
    { name: "y", shape: real },
    { name: "label", shape: { kind: "string" } },
  ],
};

/** `a = |r|; if (a <= delta) return 0.5 * a * a; return delta * (a - 0.5 * delta)`. */
export function huber(): Func {
  const b = new Builder();
  const r = b.value(real, { hint: declared("r") });
  const delta = b.value(real, { hint: declared("delta") });
  const body = b.block(() => {
    const a = b.apply(ops.abs, [r], { hint: declared("a"), statement: statement(1) });
    const small = b.apply(ops.le, [a, delta], { statement: statement(2) });
    const quadratic = b.block(() => {
      const half = b.apply(ops.mul, [number(0.5), a], { statement: statement(3) });
      const value = b.apply(ops.mul, [half, a], { statement: statement(3) });
      return { kind: "return", values: [value], statement: statement(3) };
    });
    b.guard(small, quadratic, statement(2));
    const half = b.apply(ops.mul, [number(0.5), delta], { statement: statement(4) });
    const rest = b.apply(ops.sub, [a, half], { statement: statement(4) });
    const value = b.apply(ops.mul, [delta, rest], { statement: statement(4) });
    return { kind: "return", values: [value], statement: statement(4) };
  });
  return {
    name: "huber",
    params: [
      { value: r, name: "r", wrt: true },
      { value: delta, name: "delta", wrt: false },
    ],
    results: [{ name: "value", shape: real }],
    body,
  };
}

/** `Math.sqrt(p[0] ** 2 + p[1] ** 2)`. */
export function norm(): Func {
  return memoryFunc("norm", numbers, real, (b, p) => {
    const squares = [0, 1].map((i) => {
      const x = b.load(p, { kind: "index", index: number(i) }, real);
      return b.apply(ops.pow, [x, number(2)]);
    });
    return [b.apply(ops.sqrt, [b.apply(ops.add, squares)])];
  });
}

/** A quarter turn, through a new object; then `y` is overwritten with a constant. */
export function rotate(): Func {
  return memoryFunc("rotate", point, point, (b, p) => {
    const x = b.load(p, { kind: "field", name: "x" }, real);
    const y = b.load(p, { kind: "field", name: "y" }, real);
    const text: Atom = { kind: "literal", type: { kind: "string" }, value: "turned", spelling: '"turned"' };
    const entries = [
      { name: "x", value: b.apply(ops.neg, [y]) },
      { name: "y", value: x },
      { name: "label", value: text },
    ];
    const turned = b.alloc(point, { kind: "object", entries });
    const pair = b.alloc(numbers, { kind: "elements", elements: [x, number(Math.PI, "Math.PI")] });
    const pi = b.load(pair, { kind: "index", index: number(1) }, real);
    b.store({ ref: turned, step: { kind: "field", name: "y" } }, pi);
    return [turned];
  });
}

/** `q = c ? a : b; q[0] = -a[0]; return [q, a[0]]`. */
export function pick(): Func {
  const b = new Builder();
  const region = b.region();
  const type: Type = { kind: "ref", shape: numbers, region };
  const [first, second, test0] = [b.value(type), b.value(type), b.value(bool)];
  const at0 = { kind: "index", index: number(0) } as const;
  const body = b.block(() => {
    const chosen = b.value(type);
    const arm = (ref: Value): Block => b.block(() => ({ kind: "yield", values: [ref] }));
    b.if(test0, arm(first), arm(second), [chosen], null);
    const same = b.apply(ops.select, [test0, first, second]);
    b.store({ ref: chosen, step: at0 }, b.apply(ops.neg, [b.load(first, at0, real)]));
    return { kind: "return", values: [same, b.load(first, at0, real)], statement: null };
  });
  return {
    name: "pick",
    params: [first, second, test0].map((param, i) => ({ value: param, name: `p${String(i)}`, wrt: i < 2 })),
    results: [
      { name: "value", shape: numbers },
      { name: "first", shape: real },
    ],
    body,
  };
}

/** `value = x[1] ** 2` and its gradient `dx`. */
export function squareGradient(): Func {
  const b = new Builder();
  const x = b.value({ kind: "ref", shape: doubles, region: b.region() });
  const at1 = { kind: "index", index: number(1) } as const;
  const body = b.block(() => {
    const x1 = b.load(x, at1, real);
    const value = b.apply(ops.mul, [x1, x1]);
    const dx = b.alloc(doubles, { kind: "zeros", like: x }, { hint: declared("dx"), sweep: "backward" });
    const sum = b.apply(ops.add, [b.load(dx, at1, real), b.apply(ops.mul, [number(2), x1])]);
    b.store({ ref: dx, step: at1 }, sum, { sweep: "backward" });
    return { kind: "return", values: [value, dx], statement: null };
  });
  const results = [
    { name: "value", shape: real },
    { name: "dx", shape: doubles },
  ];
  return { name: "squareGradient", params: [{ value: x, name: "x", wrt: true }], results, body };
}

/** `if (x < 0) throw new RangeError("x is " + x); return Math.sqrt(x)`. */
export function label(): Func {
  return unaryFunc("label", (b, x) => {
    const refuse = b.block(() => ({
      kind: "throw",
      text: ['new RangeError("x is " + ', x, ")"],
      statement: null,
    }));
    b.guard(b.apply(ops.lt, [x, number(0)]), refuse, null);
    const root = b.value(real);
    const arm = b.block(() => ({ kind: "yield", values: [b.apply(ops.sqrt, [x])] }));
    const never = b.block(() => ({ kind: "throw", text: ["never"], statement: null }));
    b.if(boolean(true), arm, never, [root], null);
    return [root];
  });
}

export function unaryFunc(name: string, fill: (b: Builder, x: Value) => readonly Atom[]): Func {
  const b = new Builder();
  const x = b.value(real);
  const body = b.block(() => ({ kind: "return", values: fill(b, x), statement: null }));
  return {
    name,
    params: [{ value: x, name: "x", wrt: true }],
    results: [{ name: "value", shape: real }],
    body,
  };
}

function memoryFunc(
  name: string,
  from: MemoryShape,
  to: Func["results"][number]["shape"],
  fill: (b: Builder, p: Value) => readonly Atom[],
): Func {
  const b = new Builder();
  const p = b.value({ kind: "ref", shape: from, region: b.region() });
  const body = b.block(() => ({ kind: "return", values: fill(b, p), statement: null }));
  return {
    name,
    params: [{ value: p, name: "p", wrt: true }],
    results: [{ name: "value", shape: to }],
    body,
  };
}

function statement(id: number): Statement {
  return { id, span: { file: "f.ts", start: 0, end: 0 }, comment: null };
}

export function value(id: number, type: Type): Value {
  return { kind: "value", id, type, hint: null, statement: null, span: null, sweep: "forward" };
}
