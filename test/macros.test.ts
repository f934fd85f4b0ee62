/** The macros as editors and `tsc` see them, without any plugin. The type checker does most of the testing. */
import { describe, expect, expectTypeOf, it } from "vitest";
import { type Cotangent, grad, valueAndGrad } from "../src/macros.js";
import { typeAt } from "./support/quick-info.js";

interface Layer {
  readonly weights: readonly (readonly number[])[];
  readonly bias?: Float64Array;
  readonly name: string;
  readonly activate: (x: number) => number;
  readonly shape: { readonly kind: "dense" };
}

declare const train: (layer: Layer, mode: "fast" | "exact", x: number[], rate?: number) => number;
const scale = (x: number): number => 2 * x;

/** Types only: calling a macro throws. */
const typed = (check: () => void): void => {
  expect(check).toBeTypeOf("function");
};

describe("cotangents", () => {
  it("have the shape of what is differentiated, and drop what holds no numbers", () => {
    type Brand = number & { readonly __unit: "m" };
    expectTypeOf<Cotangent<number>>().toEqualTypeOf<number>();
    expectTypeOf<Cotangent<0 | 1>>().toEqualTypeOf<number>();
    expectTypeOf<Cotangent<Brand>>().toEqualTypeOf<number>();
    expectTypeOf<Cotangent<number | undefined | null>>().toEqualTypeOf<number>();
    expectTypeOf<Cotangent<readonly number[]>>().toEqualTypeOf<number[]>();
    expectTypeOf<Cotangent<readonly (readonly number[])[]>>().toEqualTypeOf<number[][]>();
    expectTypeOf<Cotangent<Float64Array>>().toEqualTypeOf<Float64Array>();
    expectTypeOf<Cotangent<Float32Array>>().toEqualTypeOf<Float32Array>();
    expectTypeOf<Cotangent<readonly [number, string, Float64Array]>>().toEqualTypeOf<
      [number, undefined, Float64Array]
    >();
    expectTypeOf<Cotangent<[x: number, y?: number]>>().toEqualTypeOf<[x: number, y: number]>();
    expectTypeOf<Cotangent<Layer>>().toEqualTypeOf<{ weights: number[][]; bias: Float64Array }>();
    expectTypeOf<Cotangent<readonly { p: { x: number; id: string } }[]>>().toEqualTypeOf<
      { p: { x: number } }[]
    >();
    expectTypeOf<Cotangent<string>>().toBeNever();
    expectTypeOf<Cotangent<boolean | undefined>>().toBeNever();
    expectTypeOf<Cotangent<() => number>>().toBeNever();
    expectTypeOf<Cotangent<string[]>>().toBeNever();
    expectTypeOf<Cotangent<[string, boolean]>>().toBeNever();
    expectTypeOf<Cotangent<{ name: string; inner: { on: boolean } }>>().toBeNever();
    expectTypeOf<Cotangent<Map<string, number>>>().toBeNever();
    expectTypeOf<Cotangent<Record<string, number>>>().toBeNever();
    expectTypeOf<Cotangent<Int32Array>>().toBeNever();
    expectTypeOf<Cotangent<Date>>().toBeNever();
  });
});

describe("grad", () => {
  it("takes the same arguments and gives a gradient for each parameter with numbers", () => {
    typed(() => {
      expectTypeOf(grad(train)).parameters.toEqualTypeOf<Parameters<typeof train>>();
      expectTypeOf(grad(train)).returns.toEqualTypeOf<
        [{ weights: number[][]; bias: Float64Array }, number[], number]
      >();
      expectTypeOf(grad(scale)).toEqualTypeOf<(x: number) => [number]>();
      expectTypeOf(grad((a: number, b: { c: number }) => a * b.c)).returns.toEqualTypeOf<
        [number, { c: number }]
      >();
    });
  });

  it("gives those at the positions asked for, in that order", () => {
    typed(() => {
      expectTypeOf(grad(train, [3, 0])).returns.toEqualTypeOf<[number, Cotangent<Layer>]>();
      expectTypeOf(valueAndGrad(train, [2])).returns.toEqualTypeOf<[value: number, gradients: [number[]]]>();
      expectTypeOf(valueAndGrad(scale)).returns.toEqualTypeOf<[value: number, gradients: [x: number]]>();
    });
  });

  it("is a type error for what has no such gradient", () => {
    typed(() => {
      // @ts-expect-error returns no number
      grad((x: number) => String(x));
      // @ts-expect-error may return none
      grad((x: number) => (x > 0 ? x : undefined));
      // @ts-expect-error is a promise
      grad((x: number) => Promise.resolve(x));
      // @ts-expect-error holds no numbers
      grad(train, [1]);
      // @ts-expect-error there are four
      grad(train, [4]);
      // @ts-expect-error nothing is asked for
      grad(train, []);
      // @ts-expect-error not a function
      valueAndGrad(3);
      // @ts-expect-error takes numbers
      grad(scale)("1");
    });
  });

  it("keeps the names of parameters in hovers", () => {
    const text = [
      'import { grad, valueAndGrad } from "./macros";',
      "declare const f: (weights: number[], label: string, rate?: number) => number;",
      "const a = grad(f);",
      "const b = valueAndGrad(f);",
    ].join("\n");
    expect(typeAt(text, "a")).toBe(
      "(weights: number[], label: string, rate?: number | undefined) => [weights: number[], rate: number]",
    );
    expect(typeAt(text, "b")).toBe(
      "(weights: number[], label: string, rate?: number | undefined) => [value: number, gradients: [weights: number[], rate: number]]",
    );
  });
});

describe("without the plugin", () => {
  it.each([
    ["grad", () => grad(scale)],
    ["valueAndGrad", () => valueAndGrad(scale)],
  ])("%s says what to add, and where", (name, call) => {
    expect(call).toThrow(`tsad: this call of ${name} was not compiled. Add the tsad plugin`);
    expect(call).toThrow('in vite.config.ts: import { tsad } from "tsad/vite"');
    expect(call).toThrow("npx tsad compile");
  });
});
