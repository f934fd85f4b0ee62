/** A bug in tsad, as opposed to a mistake in the user's code. Carries the name of the stage that found it. */
export class InternalError extends Error {
  override readonly name = "InternalError";
  readonly stage: string;

  constructor(stage: string, message: string) {
    super(`internal error in ${stage}: ${message}`);
    this.stage = stage;
  }
}

/** Throws an `InternalError` where `condition` does not hold. */
export function invariant(condition: unknown, stage: string, message: string): asserts condition {
  if (condition === false || condition === null || condition === undefined) {
    throw new InternalError(stage, message);
  }
}
