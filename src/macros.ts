/**
 * What users import from the package: the macros, and `stopGradient`. The plugin replaces each call of a macro by the
 * gradient that the compiler derives; what stands here is their types, and what happens without the plugin. No
 * dependencies: this goes into bundles.
 */

/** A function that can be differentiated: it returns a number. */
type Differentiable = (...args: never[]) => number;

/** What the derivative by a value of type `T` is: of the same shape, without what holds no numbers. */
export type Cotangent<T> = CotangentOf<NonNullable<T>>;

type CotangentOf<T> = T extends number
  ? number
  : T extends Float64Array
    ? Float64Array
    : T extends Float32Array
      ? Float32Array
      : T extends Scalar | Opaque
        ? never
        : T extends readonly unknown[]
          ? number extends T["length"]
            ? ArrayOf<Cotangent<T[number]>>
            : TupleOf<Required<T>>
          : T extends object
            ? ObjectOf<T>
            : never;

type Scalar = string | boolean | bigint | symbol;

/** Objects that are not known by their fields. */
type Opaque =
  | ((...args: never[]) => unknown)
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | Date
  | RegExp
  | Promise<unknown>;

type ArrayOf<C> = [C] extends [never] ? never : C[];

/** A place without numbers holds `undefined`; a tuple with nothing else is left out as a whole. */
type TupleOf<T extends readonly unknown[]> = [Cotangent<T[number]>] extends [never]
  ? never
  : { -readonly [I in keyof T]: OrUndefined<Cotangent<T[I]>> };

type OrUndefined<C> = [C] extends [never] ? undefined : C;

type ObjectOf<T> = string extends keyof T
  ? never
  : number extends keyof T
    ? never
    : OrNever<{ -readonly [K in keyof T as FieldOf<T, K>]-?: Cotangent<T[K]> }>;

type FieldOf<T, K extends keyof T> = K extends symbol ? never : [Cotangent<T[K]>] extends [never] ? never : K;

type OrNever<T> = [keyof T] extends [never] ? never : T;

/** The gradients by the parameters that hold numbers, in order, under the names of the parameters. */
export type Gradients<F extends Differentiable> = GradientsOf<Required<Parameters<F>>>;

type GradientsOf<P extends readonly unknown[]> = number extends P["length"]
  ? OpenGradientsOf<P>
  : P extends readonly [infer First, ...infer Rest]
    ? // `[x: number]` and not `[number]`: what is left before the rest keeps its name.
      P extends readonly [...infer Named, ...Rest]
      ? [Cotangent<First>] extends [never]
        ? GradientsOf<Rest>
        : [...{ [I in keyof Named]: Cotangent<Named[I]> }, ...GradientsOf<Rest>]
      : never
    : [];

/** With a rest parameter, which has one gradient, an array. */
type OpenGradientsOf<P extends readonly unknown[]> = P extends readonly [infer First, ...infer Rest]
  ? [...([Cotangent<First>] extends [never] ? [] : [Cotangent<First>]), ...OpenGradientsOf<Rest>]
  : [Cotangent<P[number]>] extends [never]
    ? []
    : [rest: Cotangent<P[number]>[]];

/** The positions of the parameters that hold numbers. */
type Positions<F extends Differentiable> = PositionsIn<Required<Parameters<F>>>;

type PositionsIn<P extends readonly unknown[]> = {
  [I in keyof P]: I extends `${infer N extends number}`
    ? [Cotangent<P[I]>] extends [never]
      ? never
      : N
    : never;
}[number];

/** The gradients by the parameters at some positions. */
export type GradientsAt<F extends Differentiable, At extends readonly number[]> = {
  -readonly [I in keyof At]: Cotangent<Parameters<F>[At[I]]>;
};

/**
 * The gradient of a function, compiled in your build: `grad(loss)(w, b)` is `[dw, db]`, one gradient for each parameter
 * that holds numbers, in that parameter's shape.
 *
 * Needs the tsad plugin of your bundler.
 */
export function grad<F extends Differentiable>(loss: F): (...args: Parameters<F>) => Gradients<F>;
/** The gradients by the parameters at some positions: `grad(loss, [0, 2])(w, x, b)` is `[dw, db]`. */
export function grad<F extends Differentiable, const At extends readonly [Positions<F>, ...Positions<F>[]]>(
  loss: F,
  at: At,
): (...args: Parameters<F>) => GradientsAt<F, At>;
export function grad(): never {
  return missing("grad");
}

/**
 * The value of a function and its gradient, compiled in your build: `valueAndGrad(loss)(w, b)` is `[value, [dw, db]]`.
 *
 * Needs the tsad plugin of your bundler.
 */
export function valueAndGrad<F extends Differentiable>(
  loss: F,
): (...args: Parameters<F>) => [value: number, gradients: Gradients<F>];
/** The value, and the gradients by the parameters at some positions. */
export function valueAndGrad<
  F extends Differentiable,
  const At extends readonly [Positions<F>, ...Positions<F>[]],
>(loss: F, at: At): (...args: Parameters<F>) => [value: number, gradients: GradientsAt<F, At>];
export function valueAndGrad(): never {
  return missing("valueAndGrad");
}

/**
 * The value as it is, but a constant to derivatives: in a function that is differentiated, nothing flows back through
 * it. An object or an array stays the same one.
 */
export function stopGradient<T>(value: T): T {
  return value;
}

function missing(name: string): never {
  throw new Error(
    `tsad: this call of ${name} was not compiled. Add the tsad plugin to your bundler's configuration, for example in vite.config.ts: import { tsad } from "tsad/vite"; export default { plugins: [tsad()] }; likewise "tsad/rollup", "tsad/rolldown", "tsad/webpack", "tsad/rspack", "tsad/esbuild", "tsad/farm" and "tsad/bun". Without a bundler, mark the function /** @grad */ and run: npx tsad compile FILE`,
  );
}
