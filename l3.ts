type Op = (x: number) => number;
/** @grad */
export function chain(x: number, k: number[]): number {
  let mem = 1; const ops: Op[] = []; for (const q of k) { let n = q; ops.push((v) => { n *= v; mem += n; return n + mem * 0.1; }); }
  const comp = (...fs: Op[]): Op => (v) => fs.reduceRight((a, f) => f(a), v); const f = comp(...ops), g = comp(...ops.slice().reverse(), f); return g(x) + f(x) + mem;
}
//: chain [[0.8, [1.1, 0.4, -0.7]]]
const pipe = (...fs: Op[]): Op => (v) => fs.reduce((a, f) => f(a), v);
/** @grad */
export function two(x: number, ks: number[], extra?: number): number { const a = ks.map((k): Op => (v) => v * k); const opt = extra === undefined ? [] : [(v: number) => v + extra]; return pipe(Math.sin, ...a, ...opt, Math.exp)(x); }
//: two [[0.8, [1.1, 0.4, -0.7]], [0.8, [1.1, 0.4, -0.7], 2]]
