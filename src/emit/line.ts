/** Lines of emitted code that know which of the user's statements they compute, or are the gradient of. */
import type { Span, Statement } from "../ir/types.js";

/** Where a line comes from. */
export interface Origin {
  /** Behind the line, without its slashes: `(1) (2) what the user says there`. */
  readonly comment: string;
  /** The statements of the marks in the comment, in their order. */
  readonly marked: readonly Statement[];
  /** The statement that the line as a whole belongs to. */
  readonly statement: Statement | null;
}

export interface Line {
  readonly text: string;
  /** What the line belongs to. */
  readonly span: Span | null;
  /** What the marks in the comment belong to. */
  readonly marks: readonly Span[];
}

export const unknownOrigin: Origin = { comment: "", marked: [], statement: null };

/** A line without a comment. */
export function originOf(statement: Statement | null): Origin {
  return { ...unknownOrigin, statement };
}

export function lineOf(text: string, { comment, marked, statement }: Origin): Line {
  return {
    text: comment === "" ? text : `${text} // ${comment}`,
    span: statement?.span ?? null,
    marks: marked.map(({ span }) => span),
  };
}

/** Lines of a text that comes from no statement, or from one span. */
export function plainLines(text: string, span: Span | null = null): readonly Line[] {
  return text.split("\n").map((line) => ({ text: line, span, marks: [] }));
}

export function textOf(lines: readonly Line[]): string {
  return lines.map(({ text }) => text).join("\n");
}
