/** Numeric derivatives by central differences, extrapolated (Ridders), with an estimate of their error. */

export interface Difference {
  readonly derivative: number;
  /** How far the derivative may be off, judged from the extrapolation. */
  readonly error: number;
  /** Below this, differences say nothing: rounding of the function itself. */
  readonly noise: number;
  /** The slopes on both sides differ. */
  readonly kink: boolean;
}

const levels = 16;
const shrink = 1.7;
const firstStep = 0.02;

/** The derivative of `f` at `x`. Steps are relative to x. Everything NaN where no step gives a number. */
export function difference(f: (x: number) => number, x: number): Difference {
  const scale = x === 0 ? 1 : Math.abs(x);
  let best = { derivative: NaN, error: Infinity };
  let size = Math.abs(f(x));
  let previous: readonly number[] = [];
  for (let level = 0, h = firstStep * scale; level < levels; level++, h /= shrink) {
    const above = x + h;
    const below = x - h;
    const fAbove = f(above);
    const fBelow = f(below);
    size = Math.max(size, finite(fAbove), finite(fBelow));
    const row = [(fAbove - fBelow) / (above - below)];
    let factor = shrink * shrink;
    for (const [j, coarser] of previous.entries()) {
      const finer = row[j] ?? NaN;
      const derivative = finer + (finer - coarser) / (factor - 1);
      const error = Math.max(Math.abs(derivative - finer), Math.abs(derivative - coarser));
      if (error < best.error) best = { derivative, error };
      row.push(derivative);
      factor *= shrink * shrink;
    }
    previous = row;
  }
  return { ...best, noise: (1e-10 * size) / scale, kink: hasKink(f, x, scale, size) };
}

/** On a smooth function the jump of the slope shrinks with the step; at a kink it stays. */
function hasKink(f: (x: number) => number, x: number, scale: number, size: number): boolean {
  const jump = (h: number): number => Math.abs((f(x + h) - 2 * f(x) + f(x - h)) / h);
  const h = 1e-4 * scale;
  const coarse = jump(h);
  const fine = jump(h / 8);
  return fine > 0.7 * coarse && fine > (1e-7 * size) / scale;
}

function finite(value: number): number {
  return Number.isFinite(value) ? Math.abs(value) : 0;
}

/** Why `found` is not the derivative; null where it agrees. */
export function disagreement(found: number, expected: Difference): string | null {
  const { derivative, error, noise, kink } = expected;
  if (Number.isNaN(derivative)) return "no difference can be taken here: give the expected gradient";
  if (kink) return "the function has a kink here: give the expected gradient";
  if (!Number.isFinite(found)) return `is ${String(found)}, differences say ${String(derivative)}`;
  const size = Math.max(Math.abs(found), Math.abs(derivative));
  const tolerance = 1e-6 * size + noise;
  if (Math.abs(found - derivative) <= tolerance) return null;
  if (error > tolerance)
    return `is ${String(found)}, differences do not settle (${String(derivative)} ± ${String(error)})`;
  return `is ${String(found)}, differences say ${String(derivative)} ± ${String(error)}`;
}
