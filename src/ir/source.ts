/** What ties the intermediate representation to the text that the user has written. */

/** A range of characters in a source file, offsets as TypeScript counts them. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** A suggestion for a value's name in the emitted code. */
export interface Hint {
  readonly text: string;
  /**
   * True for a variable that the user declared: it keeps a line of its own. False for a mere suggestion, used when the
   * value has to be bound for another reason.
   */
  readonly declared: boolean;
  /** Declared in a function that is written out in place: what has a name there already keeps that. */
  readonly isInner?: true;
}

/** A line of the user's code; ties each emitted backward line to its forward line. */
export interface Statement {
  /** Unique in the function, increasing in the order of lowering. */
  readonly id: number;
  readonly span: Span;
  /** The comment behind the statement on its line, without its delimiters; null where there is none. */
  readonly comment: string | null;
  /** In a function that is written out in place of a call. */
  readonly isInner?: true;
  /** At the top level of a module. */
  readonly isOfModule?: true;
}
