/**
 * Reads the text behind `@grad` in a JSDoc comment:
 *
 *     @grad
 *     @grad wrt a, b
 *
 * Names are separated by commas or spaces; a list goes on over the end of a line after or before a comma, or if the next
 * line holds nothing but names of parameters. Everything else on further lines is prose.
 */
import type { ts } from "ts-morph";
import type { Diagnostics } from "../../diagnostics/collector.js";
import type { Span } from "../../ir/types.js";

export interface WrtName {
  readonly name: string;
  readonly span: Span;
}

/**
 * The names behind `wrt`, null where there is no `wrt`. What cannot be read is reported. `isParameter` tells names of
 * parameters from prose.
 */
export function readTag(
  tag: ts.JSDocTag,
  isParameter: (name: string) => boolean,
  diagnostics: Diagnostics,
): readonly WrtName[] | null {
  const source = tag.getSourceFile();
  const fail = (token: Token, problem: string): void => {
    const span = { file: source.fileName, start: token.start, end: Math.max(token.start + 1, token.end) };
    diagnostics.report("tagGrammar", span, { text: lineAfter(source.text, tag), problem });
  };

  const tokens = tokenize(source.text, tag.tagName.end, endOfTag(source.text, tag));
  const [first] = tokens;
  if (first === undefined) return null;
  if (first.text !== "wrt") {
    if (!first.startsLine) fail(first, "only `wrt` with names of parameters can follow on the same line");
    return null;
  }

  const list = listOf(tokens.slice(1), isParameter);
  const names: WrtName[] = [];
  let previous: Token = first;
  for (const token of list) {
    if (token.text === ",") {
      if (previous.text === ",") fail(token, "a name is expected before this comma");
      else if (previous === first) fail(token, "a name is expected behind `wrt`, before the comma");
    } else if (token.isName) {
      names.push({ name: token.text, span: { file: source.fileName, start: token.start, end: token.end } });
    } else {
      fail(token, `\`${token.text}\` is not the name of a parameter`);
      return names;
    }
    previous = token;
  }
  if (previous === first) fail(first, "names of parameters are expected behind `wrt`");
  else if (previous.text === ",") fail(previous, "a name is expected behind this comma");
  return names;
}

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly isName: boolean;
  /** First on its line, behind the ` * ` that continues the comment. */
  readonly startsLine: boolean;
}

/** The tokens of the list: up to the line that is prose. */
function listOf(tokens: readonly Token[], isParameter: (name: string) => boolean): readonly Token[] {
  const end = tokens.findIndex((token, at) => {
    if (!token.startsLine || token.text === "," || tokens[at - 1]?.text === ",") return false;
    const nextLine = tokens.findIndex((other, index) => index > at && other.startsLine);
    const line = tokens.slice(at, nextLine < 0 ? undefined : nextLine);
    return !line.every((each) => each.text === "," || isParameter(each.text));
  });
  return end < 0 ? tokens : tokens.slice(0, end);
}

function tokenize(text: string, start: number, end: number): readonly Token[] {
  const pattern =
    /(?<lineStart>(?:\r\n|[\n\r\u2028\u2029])[^\S\r\n]*\**)|(?<name>[\p{ID_Start}$_][\p{ID_Continue}$]*)|,|[^\s,]+/gu;
  const tokens: Token[] = [];
  let startsLine = false;
  for (const match of text.slice(start, end).matchAll(pattern)) {
    if (match.groups?.["lineStart"] !== undefined) {
      startsLine = true;
      continue;
    }
    const from = start + match.index;
    const isName = match.groups?.["name"] !== undefined;
    tokens.push({ text: match[0], start: from, end: from + match[0].length, isName, startsLine });
    startsLine = false;
  }
  return tokens;
}

/** The tag's own end, or that of its comment: the comment's closing is no part of it. */
function endOfTag(text: string, tag: ts.JSDocTag): number {
  const closing = text.indexOf("*/", tag.tagName.end);
  return closing < 0 ? tag.end : Math.min(tag.end, closing);
}

function lineAfter(text: string, tag: ts.JSDocTag): string {
  const rest = text.slice(tag.tagName.end, endOfTag(text, tag));
  return (/[^\r\n]*/u.exec(rest)?.[0] ?? "").trim();
}
