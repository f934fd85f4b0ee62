import fc from "fast-check";
import { test } from "vitest";
import { longTapes } from "./support/random-choices.js";
import { programOf } from "./support/random-programs.js";
test("x", () => {
  const tapes = fc.sample(longTapes, { seed: 300002, numRuns: 300 });
  const texts = tapes.map((t, i) => programOf(t, `p${i}`).text);
  const count = (r: RegExp) => texts.filter((t) => r.test(t)).length;
  console.log(Object.fromEntries(["class Thing", "extends", "new Thing", "new Special", "function help", "= help\\d", "Math.tanh\\(help\\d+", "make\\d+\\(", "apply\\d+\\(", "of cs\\d", "Deep =", "\\.c\\d+\\(", "\\.m\\d+\\("].map((k) => [k, count(new RegExp(k))])));
  console.log(texts.filter((t) => /class/.test(t)).slice(0, 2).join("\n//---\n"));
});
