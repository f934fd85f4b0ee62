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
  type Box,
  type Deep,
  type Pair,
  doubled,
  either,
  first,
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
