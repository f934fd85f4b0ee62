/** Options of the compiler: the type and its defaults. */
export interface CompileOptions {
  /** Path of the tsconfig to use; default: the nearest one above the first file. */
  readonly project?: string;
  /** Run the optimising passes. Off only to test them. */
  readonly optimize?: boolean;
  /** Format with Prettier, under the user's own configuration. Default true. */
  readonly format?: boolean;
  /** Called after each stage with a printable form of its output; what `--dump` shows. */
  readonly observe?: (stage: Stage, target: string, text: string) => void;
}

/** The stages of the pipeline, in order. */
export const stages = [
  "lower",
  "scalars",
  "copies",
  "carried",
  "counted",
  "cse",
  "dce",
  "gates",
  "joins",
  "reverse",
  "passes",
  "emit",
] as const;

export type Stage = (typeof stages)[number];
