import { grad, valueAndGrad } from "tsad";
import { loss } from "./loss";
import { loss_grad } from "./loss.grad";

const wave = { amplitude: 1.2, decay: 0.3, frequency: 2, phase: 0.4 };
const ts = [0, 0.5, 1, 1.5, 2, 2.5];
const ys = [1, 0.2, -0.5, -0.7, -0.3, 0.3];

// From the file that tsad keeps beside `loss.ts`, and without it.
const { value, dwave } = loss_grad(wave, ts, ys);
const [dwaveOfMacro] = grad(loss, [0])(wave, ts, ys);
const [sameValue, [dall, dts, dys]] = valueAndGrad(loss)(wave, ts, ys);

console.log(JSON.stringify({ value, dwave, dwaveOfMacro, sameValue, dall, dts, dys }));
