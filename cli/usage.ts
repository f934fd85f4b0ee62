/** The command line asks for something that makes no sense. Shown as one line; exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** One file is all that `--output` can take. */
export function requireOne(output: string | null, args: readonly string[], inputs: readonly unknown[]): void {
  if (output !== null && args.length + inputs.length > 2)
    throw new UsageError("`--output` names one file, so it takes one input");
}
