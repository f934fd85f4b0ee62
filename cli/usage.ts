/** The command line asks for something that makes no sense. Shown as one line; exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
