/** Collects what the user is told. Passed to every stage that may have something to say. */
import type { ts } from "ts-morph";
import type { Span } from "../ir/types.js";
import { type EntryArgs, type EntryName, catalog } from "./catalog.js";
import type { Diagnostic, Fix, RelatedNote } from "./diagnostic.js";

/** What a diagnostic points at: a node, a range of a file, or nothing (configuration). */
export type Location = ts.Node | Span | null;

export class Diagnostics {
  readonly #readText: (file: string) => string | null;
  #byKey = new Map<string, Diagnostic>();
  #errorCount = 0;

  /** `readText` gives the text of a file, to find the line of a span in it. */
  constructor(readText: (file: string) => string | null) {
    this.#readText = readText;
  }

  /** A collector of its own, for an attempt that may have to be made again. */
  trial(): Diagnostics {
    return new Diagnostics(this.#readText);
  }

  /** What `run` gives, and how many errors it reported: these are forgotten, with all that was said beside them. */
  tried<T>(run: () => T): { readonly result: T; readonly errors: number } {
    const before = { byKey: this.#byKey, errorCount: this.#errorCount };
    this.#byKey = new Map(before.byKey);
    const result = run();
    const errors = this.#errorCount - before.errorCount;
    if (errors > 0) {
      this.#byKey = before.byKey;
      this.#errorCount = before.errorCount;
    }
    return { result, errors };
  }

  /** How many errors were reported, repetitions included: a function has errors if lowering it raises the count. */
  get errorCount(): number {
    return this.#errorCount;
  }

  /** Reports an entry of the catalog at a place. */
  report<N extends EntryName>(
    name: N,
    at: Location,
    args: EntryArgs<N>,
    notes: readonly RelatedNote[] = [],
    fixes: readonly Fix[] = [],
  ): void {
    const entry = catalog[name];
    this.add({
      code: entry.code,
      severity: entry.kind === "warning" ? "warning" : "error",
      ...this.#locate(at),
      message: entry.message(args),
      help: entry.help(args),
      notes,
      ...(fixes.length === 0 ? {} : { fixes }),
    });
  }

  /** Adds all that another collector has. */
  addAll(diagnostics: readonly Diagnostic[]): void {
    for (const each of diagnostics) this.add(each);
  }

  /** Adds a finished diagnostic (TypeScript's own). The same one twice is kept once. */
  add(diagnostic: Diagnostic): void {
    if (diagnostic.severity === "error") this.#errorCount += 1;
    const { code, file, start, length, message } = diagnostic;
    const key = JSON.stringify([code, file, start, length, message]);
    if (!this.#byKey.has(key)) this.#byKey.set(key, diagnostic);
  }

  /** The source text of a span on one line, shortened to fit into a message. */
  excerpt(span: Span): string {
    return shorten((this.#readText(span.file) ?? "").slice(span.start, span.end), 48);
  }

  /** A note for `report`: where the cause is. */
  note(at: ts.Node | Span, message: string): RelatedNote {
    const { file, line, column } = this.#locate(at);
    return { file: file ?? "", line, column, message };
  }

  /** True if an error lies in `file`. */
  hasErrorsIn(file: string): boolean {
    return [...this.#byKey.values()].some((each) => each.severity === "error" && each.file === file);
  }

  /** All of them: first those without a file, then by file and position. */
  sorted(): readonly Diagnostic[] {
    return [...this.#byKey.values()].sort(
      (a, b) =>
        compare(a.file ?? "", b.file ?? "") ||
        a.start - b.start ||
        a.length - b.length ||
        compare(a.code, b.code) ||
        compare(a.message, b.message),
    );
  }

  #locate(at: Location): Pick<Diagnostic, "file" | "start" | "length" | "line" | "column"> {
    if (at === null) return { file: null, start: 0, length: 0, line: 0, column: 0 };
    const { file, start, end, text } = this.#rangeOf(at);
    return { file, start, length: end - start, ...lineAndColumn(text, start) };
  }

  #rangeOf(at: ts.Node | Span): Span & { readonly text: string } {
    if ("file" in at) return { ...at, text: this.#readText(at.file) ?? "" };
    const source = at.getSourceFile();
    return { file: source.fileName, start: at.getStart(source), end: at.getEnd(), text: source.text };
  }
}

/** The source of a node on one line, shortened to fit into a message. */
export function excerpt(node: ts.Node, limit = 48): string {
  return shorten(node.getText(), limit);
}

/** 1-based line and column of an offset, with the line ends that TypeScript knows. */
export function lineAndColumn(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  let line = 1;
  let lineStart = 0;
  for (const end of text.matchAll(/\r\n|[\n\r\u2028\u2029]/gu)) {
    const next = end.index + end[0].length;
    if (next > offset) break;
    line += 1;
    lineStart = next;
  }
  return { line, column: offset - lineStart + 1 };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function shorten(source: string, limit: number): string {
  const text = source.replace(/\s+/gu, " ");
  return text.length <= limit ? text : `${text.slice(0, limit - 2).trimEnd()} …`;
}
