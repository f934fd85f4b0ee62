import { curve, type Wave } from "../shared/curve";
import { loss_grad } from "../shared/loss.grad";
import { draw } from "./draw";

const truth: Wave = { amplitude: 1, decay: 0.4, frequency: 3, phase: 0.5 };
const ts = Array.from({ length: 80 }, (_, i) => i / 16);
const ys = ts.map((t, i) => curve(truth, t) + 0.03 * Math.sin(137 * i));

const wave: Wave = { amplitude: 0.6, decay: 0.2, frequency: 2.6, phase: 0 };
const canvas = document.querySelector("canvas")!;

/** Some steps of gradient descent, then a frame. */
function frame(step: number): void {
  let value = 0;
  for (let i = 0; i < 40; i++) {
    const result = loss_grad(wave, ts, ys);
    value = result.value;
    for (const key of ["amplitude", "decay", "frequency", "phase"] as const) {
      wave[key] -= 0.2 * result.dwave[key];
    }
  }
  draw(canvas, wave, ts, ys);
  document.querySelector("#step")!.textContent = String(step + 40);
  document.querySelector("#loss")!.textContent = value.toExponential(3);
  if (step + 40 < 2000) requestAnimationFrame(() => frame(step + 40));
  else document.body.dataset["done"] = "true";
}

frame(0);
