import { curve, type Wave } from "../shared/curve";

/** Draws the points and the wave, for t from 0 to `end`. */
export function draw(
  canvas: HTMLCanvasElement,
  wave: Wave,
  ts: readonly number[],
  ys: readonly number[],
): void {
  const pen = canvas.getContext("2d")!;
  const { width, height } = canvas;
  const end = ts[ts.length - 1]!;
  const x = (t: number) => (t / end) * width;
  const y = (v: number) => height / 2 - (v * height) / 3;

  pen.clearRect(0, 0, width, height);
  pen.fillStyle = "#888";
  for (const [i, t] of ts.entries()) pen.fillRect(x(t) - 2, y(ys[i]!) - 2, 4, 4);
  pen.strokeStyle = "#c2185b";
  pen.lineWidth = 2;
  pen.beginPath();
  for (let i = 0; i <= width; i += 2) pen.lineTo(i, y(curve(wave, (i / width) * end)));
  pen.stroke();
}
