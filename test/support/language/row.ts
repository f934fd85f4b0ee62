/** What `docs/language.md` is made of: rows that say what becomes of a construct, and where that is shown. */
import type { EntryName } from "../../../src/diagnostics/catalog.js";

/** A construct that is differentiated. */
export interface Supported {
  /** Markdown. */
  readonly construct: string;
  /** How it is differentiated; Markdown. */
  readonly how: string;
  /** Fixtures without their ending (`loops/rms`), each with a piece of its text that shows the construct. */
  readonly shown: readonly (readonly [fixture: string, text: string])[];
}

export interface Section {
  readonly heading: string;
  /** A sentence or two before the table; Markdown. */
  readonly about: string;
  readonly rows: readonly Supported[];
}

/** A construct that is refused, or warned of. */
export interface Refused {
  readonly entry: EntryName;
  /** Markdown. */
  readonly construct: string;
  /** Why; Markdown. What to do instead is in the diagnostic. */
  readonly why: string;
  /** A piece of the error fixture's text that shows the construct; the fixture is named like the entry. */
  readonly text: string;
}
