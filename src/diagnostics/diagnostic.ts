/** What the user is told: an error or warning at a position, with a reason and what to do instead. */
export interface Diagnostic {
  /** `TSAD1001` for ours, `TS2322` for TypeScript's own. */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** Absolute path; null where no file is to blame (options, configuration). */
  readonly file: string | null;
  /** 0-based character offset of what is meant, and its length. */
  readonly start: number;
  readonly length: number;
  /** 1-based. 0 where `file` is null. */
  readonly line: number;
  readonly column: number;
  /** What is wrong and why, a full clause. */
  readonly message: string;
  /** What to do instead; null for TypeScript's own. */
  readonly help: string | null;
  /** Where the cause is elsewhere: the helper's declaration, the import. */
  readonly notes: readonly RelatedNote[];
  /** Changes to `file` that may be what is meant; absent where none is known. */
  readonly fixes?: readonly Fix[];
}

/** Puts `text` in place of the characters from `start` to `end`. */
export interface Fix {
  readonly title: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** It can be nothing else that is meant, so that a tool may apply it unasked. */
  readonly isSafe: boolean;
}

export interface RelatedNote {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}
