/** What generated programs call: helpers that write, that return what they are given, that keep scratch. */
export const prelude = `interface Pair {
  a: number;
  b: number;
}

interface Box {
  u: number[];
  v: number[];
}

const scratch = new Float64Array(4);
const weights = [0.3, 0.5, 0.2];

function mixInto(out: number[], from: readonly number[], s: number): void {
  for (let i = 0; i < out.length && i < from.length; i++) out[i] = 0.5 * out[i] + s * from[i] * 0.3;
}

function doubled(xs: number[], s: number): number[] {
  for (let i = 1; i < xs.length; i++) xs[i] += Math.sin(xs[i - 1]) * s;
  return xs;
}

function moved(p: Pair, s: number): Pair {
  p.a = 0.5 * p.a + s;
  return p;
}

function rotated(a: number, b: number, s: number): [number, number] {
  return [a * Math.cos(s) - b * Math.sin(s), a * Math.sin(s) + b * Math.cos(s)];
}

function scaled(xs: readonly number[], s: number): number[] {
  const out: number[] = [];
  for (const v of xs) out.push(Math.sin(v * s));
  return out;
}

function either(a: number[], b: number[], s: number): number[] {
  if (s > 0.3) return a;
  return b;
}

function halves(xs: readonly number[], s: number): Box {
  const u = xs.map((v) => 0.5 * v);
  return { u, v: s > 0 ? u : [s, xs[0]] };
}

function norm(xs: readonly number[], s: number): number {
  let sum = 0.1;
  for (let i = 0; i < xs.length; i++) sum += xs[i] * xs[i] * weights[i % weights.length];
  return Math.sqrt(sum) * s;
}

function viaScratch(xs: readonly number[], s: number): number {
  for (let i = 0; i < scratch.length; i++) scratch[i] = Math.sin(s + xs[i % xs.length]);
  let sum = 0;
  for (const v of scratch) sum += v * v;
  return sum;
}

function first(xs: readonly number[], s: number): number {
  for (let i = 0; i < xs.length; i++) {
    if (xs[i] > s) return xs[i] * s;
  }
  return s;
}
`;
