/** A gradient that works on copies refuses arguments in which one object lies in two places, and is written to. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./support/corpus.js";
import { createLoader, functionOf } from "./support/modules.js";

const gradients = createLoader({})(join(root, "fixtures/aliasing/shared-within.grad.ts"));
const energy = functionOf(gradients, "energy_grad");
const relaxed = functionOf(gradients, "relaxed_grad");
const rows = functionOf(gradients, "rows_grad");
const named = functionOf(gradients, "named_grad");

const body = (x: number, v: number, m: number): { x: number; v: number; m: number } => ({ x, v, m });
const [a, b, c] = [body(0, 0.5, 1), body(1.2, -0.3, 2), body(2, 0, 1)];
const row = [0.1, 0.4];

describe("an object in two places", () => {
  it.each([
    ["of two arguments", () => energy([a, b], [{ from: a, to: c, k: 2 }], 0.1)],
    [
      "of two elements",
      () =>
        energy(
          [],
          [
            { from: a, to: b, k: 2 },
            { from: b, to: c, k: 2 },
          ],
          0.1,
        ),
    ],
    ["of a list", () => relaxed({ bodies: [a, a] })],
    ["of a list and another", () => relaxed({ bodies: [a, b], ends: [{ at: b }] })],
    ["as rows", () => rows(new Array<number[]>(2).fill([1, 2]), [0, 0])],
    ["as a row and an argument", () => rows([[1, 2], row], row)],
    ["under a key and as an argument", () => named(new Map([["a", a]]), a)],
  ])("%s is refused", (_, call) => {
    expect(call).toThrow(/_grad: an object lies in two places of .*, and is written to/u);
  });

  it("may be where nothing is written to", () => {
    const shared = relaxed({ bodies: [a, b], ends: [{ at: c }, { at: c }] });
    const apart = relaxed({ bodies: [a, b], ends: [{ at: c }, { at: { ...c } }] });
    expect(shared).toEqual(apart);
  });
});
