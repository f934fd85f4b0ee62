/** The form of a sidecar `x.samples.ts`: for each `@grad` function of `x.ts`, the points at which it is tested. */

/** A point where the gradient is compared with differences: the arguments. */
type Point<Args extends readonly unknown[]> = Readonly<Args>;

/** A point where differences say nothing (a kink, a singularity): what is expected is given. */
interface ExpectedGradient<Args extends readonly unknown[]> {
  readonly at: Point<Args>;
  /** All the fields expected of the gradient, `{ dx: 0 }`. */
  readonly gradient: Readonly<Record<string, unknown>>;
}

/** A point where both the function and its gradient throw an error with this message. */
interface ExpectedThrow<Args extends readonly unknown[]> {
  readonly at: Point<Args>;
  readonly throws: string;
}

type SampleOf<F> = F extends (...args: infer Args) => unknown
  ? Point<Args> | ExpectedGradient<Args> | ExpectedThrow<Args>
  : never;

type Table<M> = { readonly [K in keyof M]?: readonly SampleOf<M[K]>[] };

/** `Locals` gives the types of targets that the fixture does not export. */
export type Samples<M, Locals = unknown> = Table<M> & Table<Locals>;

/** A sample, its types forgotten. */
export type Sample =
  | readonly unknown[]
  | { readonly at: readonly unknown[]; readonly gradient: Readonly<Record<string, unknown>> }
  | { readonly at: readonly unknown[]; readonly throws: string };

export type SampleTable = Readonly<Record<string, readonly Sample[]>>;
