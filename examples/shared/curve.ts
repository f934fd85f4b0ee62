/** A wave that dies away. */
export interface Wave {
  amplitude: number;
  decay: number;
  frequency: number;
  phase: number;
}

export function curve(wave: Wave, t: number): number {
  return wave.amplitude * Math.exp(-wave.decay * t) * Math.cos(wave.frequency * t + wave.phase);
}
