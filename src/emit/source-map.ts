/**
 * A source map from emitted lines to the user's: forward lines to the statement that they compute, backward lines to the
 * one that they are the gradient of. Prettier breaks lines and moves what is between words, but keeps the words in their
 * order, so that those before and after it can be paired.
 */
import { basename, dirname, relative } from "node:path";
import { GenMapping, addMapping, toEncodedMap } from "@jridgewell/gen-mapping";
import jsTokens from "js-tokens";
import type { Span } from "../ir/types.js";
import { type Line, textOf } from "./line.js";

export interface MapRequest {
  /** As written, not formatted. */
  readonly before: readonly Line[];
  /** The text of the file. */
  readonly after: string;
  /** The file's path, absolute. */
  readonly output: string;
  /** 1-based line and column of a span's start. */
  readonly positionOf: (span: Span) => { readonly line: number; readonly column: number };
}

/** The map as the text of `loss.grad.ts.map`. */
export function makeSourceMap({ before, after, output, positionOf }: MapRequest): string {
  const map = new GenMapping({ file: basename(output) });
  const folder = dirname(output);
  const positions = new Map<Span, ReturnType<MapRequest["positionOf"]>>();
  for (const { line, column, span } of segmentsOf(before, after)) {
    const generated = { line, column };
    if (span === null) addMapping(map, { generated });
    else {
      const position = positions.get(span) ?? positionOf(span);
      positions.set(span, position);
      const source = relative(folder, span.file).replaceAll("\\", "/");
      const original = { line: position.line, column: position.column - 1 };
      addMapping(map, { generated, source, original });
    }
  }
  return `${JSON.stringify(toEncodedMap(map))}\n`;
}

/** The last line of a file that has a map. */
export function mapComment(output: string): string {
  return `//# sourceMappingURL=${encodeURIComponent(basename(output))}.map\n`;
}

/** What begins at a place of the text: `line` is 1-based, `column` 0-based. */
interface Segment {
  readonly line: number;
  readonly column: number;
  readonly span: Span | null;
}

function segmentsOf(before: readonly Line[], after: string): readonly Segment[] {
  const lineStarts = startsOf(after.split("\n"));
  const segments: Segment[] = [];
  let row = 0;
  for (const [from, to] of pair(locate(before), wordsOf(after))) {
    while ((lineStarts[row + 1] ?? Infinity) <= to.offset) row++;
    const start = lineStarts[row] ?? 0;
    const line = row + 1;
    const last = segments.at(-1);
    const isFirst = last?.line !== line;
    // A line may begin with a sign or a parenthesis.
    const column = isFirst ? after.slice(start).search(/\S/) : to.offset - start;
    const { span, marks } = from.line;
    if (isFirst ? span !== null : last.span !== span && !to.isComment) segments.push({ line, column, span });
    if (to.isComment) segments.push(...marksOf(to, marks, line, start));
  }
  return segments;
}

/** Each `(k)` of a comment maps to its own statement. */
function marksOf(comment: Word, marks: readonly Span[], line: number, lineStart: number): readonly Segment[] {
  const found = [...comment.key.matchAll(/\(\d+\)/g)];
  return marks.flatMap((span, i) => {
    const at = found[i];
    return at === undefined ? [] : [{ line, column: comment.offset - lineStart + at.index, span }];
  });
}

/** A name, a keyword, a literal or a comment. */
interface Word {
  /** Equal before and after formatting. */
  readonly key: string;
  readonly offset: number;
  readonly isComment: boolean;
}

interface LocatedWord extends Word {
  readonly line: Line;
}

function locate(lines: readonly Line[]): readonly LocatedWord[] {
  const starts = startsOf(lines.map(({ text }) => text));
  let row = 0;
  return wordsOf(textOf(lines)).flatMap((word) => {
    while ((starts[row + 1] ?? Infinity) <= word.offset) row++;
    const line = lines[row];
    return line === undefined ? [] : [{ ...word, line }];
  });
}

function startsOf(lines: readonly string[]): readonly number[] {
  const starts: number[] = [];
  let offset = 0;
  for (const line of lines) {
    starts.push(offset);
    offset += line.length + 1;
  }
  return starts;
}

function wordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  let offset = 0;
  for (const { type, value } of jsTokens(text)) {
    const key = keyOf(type, value);
    if (key !== null) words.push({ key, offset, isComment: type.endsWith("Comment") });
    offset += value.length;
  }
  return words;
}

/** What Prettier leaves of a token; null for what it may add, drop or move. */
function keyOf(type: string, value: string): string | null {
  switch (type) {
    case "WhiteSpace":
    case "LineTerminatorSequence":
    case "Punctuator":
      return null;
    case "StringLiteral":
      return value.slice(1, -1).replace(/\\(["'])/g, "$1");
    case "NumericLiteral":
      return String(Number(value));
    default:
      return value.replace(/\s+/g, " ").trim();
  }
}

/** Pairs equal words in their order. Where the formatter has changed one after all, its neighbours find each other. */
function pair(
  before: readonly LocatedWord[],
  after: readonly Word[],
): readonly (readonly [LocatedWord, Word])[] {
  const pairs: [LocatedWord, Word][] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const from = before[i];
    const to = after[j];
    if (from === undefined || to === undefined) return pairs;
    if (from.key === to.key) {
      pairs.push([from, to]);
      i++;
      j++;
      continue;
    }
    const [skipBefore, skipAfter] = nextMeeting(before.slice(i, i + reach), after.slice(j, j + reach));
    i += skipBefore;
    j += skipAfter;
  }
}

/** How many words a difference may be long. */
const reach = 40;

/** How many words to skip on each side until they agree again. */
function nextMeeting(before: readonly Word[], after: readonly Word[]): readonly [number, number] {
  for (let sum = 1; sum < before.length + after.length; sum++) {
    for (let i = Math.max(0, sum - after.length + 1); i <= sum && i < before.length; i++) {
      if (before[i]?.key === after[sum - i]?.key) return [i, sum - i];
    }
  }
  return [before.length, after.length];
}
