/** Options of the compiler: what a configuration file can say, and what only a program can. */
import type { Config } from "./config/config.js";

export interface CompileOptions extends Config {
  /** Run the optimising passes. Off only to test them. */
  readonly optimize?: boolean;
  /** Called after each stage with a printable form of its output; what `--dump` shows. */
  readonly observe?: (stage: Stage, target: string, text: string) => void;
}

/** The stages of the pipeline, in order. */
export const stages = [
  "lower",
  "scalars",
  "copies",
  "returns",
  "carried",
  "outcomes",
  "narrowings",
  "counted",
  "cse",
  "kinds",
  "implied",
  "bounds",
  "dce",
  "gates",
  "orders",
  "joins",
  "reverse",
  "passes",
  "emit",
] as const;

export type Stage = (typeof stages)[number];
