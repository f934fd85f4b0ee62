import { curve, type Wave } from "./curve";

/**
 * How far the wave is from the points, squared and averaged.
 *
 * @grad wrt wave
 */
export function loss(wave: Wave, ts: readonly number[], ys: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < ts.length; i++) {
    const miss = curve(wave, ts[i]) - ys[i];
    sum += miss * miss;
  }
  return sum / ts.length;
}
