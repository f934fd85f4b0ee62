/** Expectations about lists of complaints. */
import { expect } from "vitest";

/** Fails with all the complaints in the message. */
export function expectNone(complaints: readonly string[]): void {
  if (complaints.length > 0) expect.fail(complaints.join("\n"));
}
