/** What generated programs import: helpers that write, that return what they are given, that keep scratch. */
export const prelude = `export interface Pair {
  a: number;
  b: number;
}

export interface Box {
  u: number[];
  v: number[];
}

export interface Deep {
  p: Pair;
  q: { k: number; xs: number[] };
  w: [number, number];
}

export interface Plain {
  a: number;
  c?: number;
  p?: Pair;
  xs?: number[];
}

export interface Options extends Plain {
  f?: (v: number) => number;
}

export type Result =
  | { ok: true; value: number; parts: number[] }
  | { ok: false; reason: string; near: number };

export interface Account {
  add(v: number): void;
  total(): number;
  readonly log: number[];
}

export class Cell<T> {
  constructor(public value: T) {}
  get(): T {
    return this.value;
  }
  set(value: T): this {
    this.value = value;
    return this;
  }
  map<U>(f: (value: T) => U): Cell<U> {
    return new Cell(f(this.value));
  }
}

export class Stack<T> {
  readonly items: T[] = [];
  push(item: T): void {
    this.items.push(item);
  }
  pop(): T | undefined {
    return this.items.pop();
  }
  get size(): number {
    return this.items.length;
  }
}

export function fold<T, A>(items: readonly T[], start: A, f: (sum: A, item: T, k: number) => A): A {
  let sum = start;
  for (let k = 0; k < items.length; k++) sum = f(sum, items[k], k);
  return sum;
}

export function eachOf<T, U>(items: readonly T[], f: (item: T) => U): U[] {
  const out: U[] = [];
  for (const item of items) out.push(f(item));
  return out;
}

export function chosen<T>(c: boolean, a: T, b: T): T {
  return c ? a : b;
}

export function both<A, B>(first: A, second: B): { first: A; second: B } {
  return { first, second };
}

export function bestOf<T>(items: readonly T[], score: (item: T) => number): T | undefined {
  let best: T | undefined;
  let top = -Infinity;
  for (const item of items) {
    const s = score(item);
    if (s > top) {
      top = s;
      best = item;
    }
  }
  return best;
}

const scratch = new Float64Array(4);
export const weights = [0.3, 0.5, 0.2];

export function mixInto(out: number[], from: readonly number[], s: number): void {
  for (let i = 0; i < out.length && i < from.length; i++) out[i] = 0.5 * out[i] + s * from[i] * 0.3;
}

export function doubled(xs: number[], s: number): number[] {
  for (let i = 1; i < xs.length; i++) xs[i] += Math.sin(xs[i - 1]) * s;
  return xs;
}

export function moved(p: Pair, s: number): Pair {
  p.a = 0.5 * p.a + s;
  return p;
}

export function rotated(a: number, b: number, s: number): [number, number] {
  return [a * Math.cos(s) - b * Math.sin(s), a * Math.sin(s) + b * Math.cos(s)];
}

export function scaled(xs: readonly number[], s: number): number[] {
  const out: number[] = [];
  for (const v of xs) out.push(Math.sin(v * s));
  return out;
}

export function either(a: number[], b: number[], s: number): number[] {
  if (s > 0.3) return a;
  return b;
}

export function halves(xs: readonly number[], s: number): Box {
  const u = xs.map((v) => 0.5 * v);
  return { u, v: s > 0 ? u : [s, xs[0]] };
}

export function norm(xs: readonly number[], s: number): number {
  let sum = 0.1;
  for (let i = 0; i < xs.length; i++) sum += xs[i] * xs[i] * weights[i % weights.length];
  return Math.sqrt(sum) * s;
}

export function viaScratch(xs: readonly number[], s: number): number {
  for (let i = 0; i < scratch.length; i++) scratch[i] = Math.sin(s + xs[i % xs.length]);
  let sum = 0;
  for (const v of scratch) sum += v * v;
  return sum;
}

export function first(xs: readonly number[], s: number): number {
  for (let i = 0; i < xs.length; i++) {
    if (xs[i] > s) return xs[i] * s;
  }
  return s;
}
`;

/** The import of all of it. */
export const preludeImport = `import {
  Cell,
  Stack,
  type Account,
  type Box,
  type Deep,
  type Options,
  type Pair,
  type Plain,
  type Result,
  bestOf,
  both,
  chosen,
  doubled,
  eachOf,
  either,
  first,
  fold,
  halves,
  mixInto,
  moved,
  norm,
  rotated,
  scaled,
  viaScratch,
  weights,
} from "./prelude";
`;
